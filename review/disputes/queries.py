"""Reading requests for reconsideration, and who is too close to a matter to determine it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from review.disputes.models import ReconsiderationRequest
from review.disputes.states import RequestState
from review.intake.models import IntakeCheck

# Somebody who only was asked, and never looked, knows nothing of the matter.
NEVER_LOOKED = (
    AssignmentState.INVITED.value,
    AssignmentState.LAPSED.value,
    AssignmentState.WITHDRAWN.value,
)


@dataclass(frozen=True)
class Matter:
    """One line of the committee's queue."""

    submission_id: str
    pseudonym: str
    badge_title: str
    badge_slug: str
    learner_id: str
    since: datetime
    due_at: datetime
    request_id: str | None


def request(session: Session, request_id: str) -> ReconsiderationRequest:
    """Return a request, or raise NotFound."""
    found = session.get(ReconsiderationRequest, request_id)
    if found is None:
        raise NotFound()
    return found


def request_on(session: Session, decision_id: str) -> ReconsiderationRequest | None:
    """Return the live request on a decision, if there is one."""
    return session.scalar(
        select(ReconsiderationRequest).where(
            ReconsiderationRequest.decision_id == decision_id,
            ReconsiderationRequest.state != RequestState.WITHDRAWN.value,
        )
    )


def involved(session: Session, submission_id: str) -> frozenset[str]:
    """Return everybody who reviewed or checked any attempt of the same portfolio (INV-08)."""
    portfolio = select(Submission.portfolio_id).where(Submission.id == submission_id)
    attempts = select(Submission.id).where(Submission.portfolio_id == portfolio.scalar_subquery())
    reviewers = select(Assignment.reviewer_id).where(
        Assignment.submission_id.in_(attempts), Assignment.state.not_in(NEVER_LOOKED)
    )
    checkers = select(IntakeCheck.checked_by).where(IntakeCheck.submission_id.in_(attempts))
    return frozenset(session.scalars(reviewers)) | frozenset(session.scalars(checkers))


def open_matters(session: Session) -> list[Matter]:
    """Return what waits for a committee: requests lodged, and reviews that could not settle."""
    lodged = session.execute(
        select(
            Submission.id,
            Submission.pseudonym,
            BadgeEdition.title,
            Badge.slug,
            Submission.learner_id,
            ReconsiderationRequest.lodged_at,
            ReconsiderationRequest.due_at,
            ReconsiderationRequest.id,
        )
        .join(ReconsiderationRequest, ReconsiderationRequest.submission_id == Submission.id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(ReconsiderationRequest.state == RequestState.LODGED.value)
        .order_by(ReconsiderationRequest.due_at)
    )
    unsettled = session.execute(
        select(
            Submission.id,
            Submission.pseudonym,
            BadgeEdition.title,
            Badge.slug,
            Submission.learner_id,
            Submission.state_since,
            Submission.promised_at,
        )
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(Submission.state == SubmissionState.IN_COMMITTEE.value)
        .order_by(Submission.promised_at)
    )
    return [Matter(*row) for row in lodged] + [Matter(*row, None) for row in unsettled]
