"""Policies side by side: what each would mean, as a table, in plain words, and as charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from core.charts import Chart, Limit, Series, chart, histogram
from review.assignment.measures import Outcome
from review.assignment.policies import Policy

# The columns, narrow enough for a terminal of eighty, and what each tells.
COLUMNS = {
    "policy": "",
    "half": "days from arrival to the last review, for the faster half",
    "19/20": "the same, for all but the slowest twentieth",
    "longest": "the same, for the slowest of all",
    "fit": "how well reviewers fit, of the best who might have been asked",
    "asked": "people asked for each portfolio",
    "extra": "reviews given beyond those that were needed",
    "each": "reviews a year for each reviewer",
    "uneven": "0 when all review as much, near 1 when one does it all",
    "told": "portfolios of which staff are told that nobody is found",
    "open": "portfolios undecided in the end",
}
NONE = "-"
ROUND_DAYS = 5
BEHIND = 0.02  # share left undecided from which on a pool does not keep up
NAME_WIDTH = 12
LINE_WIDTH = 79


@dataclass(frozen=True)
class Compared:
    """One policy with its figures; `days` sorted, `loads` reviews a year per person, sorted."""

    policy: Policy
    outcome: Outcome
    days: tuple[float, ...]
    loads: tuple[float, ...]

    @property
    def keeps_up(self) -> bool:
        """Tell that what arrives is decided, in the end."""
        out = self.outcome
        return not out.is_empty and out.undecided <= BEHIND * (out.decided + out.undecided)

    @property
    def promise(self) -> int:
        """The whole number of days, a multiple of five, within which 19 of 20 are decided."""
        return max(ROUND_DAYS * ceil(self.outcome.p95 / ROUND_DAYS - 1e-9), ROUND_DAYS)


def table(compared: Sequence[Compared]) -> list[str]:
    """Return the figures as lines of text, the columns under their heads.

    A name too long for a narrow terminal stands on a line of its own, above its figures.
    """
    rows = [tuple(COLUMNS), *(_row(one) for one in compared)]
    first = min(max(len(one[0]) for one in rows), NAME_WIDTH)
    widths = [max(len(row[place]) for row in rows) for place in range(1, len(COLUMNS))]
    lines = []
    for name, *cells in rows:
        figures = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        if len(name) > NAME_WIDTH:
            lines.append(name)
            name = ""
        lines.append(f"{name.ljust(first)}  {figures}")
    return lines


def legend() -> list[str]:
    """Return what each column tells, a line for each."""
    width = max(map(len, COLUMNS))
    return [f"  {name.ljust(width)}  {words}" for name, words in COLUMNS.items() if words]


def _row(one: Compared) -> tuple[str, ...]:
    out = one.outcome
    days = [NONE if out.is_empty else f"{value:.1f}" for value in (out.p50, out.p95, out.longest)]
    return (
        one.policy.name,
        *days,
        NONE if out.is_empty else f"{out.quality:.0%}",
        f"{out.offers:.1f}",
        f"{out.surplus:.0f}",
        f"{sum(one.loads) / len(one.loads):.1f}",
        f"{out.gini:.2f}",
        f"{out.escalations:.0f}",
        f"{out.undecided:.0f}",
    )


def plot(compared: Sequence[Compared]) -> list[str]:
    """Return a bar of text for each policy, and how to read one."""
    furthest = max((one.outcome.longest for one in compared), default=0.0) or 1.0
    width = max((len(one.policy.name) for one in compared), default=0)
    room = LINE_WIDTH - width - len("    000.0 d")
    lines = ["Days from arrival to the last review: = half are there, - 19 of 20, . all"]
    for one in compared:
        out = one.outcome
        if out.is_empty:
            lines.append(f"{one.policy.name.ljust(width)}  none was decided")
            continue
        ends = [round(room * days / furthest) for days in (out.p50, out.p95, out.longest)]
        bar = "=" * ends[0] + "-" * (ends[1] - ends[0]) + "." * (ends[2] - ends[1])
        lines.append(f"{one.policy.name.ljust(width)}  {bar.ljust(room)}  {out.p95:.1f} d")
    return lines


def reading(one: Compared) -> str:
    """Return in plain words what a policy would mean and what can be promised."""
    out = one.outcome
    total = out.decided + out.undecided
    if not total:
        return f"With {one.policy.name}, nothing arrived in this time. Simulate more weeks."
    if not one.keeps_up:
        return (
            f"With {one.policy.name}, the pool cannot keep up: {out.undecided:.0f} of {total:.0f}"
            " portfolios are undecided in the end. Promise nothing; find more reviewers, raise"
            " the limit, or take in less."
        )
    told = (
        f" Staff are told of {out.escalations:.0f} for which nobody is found at first."
        if out.escalations >= 1
        else ""
    )
    return (
        f"With {one.policy.name}, 19 of 20 portfolios are decided within {ceil(out.p95)} days;"
        f" promise {one.promise}.{told}"
    )


def charts(compared: Sequence[Compared]) -> tuple[Chart, ...]:
    """Return turnaround, quality and load as charts."""
    names = [one.policy.name for one in compared]
    return (_turnaround(compared, names), _quality(compared, names), _load(compared))


def _turnaround(compared: Sequence[Compared], names: Sequence[str]) -> Chart:
    title = "Days from arrival to the last review"
    if len(compared) == 1:
        mark = Limit("Promise", compared[0].promise)
        return histogram(title, compared[0].days, name="Portfolios", mark=mark, unit="days")
    return chart(
        title,
        names,
        lines=[
            Series("19 of 20", [one.outcome.p95 for one in compared]),
            Series("half", [one.outcome.p50 for one in compared]),
            Series("slowest", [one.outcome.longest for one in compared]),
        ],
        unit="days",
        across="Policy",
    )


def _quality(compared: Sequence[Compared], names: Sequence[str]) -> Chart:
    return chart(
        "How well reviewers fit, of the best who might have been asked",
        names,
        bars=[Series("Fit", [100 * one.outcome.quality for one in compared])],
        limit=Limit("Best", 100),
        unit="per cent",
        across="Policy",
    )


def _load(compared: Sequence[Compared]) -> Chart:
    longest = max((len(one.loads) for one in compared), default=0)
    return chart(
        "Reviews a year, from the reviewer with the fewest to the one with the most",
        [str(place + 1) for place in range(longest)],
        lines=[Series(one.policy.name, one.loads) for one in compared[:6]],
        unit="reviews",
        across="Reviewer",
    )
