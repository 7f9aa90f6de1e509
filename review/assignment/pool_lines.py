"""Reading one badge's pool for its programme manager: who, how much they carry, and what waits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.persons import loads_of
from review.assignment.queries import GATHERING
from review.assignment.states import SEATED_STATES
from review.pool import queries as pool
from review.pool.models import Holiday, Qualification, ReviewerProfile
from review.pool.rules import is_valid


@dataclass(frozen=True)
class Member:
    """One person of a badge's pool."""

    person_id: str
    name: str
    qualification: Qualification
    stands: bool
    is_open: bool
    paused_until: datetime | None
    load: int
    cap: int
    done: int
    may_open: bool = True
    topics: tuple[str, ...] = ()
    away: tuple[date, date] | None = None
    is_away: bool = False
    calibration_ends: datetime | None = None
    is_calibrated: bool = True

    @property
    def room(self) -> int:
        """How many more they can be asked for now."""
        is_free = self.is_open and not self.is_away
        can_be_asked = self.stands and self.is_calibrated and is_free
        return max(0, self.cap - self.load) if can_be_asked else 0


@dataclass(frozen=True)
class BadgePool:
    """A badge's reviewers, what they could still take on, and what is wanted of them."""

    members: tuple[Member, ...]
    free_seats: int
    coming: int

    @property
    def qualified(self) -> int:
        """How many may review today."""
        return sum(one.stands and one.is_calibrated for one in self.members)

    @property
    def room(self) -> int:
        """How many more reviews the pool can take on now."""
        return sum(one.room for one in self.members)


def pool_of(session: Session, badge_id: str, *, at: datetime) -> BadgePool:
    """Return a badge's pool, in the same number of queries whatever its size."""
    rows = pool.reviewers_of(session, badge_id)
    ids = [person.id for _, person in rows]
    limits = {
        one.person_id: one
        for one in session.scalars(
            select(ReviewerProfile).where(ReviewerProfile.person_id.in_(ids))
        )
    }
    load, done = loads_of(session, ids)
    away = _next_away(session, ids, today=at.date())
    ends = pool.calibrations_of(session, [found for found, _ in rows])
    members = tuple(
        Member(
            person_id=person.id,
            name=person.name,
            qualification=found,
            stands=is_valid(
                found.state, valid_from=found.valid_from, valid_until=found.valid_until, at=at
            ),
            is_open=_is_open(limits[person.id], at) and person.disabled_at is None,
            paused_until=limits[person.id].paused_until,
            load=load[person.id],
            cap=limits[person.id].max_open,
            done=done[person.id],
            may_open=limits[person.id].is_available and person.disabled_at is None,
            topics=tuple(limits[person.id].topics),
            away=away.get(person.id),
            is_away=person.id in away and away[person.id][0] <= at.date(),
            calibration_ends=ends.get(found.id),
            is_calibrated=found.id not in ends or ends[found.id] > at,
        )
        for found, person in rows
    )
    seats, coming = free_seats_of(session, [badge_id]), coming_of(session, [badge_id])
    return BadgePool(members, seats.get(badge_id, 0), coming.get(badge_id, 0))


def _next_away(session: Session, ids: list[str], *, today: date) -> dict[str, tuple[date, date]]:
    """Return people's days off that come next, or are on."""
    rows = session.scalars(
        select(Holiday)
        .where(Holiday.person_id.in_(ids), Holiday.until_date >= today)
        .order_by(Holiday.from_date.desc())
    )
    return {one.person_id: (one.from_date, one.until_date) for one in rows}


def on_holiday(today: date) -> Select[str]:
    """Return who noted this day as one of their days off."""
    return select(Holiday.person_id).where(Holiday.from_date <= today, Holiday.until_date >= today)


def _is_open(limits: ReviewerProfile, at: datetime) -> bool:
    return limits.is_available and (limits.paused_until is None or limits.paused_until <= at)


def free_seats_of(session: Session, badge_ids: list[str]) -> dict[str, int]:
    """Return, by badge, how many wanted seats nobody sits on; an extra seat is not wanted."""
    taken = (
        select(Assignment.round_id, func.count().label("taken"))
        .join(
            ReviewRound,
            (ReviewRound.id == Assignment.round_id)
            & (ReviewRound.submission_id == Assignment.submission_id),
        )
        .where(
            ReviewRound.closed_at.is_(None),
            Assignment.state.in_(SEATED_STATES),
        )
        .group_by(Assignment.round_id)
        .subquery()
    )
    lacking = ReviewRound.seats - func.coalesce(taken.c.taken, 0)
    rows = session.execute(
        select(Submission.badge_id, func.sum(lacking))
        .select_from(ReviewRound)
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .outerjoin(taken, taken.c.round_id == ReviewRound.id)
        .where(
            Submission.badge_id.in_(badge_ids),
            ReviewRound.closed_at.is_(None),
            Submission.state.in_(sorted(GATHERING)),
            lacking > 0,
        )
        .group_by(Submission.badge_id)
    )
    return {badge_id: int(count) for badge_id, count in rows}


def coming_of(session: Session, badge_ids: list[str]) -> dict[str, int]:
    """Return, by badge, how many submissions are on their way through intake."""
    rows = session.execute(
        select(Submission.badge_id, func.count())
        .where(
            Submission.badge_id.in_(badge_ids),
            Submission.state.in_([SubmissionState.SUBMITTED.value, SubmissionState.INTAKE.value]),
        )
        .group_by(Submission.badge_id)
    )
    return {badge_id: count for badge_id, count in rows}
