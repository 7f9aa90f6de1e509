"""A panel: figures with the words that explain them, one list for plot, table and CSV alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from core.charts import Chart, Spot, forest
from review.decision.figures import Figure, Lack

LACKS: dict[Lack, str] = {
    Lack.NONE_GIVEN: "none yet",
    Lack.TOO_FEW: "too few to say",
    Lack.NO_SPREAD: "nothing differs, so there is nothing to measure",
    Lack.CONTRADICTED: "the cases contradict each other",
    Lack.NOT_REACHED: "not reached yet",
    Lack.WITHHELD: "withheld, so that nobody can be told apart",
}
SHORT: dict[Lack, str] = {
    Lack.NO_SPREAD: "no difference",
    Lack.CONTRADICTED: "contradictory",
    Lack.WITHHELD: "withheld",
}
SHARE, PLAIN, LEVELS, MINUTES, DAYS = "share", "", "levels", "minutes", "days"


@dataclass(frozen=True)
class Line:
    """One figure: what it is about, what it measures, and what is to be said beside it.

    `tick` is its short name in a drawing.
    """

    about: str
    measure: str
    figure: Figure
    note: str = ""
    tick: str = ""
    unit: str = PLAIN


@dataclass(frozen=True)
class Panel:
    """What one panel says: `definition` in one sentence, `method` that of the intervals.

    `about` heads the first column, `counted` names what the figures rest on.
    """

    key: str
    title: str
    definition: str
    method: str
    about: str
    counted: str
    lines: tuple[Line, ...]
    drawing: Chart
    remarks: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the table."""
        return columns_of(self.about, self.counted)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The table, as it stands on the page."""
        return rows_of(self.lines)


def columns_of(about: str, counted: str) -> tuple[str, ...]:
    """Return the heads of a panel's table."""
    return about, "Figure", "Value", "95 % interval", counted, "Note"


def rows_of(lines: Iterable[Line]) -> tuple[tuple[str, ...], ...]:
    """Return a panel's figures as a page shows them."""
    return tuple(
        (
            one.about,
            one.measure,
            value_words(one.figure, one.unit),
            interval_words(one.figure, one.unit),
            f"{one.figure.count:,}",
            one.note,
        )
        for one in lines
    )


def value_words(figure: Figure, unit: str) -> str:
    """Return a figure in words, or why there is none."""
    if figure.value is not None:
        return number_words(figure.value, unit)
    return LACKS[figure.lack] if figure.lack else "–"


def interval_words(figure: Figure, unit: str) -> str:
    """Return a figure's limits in words, a dash where there are none."""
    if figure.low is None or figure.high is None:
        return "–"
    low, high = (_bare(each, unit) for each in (figure.low, figure.high))
    return f"{low} to {high}{_SAID.get(unit, '')}"


def number_words(value: float, unit: str) -> str:
    """Return a number as a panel shows it: shares in per cent, days and minutes with one place."""
    return _bare(value, unit) + _SAID.get(unit, "")


_SAID = {SHARE: " %", MINUTES: " minutes", DAYS: " days"}


def _bare(value: float, unit: str) -> str:
    said = f"{100 * value if unit == SHARE else value:.{1 if unit in _SAID else 2}f}"
    return said.replace("-", "−")


def spot_of(figure: Figure) -> Spot:
    """Return a figure as it is drawn."""
    return Spot(figure.value, figure.low, figure.high)


def forest_of(
    title: str, lines: Sequence[Line], about: str, counted: str, *, ends: tuple[float, float]
) -> Chart:
    """Draw a row for each figure; `ends` are widened by tenths until they hold everything."""
    found = [
        each for one in lines for each in (one.figure.low, one.figure.high) if each is not None
    ]
    low = min(ends[0], floor(10 * min(found, default=0.0)) / 10)
    high = max(ends[1], ceil(10 * max(found, default=0.0)) / 10)
    return forest(
        title,
        [(one.tick or one.about, spot_of(one.figure), _short(one)) for one in lines],
        table=(columns_of(about, counted), rows_of(lines)),
        ends=(low, high),
        summary=summary_of(lines),
    )


def summary_of(lines: Sequence[Line]) -> str:
    """Say in words what a drawing shows."""
    return " ".join(
        f"{one.tick or one.about}, {one.measure}: {value_words(one.figure, one.unit)}."
        for one in lines
    )


def _short(line: Line) -> str:
    if line.figure.lack is None:
        return value_words(line.figure, line.unit)
    return SHORT.get(line.figure.lack, LACKS[line.figure.lack])
