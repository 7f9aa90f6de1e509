"""Every room's jobs in one import, for the worker, tests and the seed, and those of the floor."""

import accounts.jobs
import app.mail_jobs
import app.queue_jobs
import app.store_jobs
import credentials.issuing.jobs
import portfolio.evidence.jobs
import review.assignment.jobs
import review.calibration.jobs
import review.decision.jobs
import review.intake.jobs
import review.moderation.jobs
import review.recognition.jobs

MODULES = (
    app.mail_jobs,
    app.queue_jobs,
    app.store_jobs,
    accounts.jobs,
    portfolio.evidence.jobs,
    review.intake.jobs,
    review.assignment.jobs,
    review.moderation.jobs,
    review.decision.jobs,
    review.calibration.jobs,
    review.recognition.jobs,
    credentials.issuing.jobs,
)
