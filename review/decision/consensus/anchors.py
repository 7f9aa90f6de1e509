"""Submissions whose levels the committee has found: they fix the zero of the scale.

When all reviewers are too kind together, nothing in their own levels shows it; a score of
anchors does (design: judgement 3.5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import Invalid
from review.decision.consensus.learning import USUAL
from review.decision.consensus.messages import Beliefs, Graph, Hyper
from review.decision.consensus.ordinal import Sites
from review.decision.consensus.reviews import Floats, Ints

SHIFT_PRIOR = 0.5  # deviation of a common shift, in deviations of submissions

Anchors = Mapping[int, Sequence[float] | Floats]


@dataclass(frozen=True, slots=True)
class Held:
    """Anchored submissions (a,) and the latent positions that they are held `at` (a,)."""

    submission: Ints
    at: Floats


NOBODY = Held(np.empty(0, dtype=np.int64), np.empty(0))


def read_anchors(anchors: Anchors | None, n_submissions: int, criteria: int) -> tuple[Ints, Floats]:
    """Anchored submissions (a,) and their mean levels (a,); raises `Invalid`."""
    if not anchors:
        return np.empty(0, dtype=np.int64), np.empty(0)
    numbers = np.array(sorted(anchors), dtype=np.int64)
    if numbers[0] < 0 or numbers[-1] >= n_submissions:
        raise Invalid("An anchor names a submission that does not exist.", "anchors")
    levels = [np.asarray(anchors[int(number)], dtype=np.float64).ravel() for number in numbers]
    if any(len(row) != criteria or not np.isfinite(row).all() for row in levels):
        raise Invalid("An anchor needs one finite level per criterion.", "anchors")
    return numbers, np.array([row.mean() for row in levels])


def common_shift(graph: Graph, sites: Sites, beliefs: Beliefs, hyper: Hyper, held: Held) -> float:
    """How much higher reviewers as a body place the anchors than the committee, in latent units.

    A mean of review minus anchor, weighted by precision and shrunk towards no shift, so that one
    odd anchor does not move a whole family. 0.0 without anchors.
    """
    if not len(held.submission):
        return 0.0
    place = np.full(len(beliefs.total_precision), -1)
    place[held.submission] = np.arange(len(held.submission))
    of_anchor = np.flatnonzero(place[graph.submission] >= 0)
    whose = np.repeat(np.arange(len(graph.count)), graph.count)[of_anchor]
    pattern = graph.pattern[of_anchor]
    honest = beliefs.chance[: len(hyper.effect), whose].sum(0)
    spread = sites.variance[USUAL, pattern] + hyper.effect[USUAL] + hyper.leniency
    weight = honest / spread
    apart = sites.mean[USUAL, pattern] - held.at[place[graph.submission[of_anchor]]]
    prior = 1.0 / (SHIFT_PRIOR**2 * hyper.submission)
    return float(weight @ apart / (weight.sum() + prior))
