"""Business days: a deadline falls at the end of a working day in the zone of who must keep it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


def add_business_days(at: datetime, days: int, *, zone: str | ZoneInfo = "UTC") -> datetime:
    """Return the end of the business day that is `days` after the one of `at`, in `zone`.

    Saturdays and Sundays do not count; a start on one counts as the Friday before. The answer
    is the last second of that day there, as an aware time in UTC. With 0 days it is the end
    of the same day, or of the next Monday when that day is a weekend.
    """
    if days < 0:
        raise ValueError("business days are counted forwards")
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    day = at.astimezone(place).date()
    left = days
    while left > 0 or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            left -= 1
    return datetime.combine(day, time(23, 59, 59), place).astimezone(UTC)
