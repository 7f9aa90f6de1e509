"""How a reading of a benchmark is compared, when it passes, and who may read the next one.

Agreement is the share of criteria with exactly the committee's level; one that could not be
scored does not agree. Those that gate are the must-pass criteria, or every required one where
none is must-pass: on each of them the reading has to be on the committee's side of the pass
level, and one without a level is on neither side. A calibration passes with agreement enough and
no miss on a criterion that gates.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.catalog.definition import Criterion

DAYS_TO_READ = 14
MOST_TRIES = 3
WITHIN = timedelta(days=30)
NOTICE = timedelta(days=30)
# How long whoever's severity has drifted may go on before they have calibrated again.
AGAIN_WITHIN = timedelta(days=14)
# Who gave fewer reviews for a badge is new to it, and gets gold items among the others.
NEW_UNTIL = 6
DAYS_A_MONTH = 365 / 12


@dataclass(frozen=True)
class Point:
    """One criterion of a reading: the committee's level and the one given, None for no level."""

    key: str
    expected: int
    given: int | None
    pass_level: int
    is_gating: bool

    @property
    def agrees(self) -> bool:
        """Whether the level is the committee's."""
        return self.given == self.expected

    @property
    def is_missed(self) -> bool:
        """Whether a criterion that gates is not on the committee's side of the pass level."""
        if not self.is_gating:
            return False
        return self.given is None or (self.given >= self.pass_level) != (
            self.expected >= self.pass_level
        )


@dataclass(frozen=True)
class Comparison:
    """A reading beside the committee's levels; `wanted` is the agreement asked for, 0 to 1."""

    points: tuple[Point, ...]
    wanted: float

    @property
    def agreed(self) -> int:
        """On how many criteria the level is the committee's."""
        return sum(one.agrees for one in self.points)

    @property
    def misses(self) -> int:
        """How many criteria that gate are on the wrong side of the pass level."""
        return sum(one.is_missed for one in self.points)

    @property
    def is_passed(self) -> bool:
        """Whether the gate opens."""
        # The share is compared as whole criteria, so that .8 of five is four and not 3.9999.
        return self.agreed >= self.wanted * len(self.points) - 1e-9 and self.misses == 0

    @property
    def differences(self) -> dict[str, int | None]:
        """The level given less the committee's, by criterion; None where no level was given."""
        return {
            one.key: None if one.given is None else one.given - one.expected for one in self.points
        }


def gating(criteria: Sequence[Criterion]) -> frozenset[str]:
    """Return the criteria that gate: the must-pass ones, or all required where there are none."""
    must_pass = frozenset(one.key for one in criteria if one.must_pass)
    return must_pass or frozenset(one.key for one in criteria if one.required)


def compare(
    criteria: Sequence[Criterion],
    expected: Mapping[str, int],
    given: Mapping[str, int | None],
    *,
    wanted: float,
) -> Comparison:
    """Hold the levels of a reading, by criterion, against the committee's."""
    gates = gating(criteria)
    return Comparison(
        tuple(
            Point(one.key, expected[one.key], given.get(one.key), one.pass_level, one.key in gates)
            for one in criteria
        ),
        wanted,
    )


def lasts_until(passed_at: datetime, months: int) -> datetime:
    """Return until when a calibration that was passed now holds."""
    return passed_at + timedelta(days=round(months * DAYS_A_MONTH))


def next_try_from(tries: Sequence[datetime], *, at: datetime) -> datetime | None:
    """Return when one may try again after too many tries, or None when one may now."""
    recent = sorted(one for one in tries if one > at - WITHIN)
    return None if len(recent) < MOST_TRIES else recent[-MOST_TRIES] + WITHIN


def objection_to_reading_one(
    *, is_qualified: bool, has_benchmarks: bool, has_fresh: bool, next_from: datetime | None
) -> str | None:
    """Return why somebody cannot begin a calibration for a badge now, or None."""
    if not is_qualified:
        return "Your right to review this badge does not stand today, so there is nothing to read."
    if not has_benchmarks:
        return "This badge has no benchmark yet, so nobody needs to calibrate for it."
    if next_from is not None:
        return (
            f"You have read {MOST_TRIES} benchmarks within 30 days. The programme has been told and"
            f" talks with you; you can read another from {next_from:%d %B %Y} on."
        )
    if not has_fresh:
        return (
            "There is no benchmark left that would be new to you. The programme can make another"
            " one; after a reading that did not pass it is told by itself."
        )
    return None


def objection_to_setting(
    *, is_member: bool, is_manager: bool, is_author: bool, took_part: bool, is_tied: bool
) -> str | None:
    """Return why somebody may not set a benchmark's levels, or None.

    Who manages the badge proposes benchmarks, and so never says what they measure.
    """
    if not is_member:
        return "Only a committee member for this badge sets the levels of its benchmarks."
    if is_manager:
        return "You manage this badge, so somebody else of the committee sets the levels."
    if is_author:
        return "This is your own work."
    if took_part:
        return "You had a part in this matter, so somebody else sets the levels."
    if is_tied:
        return "A tie between you and whoever made this is on record, so somebody else does it."
    return None
