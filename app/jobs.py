"""Every room's jobs in one import, for the worker, tests and the seed, and those of the floor."""

import accounts.jobs
import app.mail_jobs
import app.store_jobs

MODULES = (app.mail_jobs, app.store_jobs, accounts.jobs)
