"""Are results right? Our scoring model against its peers, on worlds whose truth is known.

Five criteria on four levels, three reviews each of a thousand submissions, a cut that 65 % reach
(design: judgement 3). Wrong is the share of wrong decisions at an even chance; FG is failing work
that is granted, FD passing work that is denied. Beside them stands the limit: what could be decided
if every reviewer's severity, noise and honesty were known. Then what people really gave, the two
rules that are more than a cut, and what it costs. Pass or MISS for what was to be reached.

    python -m bench.judgement                 twenty seeds: five minutes of the processor
    python -m bench.judgement --quick         three
    python -m bench.judgement --seeds 12
"""

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench import _judgement_cost as costs
from bench import _judgement_guests as guests
from bench._judgement_figures import (
    CLOSING,
    HEADS,
    STEADY,
    Course,
    conjunctive,
    figures,
    sequential,
)
from bench._judgement_limit import limit
from bench._judgement_peers import PEERS, WITHOUT_ROGUES, Answer, Peer
from bench._judgement_sets import FOLDER, SETS, lecturers, trial
from bench._judgement_world import SCENARIOS, Floats, simulate

LOADS = (3, 10, 30)
LIMITED = (("peer", 3), ("peer", 10), ("peer", 30), ("pro", 10), ("noisy", 10))
RMSE, WRONG, DENIED, ECE, AUC = 0, 1, 3, 5, 6
KNOWN_SHARE = 0.72
SIZES = (1_000, 10_000, 100_000)
Figures = Mapping[str, Floats]


@dataclass(frozen=True)
class Effort:
    """How much to do: seeds of the worlds and of the limit, draws of real sets, policy seeds."""

    seeds: int
    limited: int
    draws: int
    policies: int


@dataclass(frozen=True)
class Goal:
    """One thing to reach, and whether it was."""

    words: str
    is_met: bool


def most(words: str, found: float, bar: float) -> Goal:
    """A figure that must not be larger than the bar."""
    return Goal(f"{words} {found:.4g} <= {bar:g}", found <= bar)


def least(words: str, found: float, bar: float) -> Goal:
    """A figure that must not be smaller than the bar."""
    return Goal(f"{words} {found:.4g} >= {bar:g}", found >= bar)


def compare(
    scenario: str, load: int, seeds: Iterable[int], peers: Mapping[str, Peer], *, rogues: bool
) -> Figures:
    """The figures of every peer and seed, (seeds, 7) each, printed as a table of means."""
    worlds = [simulate(seed, scenario, load=load, rogues=rogues) for seed in seeds]
    print(f"\n{scenario}, {load} reviews a reviewer, {'with' if rogues else 'no'} rogues")
    print(f"{'':>16}" + "".join(f"{head:>8}" for head in (*HEADS, "cpu ms")), flush=True)
    found = {}
    for name, peer in peers.items():
        start = time.process_time()
        answers = [peer(world) for world in worlds]
        spent = (time.process_time() - start) / len(worlds) * 1e3
        found[name] = _figures(answers, worlds)
        _row(name, [*found[name].mean(0), spent])
    return found


def _figures(answers: Sequence[Answer], worlds: Sequence) -> Floats:
    return np.array([figures(*pair) for pair in zip(answers, worlds, strict=True)])


def _row(name: str, cells: Sequence[float]) -> None:
    texts = ["" if np.isnan(cell) else f"{cell:.3f}" for cell in cells[:-1]]
    print(
        f"{name:>16}" + "".join(f"{text:>8}" for text in (*texts, f"{cells[-1]:.1f}")), flush=True
    )


def accuracy(effort: Effort) -> tuple[list[Goal], Mapping[tuple[str, int], Figures]]:
    """Every scenario and load, with rogues and without."""
    seeds, found, goals = range(effort.seeds), {}, []
    for scenario in SCENARIOS:
        for load in LOADS:
            found[scenario, load] = compare(scenario, load, seeds, PEERS, rogues=True)
    few = {name: PEERS[name] for name in WITHOUT_ROGUES}
    for scenario in SCENARIOS:
        for load in LOADS:
            clean = compare(scenario, load, seeds, few, rogues=False)
            loss = float((clean["ours"] - clean["BLUP"])[:, WRONG].mean())
            goals.append(most(f"{scenario} {load}, no rogues: wrong above BLUP", loss, 0.004))
    reached = found["peer", 10]["ours"].mean(0)
    first = [
        most("peer 10: wrong", reached[WRONG], 0.140),
        most("peer 10: RMSE", reached[RMSE], 0.281),
        most("peer 10: ECE", reached[ECE], 0.035),
        least("peer 10: careless AUC", reached[AUC], 0.91),
    ]
    _gains(found)
    return first + goals, found


def _gains(found: Mapping[tuple[str, int], Figures]) -> None:
    """What ours gains over the mean, paired by seed, in points of wrong decisions."""
    print("\npoints of wrong decisions against the mean (standard error)")
    for (scenario, load), cell in found.items():
        gain = 100 * (cell["ours"] - cell["mean"])[:, WRONG]
        error = gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else float("nan")
        print(f"{scenario:>8} {load:>3}  {gain.mean():+.2f} ({error:.2f})", flush=True)


def limits(effort: Effort, found: Mapping[tuple[str, int], Figures]) -> list[Goal]:
    """The limit, and the share of the way to it from the mean, on the same seeds."""
    print(
        f"\nthe limit, first {effort.limited} seeds: wrong / RMSE, and the share of the way to it"
    )
    shares = {}
    for scenario, load in LIMITED:
        worlds = [simulate(seed, scenario, load=load) for seed in range(effort.limited)]
        answers = [Answer(*limit(world, scenario, seed)) for seed, world in enumerate(worlds)]
        end = _figures(answers, worlds).mean(0)
        cell = found[scenario, load]
        begin, ours = (cell[name][: effort.limited].mean(0) for name in ("mean", "ours"))
        share = (begin - ours) / (begin - end)
        shares[scenario, load] = share[WRONG]
        figures_of = "  ".join(f"{one[WRONG]:.4f} / {one[RMSE]:.4f}" for one in (begin, ours, end))
        shown = f"share {share[WRONG]:.0%} of wrong, {share[RMSE]:.0%} of RMSE"
        print(f"{scenario:>8} {load:>3}  mean, ours, limit  {figures_of}  {shown}", flush=True)
    way = shares["peer", 10]
    return [
        least("peer 10: share of the way to the limit, known before", way, KNOWN_SHARE),
        least("peer 10: share of the way to the limit, aimed at", way, 0.90),
    ]


def guest_peers(effort: Effort) -> list[Goal]:
    """crowd-kit and statsmodels, where they are installed."""
    if guests.has("crowdkit"):
        crowd = {"crowd-kit MV": guests.majority, "crowd-kit DS": guests.dawid_skene}
        compare("peer", 10, range(min(effort.seeds, 3)), crowd, rogues=True)
    else:
        print("\ncrowd-kit is not installed here")
    if guests.has("statsmodels") and FOLDER.is_dir():
        ours, theirs = guests.papers()
        print(f"\n128 conference reviews: ours {_list(ours)}, statsmodels {_list(theirs)}")
    else:
        print("statsmodels is not installed here")
    return []


def _list(values: Sequence[float]) -> str:
    return " / ".join(f"{value:.4f}" for value in values)


def rules(effort: Effort) -> list[Goal]:
    """The conjunctive rule, and asking one more person while in doubt."""
    print("\nevery criterion at level 1 and the mean at the cut: wrong / FG / FD")
    at_once: dict[str, Floats] = {}
    for scenario in SCENARIOS:
        cells = [conjunctive(simulate(seed, scenario)) for seed in range(effort.seeds)]
        at_once[scenario] = np.mean(cells, axis=0)
        means, ours = np.split(at_once[scenario], 2)
        print(f"{scenario:>8}  means {_list(means)}  ours {_list(ours)}", flush=True)
    both, goals = at_once["peer"], []
    for name, bounds in (("as live", STEADY), ("closing", CLOSING)):
        peer = _courses(effort, name, bounds)["peer"]
        goals += [
            most(f"peer, sequential, {name}: reviews", peer.reviews, 3.3),
            most(f"peer, sequential, {name}: committee", peer.committee, 0.25),
            most(f"peer, sequential, {name}: wrong", peer.wrong, 0.040),
        ]
    return [
        most("peer 10, conjunctive: wrong", both[3], 0.145),
        most("peer 10, conjunctive: false denials", both[5], 0.09),
        *goals,
    ]


def _courses(effort: Effort, name: str, bounds: Sequence[float]) -> Mapping[str, Course]:
    """Two reviews and up to five while in doubt, by scenario."""
    print(f"\ntwo reviews, up to five while the other outcome is above {bounds}, {name}:")
    print("reviews, committee, wrong of the rest")
    courses: dict[str, Course] = {}
    for scenario in SCENARIOS:
        runs = [sequential(seed, scenario, 2_000, bounds) for seed in range(effort.policies)]
        means = np.mean([(run.reviews, run.committee, run.wrong) for run in runs], axis=0)
        courses[scenario] = course = Course(*means.tolist())
        print(f"{scenario:>8}  {course.reviews:.2f}  {course.committee:.3f}  {course.wrong:.4f}")
    return courses


def real_sets(effort: Effort) -> list[Goal]:
    """What people really gave, where the folder is here."""
    if not FOLDER.is_dir():
        print(f"\nreal sets: {FOLDER} is not here")
        return [Goal("real sets were not measured", False)]
    print(f"\nreal ratings, {effort.draws} draws: RMSE of mean and ours, wrong of mean and ours")
    goals, better = [], []
    for name, known in SETS.items():
        ratings = known.read()
        runs = np.array([trial(ratings, known.fewest, draw) for draw in range(effort.draws)])
        change = runs[:, 3] - runs[:, 1]
        rmse, wrong, theirs, ours = runs.mean(0)
        shown = f"{change.mean():+.4f} ({change.std() / np.sqrt(len(change)):.4f})"
        print(
            f"{name:>14}  {rmse:8.3f} {theirs:8.3f}   {wrong:.4f} {ours:.4f}  {shown}", flush=True
        )
        if known.is_counted:
            better.append(change.mean() < 0)
            goals.append(most(f"{name}: wrong above the mean", change.mean(), 0.003))
    goals.append(least("real sets on which it is better, of 8", sum(better), 5))
    ours, theirs = lecturers()
    print(f"\nInstEval, variance components: ours {_list(ours)}, lme4 {_list(theirs)}")
    off = max(abs(mine / other - 1) for mine, other in zip(ours, theirs, strict=True))
    return [*goals, most("InstEval: largest relative gap to lme4", off, 0.01)]


def speed(effort: Effort) -> list[Goal]:
    """What fits and updates cost."""
    print("\nsubmissions, three reviews each: cpu s and MB of a process that fits them")
    found = [costs.cost(size) for size in SIZES]
    for size, (seconds, megabytes) in zip(SIZES, found, strict=True):
        print(f"{size:>9,}  {seconds:7.3f} s  {megabytes:6.0f} MB", flush=True)
    growth = np.log(found[-1][0] / found[-2][0]) / np.log(SIZES[-1] / SIZES[-2])
    print(f"growth exponent {growth:.2f} from {SIZES[-2]:,} to {SIZES[-1]:,}")
    runs = [costs.updates(seed) for seed in range(max(effort.policies, 3))]
    online = {key: float(np.mean([run[key] for run in runs])) for key in runs[0]}
    print(
        f"online: same decision {online['same']:.3f}, same band {online['band']:.3f}; "
        f"{online['batch']:.0f} us a review in a batch, {online['single']:.0f} us for one alone"
    )
    return [
        most("100,000 x 3: cpu s", found[-1][0], 1.2),
        most("100,000 x 3: MB", found[-1][1], 250),
        most("online: us for a review of a batch", online["batch"], 50),
        most("online: us for a review alone", online["single"], 50),
        least("online: same decision as a new fit", online["same"], 0.98),
    ]


def main() -> int:
    """Print the tables and what was reached; 0 even on a miss: not every aim can be had."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=20, help="worlds of each kind")
    asked.add_argument("--quick", action="store_true", help="three seeds and few draws")
    asked.add_argument("--fit", type=int, metavar="N", help="measure one fit in this process")
    wanted = asked.parse_args()
    if wanted.fit:
        costs.measure(wanted.fit)
        return 0
    # A guest that is installed may complain of its own libraries.
    warnings.filterwarnings("ignore", module="(crowdkit|statsmodels|pandas).*")
    effort = Effort(wanted.seeds, min(wanted.seeds, 12), 40, min(wanted.seeds, 6))
    if wanted.quick:
        effort = Effort(3, 3, 6, 1)
    goals, found = accuracy(effort)
    parts: tuple[Callable[[Effort], list[Goal]], ...] = (guest_peers, rules, real_sets, speed)
    goals += limits(effort, found)
    for part in parts:
        goals += part(effort)
    print()
    for goal in goals:
        print(f"{'pass' if goal.is_met else 'MISS'}  {goal.words}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
