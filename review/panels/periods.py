"""The time that a panel looks back over, and the months and quarters that it is split into."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
A_YEAR = 12


class Period(StrEnum):
    """How far back, counted in months; the value is what stands in an address."""

    QUARTER = "3"
    YEAR = "12"
    TWO_YEARS = "24"
    ALL = "all"

    @property
    def words(self) -> str:
        """How a page says it."""
        return "From the beginning" if self is Period.ALL else f"The last {self.value} months"

    def since(self, at: datetime) -> datetime | None:
        """Return when the period began, None for the beginning of everything."""
        if self is Period.ALL:
            return None
        months = at.year * A_YEAR + at.month - 1 - int(self.value)
        day = min(at.day, 28)
        return at.replace(year=months // A_YEAR, month=months % A_YEAR + 1, day=day)

    def holds(self, moment: datetime | None, at: datetime) -> bool:
        """Whether something happened within the period."""
        since = self.since(at)
        return moment is not None and (since is None or moment > since)

    @property
    def part_of(self) -> "Split":
        """Into what the period is split: three months into months, all else into quarters."""
        return month_of if self is Period.QUARTER else quarter_of


Split = Callable[[datetime], tuple[int, str]]


def period_named(value: str | None) -> Period:
    """Return the period of an address; a year where it names none."""
    try:
        return Period(value or "")
    except ValueError:
        return Period.YEAR


def month_of(moment: datetime) -> tuple[int, str]:
    """Return a month's place in time, and its name."""
    return moment.year * A_YEAR + moment.month - 1, f"{MONTHS[moment.month - 1]} {moment.year}"


def quarter_of(moment: datetime) -> tuple[int, str]:
    """Return a quarter's place in time, and its name."""
    quarter = (moment.month - 1) // 3
    return moment.year * 4 + quarter, f"{moment.year} Q{quarter + 1}"
