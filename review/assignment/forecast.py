"""Demand against qualified capacity for the weeks to come, from plain numbers.

Each week, reviews that are wanted come in, reviewers free places at their usual pace, and what
nobody has room for is carried to the next week.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

WEEKS = 8
WEEK = timedelta(days=7)
# A portfolio that looks near its hand-in is expected within so many weeks.
NEARING_WEEKS = 2
NEW_REVIEWER_PLACES = 2
MOST_NEW = 50


@dataclass(frozen=True)
class Demand:
    """What is wanted: seats free now, works on their way, and works a week; then reviews a work.

    `third_share` is the share of works that want one more reviewer, from 0 to 1.
    """

    seats: int = 0
    intake: int = 0
    nearing: int = 0
    per_week: float = 0.0
    reviewers: int = 2
    third_share: float = 0.0

    @property
    def per_work(self) -> float:
        """How many reviews one work takes, as was seen."""
        return self.reviewers + self.third_share


@dataclass(frozen=True)
class Reviewer:
    """What one qualified person can take on; `days` is how long a review usually takes.

    `until` is the first day on which the right to review does not stand any more.
    """

    free: int
    busy: int = 0
    days: float = 7.0
    left_this_year: int | None = None
    away: tuple[tuple[date, date], ...] = ()
    paused_until: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Week:
    """One week: reviews newly wanted, room for them, those that wait after it, and those begun."""

    starts: date
    demand: float
    capacity: float
    waiting: float
    begun: float = 0.0


@dataclass(frozen=True)
class Forecast:
    """The weeks, the first in which somebody waits, and how many more reviewers would prevent it.

    `more` is None when even `MOST_NEW` would not.
    """

    weeks: tuple[Week, ...]
    first_short: Week | None
    more: int | None

    @property
    def has_nobody(self) -> bool:
        """Tell that nothing is wanted yet, and that nobody could take it on if it were."""
        return self.first_short is None and all(round(one.capacity) < 1 for one in self.weeks)


@dataclass
class _Places:
    """The places of one person as the weeks pass."""

    who: Reviewer
    free: float
    busy: float
    left: float

    def able(self, starts: date) -> float:
        """Free what a week frees, and return how many reviews can be taken on in it."""
        done = self.busy * min(7 / max(self.who.days, 1.0), 1.0)
        self.free, self.busy = self.free + done, self.busy - done
        return min(self.free, self.left) * presence(self.who, starts)

    def take(self, count: float) -> None:
        """Take reviews on."""
        self.free, self.busy, self.left = self.free - count, self.busy + count, self.left - count


def forecast(demand: Demand, reviewers: Sequence[Reviewer], *, today: date) -> Forecast:
    """Return the weeks to come, beginning with the week of `today`."""
    weeks = _weeks(demand, reviewers, today)
    first_short = next((one for one in weeks if round(one.waiting) >= 1), None)
    more = 0 if first_short is None else _more(demand, reviewers, today)
    return Forecast(weeks, first_short, more)


def presence(who: Reviewer, starts: date) -> float:
    """Return the share of a week, from 0 to 1, on which somebody may be asked."""
    if not who.away and who.paused_until is None and who.until is None:
        return 1.0
    days = [starts + timedelta(days=one) for one in range(7)]
    return sum(_is_there(who, day) for day in days) / len(days)


def expected(demand: Demand, week: int) -> float:
    """Return how many reviews are newly wanted in a week, 0 for this one."""
    works = demand.per_week
    if week < NEARING_WEEKS:
        # Portfolios that look near their hand-in are among those that come anyhow.
        works = max(works, demand.nearing / NEARING_WEEKS)
    if week == 0:
        return demand.seats + (demand.intake + works) * demand.per_work
    return works * demand.per_work


def words(found: Forecast) -> str:
    """Return what a programme manager should know, in a sentence or two."""
    short = found.first_short
    if found.has_nobody:
        return (
            f"Nobody can take on a review in the coming {len(found.weeks)} weeks, so the first"
            " portfolio that is handed in would wait. Qualify somebody before learners begin."
        )
    if short is None:
        return (
            f"As things stand, nobody waits for a reviewer in the coming {len(found.weeks)} weeks."
        )
    count = max(round(short.waiting), 1)
    what = f"about {count} review{'' if count == 1 else 's'} would wait"
    if found.more is None:
        help_ = "many more reviewers are needed, or fewer portfolios at once."
    else:
        people = f"{found.more} more reviewer{'' if found.more == 1 else 's'}"
        help_ = f"qualify {people}, or ask those of the pool whether they can take on more."
    return f"From the week of {short.starts.day} {short.starts:%B} {what}; {help_}"


def _weeks(demand: Demand, reviewers: Sequence[Reviewer], today: date) -> tuple[Week, ...]:
    monday = today - timedelta(days=today.weekday())
    people = [
        _Places(
            one,
            max(one.free, 0),
            max(one.busy, 0),
            float("inf") if one.left_this_year is None else max(one.left_this_year, 0),
        )
        for one in reviewers
    ]
    waiting = 0.0
    made = []
    for number in range(WEEKS):
        starts = monday + number * WEEK
        new = expected(demand, number)
        able = [one.able(max(starts, today)) for one in people]
        capacity = sum(able)
        taken = min(waiting + new, capacity)
        for one, share in zip(people, able, strict=True):
            one.take(share * taken / capacity if capacity else 0.0)
        waiting = waiting + new - taken
        made.append(Week(starts, new, capacity, waiting, begun=taken))
    return tuple(made)


def _more(demand: Demand, reviewers: Sequence[Reviewer], today: date) -> int | None:
    """Return the least number of new reviewers with whom nobody waits."""
    days = ceil(sum(one.days for one in reviewers) / len(reviewers)) if reviewers else 7
    new = Reviewer(free=NEW_REVIEWER_PLACES, days=days)

    def nobody_waits(count: int) -> bool:
        weeks = _weeks(demand, [*reviewers, *[new] * count], today)
        return all(round(one.waiting) < 1 for one in weeks)

    count = bisect_left(range(MOST_NEW + 1), True, key=nobody_waits)
    return count if count <= MOST_NEW else None


def _is_there(who: Reviewer, day: date) -> bool:
    if who.paused_until is not None and day < who.paused_until:
        return False
    if who.until is not None and day >= who.until:
        return False
    return not any(start <= day <= end for start, end in who.away)
