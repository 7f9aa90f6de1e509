"""A simulated round of peer review whose right answers are known (design: judgement 3).

Five criteria on four levels (0-3) behind one set of thresholds; a reviewer is severe, severe in
places (severity x criterion), carried away inside one review (halo) and more or less noisy; a few
do not read at all. The truth of a submission is the level it would be given on average by honest
reviewers, so no method is favoured by a scale. Everything follows from the seed.

What the design leaves open was chosen here: the noise multiplier has median 1; a careless
reviewer is a straight-liner for all of their reviews or for none; careless levels come from a
normal of deviation 0.6 behind the same thresholds (uniform levels would cost the mean more than
the page reports); a ring of four is drawn from honest reviewers, each with one submission of
their own, and the top marks replace one of its three reviews; the cut is the 35th percentile of
the population.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

THRESHOLDS = np.array([-1.5, -0.35, 0.95])
CRITERIA = 5
TOP = len(THRESHOLDS)
CRITERION_SD = 0.45
SEVERITY_BY_CRITERION_SD = 0.2
NOISE_LOG_SD = 0.35
PASS_RATE = 0.65
CARELESS_SD = 0.6
RING = 4
HONEST, RANDOM, STRAIGHT, TOPPER = range(4)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Standard deviations on the latent scale, where submissions have standard deviation one."""

    severity: float
    halo: float
    noise: float


SCENARIOS = {
    "peer": Scenario(0.65, 0.55, 0.90),
    "pro": Scenario(0.35, 0.80, 0.90),
    "noisy": Scenario(0.60, 1.15, 1.00),
}


@dataclass(frozen=True, slots=True)
class World:
    """One simulated round: what the model may see, and what only the referee may.

    `submission`, `reviewer` (n,) and `levels` (n, 5) are the reviews; `truth` (U, 5) is the
    expected level per criterion, `cut` a mean level; `kind` (R,) is HONEST, RANDOM, STRAIGHT or
    TOPPER; `is_ring` (n,) marks the colluding reviews; `severity` (R,), `severity_by_criterion`
    (R, 5) and `noise` (R,) are the reviewers' true parameters.
    """

    submission: Ints
    reviewer: Ints
    levels: Floats
    n_submissions: int
    n_reviewers: int
    truth: Floats
    cut: float
    kind: Ints
    is_ring: NDArray[np.bool_]
    severity: Floats
    severity_by_criterion: Floats
    noise: Floats

    @property
    def true_mean(self) -> Floats:
        """The truth over criteria, (U,)."""
        mean: Floats = self.truth.mean(1)
        return mean


def expected_level(latent: Floats, scenario: Scenario) -> Floats:
    """Expected level (0-3) at a latent value over honest reviewers: noise by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    weights = weights / weights.sum()
    steady = scenario.severity**2 + SEVERITY_BY_CRITERION_SD**2 + scenario.halo**2
    expected = np.zeros_like(latent)
    for node, weight in zip(nodes, weights, strict=True):
        spread = np.sqrt(steady + (scenario.noise * np.exp(NOISE_LOG_SD * node)) ** 2)
        for threshold in THRESHOLDS:
            expected += weight * ndtr((latent - threshold) / spread)
    return expected


@lru_cache(maxsize=8)
def population_cut(scenario: Scenario) -> float:
    """The mean level that `PASS_RATE` of all submissions reach."""
    rng = np.random.default_rng(20_240_101)
    latent = rng.standard_normal((100_000, 1)) + CRITERION_SD * rng.standard_normal(
        (100_000, CRITERIA)
    )
    return float(np.quantile(expected_level(latent, scenario).mean(1), 1 - PASS_RATE))


def geometric_loads(reviews: int, mean_load: float, rng: np.random.Generator) -> Ints:
    """Loads of at least one with geometric spread that add up to `reviews`, (R,)."""
    reviewers = max(round(reviews / mean_load), 5)
    loads = rng.geometric(1.0 / mean_load, reviewers).astype(np.int64)
    while loads.sum() != reviews:
        gap = reviews - int(loads.sum())
        if gap > 0:
            np.add.at(loads, rng.choice(reviewers, min(gap, reviewers), replace=False), 1)
        else:
            heavy = np.flatnonzero(loads > 1)
            loads[rng.choice(heavy, min(-gap, len(heavy)), replace=False)] -= 1
    return loads


def assign(
    n_submissions: int, per_submission: int, mean_load: float, rng: np.random.Generator
) -> tuple[Ints, Ints, int]:
    """Random assignment without repeats: submission (n,), reviewer (n,), reviewers."""
    loads = geometric_loads(n_submissions * per_submission, mean_load, rng)
    loads = np.minimum(loads, n_submissions)
    slots = np.repeat(np.arange(len(loads)), loads)
    slots = np.concatenate(
        [slots, rng.integers(0, len(loads), n_submissions * per_submission - len(slots))]
    )
    grid = rng.permutation(slots).reshape(n_submissions, per_submission)
    for _ in range(200):
        ordered = np.sort(grid, axis=1)
        clash = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(1))
        if clash.size == 0:
            break
        rows = np.union1d(clash, rng.integers(0, n_submissions, 4 * clash.size))
        grid[rows] = rng.permutation(grid[rows].ravel()).reshape(len(rows), per_submission)
    submission = np.repeat(np.arange(n_submissions), per_submission)
    return submission, grid.ravel(), len(loads)


def draw_kinds(n_reviewers: int, rogues: bool, rng: np.random.Generator) -> Ints:
    """Which reviewers are honest, (R,): 7 % careless, half straight-lined; 3 % always top."""
    kind = np.zeros(n_reviewers, dtype=np.int64)
    if rogues:
        careless, toppers = round(0.07 * n_reviewers), round(0.03 * n_reviewers)
        order = rng.permutation(n_reviewers)
        kind[order[:careless]] = np.where(np.arange(careless) % 2 == 0, RANDOM, STRAIGHT)
        kind[order[careless : careless + toppers]] = TOPPER
    return kind


def collude(
    reviewer: Ints, levels: Floats, honest: Ints, n_submissions: int, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Put 2 % of reviewers into rings of four, each giving the next one's work top marks.

    Changes `reviewer` (n,) and `levels` (n, 5) in place; returns which reviews those are, (n,).
    """
    is_ring = np.zeros(len(reviewer), dtype=bool)
    rings = max(round(0.02 * (int(reviewer.max()) + 1) / RING), 1)
    members = rng.choice(honest, min(RING * rings, len(honest) // RING * RING), replace=False)
    works = rng.choice(n_submissions, len(members), replace=False)
    each = len(reviewer) // n_submissions
    for position, member in enumerate(members):
        row = int(works[position // RING * RING + (position + 1) % RING]) * each
        seats = reviewer[row : row + each]
        here = np.flatnonzero(seats == member)
        slot = row + (int(here[0]) if len(here) else int(rng.integers(each)))
        reviewer[slot], levels[slot], is_ring[slot] = member, TOP, True
    return is_ring


def simulate(
    seed: int,
    scenario: str = "peer",
    *,
    load: float = 10,
    n_submissions: int = 1000,
    per_submission: int = 3,
    rogues: bool = True,
    leniency: float = 0.0,
) -> World:
    """Draw one round of `n_submissions`, each with `per_submission` reviews.

    `leniency`, in latent deviations, is how much too kind all reviewers are together.
    """
    rng = np.random.default_rng([seed, 4])
    what = SCENARIOS[scenario]
    submission, reviewer, n_reviewers = assign(n_submissions, per_submission, load, rng)
    kind = draw_kinds(n_reviewers, rogues, rng)
    severity = what.severity * rng.standard_normal(n_reviewers)
    by_criterion = SEVERITY_BY_CRITERION_SD * rng.standard_normal((n_reviewers, CRITERIA))
    noise = what.noise * np.exp(NOISE_LOG_SD * rng.standard_normal(n_reviewers))
    latent = rng.standard_normal((n_submissions, 1)) + CRITERION_SD * rng.standard_normal(
        (n_submissions, CRITERIA)
    )
    n = len(submission)
    seen = latent[submission] - severity[reviewer, None] - by_criterion[reviewer] + leniency
    seen += what.halo * rng.standard_normal((n, 1))
    seen += noise[reviewer, None] * rng.standard_normal((n, CRITERIA))
    levels = _unread(_leveled(seen), kind[reviewer], rng)
    is_ring = np.zeros(n, dtype=bool)
    if rogues:
        honest = np.flatnonzero(kind == HONEST)
        is_ring = collude(reviewer, levels, honest, n_submissions, rng)
    return World(
        submission=submission,
        reviewer=reviewer,
        levels=levels,
        n_submissions=n_submissions,
        n_reviewers=n_reviewers,
        truth=expected_level(latent, what),
        cut=population_cut(what),
        kind=kind,
        is_ring=is_ring,
        severity=severity,
        severity_by_criterion=by_criterion,
        noise=noise,
    )


def _leveled(seen: Floats) -> Floats:
    """The levels of latent values."""
    return (seen[..., None] > THRESHOLDS).sum(-1).astype(np.float64)


def _unread(levels: Floats, kind: Ints, rng: np.random.Generator) -> Floats:
    """Levels (n, 5) with those of reviewers who did not read, by `kind` (n,), in their place."""
    guesses = _leveled(CARELESS_SD * rng.standard_normal(levels.shape))
    levels = np.where((kind == RANDOM)[:, None], guesses, levels)
    levels = np.where((kind == STRAIGHT)[:, None], guesses[:, :1], levels)
    levels[kind == TOPPER] = TOP
    return levels
