"""What can be said of a reason, and until when."""

from datetime import datetime

NO_ANSWER = 0
RATINGS: dict[int, str] = {3: "Of use", 2: "Of some use", 1: "Of no use"}


def objection_to_rating(*, until: datetime, at: datetime) -> str | None:
    """Return why the reasons of an outcome cannot be rated any more, or None."""
    if at >= until:
        return "Thank you. The 30 days in which the reasons could be rated are over."
    return None
