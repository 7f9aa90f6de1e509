"""Our routing against a pull queue and a greedy one: quality and days, in the same run.

The pool is made of the authors of a conference who review each other (design: assignment 6): 928
submissions over 60 days, 150 volunteers with two reviews open at once, three reviews each; three
in ten decline, one in ten falls silent, one in ten accepts and never finishes. Means of three
seeds. Prints a table, and pass or miss for what was to be reached; ends with 1 on a miss.

    python bench/routing.py --data FOLDER     the folder with iclr18_tfidf.npz
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from review.assignment.arrivals import DAY, Behaviour, answers
from review.assignment.gathering import Pool
from review.assignment.policies import Policy, Style

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "assignment"
DAYS = 60
TOP = 0.30
SEEDS = (1, 2, 3)
OURS = Policy("ours", reviews=3, limit=2, due_days=5)
PULL = replace(OURS, name="pull FIFO", style=Style.PULL, due_days=7, hedge=False)
GREEDY = replace(OURS, name="push greedy", style=Style.GREEDY, due_days=7, hedge=False)


def world(source: Path, volunteers: int, seed: int) -> Pool:
    """Return a pool of volunteers drawn from the authors of a conference.

    A submission's learner is one of its authors who volunteers, where there is one; its authors
    and whoever wrote anything with them are in conflict.
    """
    rng = np.random.default_rng(seed)
    with np.load(source) as stored:
        similarity = stored["sim_x10000"] / 1e4
        papers, authors = stored["author_paper"], stored["author_reviewer"]
    wrote = np.zeros(similarity.shape, dtype=np.int32)
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
