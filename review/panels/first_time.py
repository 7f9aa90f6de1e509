"""First-time pass by group, in fixed tables that cannot be subtracted from each other."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from review.decision.figures import Figure, Lack, unknown
from review.decision.suppression import Breakdown, Tally, breakdown
from review.panels.material import DecisionFact, Facts
from review.panels.panel import SHARE, Line, Panel, forest_of
from review.panels.periods import Period


def groups(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return first-time pass by sector and by language of the last calendar year that is over.

    `period` is left out on purpose: two overlapping periods would tell, by what lies between
    them, how a single person did. Each year is one fixed table, complete before it is shown.
    """
    del period
    year = at.year - 1
    lines = []
    first = _first_outcomes(facts, year)
    for measure, place in (("Sector", 0), ("Language", 1)):
        tallies: dict[str, list[bool]] = defaultdict(list)
        for portfolio, is_granted in first.items():
            tallies[facts.groups.get(portfolio, ("", ""))[place] or "Not said"].append(is_granted)
        split = breakdown({name: Tally(len(all_), sum(all_)) for name, all_ in tallies.items()})
        lines += _group_lines(measure, split)
    title, about = "First-time pass by group", "Group"
    return Panel(
        "groups",
        title,
        f"The share of portfolios whose first decision, in {year}, granted the badge, by the"
        " sector that the learner stated and the language of the account.",
        "Wilson’s score interval. Groups of fewer than ten are shown together with the smallest"
        " other one, or not at all.",
        about,
        "Portfolios",
        tuple(lines),
        forest_of(title, lines, about, "Portfolios", ends=(0.0, 1.0)),
        (
            "The period above does not apply here: the difference between two periods would tell"
            f" how a single person did. {year} is over, so its table does not change any more.",
        ),
    )


def _first_outcomes(facts: Facts, year: int) -> Mapping[str, bool]:
    """Return, by portfolio, whether its very first released decision, in a year, granted it."""
    order = {one.id: one for one in facts.submissions}
    first: dict[str, DecisionFact] = {}
    for one in facts.decisions:
        if one.released_at is None or one.submission not in order:
            continue
        portfolio = order[one.submission].portfolio
        before = first.get(portfolio)
        if before is None or _moment(one) < _moment(before):
            first[portfolio] = one
    return {
        portfolio: one.is_granted
        for portfolio, one in first.items()
        if one.released_at is not None and one.released_at.year == year
    }


def _moment(one: DecisionFact) -> tuple[datetime, int]:
    return one.decided_at, one.number


def _group_lines(measure: str, split: Breakdown) -> list[Line]:
    """Return the rows that may be shown; who is only shown together goes without a name."""
    lines = [
        Line(
            row.groups[0] if len(row.groups) == 1 else "All others together",
            measure,
            row.passed,
            tick=f"{measure}: {row.groups[0] if len(row.groups) == 1 else 'all others together'}",
            unit=SHARE,
        )
        for row in split.rows
    ]
    if split.lack is not None:
        figure: Figure = unknown(split.lack, split.total.tally.count)
        lines.append(Line("By group", measure, figure, tick=measure, unit=SHARE))
    whole = split.total.passed if split.total.tally.count else unknown(Lack.NONE_GIVEN)
    return [*lines, Line("All", measure, whole, tick=f"{measure}: all", unit=SHARE)]
