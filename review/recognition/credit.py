"""What time is credited, and a person's credit by year and as a file: pure."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from math import ceil

from core.text import plain_cell
from review.recognition.states import CreditKind

LEAST_MINUTES = 10
MOST_TIMES = 3  # what the edition estimates
MODERATION_MINUTES = 10
KINDS: dict[CreditKind, str] = {
    CreditKind.REVIEW: "Review",
    CreditKind.CALIBRATION: "Calibration",
    CreditKind.AUDIT: "Reading for an audit",
    CreditKind.MODERATION: "Moderation",
}


@dataclass(frozen=True)
class Entry:
    """Minutes given on a day, for one badge and one kind of work."""

    day: date
    badge: str
    kind: CreditKind
    minutes: int

    @property
    def words(self) -> str:
        """What the time was given for."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Year:
    """The entries of one year, newest first, with their sum in minutes."""

    year: int
    minutes: int
    entries: tuple[Entry, ...]


def bounded_minutes(seconds: int, *, estimated_minutes: int) -> int:
    """Return the minutes that a reading is credited with.

    The clock of the workspace misses time on paper and counts time at an open page: less than
    LEAST_MINUTES is taken for that, and more than MOST_TIMES the edition's estimate is not.
    """
    most = max(LEAST_MINUTES, MOST_TIMES * estimated_minutes)
    return min(max(LEAST_MINUTES, ceil(seconds / 60)), most)


def by_year(entries: Sequence[Entry]) -> list[Year]:
    """Return the entries by year, the newest year first."""
    years = sorted({one.day.year for one in entries}, reverse=True)
    return [
        Year(year, sum(one.minutes for one in among), among)
        for year in years
        for among in [tuple(one for one in entries if one.day.year == year)]
    ]


def hours(minutes: int) -> str:
    """Return a time such as “3 h 45 min”."""
    whole, rest = divmod(minutes, 60)
    if not whole:
        return f"{rest} min"
    return f"{whole} h {rest} min" if rest else f"{whole} h"


def as_csv(entries: Sequence[Entry]) -> str:
    """Return entries as CSV (RFC 4180) with no cell that a table program would compute."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(("Date", "Badge", "What for", "Minutes"))
    writer.writerows(
        (one.day.isoformat(), plain_cell(one.badge), one.words, one.minutes) for one in entries
    )
    return out.getvalue()
