"""Our routing against a pull queue and a greedy one: quality and days, in the same run.

The pool is made of the authors of a conference who review each other (design: assignment 6): 928
submissions over 60 days, 150 volunteers with two reviews open at once, three reviews each; three
in ten decline, one in ten falls silent, one in ten accepts and never finishes. Means of three
seeds. Prints a table, and pass or miss for what was to be reached; ends with 1 on a miss.

    python bench/routing.py --data FOLDER     the folder with iclr18_tfidf.npz
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from review.assignment.arrivals import DAY, Behaviour, answers
from review.assignment.gathering import Pool
from review.assignment.measures import Outcome, mean, outcome
from review.assignment.policies import Policy, Style
from review.assignment.simulation import simulate

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "assignment"
DAYS = 60
TOP = 0.30
SEEDS = (1, 2, 3)
OURS = Policy(
    "ours",
    reviews=3,
    limit=2,
    due_days=5,
    arrivals_at_once=False,
    vacancies_at_once=False,
    batch_hours=6,
    hedges=2,
    hedge_after_days=4.5,
    hedge_risk=0.25,
    rest_days=0,
)
GREEDY = replace(
    OURS,
    name="push greedy",
    style=Style.GREEDY,
    arrivals_at_once=True,
    vacancies_at_once=True,
    batch_hours=1,
    hedges=0,
)
PULL = replace(OURS, name="pull FIFO", style=Style.PULL, hedges=0)
AT_ONCE = replace(
    OURS, name="at once", arrivals_at_once=True, vacancies_at_once=True, batch_hours=1
)
ONE_HEDGE = replace(OURS, name="one hedge", hedges=1, hedge_after_days=6, hedge_risk=0.4)
ASKED = (PULL, GREEDY, AT_ONCE, ONE_HEDGE, OURS)
HEADS = (
    *("policy", "quality", "p50", "p95", "p99", "max", "offers", "surplus", "Gini"),
    *("reciprocal", "unnoticed", "staff", "undecided", "cpu s"),
)


@dataclass(frozen=True)
class Goal:
    """One thing to reach, and whether it was."""

    words: str
    is_met: bool


def world(source: Path, volunteers: int, seed: int) -> Pool:
    """Return a pool of volunteers drawn from the authors of a conference.

    A submission's learner is one of its authors who volunteers, where there is one; its authors
    and whoever wrote anything with them are in conflict.
    """
    rng = np.random.default_rng(seed)
    with np.load(source) as stored:
        similarity = stored["sim_x10000"] / 1e4
        papers, authors = stored["author_paper"], stored["author_reviewer"]
    wrote = np.zeros(similarity.shape, dtype=np.float32)
    wrote[papers, authors] = 1
    people = rng.choice(similarity.shape[1], volunteers, replace=False)
    conflict = (wrote @ (wrote.T @ wrote)[:, people]) > 0
    fits = similarity[:, people]
    bar = np.quantile(np.where(conflict, -1.0, fits), 1 - TOP, axis=1, keepdims=True)
    may = ~conflict & (fits >= bar)
    learner = np.full(len(fits), -1, dtype=np.int64)
    for work, person in rng.permutation(np.argwhere(wrote[:, people])):
        learner[work] = person
    arrives = np.sort(rng.random(len(fits))) * DAYS * DAY
    return Pool(
        fits=fits / np.where(may, fits, 0).max(axis=1, keepdims=True).clip(1e-9),
        may=may,
        author=learner,
        arrives=arrives,
        limits=np.full(volunteers, 2),
        answers=answers(*fits.shape, Behaviour(), rng),
    )


def compare(pools: Sequence[Pool], policies: Sequence[Policy]) -> dict[str, Outcome]:
    """Run every policy on every pool, print a row for each, and return the means."""
    found = {}
    print("  ".join(f"{head:>10}" for head in HEADS), flush=True)
    for policy in policies:
        start = time.process_time()
        runs = [
            outcome(pool, simulate(pool, policy, seed=seed), reviews=policy.reviews)
            for seed, pool in enumerate(pools)
        ]
        found[policy.name] = mean(runs)
        cells = [policy.name, *_cells(found[policy.name]), f"{time.process_time() - start:.1f}"]
        print("  ".join(f"{cell:>10}" for cell in cells), flush=True)
    return found


def _cells(one: Outcome) -> list[str]:
    days = [f"{value:.1f}" for value in (one.p50, one.p95, one.p99, one.longest)]
    counts = [f"{one.offers:.1f}", f"{one.surplus:.0f}", f"{one.gini:.3f}", f"{one.reciprocal:.1f}"]
    ends = [f"{one.unnoticed:.1f}", f"{one.escalations:.0f}", f"{one.undecided:.0f}"]
    return [f"{one.quality:.3f}", *days, *counts, *ends]


def goals(normal: Outcome, tight: Outcome) -> list[Goal]:
    """Return what was to be reached, with the figures."""
    met = [
        Goal(f"quality {normal.quality:.3f} >= 0.76", normal.quality >= 0.76),
        Goal(f"p95 {normal.p95:.1f} <= 11 days", normal.p95 <= 11),
        Goal(f"quality {tight.quality:.3f} >= 0.76 at overload", tight.quality >= 0.76),
    ]
    for name, one in (("normal", normal), ("overload", tight)):
        late = f"{name}: staff told after {one.unnoticed:.1f} days, 3 x median {3 * one.p50:.1f}"
        met += [
            Goal(f"{name}: {one.reciprocal:.0f} reciprocal pairs", one.reciprocal == 0),
            Goal(f"{name}: {one.undecided:.0f} never decided", one.undecided == 0),
            Goal(late, one.unnoticed <= 3 * one.p50),
        ]
    return met


def main() -> int:
    """Print the tables and what was reached."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--data", type=Path, default=DATA, help="the folder of the data sets")
    source = asked.parse_args().data / "iclr18_tfidf.npz"
    reached = {}
    for name, volunteers in (("normal", 150), ("overload", 100)):
        print(f"\n{name}: {volunteers} volunteers, means of {len(SEEDS)} seeds, days", flush=True)
        pools = [world(source, volunteers, seed) for seed in SEEDS]
        reached[name] = compare(pools, ASKED)[OURS.name]
    print()
    found = goals(reached["normal"], reached["overload"])
    for goal in found:
        print(f"{'pass' if goal.is_met else 'MISS'}  {goal.words}")
    return 0 if all(goal.is_met for goal in found) else 1


if __name__ == "__main__":
    sys.exit(main())
