"""All that is known after a fit, and the answers it gives about submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import ndtr

from review.decision.consensus.criteria import (
    Deviations,
    Leans,
    chance_of_all,
    find_deviations,
    lean_of_mean,
    leans_of_scores,
)
from review.decision.consensus.engine import Fitted
from review.decision.consensus.learning import NOISE
from review.decision.consensus.messages import Anchored, Hyper
from review.decision.consensus.ordinal import Library, Scale, Sites, make_slopes
from review.decision.consensus.patterns import pattern_keys
from review.decision.consensus.prepared import Prepared
from review.decision.consensus.reading import curve_of
from review.decision.consensus.readout import Curve, in_points
from review.decision.consensus.reviews import Floats, Ints

LEAST_SAID = 1e-9
# From so many on, whole arrays are copied once; until then only what changed is kept.
MOST_LATER = 256
SUMS = 5  # of a submission's reviews, beside those of its criteria
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Heard:
    """Sums over the reviews of each submission, (U,): `precision` and `shift` with the prior,
    `count`, `raw` points and `credible` reviews; and the `deviations` of its criteria. `later`
    holds what the sums of some submissions have become since then, as rows of all of it."""

    precision: Floats
    shift: Floats
    count: Floats
    raw: Floats
    credible: Floats
    deviations: Deviations
    later: Mapping[int, Floats] = field(default_factory=dict)

    def of(self, which: Ints) -> Heard:
        """The sums of some submissions as they are now, in arrays of their own."""
        criteria = self.deviations.lean.shape[1]
        rows = np.empty((len(which), SUMS + 2 * criteria))
        for place, sums in enumerate(self._sums()):
            rows[:, place] = sums[which]
        rows[:, SUMS:-criteria] = self.deviations.lean[which]
        rows[:, -criteria:] = self.deviations.weight[which]
        if self.later:
            for place, number in enumerate(which.tolist()):
                if number in self.later:
                    rows[place] = self.later[number]
        return self._from(rows)

    def renewed(self, which: Ints, fresh: Heard) -> Heard:
        """These sums with those of `which` as they are in `fresh`."""
        leans = fresh.deviations
        rows = np.column_stack([*fresh._sums(), leans.lean, leans.weight])
        later = {**self.later, **dict(zip(which.tolist(), rows, strict=True))}
        renewed = replace(self, later=later)
        if len(later) <= MOST_LATER:
            return renewed
        return renewed.of(np.arange(len(self.count)))

    def _sums(self) -> tuple[Floats, ...]:
        return self.precision, self.shift, self.count, self.raw, self.credible

    def _from(self, rows: Floats) -> Heard:
        """From rows (t, SUMS + 2 criteria)."""
        criteria = self.deviations.lean.shape[1]
        old = self.deviations
        leans = Deviations(rows[:, SUMS:-criteria], rows[:, -criteria:], old.part, old.noise)
        precision, shift, count, raw, credible = rows.T[:SUMS]
        return Heard(precision, shift, count, raw, credible, leans)


@dataclass(frozen=True, slots=True)
class Jury:
    """Reviewers as the fit left them: `chance` (G, R) of the noise classes, `leniency` (R,) with
    its `variance`, if they are informative."""

    chance: Floats
    leniency: Floats
    variance: Floats


@dataclass(frozen=True, slots=True)
class State:
    """What was heard, who said it, and how it is read. `curve` turns a latent submission into
    points, `strict` does for one criterion; `shift` is what anchors took off every review;
    `scale`, `library`, `values`, `offsets` are how levels are read."""

    heard: Heard
    prior: Anchored
    is_anchor: Floats
    jury: Jury
    hyper: Hyper
    curve: Curve
    strict: Curve
    scale: Scale | None
    library: Library | None
    values: Floats
    offsets: Floats
    shift: float
    cut: float | None
    pass_levels: Sequence[float] | None

    def of(self, which: Ints) -> State:
        """What is known of some submissions, which are numbered anew."""
        prior = Anchored(self.prior.precision[which], self.prior.shift[which])
        is_anchor = self.is_anchor[which]
        return replace(self, heard=self.heard.of(which), prior=prior, is_anchor=is_anchor)

    def renewed(self, which: Ints, fresh: State) -> State:
        """The same with what is known of `which` as in `fresh`."""
        return replace(self, heard=self.heard.renewed(which, fresh.heard))


def state_of(
    prepared: Prepared,
    fitted: Fitted,
    n_reviewers: int,
    cut: float | None,
    pass_levels: Sequence[float] | None,
) -> State:
    """The state after a fit."""
    heard = _heard(prepared, fitted)
    deviations = heard.deviations
    is_anchor = np.zeros(prepared.n_submissions, dtype=np.float64)
    is_anchor[prepared.anchored] = 1.0
    return State(
        heard=heard,
        prior=fitted.prior,
        is_anchor=is_anchor,
        jury=_jury(prepared, fitted, n_reviewers),
        hyper=fitted.hyper,
        curve=curve_of(prepared, fitted.reading, fitted.hyper, deviations.settled),
        strict=curve_of(prepared, fitted.reading, fitted.hyper, deviations.variance),
        scale=fitted.reading.scale,
        library=_library(prepared, fitted),
        values=prepared.patterns.values,
        offsets=prepared.offsets,
        shift=fitted.reading.shift,
        cut=cut,
        pass_levels=pass_levels,
    )


def _library(prepared: Prepared, fitted: Fitted) -> Library | None:
    """Patterns met in the fit, without the shift of anchors."""
    patterns, reading = prepared.patterns, fitted.reading
    if reading.scale is None:
        return None
    levels = np.append(patterns.values, np.nan)[patterns.codes]
    keys = pattern_keys(levels, patterns.values)
    if keys is None:
        return None
    order = np.argsort(keys)
    mean = reading.sites.mean[:, order] + reading.shift
    sites = Sites(mean, reading.sites.variance[:, order], reading.sites.log_scale[:, order])
    slopes = make_slopes(patterns.codes[order], reading.scale)
    return Library(keys[order], sites, slopes)


def _heard(prepared: Prepared, fitted: Fitted) -> Heard:
    size, at = prepared.n_submissions, prepared.graph.submission
    scale, patterns = fitted.reading.scale, prepared.patterns
    if scale is None:
        leans = leans_of_scores(prepared.levels, prepared.offsets)
    else:
        leans = Leans(make_slopes(patterns.codes, scale), patterns.of_review, 1.0)
    return Heard(
        precision=fitted.beliefs.total_precision,
        shift=fitted.beliefs.total_shift,
        count=np.bincount(at, minlength=size).astype(np.float64),
        raw=np.bincount(at, prepared.raw, size).astype(np.float64),
        credible=np.bincount(at, fitted.credible, size).astype(np.float64),
        deviations=find_deviations(leans, at, fitted.credible, size),
    )


def _jury(prepared: Prepared, fitted: Fitted, n_reviewers: int) -> Jury:
    hyper, beliefs, groups = fitted.hyper, fitted.beliefs, len(NOISE)
    chance = np.repeat(hyper.share[:groups, None], n_reviewers, axis=1)
    chance /= chance.sum(0)
    leniency, variance = np.zeros(n_reviewers), np.full(n_reviewers, hyper.leniency)
    found = beliefs.chance[:groups]
    honest = np.maximum(found.sum(0), LEAST_SAID)
    mean = beliefs.leniency / honest
    chance[:, prepared.active] = found
    leniency[prepared.active] = mean
    variance[prepared.active] = np.maximum(
        beliefs.leniency_square / honest - mean**2, LEAST_SAID * hyper.leniency
    )
    return Jury(chance, leniency, variance)


def answers(state: State, which: Ints) -> dict[str, Floats]:
    """The submissions' part of a consensus, for the submissions `which`."""
    if len(which) <= CHUNK:
        return _answer(state, which)
    parts = [_answer(state, part) for part in np.array_split(which, len(which) // CHUNK + 1)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _answer(state: State, which: Ints) -> dict[str, Floats]:
    heard, curve = state.heard, state.curve
    precision, shift = heard.precision[which], heard.shift[which]
    variance, latent = 1.0 / precision, shift / precision
    deviations = heard.deviations.of(which)
    push, more = lean_of_mean(curve, deviations, latent)
    push *= 1.0 - state.is_anchor[which]
    whole = np.sqrt(variance + more)
    mean, sd = in_points(curve, latent + push, whole)
    below = np.zeros_like(latent)
    if state.cut is not None:
        below = ndtr((float(curve.latent(np.array(state.cut))) - latent - push) / whole)
    passing = 1.0 - below
    if state.pass_levels is not None:
        passing = chance_of_all(
            state.strict, deviations, latent, np.sqrt(variance), state.pass_levels, below
        )
    return {
        "raw_mean": _raw_mean(state, which),
        "adjusted_mean": curve.points(_flat(state, which, latent) + push),
        "mean": mean,
        "sd": sd,
        "p_pass": passing,
        "credible_reviews": heard.credible[which],
    }


def _raw_mean(state: State, which: Ints) -> Floats:
    count = state.heard.count[which]
    otherwise = float(state.curve.points(np.array(state.hyper.centre)))
    return np.where(count > 0, state.heard.raw[which] / np.maximum(count, 1.0), otherwise)


def _flat(state: State, which: Ints, latent: Floats) -> Floats:
    """Latent estimates without the pull to other submissions; anchors as they are held."""
    said = state.heard.precision[which] - state.prior.precision[which]
    shift = state.heard.shift[which] - state.prior.shift[which]
    is_free = (said > LEAST_SAID * state.prior.precision[which]) & (state.is_anchor[which] == 0)
    flat: Floats = np.where(is_free, shift / np.where(is_free, said, 1.0), latent)
    return flat
