"""Milliseconds from an arrival to its reviewers, one arrival at a time, and what the plan is worth.

Every submission wants three reviews from up to a hundred candidates; every reviewer holds three
badges and takes four reviews (three in a tight market, which leaves no slack at all). Each size
runs in a process of its own, so that its memory is its own. The total is compared with the batch
optimum of the same problem, and with taking the best free candidates in the order of arrival.
"""

import argparse
import math
import multiprocessing
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from review.assignment.matching import Problem, Router, match

SLOTS = 3
BADGES = 3
HOLDERS = 150
Fits = dict[int, float]


@dataclass(frozen=True)
class Figures:
    """Milliseconds of each arrival, and what came of it."""

    size: int
    load: int
    times: Sequence[float]
    total: float
    best: float
    greedy: float
    empty: int
    best_empty: int
    megabytes: float
    resolved: Sequence[float]

    def lines(self) -> str:
        """Return the figures as one line of a table."""
        ms = np.array(self.times)
        late = ms[-max(1, len(ms) // 10) :]
        middle, p95, p99 = np.percentile(ms, [50, 95, 99])
        is_same = math.isclose(self.total, self.best, rel_tol=1e-9) and (
            self.empty == self.best_empty
        )
        told = (
            f"{self.size:>7,} {self.load:>4} {middle:>8.2f} {p95:>8.2f} {p99:>8.2f}"
            f" {ms.max():>8.1f} {np.median(late):>8.2f} {np.percentile(late, 99):>8.2f}"
            f" {sum(ms) / 1000:>7.1f} {self.megabytes:>6.0f} {self.total:>11.3f}"
            f" {'same' if is_same else f'{self.best:.3f}':>8} {self.empty:>6}"
            f" {100 * self.greedy / self.best:>8.2f} %"
        )
        if self.resolved:
            told += f"   {len(self.resolved)} batches, {max(self.resolved):.1f} s at most"
        return told


HEAD = (
    f"{'size':>7} {'load':>4} {'median':>8} {'p95':>8} {'p99':>8} {'max':>8} {'late med':>8}"
    f" {'late p99':>8} {'all s':>7} {'MB':>6} {'total':>11} {'batch':>8} {'empty':>6}"
    f" {'greedy':>10}"
)


def world(size: int, candidates: int, seed: int) -> list[Fits]:
    """Return the candidates of each submission with their similarity."""
    random = np.random.default_rng(seed)
    badges = max(1, size * BADGES // HOLDERS)
    held = random.integers(badges, size=(size, BADGES))
    holders = [np.unique(np.nonzero(held == badge)[0]) for badge in range(badges)]
    found = []
    for badge in random.integers(badges, size=size).tolist():
        few = holders[badge]
        chosen = random.choice(few, min(candidates, len(few)), replace=False)
        fits = random.random(len(chosen))
        found.append(dict(zip(chosen.tolist(), fits.tolist(), strict=True)))
    return found


def megabytes() -> float:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def routed(size: int, load: int, candidates: int, *, handing_over: int) -> Figures:
    """Route a world one arrival at a time; once it is tight, by batches of `handing_over`."""
    arrivals = world(size, candidates, seed=1)
    before = megabytes()
    router = Router()
    for reviewer in range(size):
        router.add_reviewer(reviewer, load)
    times: list[float] = []
    resolved: list[float] = []
    waiting = 0
    is_tight = False
    for number, fits in enumerate(arrivals):
        began = time.process_time()
        router.add_submission(number, fits, SLOTS, later=is_tight)
        times.append((time.process_time() - began) * 1000)
        if handing_over and number % 100 == 0:
            is_tight = router.is_tight
        waiting += is_tight
        if waiting and (waiting == handing_over or number == size - 1):
            began, waiting = time.process_time(), 0
            router.resolve(match)
            resolved.append(time.process_time() - began)
    used = megabytes() - before
    best, best_empty = batch(arrivals, load)
    empty = sum(one.slots for one in router.unfilled())
    return Figures(
        size, load, times, router.total, best, greedy(arrivals, load), empty, best_empty, used,
        resolved,
    )  # fmt: skip


def batch(arrivals: list[Fits], load: int) -> tuple[float, int]:
    """Return the best total of everything at once, and how many slots stay empty then."""
    plan = match(as_problem(arrivals, load, len(arrivals)), fair=False)
    return plan.total, sum(one.slots for one in plan.unfilled)


def as_problem(arrivals: list[Fits], load: int, reviewers: int) -> Problem:
    """Return the arrivals so far as one batch problem."""
    columns = [one for fits in arrivals for one in fits]
    values = [value for fits in arrivals for value in fits.values()]
    starts = np.cumsum([0, *(len(fits) for fits in arrivals)])
    matrix = sparse.csr_array((values, columns, starts), shape=(len(arrivals), reviewers))
    matrix.sort_indices()
    return Problem(matrix, [SLOTS] * len(arrivals), [load] * reviewers)


def greedy(arrivals: list[Fits], load: int) -> float:
    """Return what taking the best free candidates in the order of arrival is worth."""
    room = [load] * len(arrivals)
    total = 0.0
    for fits in arrivals:
        free = sorted((one for one in fits if room[one]), key=lambda one: -fits[one])[:SLOTS]
        for one in free:
            room[one] -= 1
            total += fits[one]
    return total


def batches(size: int, load: int, candidates: int) -> list[float]:
    """Return the milliseconds of planning everything anew by the batch at each arrival."""
    arrivals = world(size, candidates, seed=1)
    times = []
    for number in range(1, size + 1):
        problem = as_problem(arrivals[:number], load, size)
        began = time.process_time()
        match(problem, fair=False)
        times.append((time.process_time() - began) * 1000)
    return times


def alone(size: int, load: int, candidates: int, handing_over: int = 0) -> Figures:
    """Route in a process of its own, print the figures, and return them."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(routed, (size, load, candidates), {"handing_over": handing_over})
    print(found.lines(), flush=True)
    return found


def main() -> None:
    """Print a table for each market, and the growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 3_000, 10_000, 30_000])
    parser.add_argument("--tight", type=int, nargs="*", default=[1_000, 3_000])
    parser.add_argument("--handed", type=int, nargs="*", default=[10_000])
    parser.add_argument("--candidates", type=int, default=100)
    options = parser.parse_args()
    print("Processor ms per arrival; late is the last tenth; greedy in per cent of the batch.")
    print(f"\nWith slack: {options.candidates} candidates, three reviews, load 4\n{HEAD}")
    found = [alone(size, 4, options.candidates) for size in options.sizes]
    if len(found) > 1:
        sizes, seconds = [one.size for one in found], [sum(one.times) for one in found]
        growth = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        print(f"All arrivals of n take n^{growth:.2f}.")
    print(f"\nTight: load 3, no slack, every arrival routed at once\n{HEAD}")
    for size in options.tight:
        alone(size, 3, options.candidates)
    print(f"\nTight: handed over to the batch, fifty at least at once, when it is tight\n{HEAD}")
    for size in (*options.tight, *options.handed):
        alone(size, 3, options.candidates, max(50, size // 50))
    peer = np.percentile(batches(200, 4, options.candidates), [50, 99])
    ours = np.percentile(routed(200, 4, options.candidates, handing_over=0).times, [50, 99])
    print("\n200 x 200, median and p99 of an arrival")
    print(f"  planned anew by the batch  {peer[0]:8.2f} {peer[1]:8.2f}")
    print(f"  routed                     {ours[0]:8.2f} {ours[1]:8.2f}")


if __name__ == "__main__":
    main()
