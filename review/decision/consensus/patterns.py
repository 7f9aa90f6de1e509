"""Distinct vectors of levels, so that what depends on the vector alone is worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from review.decision.consensus.reviews import Floats, Ints

COUNTED_KEYS = 2**20
LARGEST_KEY = 2**62
FEWEST_FOR_A_LINE = 3


@dataclass(frozen=True, slots=True)
class Patterns:
    """`codes` (P, criteria): position of each level in `values` (K,), -1 where not scored;
    `of_review` (n,): the pattern of each review."""

    codes: Ints
    of_review: Ints
    values: Floats

    def counts(self) -> Floats:
        """How often each level occurs in each pattern, (P, K)."""
        tally = np.empty((len(self.codes), len(self.values)))
        for level in range(len(self.values)):
            tally[:, level] = (self.codes == level).sum(1)
        return tally

    def sums(self, weight: Floats) -> Floats:
        """Total `weight` (n,) of the reviews that show each pattern, (P,)."""
        return np.bincount(self.of_review, weight, len(self.codes)).astype(np.float64)

    def flat_level(self) -> Ints:
        """The level of a pattern that is the same throughout, else -1, (P,).

        Fewer than three scored criteria make no line.
        """
        high = self.codes.max(1)
        low = np.where(self.codes < 0, high[:, None], self.codes).min(1)
        is_line = (high == low) & ((self.codes >= 0).sum(1) >= FEWEST_FOR_A_LINE)
        level: Ints = np.where(is_line, high, -1)
        return level


def pattern_keys(levels: Floats, values: Floats) -> Ints | None:
    """One number per row of `levels`, (n,), by which patterns are sorted; None if too large."""
    base, criteria = len(values) + 1, levels.shape[1]
    if base**criteria >= LARGEST_KEY:
        return None
    codes = np.where(np.isnan(levels), -1, np.searchsorted(values, levels))
    keys: Ints = (codes + 1) @ base ** np.arange(criteria, dtype=np.int64)
    return keys


def find_patterns(levels: Floats, known: Floats | None = None) -> Patterns:
    """The distinct rows of `levels`, (n, criteria); `known` levels count even if nobody gave
    them."""
    seen = ~np.isnan(levels)
    values = np.unique(levels[seen])
    if known is not None:
        values = np.union1d(values, known)
    codes = np.full(levels.shape, -1, dtype=np.int64)
    codes[seen] = np.searchsorted(values, levels[seen])
    base, criteria = len(values) + 1, levels.shape[1]
    if base**criteria >= LARGEST_KEY:
        rows, of_review = np.unique(codes, axis=0, return_inverse=True)
        return Patterns(rows, of_review.ravel().astype(np.int64), values)
    powers = base ** np.arange(criteria, dtype=np.int64)
    keys, of_review = _distinct((codes + 1) @ powers, base**criteria)
    return Patterns(keys[:, None] // powers % base - 1, of_review, values)


def _distinct(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """Sorted distinct `keys` and where each one went; by counting where that is cheap."""
    if size > COUNTED_KEYS:
        found, position = np.unique(keys, return_inverse=True)
        return found, position.astype(np.int64)
    found = np.flatnonzero(np.bincount(keys, minlength=size))
    place = np.zeros(size, dtype=np.int64)
    place[found] = np.arange(len(found))
    return found, place[keys]
