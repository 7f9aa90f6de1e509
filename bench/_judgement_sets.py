"""What people really gave: three ratings of a submission against the mean of all its others.

The folder holds no truth, but some submissions were read by many. Three of their ratings are
drawn, and the mean of the rest stands for the truth; the cut is its 35th percentile.
"""

import csv
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from bench._judgement_world import Floats, Ints
from review.decision.consensus import Reviews, fit, variance_components

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "aggregation"
DRAWN = 3
FAILING = 0.35
SITES = {"G": 1.0, "P": 2.0, "R": 3.0, "X": 4.0}


@dataclass(frozen=True)
class Ratings:
    """All there is: submission and reviewer (n,), levels (n, criteria)."""

    submission: Ints
    reviewer: Ints
    levels: Floats


@dataclass(frozen=True)
class Known:
    """A set, how many ratings make a submission well known, and whether the bar counts it."""

    read: Callable[[], Ratings]
    fewest: int
    is_counted: bool = True


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(FOLDER / f"{name}.csv.gz", "rt") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float:
    return SITES[text] if text in SITES else float(text) if text not in {"", "NA", "B"} else np.nan


def _numbers(names: list[str]) -> Ints:
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def long(
    name: str, submission: tuple[str, ...], reviewer: str, criteria: tuple[str, ...]
) -> Ratings:
    """A table with a row for each review."""
    rows = _rows(name)
    levels = np.array([[_number(row[criterion]) for criterion in criteria] for row in rows])
    said = np.flatnonzero(~np.isnan(levels).all(1))
    work = _numbers([" ".join(rows[row][part] for part in submission) for row in said])
    return Ratings(work, _numbers([rows[row][reviewer] for row in said]), levels[said])


def _mammograms() -> Ratings:
    """A row for each case, a column for each reader."""
    table = np.array(
        [[_number(cell) for cell in row.values()] for row in _rows("immer11_mammogram_148x110")]
    )
    case, reader = np.nonzero(~np.isnan(table))
    return Ratings(case, reader, table[case, reader][:, None])


def _essays() -> Ratings:
    """A row for each item that a rater scored of an essay."""
    rows = _rows("uto2021_gmfrm_9items")
    pairs = _numbers([f"{row['examinee']} {row['rater']}" for row in rows])
    levels = np.full((pairs.max() + 1, 9), np.nan)
    levels[pairs, [int(row["item"]) - 1 for row in rows]] = [_number(row["score"]) for row in rows]
    first = np.unique(pairs, return_index=True)[1]
    work, rater = (_numbers([rows[at][key] for at in first]) for key in ("examinee", "rater"))
    return Ratings(work, rater, levels)


def _with(name: str, work: str, person: str, *criteria: str) -> Callable[[], Ratings]:
    return partial(long, name, tuple(work.split()), person, criteria)


SETS: Mapping[str, Known] = {
    "ratings3": Known(
        _with("sirt_ratings3_writing", "idstud", "rater", "crit2", "crit3", "crit4", "crit6"), 30
    ),
    "immer01a": Known(
        _with("immer01a_ratings", "idstud type", "rater", "k1", "k2", "k3", "k4", "k5"), 12
    ),
    "immer02": Known(_with("immer02_ratings", "idstud", "rater", "a1", "a2", "a3", "a4"), 30),
    "immer04a": Known(_with("immer_ptam4", "idstud", "rater", "crit2", "crit3", "crit4"), 9),
    "mammograms": Known(_mammograms, 90),
    "AdultContent3": Known(_with("adultcontent3_500x100", "item", "rater", "label"), 60),
    "Uto 2021": Known(_essays, 5),
    "Uto 2022": Known(_with("uto2022_drift", "ExamineeID", "RaterID", "Score"), 10),
    # Its 35th percentile is the modal value, so that chance decides who is on which side.
    "Emotion": Known(_with("emotion_answers", "question", "worker", "answer"), 10, False),
}


def trial(ratings: Ratings, fewest: int, draw: int) -> Floats:
    """One draw: RMSE and share of wrong decisions of the mean, then of ours, (4,)."""
    rng = np.random.default_rng([draw, 7])
    at, raw = ratings.submission, np.nanmean(ratings.levels, axis=1)
    read = np.bincount(at)
    known = np.flatnonzero(read >= fewest)
    order = rng.permutation(len(at))
    order = order[np.argsort(at[order], kind="stable")]
    place = np.arange(len(at)) - np.repeat(np.cumsum(read) - read, read)
    is_known = np.isin(at[order], known)
    drawn, rest = order[is_known & (place < DRAWN)], order[is_known & (place >= DRAWN)]
    truth = (np.bincount(at[rest], raw[rest], len(read)) / np.maximum(read - DRAWN, 1))[known]
    cut = float(np.quantile(truth, FAILING))
    means = (np.bincount(at[drawn], raw[drawn], len(read)) / DRAWN)[known]
    people = int(ratings.reviewer.max()) + 1
    reviews = Reviews(at[drawn], ratings.reviewer[drawn], ratings.levels[drawn], len(read), people)
    found = fit(reviews, cut=cut)
    passes = truth >= cut
    return np.array(
        [
            np.sqrt(np.mean((means - truth) ** 2)),
            np.mean((means >= cut) != passes),
            np.sqrt(np.mean((found.mean[known] - truth) ** 2)),
            np.mean((found.p_pass[known] >= 0.5) != passes),
        ]
    )


def lecturers() -> tuple[list[float], list[float]]:
    """Variance components of InstEval: ours, and lme4's; lecturer, student, residual."""
    ratings = long("lme4_InstEval", ("d",), "s", ("y",))
    at, who = ratings.submission, ratings.reviewer
    reviews = Reviews(at, who, ratings.levels, int(at.max()) + 1, int(who.max()) + 1)
    found = variance_components(reviews)
    listed = json.loads((FOLDER / "oracles.json").read_text())["lme4_reml_review_mean"]["InstEval"]
    return (
        [found.submission, found.severity, found.residual],
        [listed["submission"], listed["rater"], listed["residual"]],
    )
