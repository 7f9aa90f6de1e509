"""What a fit and an update cost, each fit in a process of its own."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from bench._judgement_peers import reviews_of
from bench._judgement_world import simulate
from review.decision.consensus import fit, update

ROOT = Path(__file__).resolve().parent.parent
TIMES = 3
LATE = 200


def measure(submissions: int) -> None:
    """Fit so many submissions three times in this process and print what it cost, as JSON.

    Seconds are of the processor and the best of three; megabytes are the most that the process
    ever held, with numpy, the simulator and its world.
    """
    reviews = reviews_of(world := simulate(0, n_submissions=submissions))
    seconds = []
    for _ in range(TIMES):
        start = time.process_time()
        fit(reviews, cut=world.cut)
        seconds.append(time.process_time() - start)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": min(seconds), "megabytes": megabytes}))


def cost(submissions: int) -> tuple[float, float]:
    """Seconds and megabytes of fitting so many submissions, three reviews each."""
    asked = [sys.executable, "-m", "bench.judgement", "--fit", str(submissions)]
    said = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = json.loads(said)
    return found["seconds"], found["megabytes"]


def updates(seed: int) -> dict[str, float]:
    """Third reviews of 200 submissions, taken online and by a new fit.

    Same decisions and bands as shares; microseconds for each review of the batch, and for one
    that comes alone.
    """
    world = simulate(seed)
    picked = np.random.default_rng(seed).choice(world.n_submissions, LATE, replace=False)
    is_late = np.zeros(len(world.submission), dtype=bool)
    is_late[picked * 3 + 2] = True
    before, late = fit(reviews_of(world, ~is_late), cut=world.cut), reviews_of(world, is_late)
    start = time.process_time()
    after = update(before, late).p_pass[picked]
    batch = time.process_time() - start
    alone = reviews_of(world, np.flatnonzero(is_late)[:1])
    start = time.process_time()
    update(before, alone)
    single = time.process_time() - start
    again = fit(reviews_of(world), cut=world.cut).p_pass[picked]
    bands = [np.digitize(chance, (0.1, 0.9)) for chance in (after, again)]
    return {
        "same": float(np.mean((after >= 0.5) == (again >= 0.5))),
        "band": float(np.mean(bands[0] == bands[1])),
        "batch": batch / LATE * 1e6,
        "single": single * 1e6,
    }
