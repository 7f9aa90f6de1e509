"""What a badge family teaches: variances and shares, by expectation maximisation.

The start comes from pairs: two reviews of one submission share the submission, two by one
reviewer share the leniency. The small steps of EM are lengthened by Aitken's rule every third
sweep, which brings some 40 sweeps down to about a dozen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from review.decision.consensus import rogues
from review.decision.consensus.messages import Anchored, Beliefs, Graph, Hyper, Tally
from review.decision.consensus.reviews import Floats, Ints

# Variance within a review against the usual one; three, four or six classes measured alike.
NOISE = np.array([0.5, 1.0, 2.0, 4.0])
USUAL = 1
# Means of scores tell noisy reviewers badly, and with a wide prior they were told wrongly.
LOG_NOISE_SPREAD, LOG_NOISE_SPREAD_SCORES = 0.7, 0.35
# Submission, severity and the rest in a family that is too small to ask (design: judgement 6).
DEFAULT_PARTS = np.array([0.30, 0.15, 0.55])
DEFAULT_REVIEWS = 10.0
FAMILY_REVIEWS = 30.0
SMALLEST = 1e-4
# About 7 % of simulated reviewers do not read; a family moves away from that only as it grows.
ROGUE_SHARE = np.array([0.02, 0.02, 0.015, 0.015])
ROGUE_REVIEWERS = 40.0
EFFECT_REVIEWS = 50.0
EFFECT_PART = 0.2
FEWEST_PAIRS = 10
LARGEST_RATE = 0.9
LONGEST_JUMP = 0.5
KNOWN = 1e4  # precision of an anchor, in precisions of the submissions' prior


def class_prior(is_ordinal: bool) -> Floats:
    """Shares of the classes before any review: log-normal noise, then the rogue classes."""
    spread = LOG_NOISE_SPREAD if is_ordinal else LOG_NOISE_SPREAD_SCORES
    noise = np.exp(-0.5 * (np.log(NOISE) / spread) ** 2)
    rogue = ROGUE_SHARE.copy()
    if not is_ordinal:
        rogue[[rogues.RANDOM, rogues.STRAIGHT]] = 0.0
    return np.concatenate([noise / noise.sum() * (1.0 - rogue.sum()), rogue])


def usual_noise(share: Floats) -> Floats:
    """Shares of the noise classes among the informative, (G,)."""
    part = share[: len(NOISE)] + SMALLEST**2
    usual: Floats = part / part.sum()
    return usual


@dataclass(frozen=True, slots=True)
class Learnable:
    """Whether submissions and reviewers repeat often enough to tell their variances."""

    submission: bool
    leniency: bool


def learnable(graph: Graph, n_submissions: int) -> Learnable:
    """Ten pairs at least."""
    met = np.bincount(graph.submission, minlength=n_submissions)
    return Learnable(
        int((met > 1).sum()) >= FEWEST_PAIRS, int((graph.count > 1).sum()) >= FEWEST_PAIRS
    )


def start(
    position: Floats, graph: Graph, n_submissions: int, whole: float, is_ordinal: bool
) -> Hyper:
    """First guess from pairs of positions (n,); `whole` is the variance of positions."""
    centre = 0.0 if is_ordinal else float(position.mean())
    whose = np.repeat(np.arange(len(graph.count)), graph.count)
    apart = position - float(position.mean())
    parts = DEFAULT_PARTS * whole
    can = learnable(graph, n_submissions)
    if can.submission:
        parts[0] = np.clip(_pairs(apart, graph.submission), 0.05 * whole, 0.9 * whole)
    if can.leniency:
        parts[1] = np.clip(_pairs(apart, whose), 0.02 * whole, 0.6 * whole)
    effect = max(whole - parts[0] - parts[1], 0.1 * whole)
    effects = np.full(len(NOISE), effect) if is_ordinal else effect * NOISE
    return Hyper(centre, float(parts[0]), float(parts[1]), effects, class_prior(is_ordinal))


def _pairs(apart: Floats, group: Ints) -> float:
    """Mean product of two different members of a group."""
    total, square = np.bincount(group, apart), np.bincount(group, apart * apart)
    size = np.bincount(group)
    return float((total * total - square).sum() / (size * (size - 1)).sum())


def renew(
    hyper: Hyper, beliefs: Beliefs, tally: Tally, free: Ints, can: Learnable, is_ordinal: bool
) -> Hyper:
    """One EM step; `free` numbers the submissions that have reviews and are no anchors."""
    groups = len(NOISE)
    variance = 1.0 / beliefs.total_precision[free]
    mean = beliefs.total_shift[free] * variance
    centre = float(mean.mean()) if len(free) else hyper.centre
    submission, leniency = hyper.submission, hyper.leniency
    if can.submission and len(free):
        mean -= centre
        mean *= mean
        submission = float(variance.mean() + mean.mean())
    honest = float(beliefs.chance[:groups].sum())
    if can.leniency:
        leniency = (float(beliefs.leniency_square.sum()) + hyper.leniency) / (honest + 1.0)
    return Hyper(
        centre,
        submission,
        leniency,
        _effects(tally, is_ordinal),
        _shares(beliefs.chance, is_ordinal),
    )


def _effects(tally: Tally, is_ordinal: bool) -> Floats:
    """Variance of a review's effect per class: its own if levels tell the classes apart already,
    pulled to what is common; else one variance, scaled by the class."""
    weight = max(float(tally.weight.sum()), 1.0)
    if not is_ordinal:
        return NOISE * float((tally.square / NOISE).sum() / weight)
    pull = EFFECT_REVIEWS + EFFECT_PART * weight
    common = float(tally.square.sum()) / weight
    effects: Floats = (tally.square + pull * common) / (tally.weight + pull)
    return effects


def _shares(chance: Floats, is_ordinal: bool) -> Floats:
    """Shares of the classes: half from the reviewers, half from the log-normal of noise; rogues
    as if 40 more reviewers had been seen."""
    groups, prior = len(NOISE), class_prior(is_ordinal)
    seen = chance.sum(1)
    noise = seen[:groups] + (seen[:groups].sum() + 1.0) * usual_noise(prior)
    rogue = (seen[groups:] + ROGUE_REVIEWERS * prior[groups:]) / (chance.shape[1] + ROGUE_REVIEWERS)
    return np.concatenate([noise / noise.sum() * (1.0 - rogue.sum()), rogue])


@dataclass(frozen=True, slots=True)
class Pull:
    """What the family is drawn to, and how strongly, between 0 and 1; `least` is the smallest
    variance to believe in."""

    target: Hyper
    strength: float
    least: float
    has_centre: bool

    @classmethod
    def to_kept(cls, kept: Hyper, n: int, *, is_frozen: bool) -> Pull:
        """To what an earlier fit found, as if it were 30 reviews; all of it in a small family."""
        strength = 1.0 if is_frozen else FAMILY_REVIEWS / (n + FAMILY_REVIEWS)
        return cls(kept, strength, SMALLEST * kept.submission, True)

    @classmethod
    def to_default(
        cls, hyper: Hyper, whole: float, n: int, is_ordinal: bool, *, is_frozen: bool
    ) -> Pull:
        """To the usual parts of the `whole` variance, as if it were 10 reviews; a small family
        does not know its own centre either."""
        parts = DEFAULT_PARTS * whole
        if is_frozen:
            parts[0] += whole / n
        effect = np.full(len(NOISE), parts[2]) if is_ordinal else parts[2] * NOISE
        target = Hyper(
            hyper.centre, float(parts[0]), float(parts[1]), effect, class_prior(is_ordinal)
        )
        strength = 1.0 if is_frozen else DEFAULT_REVIEWS / (n + DEFAULT_REVIEWS)
        return cls(target, strength, SMALLEST * whole, False)

    def apply(self, hyper: Hyper) -> Hyper:
        """Variances drawn on a log scale, the centre on its own."""

        def drawn(here: float, there: float) -> float:
            return float(max(here, self.least) ** (1.0 - self.strength) * there**self.strength)

        centre = self.strength * self.target.centre if self.has_centre else 0.0
        keep = 1.0 - self.strength if self.has_centre else 1.0
        old = np.maximum(hyper.effect, self.least) ** (1.0 - self.strength)
        share = (1.0 - self.strength) * hyper.share + self.strength * self.target.share
        return Hyper(
            keep * hyper.centre + centre,
            drawn(hyper.submission, self.target.submission),
            drawn(hyper.leniency, self.target.leniency),
            old * self.target.effect**self.strength,
            share,
        )


class Trail:
    """The way of the hyper-parameters, and Aitken's leap along it; `unit` measures the centre.

    Aitken's delta-squared (1926): three steps whose length shrinks by a steady rate tell where
    they would end. Leaps are bounded, since early rates are rough.
    """

    def __init__(self, unit: float) -> None:
        self._unit = unit
        self._steps: list[Floats] = []
        self._last: Floats | None = None

    def advance(self, hyper: Hyper) -> tuple[Hyper, float]:
        """The next hyper-parameters and the largest change, on a log scale."""
        here = self._as_steps(hyper)
        change = np.inf if self._last is None else float(np.abs(here - self._last).max())
        self._last = here
        self._steps.append(here)
        if len(self._steps) < 3:
            return hyper, change
        first, second = self._steps[1] - self._steps[0], self._steps[2] - self._steps[1]
        self._steps = []
        rate = np.divide(second, first, out=np.zeros_like(first), where=first != 0)
        rate = np.clip(rate, 0.0, LARGEST_RATE)
        leap = np.clip(second * rate / (1.0 - rate), -LONGEST_JUMP, LONGEST_JUMP)
        self._last = here + leap
        return self._from_steps(self._last, hyper), change

    def _as_steps(self, hyper: Hyper) -> Floats:
        variances = np.concatenate([[hyper.submission, hyper.leniency], hyper.effect])
        return np.concatenate([[hyper.centre / self._unit], np.log(variances)])

    def _from_steps(self, steps: Floats, hyper: Hyper) -> Hyper:
        variances = np.exp(steps[1:])
        return Hyper(
            float(steps[0] * self._unit),
            float(variances[0]),
            float(variances[1]),
            variances[2:],
            hyper.share,
        )


def prior_of(hyper: Hyper, n_submissions: int, anchored: Ints, at: Floats) -> Anchored:
    """The submissions' prior, with `anchored` submissions held at latent `at`."""
    precision = np.full(n_submissions, 1.0 / hyper.submission)
    shift = precision * hyper.centre
    precision[anchored] = KNOWN / hyper.submission
    shift[anchored] = precision[anchored] * at
    return Anchored(precision, shift)
