"""When a reviewer is reminded, and when a review is passed on."""

from datetime import datetime, timedelta

LAST_DAY = timedelta(hours=24)
RESCUE_AFTER = timedelta(days=2)


def reminders_due(*, accepted_at: datetime, due_at: datetime, at: datetime) -> int:
    """Return how many of the three reminders are due: half-time, a day before, the due date.

    A time so short that its half comes within the last day still gives three, in that order.
    """
    half_time = accepted_at + (due_at - accepted_at) / 2
    return sum(moment <= at for moment in (half_time, due_at - LAST_DAY, due_at))
