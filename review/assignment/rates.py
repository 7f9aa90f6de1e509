"""Reading what was seen of people and badges: answers, finished reviews, times to fill a round."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.among import among
from portfolio.submission.models import Submission
from review.assignment.chances import Seen
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import APART, AssignmentState

S = AssignmentState
FINISHED = frozenset({S.SEALED.value, S.CLOSED.value})
# Seats given up by their reviewer or the clock; what the programme took back is nobody's failure.
GIVEN_UP = frozenset({S.DECLINED.value, S.LAPSED.value, S.RECUSED.value, S.REASSIGNED.value})
RECENT = timedelta(days=365)
MOST_ROUNDS = 200


def seen_of(session: Session, person_ids: Collection[str]) -> dict[str, Seen]:
    """Return what was seen of some people, in one query; who was never asked is left out."""
    rows = session.execute(
        select(
            Assignment.reviewer_id,
            Assignment.state,
            Assignment.accepted_at.is_not(None),
            func.count(),
        )
        .where(among(Assignment.reviewer_id, person_ids), Assignment.is_counted)
        .group_by(Assignment.reviewer_id, Assignment.state, Assignment.accepted_at.is_not(None))
    )
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for person, state, is_accepted, count in rows:
        found = counts[person]
        found[0] += count if is_accepted else 0
        found[1] += count if not is_accepted and state in GIVEN_UP else 0
        found[2] += count if is_accepted and state in FINISHED else 0
        found[3] += count if is_accepted and state in GIVEN_UP else 0
    return {person: Seen(*found) for person, found in counts.items()}


def times_to_fill(session: Session, badge_id: str, *, at: datetime) -> list[timedelta]:
    """Return how long the badge's latest rounds of a year took until every seat was accepted."""
    recent = (
        select(ReviewRound.id, ReviewRound.opened_at, ReviewRound.seats)
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(
            Submission.badge_id == badge_id,
            ReviewRound.opened_at >= at - RECENT,
            ReviewRound.kind.not_in(APART),
        )
        .order_by(ReviewRound.opened_at.desc(), ReviewRound.id)
        .limit(MOST_ROUNDS)
        .subquery()
    )
    rows = session.execute(
        select(recent.c.id, recent.c.opened_at, recent.c.seats, Assignment.accepted_at)
        .join(Assignment, Assignment.round_id == recent.c.id)
        .where(Assignment.accepted_at.is_not(None))
        .order_by(recent.c.id, Assignment.accepted_at)
    )
    accepted: dict[str, list[datetime]] = defaultdict(list)
    wanted: dict[str, tuple[datetime, int]] = {}
    for round_id, opened_at, seats, accepted_at in rows:
        wanted[round_id] = (opened_at, seats)
        accepted[round_id].append(accepted_at)
    return [
        accepted[one][seats - 1] - opened_at
        for one, (opened_at, seats) in wanted.items()
        if len(accepted[one]) >= seats
    ]
