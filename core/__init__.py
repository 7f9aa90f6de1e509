"""The floor everything stands on: database, clock, storage, jobs, mail, audit, text, errors."""
