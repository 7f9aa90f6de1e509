"""One sweep of messages between submissions and reviewers.

A review says: `position = submission + leniency + effect`, with the submission, the reviewer's
leniency and the effect of the single review all normal. Reviewers fall into noise classes, or
into classes that do not look at the submission at all. A sweep takes each review's submission as
the *other* reviews see it, judges each reviewer by all their reviews, and renews what the review
says about its submission. Mixtures over classes are matched by one Gaussian (expectation
propagation, Minka 2001).

Reviews are sorted by reviewer, so a block of reviewers is worked out on its own, in cache; only
the totals of the submissions are shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from review.decision.consensus.ordinal import Sites
from review.decision.consensus.reviews import Floats, Ints

Singles = NDArray[np.float32]

BLOCK = 4_000  # reviews whose arrays stay in the second-level cache together
LEAST_GAIN = 1e-6  # a review never takes precision away, which keeps the messages proper


@dataclass(frozen=True, slots=True)
class Graph:
    """Who reviewed what: `submission`, `pattern` (n,), sorted by the A active reviewers, who own
    `count` (A,) reviews from `start` (A,) on. `blocks` are ranges of reviewers."""

    submission: Ints
    pattern: Ints
    start: Ints
    count: Ints
    blocks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hyper:
    """What all share: mean and variance of submissions, variance of leniency, variance of a
    review's own effect per noise class (G,), shares of all classes (G + rogue classes,)."""

    centre: float
    submission: float
    leniency: float
    effect: Floats
    share: Floats


@dataclass(frozen=True, slots=True)
class Anchored:
    """Prior of the submissions as precision and shift, (U,): anchors are all but known."""

    precision: Floats
    shift: Floats


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Renewed in place. `precision`, `shift` (n,): what each review says about its submission;
    `total_precision`, `total_shift` (U,): all there is; and per active reviewer the chance of
    each class (G + rogue classes, A), mean and mean square of their leniency (A,)."""

    precision: Floats
    shift: Floats
    total_precision: Floats
    total_shift: Floats
    chance: Floats
    leniency: Floats
    leniency_square: Floats


@dataclass(frozen=True, slots=True)
class Tally:
    """Expected squared effects of reviews and how many reviews stand behind them, (G,) each."""

    square: Floats
    weight: Floats


def build_graph(submission: Ints, pattern: Ints, count: Ints) -> Graph:
    """The graph of reviews that are already sorted by reviewer."""
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    ends = start + count
    cuts = [0]
    while cuts[-1] < len(count):
        reach = int(np.searchsorted(ends, start[cuts[-1]] + BLOCK, side="right"))
        cuts.append(max(reach, cuts[-1] + 1))
    return Graph(submission, pattern, start, count, tuple(pairwise(cuts)))


def no_beliefs(graph: Graph, prior: Anchored, classes: int) -> Beliefs:
    """Before anybody has been heard."""
    n, reviewers = len(graph.submission), len(graph.count)
    return Beliefs(
        np.zeros(n),
        np.zeros(n),
        prior.precision.copy(),
        prior.shift.copy(),
        np.zeros((classes, reviewers)),
        np.zeros(reviewers),
        np.zeros(reviewers),
    )


def copied(beliefs: Beliefs) -> Beliefs:
    """Beliefs that may be changed without touching the others."""
    return Beliefs(*(getattr(beliefs, name).copy() for name in Beliefs.__slots__))


def sweep(
    graph: Graph, sites: Sites, alone: Floats, hyper: Hyper, prior: Anchored, beliefs: Beliefs
) -> Tally:
    """Renew `beliefs` once; `alone` (rogue classes, A) are log likelihoods without submission.

    Within a block numbers are single precision, which halves the time and moves no mean by more
    than 1e-8; what is summed up over sweeps is double.
    """
    groups = len(hyper.effect)
    tally = Tally(np.zeros(groups), np.zeros(groups))
    own = sites.variance + hyper.effect[:, None]
    with np.errstate(divide="ignore"):
        log_share = np.log(hyper.share)[:, None]
    tables = _Tables(
        sites.mean.astype(np.float32),
        own.astype(np.float32),
        sites.log_scale.astype(np.float32),
        hyper.effect.astype(np.float32)[:, None],
        np.float32(hyper.leniency),
        alone.astype(np.float32) + log_share[groups:].astype(np.float32),
        log_share[:groups].astype(np.float32),
    )
    for first, last in graph.blocks:
        _renew_block(graph, tables, beliefs, tally, slice(first, last))
    add_up(graph, prior, beliefs)
    return tally


def add_up(graph: Graph, prior: Anchored, beliefs: Beliefs) -> None:
    """Renew the submissions' totals from their prior and what the reviews say."""
    size = len(beliefs.total_precision)
    said = np.bincount(graph.submission, beliefs.precision, size)
    beliefs.total_precision[:] = prior.precision + said
    said = np.bincount(graph.submission, beliefs.shift, size)
    beliefs.total_shift[:] = prior.shift + said


@dataclass(frozen=True, slots=True)
class _Tables:
    """What a sweep looks up: per class and pattern (G, P) `mean`, `variance` with the review's
    own effect, `log_scale`; `effect`, `log_share` (G, 1); `alone` (rogue classes, A)."""

    mean: Singles
    variance: Singles
    log_scale: Singles
    effect: Singles
    leniency: np.float32
    alone: Singles
    log_share: Singles


def _renew_block(
    graph: Graph, tables: _Tables, beliefs: Beliefs, tally: Tally, reviewers: slice
) -> None:
    """Renew what concerns some reviewers and their reviews."""
    count, start = graph.count[reviewers], graph.start[reviewers]
    reviews = slice(int(start[0]), int(start[-1] + count[-1]))
    at, pattern = graph.submission[reviews], graph.pattern[reviews]
    others = beliefs.total_precision[at] - beliefs.precision[reviews]
    others_shift = beliefs.total_shift[at] - beliefs.shift[reviews]
    spread = (1.0 / others).astype(np.float32)

    own = tables.variance.take(pattern, axis=1, mode="clip")
    apart = tables.mean.take(pattern, axis=1, mode="clip")
    apart -= (others_shift / others).astype(np.float32)
    weight = 1.0 / (own + spread)
    pull = weight * apart
    evidence = np.log(weight)
    evidence -= pull * apart
    evidence *= 0.5
    evidence += tables.log_scale.take(pattern, axis=1, mode="clip")
    begin = start - reviews.start
    known = _of_reviewers(weight, begin) + np.float32(1.0) / tables.leniency
    drawn, evidence = _of_reviewers(pull, begin), _of_reviewers(evidence, begin)
    chance = _judge(tables, beliefs, reviewers, evidence, known, drawn)

    whose = np.repeat(np.arange(len(count)), count)
    rest = 1.0 / (known.take(whose, axis=1, mode="clip") - weight)
    away = drawn.take(whose, axis=1, mode="clip")
    away -= pull
    away *= rest
    np.subtract(apart, away, out=away)
    own += rest
    own += spread
    here = chance.take(whose, axis=1, mode="clip")
    first, second = _hear(tables, tally, here, 1.0 / own, away)

    variance = spread + spread * spread * (second - first * first)
    added = np.maximum(1.0 / variance - others, LEAST_GAIN * others)
    centre = (others_shift + first) / others
    beliefs.shift[reviews] = centre * (others + added) - others_shift
    beliefs.precision[reviews] = added


def _of_reviewers(each: Singles, begin: Ints) -> Singles:
    """Sums (G, A') over the reviews (G, n') of each reviewer, added up in double precision: the
    order of a reviewer's reviews, which is that of the submissions' numbers, must not show."""
    total: Singles = np.add.reduceat(each, begin, axis=1, dtype=np.float64).astype(np.float32)
    return total


def _judge(
    tables: _Tables,
    beliefs: Beliefs,
    reviewers: slice,
    evidence: Singles,
    known: Singles,
    drawn: Singles,
) -> Singles:
    """Note the class and leniency of reviewers; the chances of the noise classes, (G, A').

    `evidence`, `known`, `drawn` (G, A') are sums over their reviews: log likelihood at no
    leniency, precision of the leniency and its shift.
    """
    leniency = drawn / known
    evidence += 0.5 * (leniency * drawn - np.log(known * tables.leniency)) + tables.log_share
    chance = np.concatenate([evidence, tables.alone[:, reviewers]])
    chance -= chance.max(0)
    np.exp(chance, out=chance)
    chance /= chance.sum(0)
    beliefs.chance[:, reviewers] = chance / chance.sum(0, dtype=np.float64)
    informative: Singles = chance[: len(leniency)]
    square = leniency * leniency + 1.0 / known
    beliefs.leniency[reviewers] = np.einsum("ga,ga->a", informative, leniency)
    beliefs.leniency_square[reviewers] = np.einsum("ga,ga->a", informative, square)
    return informative


def _hear(
    tables: _Tables, tally: Tally, here: Singles, heard: Singles, away: Singles
) -> tuple[Singles, Singles]:
    """First two derivatives of the log likelihood of each review by its submission, (n',).

    `here` (G, n') chances of the classes, `heard` precision and `away` distance of what the
    review says from what the others say. Squared effects are added to the tally.
    """
    surprise = heard * away
    square = tables.effect * heard * (tables.effect * (surprise * away - 1.0)) + tables.effect
    square *= here
    tally.square[:] += square.sum(1, dtype=np.float64)
    tally.weight[:] += here.sum(1, dtype=np.float64)
    first: Singles = np.einsum("gn,gn->n", here, surprise)
    surprise *= surprise
    surprise -= heard
    second: Singles = np.einsum("gn,gn->n", here, surprise)
    return first, second
