"""What the model reads: the reviews of one badge family, as index arrays and levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import Invalid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST_LEVEL = 1e6  # squares and their products stay well within single precision


@dataclass(frozen=True, slots=True)
class Reviews:
    """Sealed reviews that share a rubric.

    `submission` and `reviewer`, (n,), index `n_submissions` submissions and `n_reviewers`
    reviewers. `levels`, (n, criteria), holds levels in points, NaN where the reviewer could not
    score. Raises `Invalid` when the arrays do not fit together.
    """

    submission: Ints
    reviewer: Ints
    levels: Floats
    n_submissions: int
    n_reviewers: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "submission", _as_index(self.submission, "submission"))
        object.__setattr__(self, "reviewer", _as_index(self.reviewer, "reviewer"))
        levels = np.asarray(self.levels, dtype=np.float64)
        object.__setattr__(self, "levels", levels[:, None] if levels.ndim == 1 else levels)
        _refuse_misfits(self)


def _as_index(numbers: Ints, name: str) -> Ints:
    array = np.asarray(numbers)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise Invalid(f"The {name} numbers must be whole numbers.", name)
    return array.astype(np.int64, copy=False)


def _refuse_misfits(reviews: Reviews) -> None:
    levels = reviews.levels
    if levels.ndim != 2 or levels.shape[1] == 0:
        raise Invalid("Levels must be a table with at least one criterion.", "levels")
    shape = (len(levels),)
    if reviews.submission.shape != shape or reviews.reviewer.shape != shape:
        raise Invalid("Every review needs one submission, one reviewer and one row of levels.")
    if (np.abs(levels) > LARGEST_LEVEL).any():
        raise Invalid("A level must be a number no larger than a million, or missing.", "levels")
    _refuse_strangers(reviews.submission, reviews.n_submissions, "submission")
    _refuse_strangers(reviews.reviewer, reviews.n_reviewers, "reviewer")


def _refuse_strangers(numbers: Ints, size: int, name: str) -> None:
    if numbers.size and (numbers.min() < 0 or numbers.max() >= size):
        raise Invalid(f"A {name} number is not between 0 and {size - 1}.", name)
