"""How good and how fast the matching is, beside its peers on the same data in the same run.

Each measurement is a process of its own: the total as a share of the optimum, the similarity of
the worst-off submission and its bound, processor seconds of the solving alone, and how much the
memory grew. The optimum is that of the linear programme where it was run, and of the engine, which
proves it by its prices, where it was not.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from bench._assignment_peers import PEERS, TooLarge, pairs_of
from bench._assignment_sets import ROOT, SETS, iclr18, labels
from review.assignment.matching import match

PATIENCE = 120.0
GROWTH = ("1k x 100", "10k x 100"), ("30k x 20", "100k x 20")
PAIR_CAPS = (0.5, 0.25)


def main() -> None:
    """Measure every set with every peer, or one, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", nargs="*", default=list(SETS), help="the sets to run")
    parser.add_argument("--one", nargs=2, metavar=("SET", "PEER"), help="measure in this process")
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(measure(*wanted.one)))
        return
    seconds = {name: _table(name) for name in wanted.sets}
    for small, large in GROWTH:
        if small in seconds and large in seconds:
            _growth(small, large, seconds)
    if "iclr18" in wanted.sets:
        _rules()


def measure(name: str, peer: str) -> dict[str, Any]:
    """Solve one set with one peer in this process and return what it cost and gave."""
    problem = SETS[name]()
    PEERS[peer](SETS["preflib1"]())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    try:
        pairs = PEERS[peer](problem)
    except TooLarge:
        return {}
    seconds = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"seconds": seconds, "mb": grown, **_judged(problem, pairs)}


def _judged(problem: Any, pairs: Any) -> dict[str, Any]:
    """Return what pairs amount to, and what no plan can surpass for the worst-off."""
    arcs, demand, load, least = pairs_of(problem)
    listed = {
        pair: at for at, pair in enumerate(zip(arcs.row.tolist(), arcs.col.tolist(), strict=True))
    }
    at = [listed.get((int(row), int(col)), -1) for row, col in pairs]
    sums = np.bincount(pairs[:, 0], arcs.value[at], len(demand))
    order = np.lexsort((-arcs.value, arcs.row))
    sizes = np.bincount(arcs.row, minlength=len(demand))
    rank = np.arange(len(arcs)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first = order[rank < demand[arcs.row[order]]]
    given = np.bincount(pairs[:, 1], minlength=len(load))
    return {
        "total": float(sums.sum()),
        "worst": float(sums.min()),
        "bound": float(np.bincount(arcs.row[first], arcs.value[first], len(demand)).min()),
        "slots": len(pairs),
        "breaks": bool(
            -1 in at
            or (given > load).any()
            or (given < least).any()
            or (np.bincount(pairs[:, 0], minlength=len(demand)) > demand).any()
        ),
    }


def _table(name: str) -> float:
    """Print one set's lines and return our seconds."""
    found = {}
    for peer in PEERS:
        if peer == "openreview MinMax" and find_spec("matcher") is None:
            continue
        found[peer] = _apart(name, peer)
    best = next(found[one] for one in ("HiGHS LP", "Assay") if found.get(one))
    print(f"\n{name}: optimum {best['total']:.4f} over {best['slots']} slots")
    print(
        f"  {'':18} {'% of best':>10} {'slots':>7} {'worst':>8} {'bound':>8} {'cpu s':>9} {'MB':>6}"
    )
    for peer, one in found.items():
        if not one:
            print(f"  {peer:18} not run: it would take minutes or the memory")
            continue
        note = "  breaks a limit" if one["breaks"] else ""
        share = 100 * one["total"] / best["total"]
        print(
            f"  {peer:18} {share:10.4f} {one['slots']:7} {one['worst']:8.4f}"
            f" {one['bound']:8.4f} {one['seconds']:9.4f} {one['mb']:6.0f}{note}",
            flush=True,
        )
    return float(found["Assay"]["seconds"])


def _apart(name: str, peer: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.assignment", "--one", name, peer]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return {}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _growth(small: str, large: str, seconds: dict[str, float]) -> None:
    def size(name: str) -> int:
        return int(name.split("k")[0])

    power = np.log(seconds[large] / seconds[small]) / np.log(size(large) / size(small))
    print(f"\nfrom {small} to {large}: seconds grow as the size to the power {power:.2f}")


def _rules() -> None:
    """Print what rules cost on authors who review one another, one rule after the other."""
    known = labels()
    home = {name: known[name] for name in ("reviewer_institution", "submission_institution")}
    region = {"reviewer_region": known["reviewer_region"], "region_cap": 2}
    steps: Sequence[tuple[str, dict[str, Any]]] = (
        ("masks of co-authors and institutions", home),
        ("+ one of an institution", {**home, "institution_cap": 1}),
        ("+ two of a region", {**home, "institution_cap": 1, **region}),
        ("+ a senior each", {**home, "institution_cap": 1, **region, "senior": known["senior"]}),
        (
            "+ no ring of two or three",
            {**home, "institution_cap": 1, **region, "senior": known["senior"],
             "author": known["author"]},
        ),
    )  # fmt: skip
    print("\nwhat rules cost on iclr18")
    first = None
    for name, rules in steps:
        begun = time.process_time()
        plan = match(iclr18(**rules), fair=False)
        seconds = time.process_time() - begun
        first = first or plan.total
        old = np.bincount(plan.pairs[:, 0], known["senior"][plan.pairs[:, 1]], 928)
        print(
            f"  {name:40} {100 * plan.total / first:8.2f} %  {len(plan.pairs):5} slots"
            f"  {int((old == 0).sum()):4} without a senior  {seconds:6.2f} cpu-s"
        )
    whole = match(iclr18(), fair=False).total
    for cap in PAIR_CAPS:
        begun = time.process_time()
        plan = match(iclr18(pair_cap=cap), seed=1)
        seconds = time.process_time() - begun
        share = 100 * plan.total / whole
        print(f"  {f'no pair more probable than {cap}':40} {share:8.2f} %  {seconds:6.2f} cpu-s")


if __name__ == "__main__":
    main()
