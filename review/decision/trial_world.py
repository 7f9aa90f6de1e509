"""Made-up work and reviewers whose right answers are known, to try a policy on before it is live.

On a latent scale where submissions have deviation one, a reviewer sees each criterion of a work
less their own severity, off by what carries a whole review away (halo) and by noise, and gives the
level between whose thresholds that lies. A few give levels without looking, or the top for
everything. The true level is what the middle one of all honest reviewers would give, which is what
the outcome rule comes to as more and more are asked. Everything follows from the seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import Invalid
from review.decision.rule import PassRule

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PASS_RATE = 0.65
LOWEST, HIGHEST = -1.5, 0.95  # the outer thresholds of the usual reviewers (design: judgement 3)
CARELESS_SD = 0.6
NOISE_LOG_SD = 0.35
LEARNED_CLASSES = 4  # of a stored fit: those of reviewers who looked at the work
SAMPLE = 20_000


@dataclass(frozen=True)
class Rubric:
    """The rule of an edition and the `values` of its levels, ascending."""

    rule: PassRule
    values: tuple[int, ...]

    def step_of(self, level: int) -> int:
        """How many thresholds lie below a level."""
        return self.values.index(level)


@dataclass(frozen=True)
class Setting:
    """How far reviewers lie apart, in deviations of the submissions.

    `severity` is between people, `halo` between reviews, `noise` within one, `criterion` between
    the criteria of a work; `careless` and `top` are shares of people. `thresholds` are one row per
    criterion, ascending.
    """

    severity: float
    halo: float
    noise: float
    criterion: float
    careless: float
    top: float
    thresholds: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class World:
    """Reviews of made-up work: `levels` (S, seats, criteria) in the rubric's values, by
    `reviewer` (S, seats), in the order in which they are asked; `truth` (S, criteria)."""

    rubric: Rubric
    levels: Ints
    reviewer: Ints
    truth: Ints
    reviewers: int


def usual(rubric: Rubric) -> Setting:
    """Peers as measured elsewhere, for work of which 65 % should pass what is required."""
    criteria, steps = len(rubric.rule.criteria), len(rubric.values) - 1
    row = tuple(np.linspace(LOWEST, HIGHEST, steps)) if steps != 3 else (LOWEST, -0.35, HIGHEST)
    plain = Setting(0.65, 0.55, 0.90, 0.45, 0.07, 0.03, (row,) * criteria)
    return _shifted(plain, rubric)


def learned(hyper: Mapping[str, Any], rubric: Rubric) -> Setting:
    """What a stored fit says of a badge's own reviewers; Invalid for what is no fit of it."""
    try:
        unit = float(hyper["submission"]) ** 0.5
        honest = sum(hyper["share"][:LEARNED_CLASSES])
        severity, residual = float(hyper["severity"]), float(hyper["residual"])
        reading = hyper["reading"]
        apart = reading["noise"] * reading["part"] / (1 - reading["part"])
        common = replace(
            usual(rubric),
            severity=severity**0.5 / unit,
            careless=0.7 * (1 - honest),
            top=0.3 * (1 - honest),
        )
        if hyper["kind"] != "levels":
            # The residual of a mean holds the halo and a part of the noise.
            left = residual / unit**2 - common.noise**2 / len(common.thresholds)
            return replace(common, halo=max(left, 0.0) ** 0.5)
        middle = float(hyper["centre"]) + float(reading["shift"])
        thresholds = (np.asarray(hyper["thresholds"], dtype=np.float64) - middle) / unit
        found = replace(
            common,
            halo=residual**0.5 / unit,
            noise=1 / unit,
            criterion=min(apart**0.5 / unit, 2.0),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise Invalid("The stored fit cannot be read.", "fit") from error
    if thresholds.shape != (len(rubric.rule.criteria), len(rubric.values) - 1):
        # A level that nobody ever gave has no threshold: those of elsewhere stand in.
        return _shifted(found, rubric)
    return replace(found, thresholds=tuple(tuple(row) for row in thresholds.tolist()))


def draw(
    setting: Setting, rubric: Rubric, *, seed: int, submissions: int, seats: int, reviewers: int
) -> World:
    """Draw that many submissions, each with `seats` reviews by people chosen at random.

    Raises Invalid when there are fewer people than seats.
    """
    if reviewers < seats:
        raise Invalid("There are fewer reviewers than one work may need.", "reviewers")
    rng = np.random.default_rng([seed, 10])
    criteria = len(setting.thresholds)
    severity = setting.severity * rng.standard_normal(reviewers)
    noise = setting.noise * np.exp(NOISE_LOG_SD * rng.standard_normal(reviewers))
    kind = rng.permutation(np.arange(reviewers) / reviewers)
    latent = _latent(setting, submissions, rng)
    chosen = rng.random((submissions, reviewers)).argpartition(seats - 1, axis=1)[:, :seats]
    shape = (submissions, seats, criteria)
    seen = latent[:, None, :] - severity[chosen][:, :, None]
    seen = seen + setting.halo * rng.standard_normal((submissions, seats, 1))
    seen = seen + noise[chosen][:, :, None] * rng.standard_normal(shape)
    levels = _leveled(seen, setting)
    guesses = _leveled(CARELESS_SD * rng.standard_normal(shape), setting)
    share = kind[chosen][:, :, None]
    levels = np.where(share < setting.careless, guesses, levels)
    levels = np.where(share >= 1 - setting.top, len(rubric.values) - 1, levels)
    values = np.asarray(rubric.values, dtype=np.int64)
    return World(rubric, values[levels], chosen, values[_leveled(latent, setting)], reviewers)


def _latent(setting: Setting, count: int, rng: np.random.Generator) -> Floats:
    """Latent values of `count` submissions per criterion, (count, criteria)."""
    whole = rng.standard_normal((count, 1))
    own: Floats = whole + setting.criterion * rng.standard_normal((count, len(setting.thresholds)))
    return own


def _leveled(seen: Floats, setting: Setting) -> Ints:
    """How many thresholds of its criterion each value (…, criteria) lies above."""
    steps: Ints = (seen[..., None] > np.array(setting.thresholds)).sum(-1)
    return steps


def _shifted(setting: Setting, rubric: Rubric) -> Setting:
    """The setting with all thresholds moved such that PASS_RATE pass all that is required."""
    lines = [
        setting.thresholds[place][rubric.step_of(one.pass_level) - 1]
        if one.is_required and rubric.step_of(one.pass_level) > 0
        else -np.inf
        for place, one in enumerate(rubric.rule.criteria)
    ]
    if not np.isfinite(lines).any():
        return setting
    latent = _latent(setting, SAMPLE, np.random.default_rng(65))
    room = (latent - np.array(lines)).min(1)
    shift = float(np.quantile(room, 1 - PASS_RATE))
    moved: Sequence[tuple[float, ...]] = [
        tuple(float(each + shift) for each in row) for row in setting.thresholds
    ]
    return replace(setting, thresholds=tuple(moved))
