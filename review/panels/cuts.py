"""What a panel's ratings come to: cuts with the panel's error, kept to be found again.

Categories are 1 clearly below, 2 borderline, 3 clearly above. The borderline group's cut is the
standard that the panel meant; body of work brackets it, from where a portfolio is as likely as
not borderline or better to where it is as likely as not clearly above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.charts import Chart, Limit, Spot, spots
from credentials.catalog.definition import EditionDefinition
from review.decision.figures import Figure, Lack
from review.decision.standard_setting import CutScore, body_of_work, borderline_group
from review.panels.panel import LEVELS, Line, columns_of, rows_of, summary_of

BELOW, BORDERLINE, ABOVE = 1, 2, 3
CATEGORIES = {BELOW: "Clearly below", BORDERLINE: "Borderline", ABOVE: "Clearly above"}
MEASURES = {
    "borderline": "Borderline group",
    "or_better": "Body of work: borderline or better",
    "above": "Body of work: clearly above",
}
Row = Sequence[int | None]


def result_of(
    scores: Sequence[float], ratings: Sequence[Row], places: Sequence[int]
) -> dict[str, Any]:
    """Return what is stored of a study: scores, ratings by panellist, and the cuts.

    `ratings` has a row for each panellist and a column for each portfolio, None for none;
    `places` are the portfolios' numbers.
    """
    table = [[float("nan") if one is None else float(one) for one in row] for row in ratings]
    columns = [list(column) for column in zip(*table, strict=True)]
    cuts = {
        "borderline": borderline_group(scores, columns, borderline=BORDERLINE),
        "or_better": body_of_work(scores, columns, boundary=BORDERLINE),
        "above": body_of_work(scores, columns, boundary=ABOVE),
    }
    return {
        "scores": [float(one) for one in scores],
        "ratings": [list(row) for row in ratings],
        "cuts": {name: _plain(cut) for name, cut in cuts.items()},
        "places": list(places),
        "version": cuts["borderline"].version,
    }


def lines_of(result: Mapping[str, Any]) -> list[Line]:
    """Return the cuts of a study as figures, each with the panel's standard error beside it."""
    return [
        Line(
            MEASURES[name],
            "Cut",
            figure_of(cut["cut"]),
            "" if cut["panel_se"] is None else f"Panel’s standard error {cut['panel_se']:.3f}",
            tick=MEASURES[name],
            unit=LEVELS,
        )
        for name in MEASURES
        for cut in [result["cuts"][name]]
    ]


def panellists_of(result: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the panellists of a study go by: numbers, in no order of theirs."""
    return tuple(f"Panellist {place}" for place in range(1, len(result["ratings"]) + 1))


def ratings_of(result: Mapping[str, Any]) -> list[tuple[int, float, list[int | None]]]:
    """Return each portfolio's place, mean level and ratings, from the lowest mean level."""
    rows = [
        (place, score, [row[number] for row in result["ratings"]])
        for number, (place, score) in enumerate(
            zip(result["places"], result["scores"], strict=True)
        )
    ]
    return sorted(rows, key=lambda row: (row[1], row[0]))


def figure_of(stored: Mapping[str, Any]) -> Figure:
    """Return a figure as it was stored."""
    lack = None if stored["lack"] is None else Lack(stored["lack"])
    return Figure(stored["value"], stored["low"], stored["high"], stored["count"], lack)


def drawing(result: Mapping[str, Any]) -> Chart:
    """Draw, over the mean level, what share of the panel placed each portfolio at or above it.

    A dot is the mean category of a portfolio, its whisker from the lowest to the highest one.
    """
    order = sorted(range(len(result["scores"])), key=lambda place: result["scores"][place])
    said = [[row[place] for row in result["ratings"] if row[place] is not None] for place in order]
    lines = lines_of(result)
    return spots(
        "Ratings by mean level",
        [f"{result['scores'][place]:.2f}" for place in order],
        [
            (
                "Mean category",
                [
                    Spot(sum(each) / len(each), min(each), max(each)) if each else Spot()
                    for each in said
                ],
            )
        ],
        table=(columns_of("Method", "Panellists"), rows_of(lines)),
        ends=(1.0, 3.0),
        limit=Limit("borderline", 2.0),
        unit="categories, 1 clearly below to 3 clearly above, by mean level",
        summary=summary_of(lines),
    )


def rule_words(result: Mapping[str, Any], definition: EditionDefinition) -> str | None:
    """Return the pass rule that a manager would write into the next edition, None without a cut.

    A level is not counted finer than in hundredths; the cut is not rounded up.
    """
    cut = result["cuts"]["borderline"]["cut"]["value"]
    if cut is None:
        return None
    top, least = definition.top_level, min(level.value for level in definition.levels)
    needed = max(min(int(cut * 100) / 100, top), least)
    return f"pass_rule:\n  mode: weighted_mean\n  mean_needed: {needed:.2f}"


def _plain(cut: CutScore) -> dict[str, Any]:
    return {
        "method": cut.method,
        "cut": asdict(cut.cut),
        "panel_se": cut.panel_se,
        "by_panellist": list(cut.by_panellist),
        "portfolios": cut.portfolios,
        "digest": cut.ratings_digest,
    }
