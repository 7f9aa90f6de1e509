"""An extra seat for a round whose reviews on their way may not end in time.

It is filled from spare room alone, by the next look at the whole badge, and whoever is left when
enough reviews are sealed is thanked and let go.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from credentials.catalog.definition import ReviewPolicy
from credentials.catalog.policy_defaults import MOST_HEDGES
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from review.assignment import queries
from review.assignment.chances import NOTHING_SEEN, Seen, finish_rate, finishes_yet, wants_extra
from review.assignment.models import Assignment, ReviewRound
from review.assignment.offers import ROUTER, definition_of
from review.assignment.rates import seen_of
from review.assignment.states import SEATED_STATES, UNDER_WAY_STATES


def hedge_due(session: Session, *, at: datetime) -> int:
    """Open an extra seat for each round that is old or likely to fail; return how many."""
    rows = session.execute(
        select(ReviewRound, Submission)
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(
            ReviewRound.closed_at.is_(None),
            ReviewRound.extra_seats < MOST_HEDGES,
            Submission.state.in_(sorted(queries.GATHERING)),
        )
        .order_by(Submission.id)
    ).all()
    seated = _seated(session, [current.id for current, _ in rows])
    seen = seen_of(session, {one.reviewer_id for some in seated.values() for one in some})
    count = 0
    for current, submission in rows:
        policy = definition_of(session, submission).review_policy
        if _is_risky(current, seated[current.id], seen, policy, at=at):
            count += _add_seat(session, current, at=at)
    return count


def chance_of(one: Assignment, seen: Seen, *, at: datetime) -> float:
    """Return how likely an accepted review is to be sealed by its due date; 1 once it is."""
    if one.state not in UNDER_WAY_STATES or one.accepted_at is None or one.due_at is None:
        return 1.0
    share = (at - one.accepted_at) / (one.due_at - one.accepted_at)
    return finishes_yet(finish_rate(seen), share)


def _is_risky(
    current: ReviewRound,
    seated: Sequence[Assignment],
    seen: dict[str, Seen],
    policy: ReviewPolicy,
    *,
    at: datetime,
) -> bool:
    """Whether one more may be asked, every seat is taken, and the round may miss its end."""
    extras = current.extra_seats
    if extras >= policy.hedges or len(seated) < current.seats + extras:
        return False
    return wants_extra(
        age=at - current.opened_at,
        chances=[chance_of(one, seen.get(one.reviewer_id, NOTHING_SEEN), at=at) for one in seated],
        after=timedelta(days=policy.hedge_after_days),
        risk=policy.hedge_risk,
        extras=extras,
    )


def _add_seat(session: Session, seen: ReviewRound, *, at: datetime) -> bool:
    """Open one more seat than was seen, unless somebody else was faster or the round is over."""
    extras = seen.extra_seats
    submission = locked_submission(session, seen.submission_id)
    current = session.get_one(ReviewRound, seen.id, populate_existing=True)
    is_open = current.closed_at is None and submission.state in queries.GATHERING
    if current.extra_seats != extras or not is_open:
        return False
    current.extra_seats = extras + 1
    audit.record(
        session,
        "extra_seat_opened",
        subject_kind="round",
        subject_id=current.id,
        by=ROUTER,
        at=at,
        detail={"submission": submission.id, "extra": current.extra_seats},
    )
    return True


def _seated(session: Session, round_ids: Sequence[str]) -> dict[str, list[Assignment]]:
    found: dict[str, list[Assignment]] = defaultdict(list)
    for one in session.scalars(
        select(Assignment).where(
            Assignment.round_id.in_(round_ids), Assignment.state.in_(SEATED_STATES)
        )
    ):
        found[one.round_id].append(one)
    return found
