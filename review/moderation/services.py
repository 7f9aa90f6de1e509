"""Moderation: a review is read by one more person before anybody else, and may come back once.

The submission's row is the lock, as for everybody who ends or concludes a round. Nothing here
passes by itself: what nobody reads waits, and its managers are told.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, jobs
from core.digest import digest_of
from core.errors import Conflict, NotFound, Refused
from core.states import move
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.offers import definition_of
from review.assignment.queries import GATHERING
from review.assignment.states import AssignmentState
from review.moderation import notices, persons, queries
from review.moderation.considering import escalate
from review.moderation.models import Moderation
from review.moderation.rules import TO_MEND, check_return
from review.moderation.states import MOVES, ModerationState, ReturnReason
from review.pool.parts import take_part
from review.pool.states import Part
from review.scoring.models import Review
from review.scoring.returning import hand_back

DEALT_WITH = "Somebody has dealt with this review meanwhile. Nothing was changed."


def take_up(session: Session, moderation_id: str, *, by: str, at: datetime) -> None:
    """Let a moderator read a review: from now on they are nothing else in its matter (INV-08)."""
    found, submission = _waiting(session, moderation_id)
    _enter(session, submission, by, at=at)
    audit.record(
        session,
        "moderation_taken_up",
        subject_kind="moderation",
        subject_id=found.id,
        by=by,
        at=at,
    )


def pass_on(session: Session, moderation_id: str, *, by: str, at: datetime) -> None:
    """Say that a review is written as it should be; its round goes on."""
    found, submission = _waiting(session, moderation_id)
    _enter(session, submission, by, at=at)
    move(found, ModerationState.PASSED, MOVES)
    found.passed_at, found.passed_by = at, by
    session.flush()
    audit.record(
        session,
        "review_moderated",
        subject_kind="review",
        subject_id=found.review_id,
        by=by,
        at=at,
        detail={"moderation": found.id, "outcome": found.state},
    )
    jobs.enqueue(session, "review_sealed", round_id=found.round_id)


def send_back(
    session: Session,
    moderation_id: str,
    *,
    reasons: Sequence[ReturnReason],
    criteria: Sequence[str],
    note: str,
    by: str,
    at: datetime,
) -> None:
    """Hand a review back to its writer, once, for its words and never for its levels (INV-23).

    What was sealed is kept with its digest. The note may not name a level.
    """
    found, submission = _waiting(session, moderation_id)
    if found.returned_at is not None:
        raise Conflict("This review came back once already; it can only be passed now.")
    check_return(
        definition_of(session, submission), reasons=reasons, criteria=criteria, note=note.strip()
    )
    _enter(session, submission, by, at=at)
    due_at = at + TO_MEND
    said = hand_back(session, found.review_id, due_at=due_at, by=by, at=at)
    move(found, ModerationState.RETURNED, MOVES)
    found.returned_at, found.returned_by = at, by
    found.returned_content, found.returned_digest = said, digest_of(said)
    found.return_reasons = [
        {
            "reason": one.value,
            "criteria": sorted(set(criteria)) if one is ReturnReason.MISSING_RATIONALE else [],
        }
        for one in sorted(set(reasons))
    ]
    found.return_note = note.strip()
    session.flush()
    audit.record(
        session,
        "review_returned",
        subject_kind="review",
        subject_id=found.review_id,
        by=by,
        at=at,
        reason=found.return_note,
        before=found.returned_digest,
        detail={"moderation": found.id, "reasons": found.return_reasons},
    )
    review = session.get_one(Review, found.review_id)
    writer = session.get_one(Assignment, review.assignment_id)
    notices.tell_reviewer(session, writer.reviewer_id, writer.id, due_at=due_at, at=at)


def escalate_late(session: Session, *, at: datetime) -> int:
    """Tell managers, once each, of the reviews that no moderator read in time; return how many."""
    rows = session.execute(
        select(Moderation.id, Assignment.submission_id)
        .join(Review, Review.id == Moderation.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(ReviewRound, ReviewRound.id == Moderation.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Moderation.state == ModerationState.WAITING.value,
            Moderation.due_at < at,
            Moderation.escalated_at.is_(None),
            queries.live(),
        )
        .order_by(Assignment.submission_id, Moderation.id)
    ).all()
    count = 0
    for moderation_id, submission_id in rows:
        submission = locked_submission(session, submission_id)
        found = session.get_one(Moderation, moderation_id, populate_existing=True)
        if found.state == ModerationState.WAITING.value and found.escalated_at is None:
            escalate(session, submission, found, has_nobody=False, at=at)
            count += 1
    return count


def _waiting(session: Session, moderation_id: str) -> tuple[Moderation, Submission]:
    """Return a moderation that waits and its submission, both locked, or raise Conflict."""
    row = session.execute(
        select(Assignment.submission_id, Assignment.id.label("assignment_id"))
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Moderation, Moderation.review_id == Review.id)
        .where(Moderation.id == moderation_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    submission = locked_submission(session, row.submission_id)
    found = session.get_one(Moderation, moderation_id, populate_existing=True)
    current = session.get_one(ReviewRound, found.round_id, populate_existing=True)
    assignment = session.get_one(Assignment, row.assignment_id, populate_existing=True)
    is_live = (
        SubmissionState(submission.state) in GATHERING
        and current.closed_at is None
        and assignment.state == AssignmentState.SEALED.value
    )
    if not is_live or found.state != ModerationState.WAITING.value:
        raise Conflict(DEALT_WITH)
    return found, submission


def _enter(session: Session, submission: Submission, by: str, *, at: datetime) -> None:
    """Have somebody be the moderator of a matter, or say why they cannot be (INV-05, INV-08)."""
    near = persons.closeness(session, [submission], by, at=at)[submission.id]
    if near.is_hidden:
        raise Refused("You are too close to this matter, so somebody else reads it.")
    take_part(session, submission.portfolio_id, by, Part.MODERATOR, at=at)
