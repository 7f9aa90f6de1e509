"""Panels about decisions: what turned them, whether P(pass) holds, and how many were wrong."""

from collections.abc import Sequence
from datetime import datetime

from core.charts import Series, Spot, spots
from review.decision.audits import audit_findings
from review.decision.figures import Figure
from review.decision.flips import Turned, turned
from review.decision.reliability import (
    brier_score,
    expected_calibration_error,
    reliability_diagram,
)
from review.panels.material import DecisionFact, Facts
from review.panels.panel import (
    SHARE,
    Line,
    Panel,
    columns_of,
    forest_of,
    rows_of,
    spot_of,
    summary_of,
)
from review.panels.periods import Period

EVEN = 0.5
WHO = "Decisions"
NAN = float("nan")


def turns(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return how often the model or the committee would have it otherwise than the reviewers."""
    released = released_in(facts, period, at=at)
    flips = turned(
        [float(one.is_granted) for one in released],
        [NAN if one.p_pass is None else float(one.p_pass > EVEN) for one in released],
    )
    lines = (
        *_turn_lines("Raw and adjusted levels", flips),
        *_turn_lines("Committee", _overturned(facts, period, at=at)),
    )
    title, about = "Turned outcomes", "By"
    return Panel(
        "turns",
        title,
        "The share of outcomes that would be the other one on adjusted levels (P(pass) on the"
        " other side of one half), and of reconsidered outcomes that a fresh review, ordered by"
        " the committee, turned.",
        "Wilson’s score interval.",
        about,
        WHO,
        lines,
        forest_of(title, lines, about, WHO, ends=(0.0, 0.2)),
        ("The model turns nothing by itself: where it differs, one more person is asked.",),
    )


def confidence(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return whether P(pass) means what it says, by what was found later."""
    cases = _known_later(facts, period, at=at)
    p = [one for one, _, _ in cases]
    passed = [one for _, one, _ in cases]
    weights = [one for _, _, one in cases]
    bins = reliability_diagram(p, passed, weights=weights)
    lines = tuple(
        Line(
            f"{one.low:.1f} to {one.high:.1f}",
            "Passed",
            one.passed,
            f"P(pass) was {one.predicted:.2f} in the mean",
            tick=f"{one.low:.1f}",
            unit=SHARE,
        )
        for one in bins
        if one.predicted is not None
    )
    error = expected_calibration_error(p, passed, weights=weights)
    chance = "" if error.by_chance is None else f"by chance alone {error.by_chance:.3f}"
    brier = brier_score(p, passed, weights=weights)
    whole = (
        Line("All", "Calibration error", error.error, chance),
        Line("All", "Brier score", brier, "0 is best, 0.25 is a coin"),
    )
    title, about = "P(pass) against what was found", "P(pass)"
    return Panel(
        "confidence",
        title,
        "Of works to which the model gave a chance, such as 0.9, the share that passed when the"
        " committee read them blind or a fresh review was ordered; if P(pass) is honest, the dots"
        " lie on the line.",
        "Wilson’s score interval over the effective number of cases; audited works weigh the"
        " reciprocal of their chance to be drawn.",
        about,
        "Cases",
        (*lines, *whole),
        spots(
            title,
            [f"{one.low:.1f}" for one in bins],
            [("Passed", [_percent(one.passed) for one in bins])],
            table=(columns_of(about, "Cases"), rows_of((*lines, *whole))),
            lines=[
                Series(
                    "as predicted",
                    [None if one.predicted is None else 100 * one.predicted for one in bins],
                )
            ]
            if cases
            else [],
            ends=(0.0, 100.0),
            unit="per cent that passed, by P(pass) from",
            summary=summary_of(lines),
        ),
    )


def audits(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return how many decisions were wrong, by the committee's blind reading of some."""
    drawn = [
        one
        for one in released_in(facts, period, at=at)
        if not (one.chance is not None and one.chance >= 1 and one.verdict is None)
    ]
    is_on = any(one.chance is not None for one in drawn)
    granted = [one.is_granted for one in drawn] if is_on else []
    found = audit_findings(
        granted,
        [NAN if one.verdict is None else float(one.verdict) for one in drawn] if is_on else [],
        [0.5 if one.chance is None else one.chance for one in drawn] if is_on else [],
    )
    lines = tuple(
        Line(words, measure, figure, unit=SHARE)
        for words, measure, figure in (
            ("Granted", "Wrong decisions", found.wrong_among_granted),
            ("Not yet", "Wrong decisions", found.wrong_among_denied),
            ("False grants", "Of work that fails", found.false_grants),
            ("False denials", "Of work that passes", found.false_denials),
        )
    )
    title, about, counted = "Wrong decisions", "Which", "Audited"
    return Panel(
        "audits",
        title,
        "Estimated from blind readings of a random sample by the committee, whose word is taken"
        " for the truth: how many granted and not-yet outcomes were wrong, how much failing work"
        " was granted, and how much passing work was not.",
        "Clopper and Pearson’s exact limits over the effective number of audits, conservative.",
        about,
        counted,
        lines,
        forest_of(title, lines, about, counted, ends=(0.0, 0.2)),
        () if is_on else ("No decision was drawn for an audit in this period.",),
    )


def released_in(facts: Facts, period: Period, *, at: datetime) -> list[DecisionFact]:
    """Return the decisions that learners were told in a period."""
    return [one for one in facts.decisions if period.holds(one.released_at, at)]


def _turn_lines(about: str, found: Turned) -> Sequence[Line]:
    return [
        Line(about, measure, figure, tick=f"{about}: {measure.lower()}", unit=SHARE)
        for measure, figure in (
            ("Turned at all", found.either_way),
            ("To granted", found.to_granted),
            ("To not yet", found.to_not_yet),
        )
    ]


def _overturned(facts: Facts, period: Period, *, at: datetime) -> Turned:
    """Return how often a determined request ended with another outcome; open ones say nothing."""
    by_id = {one.id: one for one in facts.decisions}
    first, second = [], []
    for one in facts.requests:
        before = by_id.get(one.decision)
        if before is None or not period.holds(one.determined_at, at):
            continue
        after = before if one.is_upheld else _next(facts, before)
        first.append(float(before.is_granted))
        second.append(NAN if after is None else float(after.is_granted))
    return turned(first, second)


def _next(facts: Facts, before: DecisionFact) -> DecisionFact | None:
    later = [
        one
        for one in facts.decisions
        if one.submission == before.submission and one.number > before.number
    ]
    return min(later, key=lambda one: one.number, default=None)


def _known_later(facts: Facts, period: Period, *, at: datetime) -> list[tuple[float, bool, float]]:
    """Return P(pass), what was found and its weight, for each decision that people looked at again.

    An audit weighs the reciprocal of its chance; a decision that was replaced was certain to be
    looked at, and stands for itself.
    """
    nexts = {
        (one.submission, one.number - 1): one.is_granted
        for one in facts.decisions
        if one.number > 1
    }
    cases = []
    for one in released_in(facts, period, at=at):
        if one.p_pass is None:
            continue
        if one.verdict is not None and one.chance:
            cases.append((one.p_pass, one.verdict, 1 / one.chance))
        elif (one.submission, one.number) in nexts:
            cases.append((one.p_pass, nexts[one.submission, one.number], 1.0))
    return cases


def _percent(figure: Figure) -> Spot:
    spot = spot_of(figure)
    return Spot(*(None if each is None else 100 * each for each in vars(spot).values()))
