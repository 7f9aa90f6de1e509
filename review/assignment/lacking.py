"""Reading the rounds of one badge that lack somebody: who sits where, and how long they wait."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.among import among
from portfolio.submission.models import Submission
from review.assignment import queries, rates
from review.assignment.models import Assignment, ReviewRound, RoutingWish
from review.assignment.relaxation import Tier, tier_of, told_after
from review.assignment.states import SEATED_STATES, AssignmentState, WishKind

# An offer does not move so soon after it was made.
STILL = timedelta(hours=6)


@dataclass(frozen=True)
class Lacking:
    """One round that lacks somebody; `live` sit on a seat, and `movable` of them may be moved."""

    current: ReviewRound
    submission: Submission
    live: tuple[Assignment, ...]
    movable: tuple[Assignment, ...]
    waiting: timedelta
    tier: Tier
    wishes: Mapping[str, WishKind]

    @property
    def can_change(self) -> bool:
        """Whether a seat is free or an offer may move, so that routing can do something."""
        seats = self.current.seats + self.current.extra_seats
        return len(self.live) < seats or bool(self.movable)


def lacking(
    session: Session,
    badge_id: str,
    *,
    only: Collection[str] | None,
    moves: bool,
    held: bool = False,
    at: datetime,
) -> list[Lacking]:
    """Return the rounds of a badge that lack somebody, or `only` some of them, the oldest first."""
    ids = queries.rounds_to_route(session, badge_id, at=at, only=only, held=held)
    found = session.execute(
        select(ReviewRound, Submission)
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(among(ReviewRound.id, ids))
        .order_by(ReviewRound.opened_at, ReviewRound.id)
        .execution_options(populate_existing=True)
    ).all()
    asked: dict[str, list[Assignment]] = defaultdict(list)
    for one in session.scalars(
        select(Assignment)
        .where(among(Assignment.round_id, ids))
        .order_by(Assignment.seat, Assignment.id)
        .execution_options(populate_existing=True)
    ):
        asked[one.round_id].append(one)
    wishes = _wishes(session, [submission.id for _, submission in found])
    staff_after = told_after(rates.times_to_fill(session, badge_id, at=at))
    return [
        _row(current, submission, asked[current.id], wishes[submission.id], staff_after, moves, at)
        for current, submission in found
    ]


def _row(
    current: ReviewRound,
    submission: Submission,
    asked: Sequence[Assignment],
    wishes: Mapping[str, WishKind],
    staff_after: timedelta,
    moves: bool,
    at: datetime,
) -> Lacking:
    live = tuple(one for one in asked if one.state in SEATED_STATES)
    waiting = at - waiting_since(current, asked)
    return Lacking(
        current=current,
        submission=submission,
        live=live,
        movable=tuple(
            one
            for one in live
            if moves
            and one.state == AssignmentState.INVITED.value
            and one.invited_at <= at - STILL
            and one.answer_by > at
            and wishes.get(one.reviewer_id) is not WishKind.PIN
        ),
        waiting=waiting,
        tier=tier_of(waiting, staff_after=staff_after),
        wishes=wishes,
    )


def waiting_since(current: ReviewRound, asked: Sequence[Assignment]) -> datetime:
    """Return since when a round looks for people: it opened, or somebody gave up a review."""
    given_up = [
        one.ended_at
        for one in asked
        if one.accepted_at is not None and one.ended_at and one.state not in SEATED_STATES
    ]
    return max([current.opened_at, *given_up])


def _wishes(session: Session, ids: Sequence[str]) -> dict[str, dict[str, WishKind]]:
    found: dict[str, dict[str, WishKind]] = defaultdict(dict)
    for one in session.scalars(
        select(RoutingWish).where(
            among(RoutingWish.submission_id, ids), RoutingWish.ended_at.is_(None)
        )
    ):
        found[one.submission_id][one.reviewer_id] = WishKind(one.kind)
    return found
