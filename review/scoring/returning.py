"""A sealed review in its writer's hands once more: the only way back, and it is recorded (INV-23).

Who may send it back, and why, is for the caller to say; what was sealed is returned to be kept.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.digest import digest_of
from core.errors import Conflict
from core.states import move
from review.assignment.models import Assignment
from review.assignment.reminders import reminders_due
from review.assignment.states import MOVES as ASSIGNMENT_MOVES
from review.assignment.states import AssignmentState
from review.scoring import queries
from review.scoring.models import Review
from review.scoring.services import content_of
from review.scoring.states import MOVES, ReviewState


def hand_back(
    session: Session, review_id: str, *, due_at: datetime, by: str, at: datetime
) -> dict[str, Any]:
    """Open a sealed review for its own reviewer again; return what its digest was over.

    The caller holds the lock of the submission. The reviewer has until `due_at`, keeps the seat,
    and may change anything, levels included.
    """
    review = session.get_one(Review, review_id, populate_existing=True)
    assignment = session.scalars(
        select(Assignment)
        .where(Assignment.id == review.assignment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if AssignmentState(assignment.state) is not AssignmentState.SEALED:
        raise Conflict("This review is not open to a return any more. Nothing was changed.")
    said = content_of(assignment.id, review, queries.answers_of(session, review.id))
    sealed = review.digest
    if digest_of(said) != sealed:
        raise ValueError("a sealed review must say what it was sealed with")
    move(review, ReviewState.DRAFT, MOVES)
    review.sealed_at, review.digest = None, None
    review.version += 1
    review.saved_at = at
    move(assignment, AssignmentState.IN_PROGRESS, ASSIGNMENT_MOVES)
    assignment.ended_at, assignment.due_at = None, due_at
    # What the clock would have said before the return is not said after it.
    assignment.reminders = reminders_due(
        accepted_at=assignment.accepted_at or at, due_at=due_at, at=at
    )
    session.flush()
    audit.record(
        session,
        "review_handed_back",
        subject_kind="review",
        subject_id=review.id,
        by=by,
        at=at,
        before=sealed,
    )
    return said
