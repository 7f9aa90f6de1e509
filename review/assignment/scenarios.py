"""A pool made up from plain numbers: people with limits, work that arrives, fits that differ.

For whoever wants to know what a limit or a promise would mean before there is anybody to ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.errors import Invalid
from review.assignment.arrivals import DAY, WEEK, Behaviour, absences, answers, arrivals
from review.assignment.gathering import Pool

MOST_PAIRS = 5_000_000
# Fits as live routing gives them: nobody is useless, few are perfect.
FIT_SHAPE = (5.0, 3.0)
# Two absences of ten days a year for each volunteer.
USUAL = Behaviour(absences=2.0)


@dataclass(frozen=True)
class Scenario:
    """A pool and its demand.

    `limits` is how many reviews each person has open at most. `conflicted` is the share of pairs
    that must not meet, `reviewing_learners` that of work whose learner reviews as well.
    """

    limits: Sequence[int]
    per_week: float
    weeks: int = 52
    behaviour: Behaviour = field(default_factory=lambda: USUAL)
    conflicted: float = 0.05
    reviewing_learners: float = 0.2


def build(scenario: Scenario, *, seed: int) -> Pool:
    """Draw a pool; raises Invalid when there is nobody, nothing arrives or it is too large."""
    people = len(scenario.limits)
    _refuse(scenario)
    rng = np.random.default_rng(seed)
    arrives = arrivals(scenario.per_week, scenario.weeks, rng)
    works = len(arrives)
    learner = rng.integers(people, size=works)
    learner[rng.random(works) >= scenario.reviewing_learners] = -1
    behaviour = scenario.behaviour
    return Pool(
        fits=rng.beta(*FIT_SHAPE, size=(works, people)),
        may=rng.random((works, people)) >= scenario.conflicted,
        author=learner,
        arrives=arrives,
        limits=np.array(scenario.limits, dtype=np.int64),
        answers=answers(works, people, behaviour, rng),
        away=absences(people, scenario.weeks * WEEK, behaviour, rng),
    )


def made_up(scenario: Scenario) -> tuple[str, ...]:
    """Say in words what is drawn by chance, whatever is known of a pool."""
    high, low = FIT_SHAPE
    who = scenario.behaviour
    away = f"{who.absences:g} times a year for {who.away_days:g} days"
    return (
        f"made up, from no pool: fits, {high / (high + low):.0%} on average; ties,"
        f" {scenario.conflicted:.0%} of pairs;",
        f"  learners who review as well, {scenario.reviewing_learners:.0%}; answers, half within"
        f" {who.answer_median:g} h; reviews, half within {who.work_median / DAY:g} days;",
        f"  days off, {away}; no rules on organisations, sectors, regions or languages",
    )


def _refuse(scenario: Scenario) -> None:
    people = len(scenario.limits)
    if not people:
        raise Invalid("There is nobody who could review.", "reviewers")
    if not scenario.per_week > 0:
        raise Invalid("Nothing arrives, so there is nothing to simulate.", "arrivals")
    if people * scenario.per_week * scenario.weeks > MOST_PAIRS:
        raise Invalid(
            f"That is more than {MOST_PAIRS:,} pairs of work and people: simulate fewer weeks.",
            "weeks",
        )
