"""Reading what people lately did, for who is left in peace and who would review in a ring."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.submission.models import Submission
from review.assignment.leave import Leave
from review.assignment.models import Assignment
from review.assignment.states import SEATED, AssignmentState, DeclineReason
from review.pool.models import Holiday, ReviewerProfile

# Whoever reviewed somebody within it is not reviewed by them (design: assignment 7).
WINDOW = timedelta(days=365)
NOT_NOW = (AssignmentState.DECLINED.value, AssignmentState.RECUSED.value)


def leaves_of(session: Session, ids: Collection[str], *, at: datetime) -> dict[str, Leave]:
    """Return what keeps some people from being asked for anything, in four queries."""
    accepted = session.execute(
        select(Assignment.reviewer_id, func.count())
        .where(Assignment.reviewer_id.in_(ids), Assignment.accepted_at > at - WINDOW)
        .group_by(Assignment.reviewer_id)
    )
    counts = {person: count for person, count in accepted}
    wished = session.execute(
        select(ReviewerProfile.person_id, ReviewerProfile.per_year).where(
            ReviewerProfile.person_id.in_(ids)
        )
    )
    wishes = {person: per_year for person, per_year in wished}
    said = session.execute(
        select(Assignment.reviewer_id, func.max(Assignment.ended_at))
        .where(
            Assignment.reviewer_id.in_(ids),
            Assignment.state.in_(NOT_NOW),
            Assignment.decline_reason == DeclineReason.NO_TIME.value,
        )
        .group_by(Assignment.reviewer_id)
    )
    not_now = {person: ended_at for person, ended_at in said}
    away = defaultdict(list)
    for one in session.scalars(
        select(Holiday).where(Holiday.person_id.in_(ids), Holiday.until_date >= at.date())
    ):
        away[one.person_id].append((one.from_date, one.until_date))
    return {
        one: Leave(not_now.get(one), tuple(away[one]), counts.get(one, 0), wishes.get(one))
        for one in ids
    }


def reviewed(
    session: Session, people: Collection[str], authors: Collection[str], *, at: datetime
) -> frozenset[tuple[str, str]]:
    """Return who reviews, or is asked to review, whose work within the window."""
    rows = session.execute(
        select(Assignment.reviewer_id, Submission.learner_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.state.in_(sorted(SEATED)),
            Assignment.invited_at >= at - WINDOW,
            Assignment.reviewer_id.in_(authors) | Submission.learner_id.in_(people),
        )
        .distinct()
    )
    return frozenset((reviewer, author) for reviewer, author in rows)
