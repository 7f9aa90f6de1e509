"""The problems of bench/assignment.py: published data sets, read in place, and made ones."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from review.assignment.matching import Problem

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("ASSAY_ASSIGNMENT_DATA", ROOT.parent / "shared/data/assignment"))
BIDS = np.array([0, 1, 0.5, 0.25, 0])


def _read(name: str) -> Any:
    path = FOLDER / f"{name}.npz"
    if not path.exists():
        raise SystemExit(
            f"{path.name} is not in {FOLDER}. Say where it is: ASSAY_ASSIGNMENT_DATA=…"
        )
    return np.load(path)


def midl(most: int = 4, least: int | None = None) -> Problem:
    """Text similarities of a small conference."""
    similarity = np.clip(_read("midl")["sim"], 0, None)
    similarity /= similarity.max()
    reviewers = similarity.shape[1]
    low = None if least is None else np.full(reviewers, least)
    return Problem(similarity, np.full(len(similarity), 3), np.full(reviewers, most), low)


def bids(name: str, most: int) -> Problem:
    """Bids of conferences: yes, maybe, no answer, no, and conflicts."""
    code = _read(name)["bid_code"]
    demand, load = np.full(code.shape[0], 3), np.full(code.shape[1], most)
    return Problem(BIDS[code], demand, load, forbidden=code == 0)


def da1() -> Problem:
    """Yes or no bids, one in a hundred a yes."""
    return Problem(_read("da1")["bid"].astype(float), np.full(600, 3), np.full(400, 6))


def iclr18(**rules: Any) -> Problem:
    """Authors as reviewers of one another, co-authors barred."""
    read = _read("iclr18_tfidf")
    wrote = authorship(read)
    together = (wrote.T @ wrote) > 0
    return Problem(
        read["sim_x10000"] / 1e4,
        np.full(928, 3),
        np.full(2766, 6),
        forbidden=((wrote @ together.astype(np.int64)) > 0).toarray(),
        **rules,
    )


def authorship(read: Any) -> sparse.csr_array:
    """Return who wrote what, submissions x reviewers."""
    rows, cols = read["author_paper"], read["author_reviewer"]
    return sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, cols)), shape=(928, 2766))


def labels() -> dict[str, Any]:
    """Return an institution for each author and paper, regions by lot, and who wrote two papers."""
    read = _read("iclr18_tfidf")
    wrote = authorship(read)
    of_paper = np.full(928, -1)
    of_paper[read["inst_paper"][::-1]] = read["inst_id"][::-1]
    first = np.full(2766, -1)
    paper, person = wrote.nonzero()
    first[person] = of_paper[paper]
    return {
        "reviewer_institution": first,
        "submission_institution": of_paper,
        "reviewer_region": np.where(first >= 0, first % 5, -1),
        "senior": np.asarray(wrote.sum(axis=0)).ravel() >= 2,
        "author": wrote.astype(bool),
    }


def cvpr(with_minimum: bool = False) -> Problem:
    """Made similarities over the loads of a large conference."""
    read = _read("cvpr2018_loads_only")
    dice = np.random.default_rng(1)
    similarity = dice.beta(1, 12, size=(len(read["demand"]), len(read["load_max"])))
    similarity /= similarity.max()
    low = read["load_min"] if with_minimum else None
    return Problem(similarity, read["demand"], read["load_max"], low)


def made(size: int, candidates: int, load: int = 4) -> Problem:
    """Peers with three badges each, about 150 holders of a badge, some of them candidates."""
    dice = np.random.default_rng(7)
    badges = max(1, size * 3 // 150)
    held = dice.integers(0, badges, size=(size, 3))
    holders = [np.flatnonzero((held == badge).any(axis=1)) for badge in range(badges)]
    rows, cols = [], []
    for submission, badge in enumerate(dice.integers(0, badges, size=size)):
        pool = holders[badge]
        chosen = dice.choice(pool, size=min(candidates, len(pool)), replace=False)
        rows.append(np.full(len(chosen), submission))
        cols.append(chosen)
    row, col = np.concatenate(rows), np.concatenate(cols)
    similarity = sparse.csr_array((dice.random(len(row)), (row, col)), shape=(size, size))
    return Problem(similarity, np.full(size, 3), np.full(size, load))


SETS: Mapping[str, Callable[[], Problem]] = {
    "midl": midl,
    "midl-lb": lambda: midl(2, 2),
    "preflib1": lambda: bids("preflib1", 6),
    "preflib2": lambda: bids("preflib2", 7),
    "preflib3": lambda: bids("preflib3", 6),
    "aamas2015": lambda: bids("aamas2015", 12),
    "da1": da1,
    "iclr18": iclr18,
    "cvpr-like": cvpr,
    "cvpr-like-lb": lambda: cvpr(with_minimum=True),
    "1k x 100": lambda: made(1_000, 100),
    "10k x 100": lambda: made(10_000, 100),
    "10k x 100 tight": lambda: made(10_000, 100, 3),
    "30k x 20": lambda: made(30_000, 20),
    "100k x 20": lambda: made(100_000, 20),
}
