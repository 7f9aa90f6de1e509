"""What bench/judgement.py compares with: each takes a world and returns an `Answer`.

Where a method states no doubt of its own, its chance to pass is normal around its estimate, with
the deviation that reviews of one submission have in this world.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from bench._judgement_world import CRITERIA, TOP, Floats, Ints, World
from review.decision.consensus import Reviews, fit, variance_components

ROUNDS = 20
BASIC = 1e-4
DRAWS, BURNED = 400, 100
GAMMA_SHAPE = 4.0
SEED = 17
MOODLE_FAIR = 5.0
LEAST_VARIANCE = 0.01
LARGEST_WEIGHT = 16.0


@dataclass(frozen=True)
class Answer:
    """What a method says: estimated mean level and chance to pass (U,), suspicion (R,) or None."""

    estimate: Floats
    chance: Floats
    suspicion: Floats | None = None


def reviews_of(world: World, rows: Ints | slice = slice(None), *, is_mean: bool = False) -> Reviews:
    """What a method may see of some rows of a world; only mean levels if `is_mean`."""
    levels = world.levels[rows]
    return Reviews(
        world.submission[rows],
        world.reviewer[rows],
        levels.mean(1, keepdims=True) if is_mean else levels,
        world.n_submissions,
        world.n_reviewers,
    )


def ours(world: World) -> Answer:
    """The model, reading vectors of levels."""
    return _fitted(world, is_mean=False)


def on_means(world: World) -> Answer:
    """The same model with mean scores only: normal scores, noise classes, rogue classes."""
    return _fitted(world, is_mean=True)


def _fitted(world: World, *, is_mean: bool) -> Answer:
    found = fit(reviews_of(world, is_mean=is_mean), cut=world.cut)
    return Answer(found.mean, found.p_pass, 1.0 - found.p_informative)


def mean(world: World) -> Answer:
    """The mean of all levels."""
    return _plain(world, _by_submission(world).mean((1, 2)))


def median(world: World) -> Answer:
    """The median of each criterion, added up: edX ORA."""
    return _plain(world, np.median(_by_submission(world), axis=1).mean(1))


def moodle(world: World) -> Answer:
    """Means weighted by the grade for assessment of Moodle's workshop.

    An assessment is graded by how near it is to the one nearest to the mean, on the setting
    "fair"; Moodle leaves the weights to the teacher, who is taken to copy those grades.
    """
    percent = 100.0 * _by_submission(world) / TOP
    centre, variance = percent.mean(1, keepdims=True), percent.var(1, keepdims=True)
    best = _distance(percent, centre, variance).argmin(1)
    reference = np.take_along_axis(percent, best[:, None, None], axis=1)
    grade = np.clip(100.0 - _distance(percent, reference, variance), 0.0, 100.0).ravel()
    given = np.bincount(world.reviewer, minlength=world.n_reviewers)
    graded = np.bincount(world.reviewer, grade, world.n_reviewers) / np.maximum(given, 1)
    weight = np.maximum(graded / 100.0 * LARGEST_WEIGHT, BASIC)
    found = _weighted(world, weight[world.reviewer])
    return Answer(found, _plain(world, found).chance, -graded)


def _distance(percent: Floats, reference: Floats, variance: Floats) -> Floats:
    apart = np.abs(percent - reference)
    relative = apart**2 / (MOODLE_FAIR * np.maximum(variance, LEAST_VARIANCE))
    distance: Floats = (apart * relative).mean(2)
    return distance


def vancouver(world: World) -> Answer:
    """Vancouver (de Alfaro and Shavlovsky 2014), with messages that leave their receiver out."""
    at, who, score = world.submission, world.reviewer, world.levels.mean(1)
    size = world.n_submissions
    variance = np.ones(len(score))
    for _ in range(ROUNDS):
        weight = 1.0 / (BASIC + variance)
        others = np.bincount(at, weight, size)[at] - weight
        rest = (np.bincount(at, weight * score, size)[at] - weight * score) / others
        square = others * (score - rest) ** 2
        total, said = _sums(world, square), _sums(world, others)
        left = said[who] - others
        variance = np.where(left > 0, (total[who] - square) / np.where(left > 0, left, 1.0), 1.0)
    own = total / np.maximum(said, BASIC)
    weight = 1.0 / (BASIC + own[who])
    found = _weighted(world, weight)
    deviation = np.sqrt(1.0 / np.bincount(at, weight, size))
    return Answer(found, ndtr((found - world.cut) / deviation), own)


def pg1(world: World) -> Answer:
    """PG1 (Piech and others 2013): Gibbs draws of quality, bias and precision of reviewers.

    Priors have the moments of the world's variance components.
    """
    rng, at, who = np.random.default_rng(SEED), world.submission, world.reviewer
    score = world.levels.mean(1)
    parts, centre = variance_components(reviews_of(world, is_mean=True)), float(score.mean())
    loads = np.bincount(who, minlength=world.n_reviewers)
    bias, precision = np.zeros(world.n_reviewers), np.full(world.n_reviewers, 1 / parts.residual)
    total, passed, noise = np.zeros(world.n_submissions), np.zeros(world.n_submissions), 0.0 * bias
    for draw in range(DRAWS):
        known = 1 / parts.submission + np.bincount(at, precision[who], world.n_submissions)
        said = np.bincount(at, precision[who] * (score - bias[who]), world.n_submissions)
        quality = (centre / parts.submission + said) / known
        quality += rng.standard_normal(len(quality)) / np.sqrt(known)
        known = 1 / parts.severity + loads * precision
        bias = precision * _sums(world, score - quality[at]) / known
        bias += rng.standard_normal(len(bias)) / np.sqrt(known)
        rest = _sums(world, (score - quality[at] - bias[who]) ** 2)
        rate = GAMMA_SHAPE * parts.residual + 0.5 * rest
        precision = rng.gamma(GAMMA_SHAPE + 0.5 * loads) / rate
        if draw >= BURNED:
            total, passed = total + quality, passed + (quality >= world.cut)
            noise = noise + 1 / precision
    kept = DRAWS - BURNED
    return Answer(total / kept, passed / kept, noise / kept)


def blup(world: World) -> Answer:
    """Best linear unbiased prediction from the crossed mixed model, solved exactly.

    Quality and severity are normal; the mean is a fixed effect.
    """
    score = world.levels.mean(1)
    parts = variance_components(reviews_of(world, is_mean=True))
    met = np.zeros((world.n_submissions, world.n_reviewers + 1))
    np.add.at(met, (world.submission, world.reviewer), 1.0)
    met[:, -1] = met.sum(1)
    heard = np.bincount(world.submission, score, world.n_submissions) / parts.residual
    said = np.append(_sums(world, score), score.sum()) / parts.residual
    known = met[:, -1] / parts.residual + 1 / parts.submission
    crossed = met / parts.residual
    loads = np.bincount(world.reviewer, minlength=world.n_reviewers)
    system = np.diag(np.append(loads / parts.residual + 1 / parts.severity, 0.0))
    system[-1, :-1] = system[:-1, -1] = loads / parts.residual
    system[-1, -1] = len(score) / parts.residual
    inverse = np.linalg.inv(system - crossed.T @ (crossed / known[:, None]))
    effects = inverse @ (said - crossed.T @ (heard / known))
    quality = (heard - crossed @ effects) / known
    lean = crossed / known[:, None]
    lean[:, -1] -= 1.0
    deviation = np.sqrt(1 / known + np.einsum("ur,ur->u", lean @ inverse, lean))
    found = effects[-1] + quality
    return Answer(found, ndtr((found - world.cut) / deviation))


def _by_submission(world: World) -> Floats:
    """Levels as (U, reviews, criteria): the simulator keeps them in this order."""
    return world.levels.reshape(world.n_submissions, -1, CRITERIA)


def _sums(world: World, each: Floats) -> Floats:
    return np.bincount(world.reviewer, each, world.n_reviewers)


def _weighted(world: World, weight: Floats) -> Floats:
    total = np.bincount(world.submission, weight * world.levels.mean(1), world.n_submissions)
    found: Floats = total / np.bincount(world.submission, weight, world.n_submissions)
    return found


def _plain(world: World, estimate: Floats) -> Answer:
    scores = _by_submission(world).mean(2)
    deviation = np.sqrt(scores.var(1, ddof=1).mean() / scores.shape[1])
    return Answer(estimate, ndtr((estimate - world.cut) / deviation))


Peer = Callable[[World], Answer]
PEERS: Mapping[str, Peer] = {
    "mean": mean,
    "median (ORA)": median,
    "Moodle weights": moodle,
    "Vancouver": vancouver,
    "PG1 Gibbs": pg1,
    "BLUP": blup,
    "ours on means": on_means,
    "ours": ours,
}
WITHOUT_ROGUES = ("mean", "BLUP", "ours on means", "ours")
