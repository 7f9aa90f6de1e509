"""A fit as plain values, and what those say of the reviews of one submission, for life.

The reviewers are held as the fit left them, and whoever it did not know is taken for usual. The
position of the submission is found by the same messages as in the fit, its criteria lean as they
do there, and the chance to pass is an integral over both, without draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import Invalid
from review.decision.consensus.criteria import Deviations
from review.decision.consensus.fitting import Consensus
from review.decision.consensus.kept import NOT_KEPT, Kept
from review.decision.consensus.learning import NOISE, usual_noise
from review.decision.consensus.online import said_by
from review.decision.consensus.ordinal import Sites, make_sites, make_slopes
from review.decision.consensus.passing import Position, Wanted, chance_to_pass
from review.decision.consensus.patterns import find_patterns
from review.decision.consensus.reviews import Floats

MODEL_VERSION = "consensus/1"
DECIMALS = 9
LEAST_NOISE = 10.0**-DECIMALS  # so that it is not rounded to nothing
# Messages are renewed half at a time, so that two far-apart reviews do not swing; forty rounds
# leave nothing that four decimals would show.
ROUNDS = 40
STEP = 0.5
FROZEN = ("chance", "leniency", "variance")

Plain = Mapping[str, Any]
Levels = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class _Model:
    """A stored fit, read: what the family is like and how its levels are read."""

    kept: Kept
    offsets: Floats
    shift: float
    part: float
    noise: float

    @classmethod
    def read(cls, plain: Plain) -> _Model:
        kept = Kept.read(plain)
        try:
            reading = plain["reading"]
            numbers = [float(reading[name]) for name in ("shift", "part", "noise")]
            known = cls(kept, np.asarray(reading["offsets"], dtype=np.float64), *numbers)
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(NOT_KEPT, "hyper") from error
        is_finite = np.isfinite(known.offsets).all() and np.isfinite(known.shift)
        if not (is_finite and 0 < known.part < 1 and 0 < known.noise < np.inf):
            raise Invalid(NOT_KEPT, "hyper")
        return known


def model_of(consensus: Consensus) -> dict[str, Any]:
    """The family's part of a fit: its `hyper`, good as priors, with how levels are read."""
    state = consensus.state
    deviations = state.heard.deviations
    reading = {
        "offsets": state.offsets.tolist(),
        "shift": state.shift,
        "part": deviations.part,
        "noise": max(deviations.noise, LEAST_NOISE),
    }
    plain: dict[str, Any] = _rounded({**consensus.hyper, "reading": reading})
    return plain


def reviewers_of(consensus: Consensus) -> list[dict[str, Any]]:
    """The reviewers' part of a fit, in the order of their numbers.

    `chance` of the noise classes, `leniency` and its `variance` are what the model takes in;
    `severity` with `severity_sd` in points, `noise` and `p_informative` are for people.
    """
    jury = consensus.state.jury
    return [
        _rounded(
            {
                "chance": jury.chance[:, number].tolist(),
                "leniency": float(jury.leniency[number]),
                "variance": float(jury.variance[number]),
                "severity": float(consensus.severity[number]),
                "severity_sd": float(consensus.severity_sd[number]),
                "noise": float(consensus.noise[number]),
                "p_informative": float(consensus.p_informative[number]),
            }
        )
        for number in range(len(jury.leniency))
    ]


def frozen(reviewer: Plain | None, model: Plain) -> dict[str, Any]:
    """What the model takes in of one reviewer; of somebody it does not know, what is usual."""
    if reviewer is not None:
        return {name: reviewer[name] for name in FROZEN}
    hyper = Kept.read(model).hyper
    usual = {"chance": usual_noise(hyper.share).tolist(), "leniency": 0.0}
    plain: dict[str, Any] = _rounded({**usual, "variance": hyper.leniency})
    return plain


def answer(
    model: Plain, reviews: Sequence[tuple[Levels, Plain]], wanted: Wanted
) -> tuple[float, float]:
    """The chance that one submission passes, and how many of its reviews are credible.

    Each review is its levels in the order of the criteria, None where there is no level, with
    the `frozen` part of who gave it. Neither their order nor anybody's name matters, to the last
    bit. Raises `Invalid` for a model that is no stored fit or has other criteria.
    """
    known = _Model.read(model)
    if any(len(levels) != len(known.offsets) for levels, _ in reviews):
        raise Invalid("The reviews have other criteria than the fit.", "levels")
    told = sorted((one for one in reviews if any(x is not None for x in one[0])), key=_content)
    levels = _as_met(np.array([one for one, _ in told], dtype=np.float64), known)
    levels = levels.reshape(len(told), len(known.offsets))
    chance = np.array([one["chance"] for _, one in told]).reshape(len(told), len(NOISE)).T
    credible = np.minimum(chance.sum(0), 1.0)
    sites, lean, weight = _read(known, levels, credible)
    leniency = np.array([one["leniency"] for _, one in told], dtype=np.float64)
    variance = np.array([one["variance"] for _, one in told], dtype=np.float64)
    own = sites.variance + known.kept.hyper.effect[:, None] + variance
    mean, deviation = _place(known, sites.mean - leniency, own, chance)
    weight += (1.0 / known.part - 1.0) / known.noise
    leans = Deviations(lean[None, :], weight[None, :], known.part, known.noise)
    position = Position(mean, deviation, leans)
    passing = chance_to_pass(position, wanted, known.kept, known.offsets)
    return passing, float(credible.sum())


def _content(review: tuple[Levels, Plain]) -> tuple[Any, ...]:
    """By what a review is put in order: all that is taken in of it, and nothing else."""
    levels, who = review
    return (
        [-1.0 if level is None else float(level) for level in levels],
        list(who["chance"]),
        who["leniency"],
        who["variance"],
    )


def _as_met(levels: Floats, known: _Model) -> Floats:
    """Levels that the fit never met stand for the nearest one that it did, the lower of two."""
    if known.kept.scale is None:
        return levels
    values = known.kept.values
    middles = (values[1:] + values[:-1]) / 2.0
    nearest = values[np.searchsorted(middles, np.nan_to_num(levels), side="left")]
    met: Floats = np.where(np.isnan(levels), np.nan, nearest)
    return met


def _read(known: _Model, levels: Floats, credible: Floats) -> tuple[Sites, Floats, Floats]:
    """Sites (G, n) of the reviews, and how they lean and with what weight, (criteria,)."""
    scale = known.kept.scale
    if scale is None:
        seen = ~np.isnan(levels)
        apart = np.where(seen, levels - known.offsets, 0.0)
        score = apart.sum(1) / np.maximum(seen.sum(1), 1)
        lean = np.where(seen, apart - score[:, None], 0.0) / known.noise
        none = np.zeros((len(NOISE), len(score)))
        sites = Sites(none + score - known.shift, none, none)
        return sites, credible @ lean, credible @ (seen / known.noise)
    patterns = find_patterns(levels, known.kept.values)
    of, slopes = patterns.of_review, make_slopes(patterns.codes, scale)
    sites = make_sites(patterns.codes, scale, NOISE)
    sites = Sites(sites.mean[:, of] - known.shift, sites.variance[:, of], sites.log_scale[:, of])
    scaled = credible / known.noise
    return sites, scaled @ slopes.score[of], scaled @ slopes.information[of]


def _place(known: _Model, mean: Floats, own: Floats, chance: Floats) -> tuple[float, float]:
    """Latent mean and deviation of the submission, from its reviews' `mean` and `own` variance
    per noise class (G, n)."""
    hyper = known.kept.hyper
    prior = 1.0 / hyper.submission
    said, shift = np.zeros(mean.shape[1]), np.zeros(mean.shape[1])
    for _ in range(ROUNDS):
        others = prior + said.sum() - said
        others_shift = prior * hyper.centre + shift.sum() - shift
        fresh, fresh_shift = said_by(mean, own, chance, others, others_shift)
        said += STEP * (fresh - said)
        shift += STEP * (fresh_shift - shift)
    precision = prior + float(said.sum())
    middle = (prior * hyper.centre + float(shift.sum())) / precision
    return middle, precision**-0.5


def _rounded(plain: Any) -> Any:
    """Numbers at nine decimals, without a negative zero: the same after any way through JSON."""
    if isinstance(plain, float):
        return round(plain, DECIMALS) + 0.0
    if isinstance(plain, list):
        return [_rounded(one) for one in plain]
    if isinstance(plain, dict):
        return {name: _rounded(one) for name, one in plain.items()}
    return plain
