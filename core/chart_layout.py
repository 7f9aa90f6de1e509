"""Lays charts out: numbers in, shapes and words in per cent of the drawing's width and height.

A drawing has no margins and no fixed width. Shapes live in a nested box that stretches, and
words stand at percentages, so that on a phone the words keep their size and only the shapes
become narrower. The first series carries the accent; the others differ by dash or outline, so
that colour is never the only difference. Every chart holds its numbers as a table as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from core.chart_shapes import Box, Chart, Label, Limit, Path, Series, number
from core.errors import Invalid

KINDS = 6
LABEL_GAP = 10.0  # per cent of the height between two labels at the ends of lines
LABEL_ROOM = 42  # characters that fit below a chart on the narrowest phone
BAR_SHARE = 0.72
INSET = 7.0  # per cent on the left where the ticks stand alone
NAME_REACH = 24.0  # a line's name stands above all of its end, as wide as a name may be
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
WISHED_TICKS = 4
TINY = 1e-9  # as good as nothing
RIGHT_PART = 60.0  # a mark beyond this has its words on its left


def chart(
    title: str,
    ticks: Sequence[str],
    *,
    lines: Sequence[Series] = (),
    bars: Sequence[Series] = (),
    limit: Limit | None = None,
    unit: str = "",
    across: str = "",
    summary: str = "",
) -> Chart:
    """Lay out lines, and bars stacked upon each other, over the same ticks.

    `across` heads the first column of the table. Raises Invalid for series of another length
    than the ticks, numbers below zero or not finite, and more than six series.
    """
    series = (*lines, *bars)
    _refuse(series, len(ticks), limit)
    top = _top(lines, bars, limit)
    scale = Scale(top, len(ticks), has_bars=bool(bars))
    return Chart(
        title=title,
        summary=summary or _summary(series, limit, unit),
        unit=unit,
        paths=tuple(path for kind, one in enumerate(lines) for path in scale.paths(one, kind)),
        boxes=scale.boxes(bars, len(lines)),
        rules=rules(top),
        below=scale.below(ticks),
        names=names_of(lines, scale),
        key=tuple((len(lines) + place, one.name) for place, one in enumerate(bars)),
        limit=limit_label(limit, scale, unit),
        mark=None,
        columns=(across, *(one.name for one in series)),
        rows=tuple(
            (tick, *(number(one.values[row]) for one in series)) for row, tick in enumerate(ticks)
        ),
    )


def histogram(
    title: str,
    values: Sequence[float],
    *,
    name: str,
    mark: Limit | None = None,
    unit: str = "",
    bins: int = 16,
    summary: str = "",
) -> Chart:
    """Lay out how often values of each size occur, with a mark from top to bottom if asked for.

    `name` says what is counted. Bins are as wide as a round number.
    """
    highest = max((*values, mark.value if mark else 0.0), default=0.0)
    width = nice(highest / bins) if highest > TINY else 1.0
    edges = range(floor(highest / width) + 1)
    counts = [0.0] * len(edges)
    for value in values:
        counts[int(value // width)] += 1
    ticks = [number(place * width) for place in edges]
    drawn = chart(
        title,
        ticks,
        bars=[Series(name, counts if values else [None] * len(ticks))],
        unit="",
        across=f"from {unit}".strip(),
        summary=summary,
    )
    return _marked(drawn, mark, width * len(edges), unit)


def _marked(drawn: Chart, mark: Limit | None, reach: float, unit: str) -> Chart:
    below = tuple(
        Label(round(one.x - (100 - INSET) / 2 / len(drawn.rows), 2), one.y, one.text, one.anchor)
        for one in drawn.below
    )
    found = None
    if mark is not None:
        x = INSET + (100 - INSET) * mark.value / reach
        words = f"{mark.name} {number(mark.value)} {unit}".strip()
        found = Label(round(x, 2), 0.0, words, "end" if x > RIGHT_PART else "start")
    return Chart(**{**vars(drawn), "below": below, "mark": found, "unit": unit})


@dataclass(frozen=True)
class Scale:
    """From numbers to per cent; with bars, each place has as much room as the next."""

    top: float
    count: int
    has_bars: bool
    bottom: float = 0.0

    def x(self, place: int) -> float:
        if self.has_bars:
            share = (place + 0.5) / self.count
        else:
            share = place / (self.count - 1) if self.count > 1 else 0.5
        return INSET + (100 - INSET) * share

    def y(self, value: float) -> float:
        return 100 - 100 * (value - self.bottom) / (self.top - self.bottom)

    def paths(self, series: Series, kind: int) -> list[Path]:
        """Return a line for each run of numbers; a number alone becomes a dot."""
        runs: list[list[str]] = [[]]
        for place, value in enumerate(series.values):
            if value is None:
                runs.append([])
            else:
                runs[-1].append(f"{self.x(place):.2f},{self.y(value):.2f}")
        return [Path(" ".join(run if run[1:] else run * 2), kind) for run in runs if run]

    def boxes(self, bars: Sequence[Series], first_kind: int) -> tuple[Box, ...]:
        made, heights = [], [0.0] * self.count
        width = (100 - INSET) / max(self.count, 1) * BAR_SHARE
        for kind, one in enumerate(bars, first_kind):
            for place, value in enumerate(one.values):
                if value:
                    heights[place] += value
                    left, high = self.x(place) - width / 2, 100 * value / self.top
                    made.append(_box(left, self.y(heights[place]), width, high, kind))
        return tuple(made)

    def below(self, ticks: Sequence[str]) -> tuple[Label, ...]:
        """Return as many ticks as fit on a phone, evenly."""
        longest = max((len(tick) for tick in ticks), default=0) + 2
        step = max(1, ceil(len(ticks) * longest / LABEL_ROOM))
        return tuple(
            Label(round(self.x(place), 2), 100.0, tick, self._anchor(place))
            for place, tick in enumerate(ticks)
            if place % step == 0
        )

    def _anchor(self, place: int) -> str:
        if self.has_bars or self.count == 1:
            return "middle"
        return {0: "start", self.count - 1: "end"}.get(place, "middle")


def _box(x: float, y: float, width: float, height: float, kind: int) -> Box:
    return Box(round(x, 2), round(y, 2), round(width, 2), round(height, 2), kind)


def _refuse(series: Sequence[Series], count: int, limit: Limit | None) -> None:
    if len(series) > KINDS:
        raise Invalid(f"A chart holds {KINDS} series at most.", "series")
    for one in series:
        if len(one.values) != count:
            raise Invalid(
                f"“{one.name}” has {len(one.values)} numbers for {count} ticks.", "series"
            )
    numbers = [value for one in series for value in one.values if value is not None]
    if not all(isfinite(value) and value >= 0 for value in (*numbers, limit.value if limit else 0)):
        raise Invalid("A chart takes finite numbers from zero upwards.", "series")


def _top(lines: Sequence[Series], bars: Sequence[Series], limit: Limit | None) -> float:
    stacks = [
        sum(value or 0 for value in column)
        for column in zip(*(one.values for one in bars), strict=True)
    ]
    numbers = [value for one in lines for value in one.values if value is not None]
    highest = max((*stacks, *numbers, limit.value if limit else 0.0), default=0.0)
    if highest <= TINY:
        return 1.0
    step = nice(highest / WISHED_TICKS)
    return step * ceil(highest / step - 1e-9)


def nice(value: float) -> float:
    """Return the first round number at or above a value: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in STEPS if step * power >= value * (1 - 1e-9))


def rules(top: float, bottom: float = 0.0) -> tuple[Label, ...]:
    """Return the ticks of the upright axis, from the bottom; both ends are multiples of a step."""
    step = nice((top - bottom) / WISHED_TICKS)
    first, last = ceil(bottom / step - TINY), floor(top / step + TINY)
    return tuple(
        Label(
            0.0,
            round(100 - 100 * (place * step - bottom) / (top - bottom), 2),
            number(place * step),
        )
        for place in range(first, last + 1)
    )


def limit_label(limit: Limit | None, scale: Scale, unit: str) -> Label | None:
    """Return where a limit lies and what is written on it."""
    if limit is None:
        return None
    words = f"{limit.name} {number(limit.value)} {unit}".strip()
    return Label(50.0, round(scale.y(limit.value), 2), words, "middle")


def names_of(lines: Sequence[Series], scale: Scale) -> tuple[Label, ...]:
    """Return the name of each line at its end, kept apart from the next one."""
    made: list[Label] = []
    for kind, one in enumerate(lines):
        known = [
            (scale.x(at), scale.y(value))
            for at, value in enumerate(one.values)
            if value is not None
        ]
        if known:
            end = known[-1][0]
            y = min(y for x, y in known if x >= end - NAME_REACH)
            made.append(Label(round(end, 2), y, one.name, "end", kind))
    return _apart(made)


def _apart(labels: Sequence[Label]) -> tuple[Label, ...]:
    lowest, made = -LABEL_GAP, []
    for one in sorted(labels, key=lambda label: label.y):
        lowest = max(one.y, lowest + LABEL_GAP)
        made.append(Label(one.x, round(lowest, 2), one.text, one.anchor, one.kind))
    return tuple(made)


def _summary(series: Sequence[Series], limit: Limit | None, unit: str) -> str:
    """Return in words what the drawing shows: where each series begins, ends and peaks."""
    said = []
    for one in series:
        known = [value for value in one.values if value is not None]
        if known:
            first, last, most = (number(value) for value in (known[0], known[-1], max(known)))
            said.append(f"{one.name}: from {first} to {last}, at most {most}")
    if limit is not None:
        said.append(f"{limit.name}: {number(limit.value)}")
    return "; ".join(said) + (f" ({unit})." if unit and said else "." if said else "")
