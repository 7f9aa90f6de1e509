"""Every table of the house in one import, for migrations, tests and the application alike."""

import accounts.models
import core.models
import credentials.catalog.models
import credentials.issuing.models
import portfolio.composing.models
import portfolio.evidence.models
import portfolio.submission.models
import review.assignment.models
import review.calibration.models
import review.decision.models
import review.disputes.models
import review.intake.models
import review.moderation.models
import review.panels.models
import review.pool.models
import review.recognition.models
import review.scoring.models
from core.db import Base

MODULES = (
    accounts.models,
    core.models,
    credentials.catalog.models,
    credentials.issuing.models,
    portfolio.composing.models,
    portfolio.evidence.models,
    portfolio.submission.models,
    review.assignment.models,
    review.calibration.models,
    review.decision.models,
    review.disputes.models,
    review.intake.models,
    review.moderation.models,
    review.panels.models,
    review.pool.models,
    review.recognition.models,
    review.scoring.models,
)
METADATA = Base.metadata
