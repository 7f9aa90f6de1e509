"""Reading what the clock looks after: reviews under way, and what is over its time."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.queries import GATHERING, LIKE_ANY_OTHER
from review.assignment.states import UNDER_WAY_STATES, RoundKind


def under_way_for_update(session: Session) -> list[Assignment]:
    """Return the accepted reviews of matters that go on, locked; those in use are left out.

    Readings for calibration or an audit are not among them.
    """
    return list(
        session.scalars(
            select(Assignment)
            .join(Submission, Submission.id == Assignment.submission_id)
            .join(ReviewRound, ReviewRound.id == Assignment.round_id)
            .where(Assignment.state.in_(UNDER_WAY_STATES), _goes_on())
            .order_by(Assignment.id)
            .with_for_update(skip_locked=True, of=Assignment)
            .execution_options(populate_existing=True)
        )
    )


def overdue(session: Session, *, before: datetime) -> list[str]:
    """Return the accepted reviews of matters that go on which were due by then, and golds."""
    return list(
        session.scalars(
            select(Assignment.id)
            .join(Submission, Submission.id == Assignment.submission_id)
            .join(ReviewRound, ReviewRound.id == Assignment.round_id)
            .where(
                Assignment.state.in_(UNDER_WAY_STATES),
                Assignment.due_at <= before,
                _goes_on(),
            )
            .order_by(Submission.id)
        )
    )


def calibrations_over(session: Session, *, at: datetime) -> list[Assignment]:
    """Return the readings for calibration whose time is over, locked; those in use are left out."""
    return list(
        session.scalars(
            select(Assignment)
            .join(ReviewRound, ReviewRound.id == Assignment.round_id)
            .where(
                Assignment.state.in_(UNDER_WAY_STATES),
                Assignment.due_at <= at,
                ~Assignment.is_counted,
                ReviewRound.kind == RoundKind.CALIBRATION.value,
            )
            .order_by(Assignment.id)
            .with_for_update(skip_locked=True, of=Assignment)
            .execution_options(populate_existing=True)
        )
    )


def _goes_on() -> ColumnElement[bool]:
    """Return the condition on reviews of matters that go on, and on readings like any other."""
    goes_on = and_(Assignment.is_counted, Submission.state.in_(sorted(GATHERING)))
    return or_(goes_on, and_(~Assignment.is_counted, ReviewRound.kind.in_(LIKE_ANY_OTHER)))
