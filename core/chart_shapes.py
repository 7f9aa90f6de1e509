"""What a chart is made of: the numbers that go in, and the shapes and words that come out.

Places are in per cent of the drawing's width and height, from the top left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LARGE = 100.0  # from here on decimals say nothing


@dataclass(frozen=True)
class Series:
    """One named row of numbers, none below zero; None where there is nothing to show."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Limit:
    """A named level that the numbers are held against."""

    name: str
    value: float


@dataclass(frozen=True)
class Spot:
    """A value with its limits; all of them None where there is nothing to show."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Path:
    """A line through points "x,y x,y ...", in per cent from the top left."""

    points: str
    kind: int


@dataclass(frozen=True)
class Box:
    """A bar or a part of one, in per cent from the top left."""

    x: float
    y: float
    width: float
    height: float
    kind: int


@dataclass(frozen=True)
class Label:
    """Words at a place in per cent; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    kind: int = 0


@dataclass(frozen=True)
class Chart:
    """A chart laid out: what to draw, what to say instead, and the same numbers as a table.

    `rules` are the ticks of the upright axis and `below` those under the drawing. `limit` is a
    line across and its words, `mark` one from top to bottom. `key` names the bars by kind.
    `spans` are intervals and `dots` their values; `uprights` are ticks of an axis that runs from
    left to right, and `lines` the words of rows that lie below each other in a drawing of
    `height` pixels, which is otherwise the page's own.
    """

    title: str
    summary: str
    unit: str
    paths: tuple[Path, ...]
    boxes: tuple[Box, ...]
    rules: tuple[Label, ...]
    below: tuple[Label, ...]
    names: tuple[Label, ...]
    key: tuple[tuple[int, str], ...]
    limit: Label | None
    mark: Label | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spans: tuple[Path, ...] = ()
    dots: tuple[Path, ...] = ()
    uprights: tuple[Label, ...] = ()
    lines: tuple[Label, ...] = ()
    height: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell that there is nothing to draw."""
        return not self.paths and not self.boxes and not self.dots


def number(value: float | None) -> str:
    """Return a number as a reader wants it: whole, or with one or two places; a dash for None."""
    if value is None:
        return "–"
    if value == round(value) or value >= LARGE:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"
