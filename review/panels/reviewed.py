"""Panels about reviews: how far they agree, how severe each reviewer is, and who drifts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.charts import Chart, Limit, Spot, spots
from core.digest import sha256_hex
from review.decision.agreement import intraclass_correlation, krippendorff_alpha
from review.decision.drift import ReviewerDrift, severity_drift
from review.decision.figures import known, normal_quantile
from review.panels.material import Facts
from review.panels.panel import (
    LEVELS,
    Line,
    Panel,
    columns_of,
    forest_of,
    rows_of,
    spot_of,
)
from review.panels.periods import Period

NUMBERS = 9_000  # pool numbers have four places
TOGETHER = 3
DRAWN = 4
LEGIBLE = 40  # dots that a phone can show beside each other


def agreement(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return how far the planned reviews of a work agree, by criterion and on the whole."""
    found = [one for one in facts.reviews if one.is_planned and period.holds(one.sealed_at, at)]
    units = _codes(f"{one.submission}/{one.question}" for one in found)
    lines = [
        Line(
            f"{key} {name}",
            "Alpha",
            krippendorff_alpha(units, [_level(one.levels.get(key)) for one in found]),
        )
        for key, name in facts.criteria.items()
    ]
    means = [one.mean for one in found]
    lines += [
        Line(words, f"ICC({count})", intraclass_correlation(units, means, reviewers=count))
        for count, words in ((1, "One review, on the whole"), (TOGETHER, "The mean of three"))
    ]
    title, about, counted = "Agreement", "Criterion", "Submissions"
    return Panel(
        "agreement",
        title,
        "How far people who review the same work without seeing each other give it the same"
        " level: 1 is agreement, 0 is what chance alone would give. Alpha is Krippendorff’s with"
        " the ordinal metric; ICC is the one-way intraclass correlation of a review’s mean level,"
        " for one review and for the mean of three.",
        "Alpha: delete-one jackknife over submissions on the scale of log(1 − alpha). ICC: Wald’s"
        " exact limits of the analysis of variance.",
        about,
        counted,
        tuple(lines),
        forest_of(title, lines, about, counted, ends=(0.0, 1.0)),
        (
            "Only reviews planned from the start count; one more that was asked because two"
            " differed would make agreement look worse than it is.",
        ),
    )


def severity(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return how severe each reviewer is, by pool number, in an order that says nothing."""
    fitted = {} if facts.fit is None else facts.fit.severities
    numbers = pool_numbers(facts.badge, {one.reviewer for one in facts.reviews} | set(fitted))
    counts = Counter(one.reviewer for one in facts.reviews)
    active = {one.reviewer for one in facts.reviews if period.holds(one.sealed_at, at)}
    z = normal_quantile(0.95)
    lines = tuple(
        Line(
            number,
            "Severity",
            known(mean, mean - z * sd, mean + z * sd, counts[person]),
            tick=number,
            unit=LEVELS,
        )
        for person, number in numbers.items()
        if person in fitted and person in active
        for mean, sd in [fitted[person]]
    )
    known_best = sorted(lines, key=lambda one: (-one.figure.count, one.about))[:LEGIBLE]
    shown = [one for one in lines if one in known_best]
    left_out = len(lines) - len(shown)
    title, about, counted = "Severity", "Reviewer", "Reviews"
    return Panel(
        "severity",
        title,
        "By how many levels somebody’s reviews lie below (above zero) or over (below zero) what"
        " others make of the same works, in the newest fit of the model.",
        "Two standard deviations of the model’s posterior to either side; wide means little known.",
        about,
        counted,
        lines,
        spots(
            title,
            [one.tick for one in shown],
            [("Severity", [spot_of(one.figure) for one in shown])],
            table=(columns_of(about, counted), rows_of(lines)),
            limit=Limit("as the pool", 0.0),
            unit="levels",
            summary=_spread_words(lines),
        ),
        (
            *_fit_words(facts),
            *(
                (f"The picture holds the {LEGIBLE} with the most reviews, the table all of them.",)
                if left_out
                else ()
            ),
        ),
    )


def drift(facts: Facts, period: Period, *, at: datetime) -> Panel:
    """Return how severity moved with time, and whose movement goes beyond chance."""
    found = [one for one in facts.reviews if period.holds(one.sealed_at, at)]
    people = sorted({one.reviewer for one in found})
    place = {person: number for number, person in enumerate(people)}
    names = dict(period.part_of(one.sealed_at) for one in found)
    seen = severity_drift(
        _codes(one.submission for one in found),
        [place[one.reviewer] for one in found],
        [period.part_of(one.sealed_at)[0] for one in found],
        [one.mean for one in found],
    )
    numbers = pool_numbers(facts.badge, {one.reviewer for one in facts.reviews})
    number_of = {place[person]: numbers[person] for person in people}
    tested = sorted(
        (one for one in seen if one.lack is None), key=lambda one: number_of[one.reviewer]
    )
    lines = tuple(_drift_lines(tested, number_of, names))
    title, about, counted = "Drift", "Reviewer", "Reviews"
    flagged = [one for one in tested if one.is_flagged]
    return Panel(
        "drift",
        title,
        "Whether somebody’s severity against the others on the same works differs between"
        f" {'months' if period is Period.QUARTER else 'quarters'} by more than chance: anybody is"
        " flagged by mistake in at most one panel in twenty.",
        "Student’s t with each reviewer’s own variance; flags by analysis of variance and trend,"
        " Holm over all reviewers, from a shift of 0.25 levels on.",
        about,
        counted,
        lines,
        _drift_drawing(
            title, tested, number_of, names, (columns_of(about, counted), rows_of(lines))
        ),
        (
            f"{len(tested)} of {len(seen)} reviewers have reviews enough in two periods to be"
            f" looked at; {len(flagged) or 'none'} of them "
            f"{'is' if len(flagged) == 1 else 'are'} flagged."
            " A flag is a reason to read a few known works together.",
        ),
    )


def pool_numbers(badge: str, people: Iterable[str]) -> dict[str, str]:
    """Return a number of four places for each person, in an order that nobody chose.

    Both follow from a digest, so they stay when others join, and differ from badge to badge.
    """
    taken: dict[int, str] = {}
    for _, person in sorted((sha256_hex(f"{badge}/{one}"), one) for one in people):
        number = int(sha256_hex(f"{badge}/{person}")[:12], 16) % NUMBERS
        while number in taken:
            number = (number + 1) % NUMBERS
        taken[number] = person
    return {person: f"{1_000 + number}" for number, person in sorted(taken.items())}


def _drift_lines(
    tested: Sequence[ReviewerDrift], number_of: Mapping[int, str], names: Mapping[int, str]
) -> Iterable[Line]:
    for one in tested:
        for each in one.periods:
            yield Line(
                number_of[one.reviewer],
                names[each.period],
                each.severity,
                _drift_note(one),
                unit=LEVELS,
            )


def _drift_note(one: ReviewerDrift) -> str:
    if one.shift is None or one.p_value is None:
        return ""
    chance = "p < 0.001" if one.p_value < 0.001 else f"p = {one.p_value:.3f}"
    return f"{'Flagged' if one.is_flagged else 'Within chance'}: shift {one.shift:.2f}, {chance}"


def _drift_drawing(
    title: str,
    tested: Sequence[ReviewerDrift],
    number_of: Mapping[int, str],
    names: Mapping[int, str],
    table: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]],
) -> Chart:
    """Draw who is flagged, or else who has the most reviews; four at most."""
    by_reviews = sorted(
        tested,
        key=lambda one: (not one.is_flagged, -sum(each.severity.count for each in one.periods)),
    )
    flagged = [one for one in by_reviews if one.is_flagged]
    drawn = (flagged or by_reviews)[:DRAWN]
    periods = sorted(names)
    series = []
    for one in drawn:
        known_of = {each.period: spot_of(each.severity) for each in one.periods}
        mark = " flagged" if one.is_flagged else ""
        series.append(
            (f"{number_of[one.reviewer]}{mark}", [known_of.get(each, Spot()) for each in periods])
        )
    return spots(
        title,
        [names[each] for each in periods],
        series,
        table=table,
        are_joined=True,
        limit=Limit("as the others", 0.0),
        unit="levels",
        summary=" ".join(f"{number_of[one.reviewer]}: {_drift_note(one)}." for one in drawn),
    )


def _codes(values: Iterable[str]) -> list[int]:
    numbers: dict[str, int] = {}
    return [numbers.setdefault(value, len(numbers)) for value in values]


def _level(level: int | None) -> float:
    return float("nan") if level is None else float(level)


def _spread_words(lines: Sequence[Line]) -> str:
    values = [one.figure.value for one in lines if one.figure.value is not None]
    if not values:
        return ""
    return f"{len(values)} reviewers, from {min(values):.2f} to {max(values):.2f} levels."


def _fit_words(facts: Facts) -> tuple[str, ...]:
    if facts.fit is None:
        return ("The model has not been fitted to this badge yet; that happens each night.",)
    day = facts.fit.fitted_at
    return (
        f"Fitted on {day.day} {day:%B %Y} to {facts.fit.reviews:,} reviews."
        " Numbers stand for people in no order of merit. Severity is no fault: the"
        " model allows for it.",
    )
