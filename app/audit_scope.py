"""Which events an auditor may read: none of a matter in which they have a part themselves.

Who learned, reviewed or checked would otherwise read here what is kept from them elsewhere.
"""

from sqlalchemy import ColumnElement, Select, select, union_all

from core.models import AuditEvent
from credentials.issuing.models import Award
from portfolio.composing.models import Attestation, Portfolio
from portfolio.evidence.models import EvidenceItem
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound, RoutingWish
from review.decision.models import Decision
from review.disputes.models import ReconsiderationRequest
from review.pool.models import DeclaredConflict, MatterPart
from review.scoring.models import Review


def is_open_to(person_id: str) -> ColumnElement[bool]:
    """Return the condition on an event that keeps a person's own matters out."""
    portfolios = union_all(
        select(Portfolio.id).where(Portfolio.learner_id == person_id),
        select(MatterPart.portfolio_id).where(MatterPart.person_id == person_id),
        select(Submission.portfolio_id)
        .join(Assignment, Assignment.submission_id == Submission.id)
        .where(Assignment.reviewer_id == person_id),
    )
    submissions = select(Submission.id).where(Submission.portfolio_id.in_(portfolios))
    assignments = select(Assignment.id).where(Assignment.submission_id.in_(submissions))
    decisions = select(Decision.id).where(Decision.submission_id.in_(submissions))
    parts: list[Select[str]] = [
        submissions,
        assignments,
        decisions,
        select(EvidenceItem.id).where(EvidenceItem.portfolio_id.in_(portfolios)),
        select(Attestation.id).where(Attestation.portfolio_id.in_(portfolios)),
        select(ReviewRound.id).where(ReviewRound.submission_id.in_(submissions)),
        select(RoutingWish.id).where(RoutingWish.submission_id.in_(submissions)),
        select(Review.id).where(Review.assignment_id.in_(assignments)),
        select(ReconsiderationRequest.id).where(
            ReconsiderationRequest.submission_id.in_(submissions)
        ),
        select(Award.id).where(Award.decision_ref.in_(decisions)),
        # Who recognised the reader's work, or is tied to them, said so when they were asked.
        select(DeclaredConflict.id).where(DeclaredConflict.other_person_id == person_id),
    ]
    return AuditEvent.subject_id.not_in(union_all(*parts)) & AuditEvent.subject_id.not_in(
        portfolios
    )
