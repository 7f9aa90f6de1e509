"""Why somebody who may be asked is left in peace for now: holidays, a rest, the year's wish."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from review.assignment.eligibility import Code, Objection
from review.assignment.relaxation import Tier

# Whoever says "not now" is asked for nothing new so long.
REST = timedelta(days=3)
# And for the same work again only after this.
ASK_AGAIN = timedelta(days=14)

RESTING = Objection(Code.RESTING, "They lately had no time, and are left in peace for three days.")
ON_HOLIDAY = Objection(Code.ON_HOLIDAY, "They are on holiday.")
YEARLY_WISH = Objection(
    Code.YEARLY_WISH, "They have given as many reviews within a year as they wish to."
)


@dataclass(frozen=True)
class Leave:
    """What keeps one person from being asked for anything; holidays include both ends."""

    said_not_now_at: datetime | None = None
    holidays: tuple[tuple[date, date], ...] = ()
    accepted_within_year: int = 0
    per_year: int | None = None


NO_LEAVE = Leave()


def objection_to_asking(
    leave: Leave, *, review_days: int, tier: Tier, at: datetime
) -> Objection | None:
    """Return why somebody is left in peace now, or None.

    Holidays stand; the rest and the year's wish give way once a learner has waited long.
    """
    is_resting = leave.said_not_now_at is not None and at < leave.said_not_now_at + REST
    if is_resting and tier < Tier.LOAD:
        return RESTING
    if is_away(leave.holidays, review_days=review_days, today=at.date()):
        return ON_HOLIDAY
    is_full = leave.per_year is not None and leave.accepted_within_year >= leave.per_year
    return YEARLY_WISH if is_full and tier < Tier.LOAD else None


def is_away(holidays: Collection[tuple[date, date]], *, review_days: int, today: date) -> bool:
    """Whether somebody is on holiday today, or for most of the days that a review takes."""
    if any(start <= today <= end for start, end in holidays):
        return True
    days = {today + timedelta(days=one) for one in range(review_days + 1)}
    away = {day for day in days for start, end in holidays if start <= day <= end}
    return 2 * len(away) > len(days)


def back_on(holidays: Collection[tuple[date, date]], *, review_days: int, today: date) -> date:
    """Return the first day from today on which somebody who is away may be asked again."""
    after = sorted(end + timedelta(days=1) for _, end in holidays if end >= today)
    return next(day for day in after if not is_away(holidays, review_days=review_days, today=day))
