"""The two ways to read a review: through thresholds, or as the mean score that it is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from review.decision.consensus import rogues
from review.decision.consensus.learning import (
    FAMILY_REVIEWS,
    NOISE,
    USUAL,
    class_prior,
    usual_noise,
)
from review.decision.consensus.messages import Hyper
from review.decision.consensus.ordinal import Scale, Sites, fit_scale, make_sites
from review.decision.consensus.prepared import FAMILY, Prepared
from review.decision.consensus.readout import (
    LEAST_PART,
    Curve,
    ordinal_curve,
    straight_curve,
)
from review.decision.consensus.reviews import Floats, Ints

# Deviation of scores, in points, to assume where they are all equal, or too few to say.
LEAST_DEVIATION = 0.25
SMALL_FAMILY_DEVIATION = 0.7
LEAST_CREDIT = 0.01  # weight of an empty review in the thresholds, so that none loses all


@dataclass(frozen=True, slots=True)
class Reading:
    """`sites` and `pattern` (n,) give each review's likelihood, `position` (n,) its usual place;
    `variance` of positions; `alone` (rogue classes, A); `scale` None for mean scores; `shift` is
    what anchors took off all positions."""

    sites: Sites
    pattern: Ints
    position: Floats
    variance: float
    alone: Floats
    scale: Scale | None
    shift: float = 0.0


def read_levels(prepared: Prepared, credible: Floats | None, chance: Floats | None) -> Reading:
    """Read vectors of levels. `credible` (n,) and the classes' `chance` (classes, A) are what an
    earlier pass found; None at first."""
    patterns, graph, groups = prepared.patterns, prepared.graph, len(NOISE)
    whose = np.repeat(np.arange(len(graph.count)), graph.count)
    if credible is None or chance is None:
        weight = patterns.sums(np.ones(len(whose)))
        share, suspected = class_prior(True), np.zeros((2, len(weight)))
    else:
        weight, share = patterns.sums(np.maximum(credible, LEAST_CREDIT)), chance.mean(1)
        of_class = chance[[groups + rogues.RANDOM, groups + rogues.STRAIGHT]]
        suspected = np.array([patterns.sums(row[whose]) for row in of_class])
    scale = _blend(fit_scale(patterns, weight, NOISE, usual_noise(share)), prepared)
    sites = make_sites(patterns.codes, scale, NOISE)
    alone = rogues.alone_by_levels(patterns, sites, USUAL, graph.start, graph.count, suspected)
    position = sites.mean[USUAL, patterns.of_review]
    return Reading(sites, patterns.of_review, position, scale.position_variance, alone, scale)


def _blend(scale: Scale, prepared: Prepared) -> Scale:
    """Pull the thresholds to those kept from earlier; a small family takes them as they are."""
    kept = prepared.kept
    if kept is None or kept.scale is None or kept.scale.thresholds.shape != scale.thresholds.shape:
        return scale
    n = len(prepared.raw)
    old = 1.0 if n < FAMILY else FAMILY_REVIEWS / (n + FAMILY_REVIEWS)
    variance = scale.position_variance ** (1.0 - old) * kept.scale.position_variance**old
    return Scale((1.0 - old) * scale.thresholds + old * kept.scale.thresholds, variance)


def read_scores(prepared: Prepared, credible: Floats | None, chance: Floats | None) -> Reading:
    """Read mean scores, whose variance is all in the review's effect."""
    del credible, chance
    graph, shape = prepared.graph, len(NOISE)
    values, pattern = np.unique(prepared.score, return_inverse=True)
    none = np.zeros((shape, len(values)))
    least = SMALL_FAMILY_DEVIATION if len(prepared.score) < FAMILY else LEAST_DEVIATION
    variance = float(prepared.score.var())
    if variance < 1e-12 or len(prepared.score) < FAMILY:
        variance = max(variance, least**2)
    alone = rogues.alone_by_scores(prepared.score, graph.start, graph.count)
    sites = Sites(np.tile(values, (shape, 1)), none, none)
    return Reading(sites, pattern, prepared.score, variance, alone, None)


def shifted(reading: Reading, shift: float) -> Reading:
    """The same reviews by reviewers who are not too kind by `shift`."""
    sites = replace(reading.sites, mean=reading.sites.mean - shift)
    return replace(reading, sites=sites, position=reading.position - shift, shift=shift)


def curve_of(prepared: Prepared, reading: Reading, hyper: Hyper, settled: float = 0.0) -> Curve:
    """Latent to points: over honest reviewers' leniency, effects and noise, less the variance
    `settled` that belongs to the submission's criteria."""
    if reading.scale is None:
        score = prepared.score
        return straight_curve(float(score.min()), float(score.max()), prepared.offsets)
    usual = usual_noise(hyper.share)
    whole = float(usual @ NOISE) + hyper.leniency + float(usual @ hyper.effect)
    spread = np.sqrt(max(whole - settled, LEAST_PART * whole))
    return ordinal_curve(reading.scale, prepared.patterns.values, float(spread))
