"""The passes of the fit: read the levels, exchange messages until the family is learned, repeat.

The first pass takes every review as credible and knows no anchors; the second reads the scale
again without the reviews that were found to be empty, and holds the anchors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from review.decision.consensus import rogues
from review.decision.consensus.anchors import NOBODY, Held, common_shift
from review.decision.consensus.learning import (
    NOISE,
    Pull,
    Trail,
    learnable,
    prior_of,
    renew,
    start,
)
from review.decision.consensus.messages import (
    Anchored,
    Beliefs,
    Graph,
    Hyper,
    add_up,
    copied,
    no_beliefs,
    sweep,
)
from review.decision.consensus.prepared import FAMILY, Prepared
from review.decision.consensus.reading import Reading, curve_of, read_levels, read_scores, shifted
from review.decision.consensus.readout import Curve
from review.decision.consensus.reviews import Floats, Ints

SWEEPS = 60
FARTHEST_ANCHOR = 3.0  # deviations of submissions
# A review of levels brings its own precision, so the family settles sooner than with scores alone.
ROUGH, FINE, FINE_SCORES = 1e-2, 3e-3, 3e-4
# Who has given fewer reviews than this is believed (design: judgement 3.3). A mean score says less
# of how it came about than a vector of levels, and takes twice as many.
FEWEST_TO_DOUBT = 3
FEWEST_SCORES_TO_DOUBT = 6


@dataclass(frozen=True, slots=True)
class Fitted:
    """The state after the last sweep. `credible` (n,): chance that a review is informative;
    `open_chance` (classes, A): the reviewers' classes without the guard for small loads."""

    beliefs: Beliefs
    hyper: Hyper
    prior: Anchored
    reading: Reading
    curve: Curve
    credible: Floats
    open_chance: Floats
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True)
class _Still:
    """What a pass holds still: how the reviews are read and on which graph, what draws the
    family, the anchors, and the change on a log scale at which to stop."""

    reading: Reading
    graph: Graph
    pull: Pull
    held: Held
    tolerance: float


def run(prepared: Prepared) -> Fitted:
    """All passes over the prepared reviews."""
    if not (prepared.is_ordinal or len(prepared.anchored)):
        return _first(prepared, is_last=True)
    return _second(prepared, _first(prepared, is_last=False))


def _first(prepared: Prepared, *, is_last: bool) -> Fitted:
    """The pass that believes everybody and knows no anchors."""
    read = read_levels if prepared.is_ordinal else read_scores
    reading = read(prepared, None, None)
    whole, size = reading.variance, prepared.n_submissions
    hyper = start(reading.position, prepared.graph, size, whole, prepared.is_ordinal)
    tolerance = _finest(prepared) if is_last else ROUGH
    return _settle(prepared, _still(prepared, reading, hyper, NOBODY, tolerance), hyper, None)


def _second(prepared: Prepared, before: Fitted) -> Fitted:
    """The pass without the reviews that were found to be empty, and with the anchors held."""
    read = read_levels if prepared.is_ordinal else read_scores
    reading = read(prepared, before.credible, before.open_chance)
    held = Held(prepared.anchored, _places(prepared, before))
    graph = replace(prepared.graph, pattern=reading.pattern)
    shift = common_shift(graph, reading.sites, before.beliefs, before.hyper, held)
    freed = shifted(reading, shift)
    still = _still(prepared, freed, before.hyper, held, _finest(prepared))
    return _settle(prepared, still, before.hyper, before)


def _places(prepared: Prepared, before: Fitted) -> Floats:
    """Latent positions of the anchors, (a,).

    The top level throughout is no position but "at least this", and its place on the curve is the
    end of it; an anchor is held where submissions can be.
    """
    hyper = before.hyper
    reach = FARTHEST_ANCHOR * float(np.sqrt(hyper.submission))
    at: Floats = np.clip(
        before.curve.latent(prepared.found), hyper.centre - reach, hyper.centre + reach
    )
    return at


def _finest(prepared: Prepared) -> float:
    return FINE if prepared.is_ordinal else FINE_SCORES


def _still(
    prepared: Prepared, reading: Reading, hyper: Hyper, held: Held, tolerance: float
) -> _Still:
    graph = replace(prepared.graph, pattern=reading.pattern)
    return _Still(reading, graph, _pull(prepared, reading, hyper), held, tolerance)


def _pull(prepared: Prepared, reading: Reading, hyper: Hyper) -> Pull:
    kept, n = prepared.kept, len(prepared.raw)
    if kept is not None and (kept.scale is None) == (reading.scale is None):
        return Pull.to_kept(kept.hyper, n, is_frozen=n < FAMILY)
    return Pull.to_default(hyper, reading.variance, n, prepared.is_ordinal, is_frozen=n < FAMILY)


def _settle(prepared: Prepared, still: _Still, hyper: Hyper, before: Fitted | None) -> Fitted:
    """Sweep until neither the family nor the submissions move."""
    size, graph, reading = prepared.n_submissions, still.graph, still.reading
    hyper = still.pull.apply(hyper)
    prior = prior_of(hyper, size, still.held.submission, still.held.at)
    started = no_beliefs(graph, prior, len(hyper.share)) if before is None else before.beliefs
    guarded, free = _guarded(prepared, still), _free(still, size)
    can, trail = learnable(graph, size), Trail(float(np.sqrt(hyper.submission)))
    beliefs, latent = started, started.total_shift / started.total_precision
    iterations, change = 0, np.inf
    while change > still.tolerance and iterations < SWEEPS:
        tally = sweep(graph, reading.sites, guarded, hyper, prior, beliefs)
        iterations += 1
        moved = beliefs.total_shift / beliefs.total_precision
        step = float(np.sqrt(np.mean((moved - latent) ** 2) / hyper.submission))
        latent = moved
        renewed = renew(hyper, beliefs, tally, free, can, prepared.is_ordinal)
        hyper, change = trail.advance(still.pull.apply(renewed))
        change = max(change, step)
        prior = prior_of(hyper, size, still.held.submission, still.held.at)
    add_up(graph, prior, beliefs)
    opened = copied(beliefs)
    sweep(graph, reading.sites, reading.alone, hyper, prior, opened)
    whose = np.repeat(np.arange(len(graph.count)), graph.count)
    return Fitted(
        beliefs=beliefs,
        hyper=hyper,
        prior=prior,
        reading=reading,
        curve=curve_of(prepared, reading, hyper),
        credible=np.minimum(beliefs.chance[: len(NOISE)].sum(0), 1.0)[whose],
        open_chance=opened.chance,
        iterations=iterations + (0 if before is None else before.iterations),
        converged=change <= still.tolerance,
    )


def _guarded(prepared: Prepared, still: _Still) -> Floats:
    """The rogue classes' likelihoods, out of reach for who has too few reviews to be doubted."""
    fewest = FEWEST_TO_DOUBT if prepared.is_ordinal else FEWEST_SCORES_TO_DOUBT
    guarded: Floats = np.where(still.graph.count < fewest, rogues.NEVER, still.reading.alone)
    return guarded


def _free(still: _Still, n_submissions: int) -> Ints:
    """Numbers of the submissions that have reviews and are no anchors."""
    is_free = np.bincount(still.graph.submission, minlength=n_submissions) > 0
    is_free[still.held.submission] = False
    return np.flatnonzero(is_free)
