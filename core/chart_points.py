"""Lays out values with their intervals: dots with whiskers, over ticks or in rows.

`spots` stands upright, over ticks, for what goes on in time or for many at once; `forest` lies
down, a row for each name, so that long names can be read on a phone. Both may hold numbers below
zero. The rows of the table are the caller's, so that picture and table are one and the same list.
"""

from collections.abc import Callable, Sequence
from math import ceil, floor, isfinite

from core.chart_layout import WISHED_TICKS, Scale, limit_label, names_of, nice, rules
from core.chart_shapes import Chart, Label, Limit, Path, Series, Spot, number
from core.errors import Invalid

ROW = 56  # pixels of a row of a forest: its words, and below them its interval
WORDS_AT, SPAN_AT = 20, 38  # pixels from the top of a row
APART = 1.6  # per cent of the width between the dots of two series at one tick
Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def spots(
    title: str,
    ticks: Sequence[str],
    series: Sequence[tuple[str, Sequence[Spot]]],
    *,
    table: Table,
    lines: Sequence[Series] = (),
    are_joined: bool = False,
    ends: tuple[float, float] | None = None,
    limit: Limit | None = None,
    unit: str = "",
    summary: str = "",
) -> Chart:
    """Lay out dots with their intervals over ticks, beside each other where series share a tick.

    `lines` are drawn below them without intervals; `are_joined` draws a named line through the
    dots of each series. `ends` are the ends of the upright axis, otherwise the least that holds
    everything. Raises Invalid where a series has another length than the ticks, or a number is
    not finite.
    """
    for name, values in (*series, *((one.name, one.values) for one in lines)):
        if len(values) != len(ticks):
            raise Invalid(f"“{name}” has {len(values)} numbers for {len(ticks)} ticks.", "series")
    bottom, top = ends or _ends([one for _, values in series for one in values], limit)
    scale = Scale(top, len(ticks), has_bars=True, bottom=bottom)
    joined = [Series(name, [one.value for one in values]) for name, values in series]
    drawn = (*(joined if are_joined else ()), *lines)
    spans, dots = [], []
    for kind, (_name, values) in enumerate(series):
        shift = (kind - (len(series) - 1) / 2) * min(APART, 60 / max(len(ticks), 1) / len(series))
        for place, one in enumerate(values):
            x = round(scale.x(place) + shift, 2)
            if one.value is not None:
                y = f"{x},{scale.y(one.value):.2f}"
                dots.append(Path(f"{y} {y}", kind))
            if one.low is not None and one.high is not None:
                spans.append(Path(f"{x},{scale.y(one.low):.2f} {x},{scale.y(one.high):.2f}", kind))
    return Chart(
        title=title,
        summary=summary,
        unit=unit,
        paths=tuple(path for kind, one in enumerate(drawn) for path in scale.paths(one, kind)),
        boxes=(),
        rules=rules(top, bottom),
        below=scale.below(ticks),
        names=names_of(drawn, scale),
        key=(),
        limit=limit_label(limit, scale, ""),
        mark=None,
        columns=table[0],
        rows=table[1],
        spans=tuple(spans),
        dots=tuple(dots),
    )


def forest(
    title: str,
    rows: Sequence[tuple[str, Spot, str]],
    *,
    table: Table,
    ends: tuple[float, float],
    unit: str = "",
    summary: str = "",
) -> Chart:
    """Lay out a row for each name, its value with interval, and what is written at its right.

    `ends` are those of the axis from left to right. Raises Invalid where a number lies beyond.
    """
    low, high = ends
    for name, spot, _ in rows:
        for value in (spot.value, spot.low, spot.high):
            if value is not None and not low - 1e-9 <= value <= high + 1e-9:
                raise Invalid(f"“{name}” lies beyond the ends of the axis.", "rows")
    height = ROW * max(len(rows), 1)

    def x(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    spans, dots, words = [], [], []
    for place, (name, spot, said) in enumerate(rows):
        at, y = (round(100 * (ROW * place + each) / height, 2) for each in (WORDS_AT, SPAN_AT))
        words += [Label(0.0, at, name), Label(100.0, at, said, "end")]
        if spot.value is not None:
            dots.append(Path(" ".join([f"{x(spot.value)},{y}"] * 2), 0))
        if spot.low is not None and spot.high is not None:
            spans.append(Path(f"{x(spot.low)},{y} {x(spot.high)},{y}", 0))
    return Chart(
        title=title,
        summary=summary,
        unit=unit,
        paths=(),
        boxes=(),
        rules=(),
        below=(),
        names=(),
        key=(),
        limit=None,
        mark=None,
        columns=table[0],
        rows=table[1],
        spans=tuple(spans),
        dots=tuple(dots),
        uprights=_uprights(low, high, x),
        lines=tuple(words),
        height=height,
    )


def _uprights(low: float, high: float, x: Callable[[float], float]) -> tuple[Label, ...]:
    step = nice((high - low) / WISHED_TICKS)
    ticks = [place * step for place in range(ceil(low / step), floor(high / step + 1e-9) + 1)]
    anchors = {low: "start", high: "end"}
    return tuple(Label(x(tick), 100.0, number(tick), anchors.get(tick, "middle")) for tick in ticks)


def _ends(values: Sequence[Spot], limit: Limit | None) -> tuple[float, float]:
    """Return round ends that hold every interval, the limit and zero."""
    found = [each for one in values for each in (one.value, one.low, one.high) if each is not None]
    if not all(isfinite(each) for each in found):
        raise Invalid("A chart takes finite numbers.", "series")
    least, most = min([0.0, *found]), max([0.0, *found])
    if limit is not None:
        least, most = min(least, limit.value), max(most, limit.value)
    if most - least < 1e-9:
        return 0.0, 1.0
    step = nice((most - least) / WISHED_TICKS)
    return step * floor(least / step + 1e-9), step * ceil(most / step - 1e-9)
