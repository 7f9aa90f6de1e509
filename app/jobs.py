"""Every room's jobs in one import, for the worker, tests and the seed, and those of the floor."""

from app import mail_jobs, store_jobs

MODULES = (mail_jobs, store_jobs)
