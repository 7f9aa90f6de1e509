"""Which sealed reviews wait for a moderator, and from when on."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.calendar import add_business_days
from core.states import move
from credentials.catalog import queries as catalog
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.offers import definition_of
from review.assignment.queries import GATHERING
from review.assignment.states import AssignmentState
from review.moderation import facts, notices, persons, queries
from review.moderation.models import Moderation
from review.moderation.risk import is_drawn
from review.moderation.rules import BUSINESS_DAYS
from review.moderation.states import MOVES, ModerationReason, ModerationState
from review.scoring.models import Review
from review.scoring.states import ReviewState

RULE = "system:moderation"
CLOCK = "system:clock"


def holds(session: Session, submission: Submission, current: ReviewRound, *, at: datetime) -> bool:
    """Consider the sealed reviews of an open round; return whether one waits for a moderator.

    Safe to run again: what was considered comes out the same. The caller holds the submission's
    lock.
    """
    if SubmissionState(submission.state) not in GATHERING:
        return False
    for review in _sealed_in(session, current.id):
        found = queries.moderation_on(session, review.id)
        if found is None:
            _consider(session, submission, current, review, at=at)
        elif found.state == ModerationState.RETURNED.value:
            _wait_again(session, submission, found, at=at)
    session.flush()
    return bool(session.scalar(select(queries.holds_up(current.id))))


def escalate(
    session: Session, submission: Submission, found: Moderation, *, has_nobody: bool, at: datetime
) -> None:
    """Tell managers of a review that waits, and note that they were told."""
    found.escalated_at = at
    notices.tell_managers(session, submission, has_nobody=has_nobody, at=at)
    audit.record(
        session,
        "moderation_escalated",
        subject_kind="moderation",
        subject_id=found.id,
        by=CLOCK,
        at=at,
        detail={"submission": submission.id, "has_nobody": has_nobody},
    )


def _sealed_in(session: Session, round_id: str) -> list[Review]:
    """Return the sealed reviews of a round that count, the one sealed first on top."""
    return list(
        session.scalars(
            select(Review)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(
                Assignment.round_id == round_id,
                Assignment.is_counted,
                Assignment.state == AssignmentState.SEALED.value,
                Review.state == ReviewState.SEALED.value,
            )
            .order_by(Review.sealed_at, Review.id)
            .execution_options(populate_existing=True)
        )
    )


def _consider(
    session: Session, submission: Submission, current: ReviewRound, review: Review, *, at: datetime
) -> None:
    reason = _reason_to_read(session, submission, review)
    if reason is None:
        return
    sealed_at, digest = review.sealed_at, review.digest
    if sealed_at is None or digest is None:
        raise ValueError("a sealed review has a time and a digest")
    made = Moderation(
        review_id=review.id,
        round_id=current.id,
        reason=reason.value,
        sealed_at=sealed_at,
        opened_at=at,
        due_at=_due(session, submission, at),
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "moderation_opened",
        subject_kind="review",
        subject_id=review.id,
        by=RULE,
        at=at,
        after=digest,
        detail={"moderation": made.id, "reason": reason.value},
    )
    _tell(session, submission, made, at=at)


def _reason_to_read(
    session: Session, submission: Submission, review: Review
) -> ModerationReason | None:
    definition = definition_of(session, submission)
    policy = definition.review_policy
    if policy.moderated_reviews and (
        facts.given_before(session, review) < policy.moderated_reviews
    ):
        return ModerationReason.FIRST_REVIEWS
    if policy.moderation_rate <= 0.0:
        return None
    chance = facts.chance_of(session, review, definition, rate=policy.moderation_rate)
    is_read = is_drawn(review.id, review.digest or "", chance)
    return ModerationReason.SAMPLE if is_read else None


def _wait_again(
    session: Session, submission: Submission, found: Moderation, *, at: datetime
) -> None:
    """Have a review that was mended and sealed again wait, for a pass only."""
    move(found, ModerationState.WAITING, MOVES)
    found.opened_at, found.due_at, found.escalated_at = at, _due(session, submission, at), None
    session.flush()
    audit.record(
        session,
        "moderation_opened",
        subject_kind="review",
        subject_id=found.review_id,
        by=RULE,
        at=at,
        detail={"moderation": found.id, "reason": "sealed_again"},
    )
    _tell(session, submission, found, at=at)


def _tell(session: Session, submission: Submission, found: Moderation, *, at: datetime) -> None:
    moderators = persons.able_moderators(session, submission, at=at)
    notices.tell_moderators(session, found, moderators, at=at)
    if not moderators:
        escalate(session, submission, found, has_nobody=True, at=at)


def _due(session: Session, submission: Submission, at: datetime) -> datetime:
    zone = catalog.issuer_of(session, submission.badge_id).time_zone
    return add_business_days(at, BUSINESS_DAYS, zone=zone)
