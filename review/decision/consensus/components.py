"""Variance of scores by submission, reviewer and the rest, as a crossed mixed model has it.

For the panels: agreement coefficients, and how large severity is in a badge. No noise classes and
no rogues, so the figures are those of `lmer(score ~ 1 + (1|submission) + (1|reviewer))`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from review.decision.consensus.anchors import NOBODY
from review.decision.consensus.learning import NOISE, SMALLEST, Trail, prior_of, start
from review.decision.consensus.messages import Beliefs, Hyper, Tally, no_beliefs, sweep
from review.decision.consensus.ordinal import Sites
from review.decision.consensus.prepared import prepare
from review.decision.consensus.reviews import Reviews

SWEEPS = 1_000  # where reviewers hardly repeat, severity settles slowly
TOLERANCE = 3e-5


@dataclass(frozen=True, slots=True)
class Components:
    """Variances of mean scores, in squared points."""

    submission: float
    severity: float
    residual: float
    converged: bool

    def icc(self, reviewers: int) -> float:
        """Reliability of the mean of that many reviewers, absolute agreement."""
        error = (self.severity + self.residual) / reviewers
        whole = self.submission + error
        return self.submission / whole if whole > 0 else 0.0


def variance_components(reviews: Reviews) -> Components:
    """Maximum likelihood by EM over the same messages; raises `Invalid` without a single level.

    Where reviewers and submissions form small loops the messages are not exact: on 128 reviews of
    57 papers the severity comes out 1.6 % below that of a mixed model, on InstEval .2 %.
    """
    prepared = prepare(reviews, None, None)
    graph, size, score = prepared.graph, prepared.n_submissions, prepared.score
    values, pattern = np.unique(score, return_inverse=True)
    graph = replace(graph, pattern=pattern)
    none = np.zeros((1, len(values)))
    sites, alone = Sites(values[None, :], none, none), np.empty((0, len(graph.count)))
    least = SMALLEST * max(float(score.var()), SMALLEST)
    first = start(score, graph, size, max(float(score.var()), SMALLEST), False)
    hyper = replace(first, effect=first.effect[:1] / NOISE[:1], share=np.ones(1))
    prior = prior_of(hyper, size, NOBODY.submission, NOBODY.at)
    beliefs, trail = no_beliefs(graph, prior, 1), Trail(float(np.sqrt(hyper.submission)))
    heard = np.bincount(graph.submission, minlength=size) > 0
    change = np.inf
    for _ in range(SWEEPS):
        tally = sweep(graph, sites, alone, hyper, prior, beliefs)
        hyper, change = trail.advance(_renewed(beliefs, tally, heard, least))
        prior = prior_of(hyper, size, NOBODY.submission, NOBODY.at)
        if change < TOLERANCE:
            break
    return Components(hyper.submission, hyper.leniency, float(hyper.effect[0]), change < TOLERANCE)


def _renewed(beliefs: Beliefs, tally: Tally, heard: NDArray[np.bool_], least: float) -> Hyper:
    variance = 1.0 / beliefs.total_precision[heard]
    mean = beliefs.total_shift[heard] * variance
    centre = float(mean.mean())
    return Hyper(
        centre,
        max(float(np.mean(variance + (mean - centre) ** 2)), least),
        max(float(beliefs.leniency_square.mean()), least),
        np.maximum(tally.square / tally.weight, least),
        np.ones(1),
    )
