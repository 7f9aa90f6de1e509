"""Hyper-parameters of a badge family as plain values, kept from one fit to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import Invalid
from review.decision.consensus.learning import NOISE, usual_noise
from review.decision.consensus.messages import Hyper
from review.decision.consensus.ordinal import Scale
from review.decision.consensus.reviews import Floats
from review.decision.consensus.rogues import CLASSES

Priors = Mapping[str, Any]
LEVELS, SCORES = "levels", "scores"
SHARES_OFF = 1e-6
NOT_KEPT = "The priors are not the hyper-parameters of a fit."


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier fit learned; `scale` is None where it read mean scores. `values` (K,)."""

    hyper: Hyper
    scale: Scale | None
    values: Floats

    @classmethod
    def read(cls, priors: Priors) -> Kept:
        """From what `written` made; raises `Invalid` for anything else."""
        try:
            hyper = Hyper(
                float(priors["centre"]),
                float(priors["submission"]),
                float(priors["severity"]),
                np.asarray(priors["effect"], dtype=np.float64),
                np.asarray(priors["share"], dtype=np.float64),
            )
            scale = None
            if priors["kind"] == LEVELS:
                thresholds = np.asarray(priors["thresholds"], dtype=np.float64)
                scale = Scale(thresholds, float(priors["position_variance"]))
            values = np.asarray(priors["values"], dtype=np.float64)
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(NOT_KEPT, "priors") from error
        if not (_is_sound(hyper) and np.isfinite(values).all() and _is_ordered(scale)):
            raise Invalid(NOT_KEPT, "priors")
        return cls(hyper, scale, values)

    def fits(self, criteria: int, values: Floats) -> bool:
        """Whether the thresholds are those of `criteria` criteria and levels `values` (K,)."""
        return (
            self.scale is not None
            and self.scale.thresholds.shape == (criteria, len(values) - 1)
            and np.array_equal(self.values, values)
        )


def _is_sound(hyper: Hyper) -> bool:
    """Whether there is a finite, positive variance for each class and a share for each."""
    variances = np.concatenate([[hyper.submission, hyper.leniency], hyper.effect])
    shares = hyper.share
    return (
        hyper.effect.shape == (len(NOISE),)
        and shares.shape == (len(NOISE) + CLASSES,)
        and bool(np.isfinite(variances).all() and (variances > 0).all())
        and bool((shares >= 0).all() and abs(float(shares.sum()) - 1.0) < SHARES_OFF)
        and bool(np.isfinite(hyper.centre))
    )


def _is_ordered(scale: Scale | None) -> bool:
    """Whether thresholds ascend on every criterion, behind positions that vary."""
    return scale is None or bool(
        scale.thresholds.ndim == 2
        and np.isfinite(scale.thresholds).all()
        and (np.diff(scale.thresholds, axis=1) >= 0).all()
        and 0 < scale.position_variance < np.inf
    )


def written(hyper: Hyper, scale: Scale | None, values: Floats) -> dict[str, Any]:
    """Plain values, ready for JSON: variances on the model's own scale, and shares of classes.

    `residual` is the usual variance of a review's own effect, without the noise of its levels.
    """
    plain: dict[str, Any] = {
        "kind": SCORES if scale is None else LEVELS,
        "centre": hyper.centre,
        "submission": hyper.submission,
        "severity": hyper.leniency,
        "residual": float(usual_noise(hyper.share) @ hyper.effect),
        "effect": hyper.effect.tolist(),
        "share": hyper.share.tolist(),
        "values": values.tolist(),
    }
    if scale is not None:
        plain["thresholds"] = scale.thresholds.tolist()
        plain["position_variance"] = scale.position_variance
    return plain
