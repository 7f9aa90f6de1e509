"""Panels about time: what a decision costs its reviewers, and how long a learner waits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.charts import Chart, Spot, spots
from review.decision.durations import duration_quantiles, minutes_per_decision
from review.decision.figures import Figure
from review.panels.material import Facts
from review.panels.outcomes import released_in
from review.panels.panel import (
    DAYS,
    MINUTES,
    Line,
    Panel,
    columns_of,
    rows_of,
    spot_of,
    summary_of,
)
from review.panels.periods import Period

MINUTE, DAY = 60, timedelta(days=1)
WHOLE = "All"
HALF, NINE = "Half are faster", "Nine of ten are faster"


def minutes(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return how many minutes all reviewers together spend on a decision, and how that goes on."""
    known = {(one.submission, one.question): one for one in released_in(facts, period, at=at)}
    spent = [
        (known[one.submission, one.question], one.seconds / MINUTE if one.seconds else float("nan"))
        for one in facts.reviews
        if (one.submission, one.question) in known
    ]
    codes = {one.id: place for place, one in enumerate(known.values())}
    whole = minutes_per_decision([codes[one.id] for one, _ in spent], [each for _, each in spent])
    lines = [
        Line(WHOLE, "Mean", whole.mean, unit=MINUTES),
        Line(WHOLE, "Median", whole.median, unit=MINUTES),
    ]
    names = dict(period.part_of(one.decided_at) for one in known.values())
    for place, name in sorted(names.items()):
        part = [(one, each) for one, each in spent if period.part_of(one.decided_at)[0] == place]
        found = minutes_per_decision([codes[one.id] for one, _ in part], [each for _, each in part])
        lines.append(Line(name, "Mean", found.mean, tick=name, unit=MINUTES))
    title, about, counted = "Reviewers’ minutes for a decision", "Decided in", "Decisions"
    return Panel(
        "minutes",
        title,
        "The minutes that all reviewers of a work spent on its decision together, while the page"
        " was open before them.",
        "Student’s t for the mean, Brookmeyer and Crowley’s for the median.",
        about,
        counted,
        tuple(lines),
        _drawing(title, lines, ("Mean",), about, counted),
        (
            (f"{whole.left_out} decisions are left out, since not all of their minutes are known.",)
            if whole.left_out
            else ()
        ),
    )


def turnaround(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return how many days pass from a hand-in to the outcome, what still waits counted in."""
    told: dict[str, datetime] = {}
    for one in facts.decisions:
        if one.released_at is not None:
            told[one.submission] = min(told.get(one.submission, one.released_at), one.released_at)
    waits = [
        (one.sealed_at, (told.get(one.id, at) - one.sealed_at) / DAY, one.id not in told)
        for one in facts.submissions
        if period.holds(one.sealed_at, at) and (one.id in told or one.is_waiting)
    ]
    lines = _waits(WHOLE, [(days, is_open) for _, days, is_open in waits])
    names = dict(period.part_of(sealed_at) for sealed_at, _, _ in waits)
    for place, name in sorted(names.items()):
        lines += _waits(name, [(d, o) for when, d, o in waits if period.part_of(when)[0] == place])
    title, about, counted = "From hand-in to outcome", "Handed in", "Outcomes"
    still = sum(is_open for _, _, is_open in waits)
    return Panel(
        "turnaround",
        title,
        "The days from a hand-in until the learner read the outcome: in so many days half, and"
        " nine of ten, have theirs.",
        "Kaplan and Meier, with Brookmeyer and Crowley’s limits on the complementary log-log"
        " scale.",
        about,
        counted,
        tuple(lines),
        _drawing(title, lines, (HALF, NINE), about, counted),
        (
            f"{still} that still wait count with the days they have waited; leaving them out"
            " would make a queue look the quicker the longer it is.",
        ),
    )


def _waits(name: str, waits: Sequence[tuple[float, bool]]) -> list[Line]:
    days, is_open = [one for one, _ in waits], [one for _, one in waits]
    found = duration_quantiles(days, is_open)
    return [
        Line(name, measure, figure, tick=name, unit=DAYS)
        for measure, figure in zip((HALF, NINE), found, strict=True)
    ]


def _drawing(
    title: str, lines: Sequence[Line], measures: Sequence[str], about: str, counted: str
) -> Chart:
    """Draw the parts of the period; the whole of it is in the table."""
    parts = [one for one in lines if one.about != WHOLE] or list(lines)
    ticks = list(dict.fromkeys(one.about for one in parts))
    series = []
    for measure in measures:
        found: dict[str, Figure] = {
            one.about: one.figure for one in parts if one.measure == measure
        }
        row = [spot_of(found[tick]) if tick in found else Spot() for tick in ticks]
        series.append((measure, row))
    return spots(
        title,
        ticks,
        series,
        table=(columns_of(about, counted), rows_of(lines)),
        are_joined=True,
        unit=lines[0].unit,
        summary=summary_of([one for one in lines if one.about == WHOLE]),
    )
