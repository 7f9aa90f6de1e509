"""What the model's say costs and is worth, by the very functions that decide live.

A family is fitted to three reviews each of many works. Then 200 works that it never saw are read by
two people, and by one more as long as the policy asks, five at most. Five criteria must all pass.
Beside it stands the rule alone, which asks a third where two straddle. Pass or MISS for the goals
of the sequential policy: 3.6 reviews, 30 % to the committee and 5 % wrong among the rest, where
most works pass.

    python -m bench.certainty                 three seeds: a minute or two of the processor
    python -m bench.certainty --seeds 10
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench._judgement_world import SCENARIOS, THRESHOLDS, World, expected_level, simulate
from credentials.catalog.definition import ReviewPolicy
from review.decision.consensus import Reviews, fit
from review.decision.consensus.passing import Wanted
from review.decision.consensus.stored import answer, frozen, model_of, reviewers_of
from review.decision.policy import Advice, Confidence, NextStep, advise
from review.decision.rule import CriterionRule, PassRule, decide
from review.decision.states import Outcome

NEW, MOST, TRAINED = 200, 5, 3
KEYS = tuple(f"C{number}" for number in range(1, 6))
POLICY = ReviewPolicy()
# Scenario, pass level among 0 to 3, works that the family has seen, and whether goals are set.
SCENES = (
    ("peer", 1, 600, True),
    ("pro", 1, 600, True),
    ("peer", 2, 600, False),
    ("peer", 1, 100, True),
)
GOALS = (3.6, 0.30, 0.05)


@dataclass(frozen=True)
class Family:
    """A fit as it is stored: the model, each reviewer by number, and from how many reviews."""

    model: Mapping[str, Any]
    reviewers: Mapping[int, Mapping[str, Any]]
    reviews: int


def learn(world: World, works: int) -> Family:
    """Fit the first reviews of the first `works`."""
    seen: dict[int, int] = {}
    rows = []
    for row, work in enumerate(world.submission):
        seen[work] = seen.get(work, 0) + 1
        if work < works and seen[work] <= TRAINED:
            rows.append(row)
    at = np.array(rows)
    who = world.reviewer[at]
    made = fit(
        Reviews(world.submission[at], who, world.levels[at], world.n_submissions, world.n_reviewers)
    )
    of = reviewers_of(made)
    return Family(model_of(made), {int(one): of[one] for one in set(who)}, len(at))


def read(
    world: World, rows: Any, pass_level: int, family: Family | None
) -> tuple[int, Advice, Outcome | None]:
    """Have one work read as long as the policy asks; how many did, and what came of it."""
    rule = PassRule(tuple(CriterionRule(key, pass_level + 1) for key in KEYS))
    wanted = Wanted([pass_level - 0.5] * len(KEYS), [True] * len(KEYS), [1.0] * len(KEYS))
    for count in range(2, MOST + 1):
        chosen = rows[:count]
        levels = [
            {key: int(level) + 1 for key, level in zip(KEYS, world.levels[row], strict=True)}
            for row in chosen
        ]
        confidence = None
        if family is not None:
            told = [
                (
                    world.levels[row].tolist(),
                    frozen(family.reviewers.get(int(world.reviewer[row])), family.model),
                )
                for row in chosen
            ]
            p_pass, credible = answer(family.model, told, wanted)
            confidence = Confidence(round(p_pass, 4), round(credible, 3), family.reviews)
        ruling = decide(rule, levels)
        advice = advise(
            rule, ruling, levels, is_adjudicated=count > 2, policy=POLICY, confidence=confidence
        )
        if advice.step is not NextStep.ONE_MORE_REVIEWER:
            break
    return count, advice, ruling.outcome


def course(scenario: str, pass_level: int, works: int, seeds: int, *, has_model: bool) -> Any:
    """Mean reviews, share to the committee, share wrong among the rest."""
    line = expected_level(np.array([THRESHOLDS[pass_level - 1]]), SCENARIOS[scenario])[0]
    counts, called, wrong = [], [], []
    for seed in range(seeds):
        world = simulate(seed, scenario, n_submissions=works + NEW, per_submission=MOST)
        family = learn(world, works) if has_model else None
        for work in range(works, works + NEW):
            rows = np.flatnonzero(world.submission == work)
            count, advice, outcome = read(world, rows, pass_level, family)
            counts.append(count)
            called.append(advice.step is NextStep.COMMITTEE)
            if not called[-1]:
                is_good = bool((world.truth[work] >= line).all())
                wrong.append((outcome is Outcome.GRANTED) != is_good)
    return np.mean(counts), np.mean(called), np.mean(wrong)


def main() -> int:
    """Print the table; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    missed = False
    print("scenario  pass  works  who           reviews  committee  wrong")
    for scenario, level, works, has_goals in SCENES:
        for has_model in (True, False):
            found = course(scenario, level, works, seeds, has_model=has_model)
            verdict = ""
            if has_model and has_goals:
                is_met = all(one <= goal for one, goal in zip(found, GOALS, strict=True))
                verdict, missed = "pass" if is_met else "MISS", missed or not is_met
            who = "model" if has_model else "rule alone"
            print(
                f"{scenario:<9} {level:>4}  {works:>5}  {who:<12}  {found[0]:>7.2f}"
                f"  {found[1]:>9.1%}  {found[2]:>5.1%}  {verdict}"
            )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
