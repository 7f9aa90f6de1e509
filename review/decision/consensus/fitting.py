"""What the reviews of a badge family say together: the scoring model.

`fit` reads each review's vector of levels as one latent position with its own precision, and
crosses submissions with reviewers' leniency, noise class and the chance that they did not look at
the work at all. It answers in points: adjusted means, how sure they are, and the chance to pass.
It decides nothing; `policy` does. Same input, same output: there is no randomness in it.

Families with one criterion, with levels that are not few, or with too few reviews to place the
thresholds are read by their mean scores: the same model with a straight line for the thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from core.errors import Invalid
from review.decision.consensus.anchors import Anchors
from review.decision.consensus.engine import Fitted, run
from review.decision.consensus.kept import Priors, written
from review.decision.consensus.learning import NOISE, usual_noise
from review.decision.consensus.online import heard_more
from review.decision.consensus.prepared import Prepared, prepare
from review.decision.consensus.reviews import Floats, Reviews
from review.decision.consensus.state import MOST_LATER, State, answers, state_of

LEAST_HONEST = 1e-9
OF_SUBMISSIONS = ("raw_mean", "adjusted_mean", "mean", "sd", "p_pass", "credible_reviews")


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the reviews of a family say together. Nothing in it is ever NaN.

    Per submission (U,), in points: `raw_mean`; `adjusted_mean`, what average reviewers would have
    given, with no pull to other submissions; posterior `mean` and `sd`; the chance `p_pass`; and
    `credible_reviews`, how many of its reviews were informative.

    Per reviewer (R,): `severity` in points below an average reviewer, so positive is harsher and
    negative kinder, with `severity_sd`; `noise`, their deviation against the usual one; and
    `p_informative`, the chance that they looked at the work.

    `hyper` are the family's variances and shares, to be kept as `priors`; `converged` is False
    where the sweeps ended before the figures stood still; `state` is what `update` needs.

    A submission without reviews gets the family's mean and spread and no credible review; a
    reviewer without reviews gets what is usual.
    """

    raw_mean: Floats
    adjusted_mean: Floats
    mean: Floats
    sd: Floats
    p_pass: Floats
    credible_reviews: Floats
    severity: Floats
    severity_sd: Floats
    noise: Floats
    p_informative: Floats
    hyper: dict[str, Any]
    iterations: int
    converged: bool
    state: State = field(repr=False, compare=False)


def fit(
    reviews: Reviews,
    *,
    cut: float | None = None,
    pass_levels: Sequence[float] | None = None,
    anchors: Anchors | None = None,
    priors: Priors | None = None,
    seed: int = 0,
) -> Consensus:
    """Fit the model to the `reviews` of one badge family.

    `cut` is a threshold on the mean level, `pass_levels` one per criterion (NaN for none); with
    neither, everything passes. `anchors` maps a submission to the committee's levels. `priors` is
    the `hyper` of an earlier fit, for small families. `seed` changes nothing: the fit is exact in
    its steps. Raises `Invalid` when there is nothing to read. Look at `converged`.
    """
    del seed
    _refuse_pass_levels(pass_levels, reviews.levels.shape[1], cut)
    prepared = prepare(reviews, anchors, priors)
    fitted = run(prepared)
    state = state_of(prepared, fitted, reviews.n_reviewers, cut, pass_levels)
    return Consensus(
        **answers(state, np.arange(reviews.n_submissions)),
        **_reviewers(reviews.n_reviewers, prepared, fitted),
        hyper=written(fitted.hyper, fitted.reading.scale, prepared.patterns.values),
        iterations=fitted.iterations,
        converged=fitted.converged,
        state=state,
    )


def update(consensus: Consensus, new_reviews: Reviews) -> Consensus:
    """Take in sealed reviews without a new fit: reviewers and family stay as they were.

    Numbers mean what they meant in the fit; a level or a criterion that it never saw raises
    `Invalid`. New reviews are weighed against the state before any of them, so their order does
    not matter. Refit at night.
    """
    state, part, touched = heard_more(consensus.state, new_reviews)
    if not len(touched):
        return consensus
    fresh = answers(part, np.arange(len(touched)))
    rows = np.column_stack([fresh[name] for name in OF_SUBMISSIONS])
    return _renewed(consensus, dict(zip(touched.tolist(), rows, strict=True)), state)


OTHERS = tuple(one.name for one in fields(Consensus) if one.name not in {*OF_SUBMISSIONS, "state"})


class _Renewed(Consensus):
    """A consensus after updates: what changed is kept apart from the `base`, as `rows` by
    submission, so that one review costs as much in a large family as in a small one. An array is
    made whole when it is first asked for."""

    __slots__ = ("base", "rows")
    base: Consensus
    rows: dict[int, Floats]

    def __getattr__(self, name: str) -> Floats:
        """Called for an array that nobody asked for yet."""
        if name not in OF_SUBMISSIONS:
            raise AttributeError(name)
        array: Floats = getattr(self.base, name).copy()
        place = OF_SUBMISSIONS.index(name)
        array[list(self.rows)] = [row[place] for row in self.rows.values()]
        object.__setattr__(self, name, array)
        return array


def _renewed(before: Consensus, rows: dict[int, Floats], state: State) -> Consensus:
    """The consensus `before` with other `rows`, in the order of OF_SUBMISSIONS, for some."""
    base = before
    if isinstance(before, _Renewed):
        base, rows = before.base, {**before.rows, **rows}
    made = object.__new__(_Renewed)
    for name in OTHERS:
        object.__setattr__(made, name, getattr(base, name))
    for name, value in (("state", state), ("base", base), ("rows", rows)):
        object.__setattr__(made, name, value)
    if len(rows) <= MOST_LATER:
        return made
    return replace(base, **{name: getattr(made, name) for name in OF_SUBMISSIONS}, state=state)


def _refuse_pass_levels(
    pass_levels: Sequence[float] | None, criteria: int, cut: float | None
) -> None:
    if pass_levels is not None and len(pass_levels) != criteria:
        raise Invalid("There must be one pass level per criterion.", "pass_levels")
    if cut is not None and not np.isfinite(cut):
        raise Invalid("The cut must be a number.", "cut")


def _reviewers(n_reviewers: int, prepared: Prepared, fitted: Fitted) -> dict[str, Floats]:
    """The reviewers' part of a consensus; who has no reviews gets what is usual."""
    hyper, beliefs, opened = fitted.hyper, fitted.beliefs, fitted.open_chance
    curve, groups, active = fitted.curve, len(NOISE), prepared.active
    centre, lower = curve.points(hyper.centre - np.array([0.0, 0.1]))
    slope = float(centre - lower) / 0.1
    honest = opened[:groups].sum(0)
    spread = np.maximum(beliefs.leniency_square - beliefs.leniency**2, 0.0)
    spread += np.maximum(1.0 - beliefs.chance[:groups].sum(0), 0.0) * hyper.leniency
    severity, noise = np.zeros(n_reviewers), np.ones(n_reviewers)
    severity_sd = np.full(n_reviewers, slope * np.sqrt(hyper.leniency))
    informative = np.full(n_reviewers, float(hyper.share[:groups].sum()))
    severity[active] = centre - curve.points(hyper.centre + beliefs.leniency)
    severity_sd[active] = slope * np.sqrt(spread)
    is_told = honest > LEAST_HONEST  # the levels of others say nothing of how they would read
    usual = float(np.sqrt(NOISE) @ usual_noise(hyper.share))
    spreads = np.sqrt(NOISE) @ opened[:groups] / usual
    noise[active] = np.where(is_told, spreads / np.where(is_told, honest, 1.0), 1.0)
    informative[active] = np.minimum(honest, 1.0)
    return {
        "severity": severity,
        "severity_sd": severity_sd,
        "noise": noise,
        "p_informative": informative,
    }
