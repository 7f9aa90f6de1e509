"""Every room's views, in the order a portfolio travels."""

from flask import Blueprint

from accounts.views import blueprint as accounts
from app.audit_views import blueprint as audit
from app.award_views import blueprint as issuing
from app.badge_views import blueprint as catalog
from app.design_views import blueprint as design
from app.flow_steering import blueprint as flow
from app.health_views import blueprint as health
from app.home_views import blueprint as home
from app.mailbox_views import blueprint as mailbox
from credentials.verification.views import blueprint as verification
from portfolio.composing.evidence_views import blueprint as evidence
from portfolio.composing.views import blueprint as composing
from portfolio.submission.views import blueprint as submission
from review.assignment.outlook_views import blueprint as pool
from review.assignment.views import blueprint as assignment
from review.calibration.views import blueprint as calibration
from review.decision.audit_views import blueprint as auditing
from review.decision.views import blueprint as decision
from review.disputes.views import blueprint as disputes
from review.intake.views import blueprint as intake
from review.moderation.views import blueprint as moderation
from review.panels.views import blueprint as panels
from review.recognition.views import blueprint as recognition
from review.scoring.views import blueprint as scoring

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts,
    catalog,
    composing,
    evidence,
    submission,
    pool,
    intake,
    assignment,
    scoring,
    moderation,
    decision,
    calibration,
    auditing,
    disputes,
    panels,
    recognition,
    issuing,
    verification,
    home,
    flow,
    audit,
    mailbox,
    health,
    design,
)
