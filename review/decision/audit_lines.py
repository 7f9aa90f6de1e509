"""Reading blind audits: what may be drawn, and what waits for a committee member to read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from accounts.states import Role
from accounts.visitor import Visitor
from core.waiting import Waiting
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.queries import ties_to
from review.assignment.states import RoundKind
from review.decision.involvement import involvement
from review.decision.models import Decision, DecisionAudit, Release
from review.decision.states import Basis

# While a submission is here, its decision stands and nobody is at work on it.
AT_REST = (SubmissionState.RELEASED.value, SubmissionState.CLOSED.value)
# A release older than this is not drawn any more, should the worker have stood still.
LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    """One decided work that waits for a blind reading; nothing of the decision is in it."""

    decision_id: str
    pseudonym: str
    badge_title: str
    drawn_at: datetime
    due_at: datetime


def undrawn(session: Session, *, at: datetime) -> list[tuple[Decision, BadgeEdition, str]]:
    """Return the standing decisions of first rounds released lately that were not drawn.

    With each go its edition and its badge's id.
    """
    later = aliased(Decision)
    rows = session.execute(
        select(Decision, BadgeEdition, Submission.badge_id)
        .join(Release, Release.decision_id == Decision.id)
        .join(Submission, Submission.id == Decision.submission_id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(ReviewRound, ReviewRound.id == Decision.round_id)
        .outerjoin(later, later.supersedes_id == Decision.id)
        .outerjoin(DecisionAudit, DecisionAudit.decision_id == Decision.id)
        .where(
            Release.released_at > at - LOOKED_BACK,
            Decision.basis == Basis.AGGREGATION.value,
            Submission.state.in_(AT_REST),
            ReviewRound.kind.in_((RoundKind.INITIAL.value, RoundKind.FRESH.value)),
            later.id.is_(None),
            DecisionAudit.decision_id.is_(None),
        )
        .order_by(Decision.submission_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def open_lines(session: Session, visitor: Visitor, *, at: datetime) -> list[Line]:
    """Return what a committee member may read, the soonest due first; the rest is not shown."""
    rows = session.execute(
        select(DecisionAudit, Submission, BadgeEdition.title, Badge.slug)
        .join(Decision, Decision.id == DecisionAudit.decision_id)
        .join(Submission, Submission.id == Decision.submission_id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(
            DecisionAudit.ended_at.is_(None),
            DecisionAudit.assignment_id.is_(None),
            DecisionAudit.due_at > at,
            Submission.state.in_(AT_REST),
        )
        .order_by(DecisionAudit.due_at, DecisionAudit.decision_id)
    ).all()
    mine = [row for row in rows if visitor.has(Role.COMMITTEE, badge=row[3])]
    near = too_close(session, [row[1] for row in mine], visitor.person_id, at=at) if mine else set()
    return [
        Line(audit.decision_id, submission.pseudonym, title, audit.drawn_at, audit.due_at)
        for audit, submission, title, _slug in mine
        if submission.id not in near
    ]


def may_know(session: Session, decision_id: str, visitor: Visitor, *, at: datetime) -> bool:
    """Whether a member may know that a decision was drawn: for their badges, and not near it."""
    row = session.execute(
        select(Submission, Badge.slug)
        .join(Decision, Decision.submission_id == Submission.id)
        .join(DecisionAudit, DecisionAudit.decision_id == Decision.id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(Decision.id == decision_id)
    ).one_or_none()
    if row is None or not visitor.has(Role.COMMITTEE, badge=row[1]):
        return False
    return not too_close(session, [row[0]], visitor.person_id, at=at)


def reading_of(session: Session, decision_id: str, person_id: str) -> str | None:
    """Return the assignment by which somebody reads a decision's work, if they took it on."""
    return session.scalar(
        select(Assignment.id)
        .join(DecisionAudit, DecisionAudit.assignment_id == Assignment.id)
        .where(DecisionAudit.decision_id == decision_id, Assignment.reviewer_id == person_id)
    )


def too_close(
    session: Session, submissions: Sequence[Submission], person_id: str, *, at: datetime
) -> set[str]:
    """Return which submissions somebody handed in, had a part in, or is tied to (INV-05, 08)."""
    parts = involvement(session, [one.id for one in submissions])
    ties = ties_to(session, submissions, person_id, at=at)
    return {
        one.id
        for one in submissions
        if one.learner_id == person_id or person_id in parts[one.id].anybody or one.id in ties
    }


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the blind readings that a committee member may take on."""
    if not visitor.has(Role.COMMITTEE):
        return []
    return [
        Waiting(
            title=f"{line.pseudonym} waits for a blind reading",
            body=f"One member reads a decided work for {line.badge_title} again, not knowing the"
            " decision. It changes nothing for its learner.",
            path="/committee/audits",
            by=line.due_at,
            action="See what waits",
        )
        for line in open_lines(session, visitor, at=at)
    ]
