"""A new review between two fits: one step of the same arithmetic, with reviewers held still."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.errors import Invalid
from review.decision.consensus.criteria import Deviations, Leans, leans_of_scores
from review.decision.consensus.learning import NOISE
from review.decision.consensus.messages import LEAST_GAIN
from review.decision.consensus.ordinal import Sites, make_sites, make_slopes
from review.decision.consensus.patterns import find_patterns, pattern_keys
from review.decision.consensus.reviews import Floats, Ints, Reviews
from review.decision.consensus.state import Heard, State


def heard_more(state: State, reviews: Reviews) -> tuple[State, State, Ints]:
    """The state with `reviews` added, the part of it about the submissions (t,) that they touch,
    numbered anew, and these."""
    _refuse_strangers(state, reviews)
    is_said = ~np.isnan(reviews.levels).all(1)
    touched, at = np.unique(reviews.submission[is_said], return_inverse=True)
    part = state.of(touched)
    if not len(touched):
        return state, part, touched
    part = _heard(part, at, reviews.reviewer[is_said], reviews.levels[is_said])
    return state.renewed(touched, part), part, touched


def _heard(state: State, at: Ints, who: Ints, levels: Floats) -> State:
    """The state with reviews of submissions `at` by `who`, (n,), with `levels` (n, criteria)."""
    sites, leans = _read(state, levels)
    chance = state.jury.chance[:, who]
    precision, shift = _say(state, at, who, chance, sites)
    credible = np.minimum(chance.sum(0), 1.0)
    heard = state.heard
    renewed = Heard(
        _plus(heard.precision, at, precision),
        _plus(heard.shift, at, shift),
        _plus(heard.count, at, np.ones(len(at))),
        _plus(heard.raw, at, np.nansum(levels, axis=1) / (~np.isnan(levels)).sum(1)),
        _plus(heard.credible, at, credible),
        _lean_more(heard.deviations, leans, at, credible),
    )
    return replace(state, heard=renewed)


def _refuse_strangers(state: State, reviews: Reviews) -> None:
    submissions, reviewers = len(state.heard.count), len(state.jury.leniency)
    if reviews.n_submissions != submissions or reviews.n_reviewers != reviewers:
        raise Invalid("New submissions or reviewers need a new fit.")
    if reviews.levels.shape[1] != len(state.offsets):
        raise Invalid("The reviews have other criteria than the fit.", "levels")
    seen, values = reviews.levels[~np.isnan(reviews.levels)], state.values
    nearest = values[np.minimum(np.searchsorted(values, seen), len(values) - 1)]
    if state.scale is not None and (nearest != seen).any():
        raise Invalid("A level did not occur in the fit.", "levels")


def _read(state: State, levels: Floats) -> tuple[Sites, Leans]:
    """Sites (G, n) and leans of new levels (n, criteria)."""
    if state.scale is None:
        score = np.nanmean(levels - state.offsets, axis=1) - state.shift
        none = np.zeros((len(NOISE), len(score)))
        return Sites(none + score, none, none), leans_of_scores(levels, state.offsets)
    keys = pattern_keys(levels, state.values)
    of = None if keys is None or state.library is None else state.library.find(keys)
    if of is not None and state.library is not None:
        sites, slopes = state.library.sites, state.library.slopes
    else:
        patterns = find_patterns(levels, state.values)
        of, slopes = patterns.of_review, make_slopes(patterns.codes, state.scale)
        sites = make_sites(patterns.codes, state.scale, NOISE)
    leans = Leans(slopes, of, 1.0)
    mean, variance = sites.mean[:, of] - state.shift, sites.variance[:, of]
    return Sites(mean, variance, sites.log_scale[:, of]), leans


def _say(state: State, at: Ints, who: Ints, chance: Floats, sites: Sites) -> tuple[Floats, Floats]:
    """What each review adds to its submission: precision and shift, (n,)."""
    jury, heard = state.jury, state.heard
    own = sites.variance + state.hyper.effect[:, None] + jury.variance[who]
    mean = sites.mean - jury.leniency[who]
    return said_by(mean, own, chance, heard.precision[at], heard.shift[at])


def said_by(
    mean: Floats, own: Floats, chance: Floats, others: Floats, others_shift: Floats
) -> tuple[Floats, Floats]:
    """What reviews add to what the `others` say, precision and shift, (n,).

    `mean` and `own` variance of each review per noise class, and the `chance` of the class, are
    (G, n); `others` and `others_shift` (n,) are precision and shift without the review.
    """
    spread = 1.0 / others
    variance = own + spread
    surprise = (mean - others_shift * spread) / variance
    first = (chance * surprise).sum(0)
    second = (chance * (surprise**2 - 1.0 / variance)).sum(0)
    after = spread + spread**2 * (second - first**2)
    added = np.maximum(1.0 / after - others, LEAST_GAIN * others)
    centre = (others_shift + first) * spread
    return added, centre * (others + added) - others_shift


def _lean_more(old: Deviations, leans: Leans, at: Ints, credible: Floats) -> Deviations:
    lean, weight = old.lean.copy(), old.weight.copy()
    scale = leans.noise / old.noise  # scores are in units of their own spread
    np.add.at(lean, at, scale * credible[:, None] * leans.table.score[leans.of_review])
    np.add.at(weight, at, scale * credible[:, None] * leans.table.information[leans.of_review])
    return Deviations(lean, weight, old.part, old.noise)


def _plus(total: Floats, at: Ints, more: Floats) -> Floats:
    changed = total.copy()
    np.add.at(changed, at, more)
    return changed
