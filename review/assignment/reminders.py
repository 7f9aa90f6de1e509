"""When a reviewer is reminded, and when a review is passed on."""

from datetime import datetime, timedelta

SHARES = (0.5, 0.8, 1.0)
RESCUE_AFTER = timedelta(days=2)


def reminders_due(*, accepted_at: datetime, due_at: datetime, at: datetime) -> int:
    """Return how many of the three reminders are due: at 50 % and 80 % of the time, and its end."""
    return sum(accepted_at + (due_at - accepted_at) * share <= at for share in SHARES)
