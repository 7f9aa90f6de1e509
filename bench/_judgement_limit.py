"""The limit of judgement: what could be decided if every reviewer were known.

Severity by criterion, noise and honesty of each reviewer are given, as the simulator drew them, and
the reviews of a submission are weighed by Bayes' rule over its own model: submissions are drawn
from the prior and weighted by the likelihood of its honest reviews, halo by quadrature
(self-normalised importance sampling). Nothing that has to learn its reviewers can be better.
"""

import numpy as np
from scipy.special import ndtr

from bench._judgement_world import (
    CRITERIA,
    CRITERION_SD,
    HONEST,
    SCENARIOS,
    THRESHOLDS,
    Floats,
    Ints,
    World,
    expected_level,
)

DRAWS = 3_000
HALO_NODES = 7
NOTHING = 1e-300


def limit(world: World, scenario: str, seed: int) -> tuple[Floats, Floats]:
    """Posterior mean in points and chance to reach the cut of every submission, (U,) each."""
    what, rng = SCENARIOS[scenario], np.random.default_rng([seed, 99])
    latent = rng.standard_normal((DRAWS, 1)) + CRITERION_SD * rng.standard_normal((DRAWS, CRITERIA))
    truth = expected_level(latent, what).mean(1)
    nodes, chances = np.polynomial.hermite_e.hermegauss(HALO_NODES)
    halo, chances = what.halo * nodes, chances / chances.sum()
    score = np.zeros((world.n_submissions, DRAWS))
    for reviewer in np.flatnonzero(world.kind == HONEST):
        rows = np.flatnonzero((world.reviewer == reviewer) & ~world.is_ring)
        if len(rows):
            table = _level_chances(world, int(reviewer), latent, halo)
            score[world.submission[rows]] += _log_likelihood(table, world.levels[rows], chances)
    score -= score.max(1, keepdims=True)
    weight = np.exp(score, out=score)
    weight /= weight.sum(1, keepdims=True)
    return weight @ truth, weight @ (truth >= world.cut)


def _level_chances(world: World, reviewer: int, latent: Floats, halo: Floats) -> Floats:
    """Chance of each level by one reviewer, (criteria, levels, halo, draws)."""
    at = latent - world.severity[reviewer] - world.severity_by_criterion[reviewer]
    seen = (at.T[:, None, :] + halo[:, None]) / world.noise[reviewer]
    lines = THRESHOLDS[:, None, None] / world.noise[reviewer]
    below = ndtr((lines - seen[:, None]).astype(np.float32))
    ends = np.zeros_like(below[:, :1])
    return np.diff(np.concatenate([ends, below, ends + 1], axis=1), axis=1)


def _log_likelihood(table: Floats, levels: Floats, chances: Floats) -> Floats:
    """Log likelihood of reviews (n, criteria), their halo integrated out, (n, draws)."""
    logs = np.empty((len(levels), table.shape[-1]))
    codes: Ints = levels.astype(np.int64)
    for row, code in enumerate(codes):
        product = table[0, code[0]].copy()
        for criterion in range(1, CRITERIA):
            product *= table[criterion, code[criterion]]
        logs[row] = np.log(np.maximum(chances @ product, NOTHING))
    return logs
