"""How sure the model of all reviews is of one submission: plain values that compute again for life.

What the model says is rounded before anything is made of it, so that another machine, whose last
bits differ, comes to the same. Every version of the model stays in `MODELS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from core.digest import digest_of
from core.errors import Invalid
from credentials.catalog.definition import EditionDefinition
from review.decision.consensus import Reviews, fit
from review.decision.consensus.passing import Wanted
from review.decision.consensus.stored import MODEL_VERSION, answer, frozen, model_of
from review.decision.policy import Advice, Confidence, advise
from review.decision.record import SealedReview, inputs_of, pass_rule_of, ruling_of
from review.decision.rule import VERSION, PassMode, PassRule, Ruling

CHANCE_DECIMALS = 4
CREDIBLE_DECIMALS = 3
Plain = Mapping[str, Any]
Levels = Mapping[str, int | None]
Model = Callable[
    [Plain, Sequence[tuple[Sequence[float | None], Plain]], Wanted], tuple[float, float]
]
MODELS: Mapping[str, Model] = {MODEL_VERSION: answer}
# What the model takes in beside the levels, all of it kept with the decision.
BASIS = ("model", "fit", "family_reviews", "hyper", "reviewers")


@dataclass(frozen=True)
class Family:
    """What is known of a badge family: the model's version, the digest of the fit, from how many
    reviews it comes, its plain values and each person's, by id."""

    version: str
    digest: str
    reviews: int
    hyper: Plain
    reviewers: Mapping[str, Plain]


@dataclass(frozen=True)
class Weighed:
    """What sealed reviews add up to: the plain inputs, the ruling and the next step."""

    inputs: dict[str, Any]
    ruling: Ruling
    advice: Advice


def family_of(badge_id: str, definition: EditionDefinition) -> str:
    """Return the name of an edition's family: one badge, as long as its rubric stays the same.

    The rubric's criteria by key and in order, and the values of its levels, make the family;
    where the pass levels lie does not.
    """
    return digest_of(
        {
            "badge": badge_id,
            "criteria": [one.key for one in definition.criteria],
            "levels": sorted(level.value for level in definition.levels),
        }
    )


def wanted_of(definition: EditionDefinition) -> Wanted:
    """Return what passing takes under an edition, as the model asks for it."""
    rule = pass_rule_of(definition)
    values = sorted(level.value for level in definition.levels)
    return Wanted(
        lines=[_line(one.pass_level, values) for one in rule.criteria],
        required=[one.is_required for one in rule.criteria],
        weights=[float(one.weight) for one in rule.criteria],
        electives_needed=rule.electives_needed if rule.mode is PassMode.K_OF_ELECTIVES else 0,
        mean_needed=_mean_of(rule),
    )


def stated(
    definition: EditionDefinition,
    reviews: Sequence[SealedReview],
    writers: Mapping[str, str],
    family: Family | None,
) -> dict[str, Any] | None:
    """Return how sure the model is of some sealed reviews, with all that it takes in.

    `writers` gives the person's id for a review's digest; no id goes into the answer. Without a
    `family` the reviews are held against what is usual everywhere. None where no review has a
    level in it.
    """
    keys = [one.key for one in definition.criteria]
    rows = {one.digest: [one.levels[key] for key in keys] for one in reviews}
    if not any(level is not None for row in rows.values() for level in row):
        return None
    known = family or _unknown(list(rows.values()))
    basis = {
        "model": known.version,
        "fit": known.digest,
        "family_reviews": known.reviews,
        "hyper": dict(known.hyper),
        "reviewers": {
            digest: frozen(known.reviewers.get(writers[digest]), known.hyper)
            for digest in sorted(rows)
        },
    }
    return answered(basis, definition, {one.digest: one.levels for one in reviews})


def answered(
    basis: Plain, definition: EditionDefinition, levels: Mapping[str, Levels]
) -> dict[str, Any]:
    """Return a stored basis with what its model says of `levels`, by review digest.

    Raises Invalid for a version of the model that this installation does not know.
    """
    model = MODELS.get(basis["model"])
    if model is None:
        raise Invalid(f"This version of Assay does not know the model {basis['model']}.", "model")
    keys = [one.key for one in definition.criteria]
    told = [
        ([said[key] for key in keys], basis["reviewers"][digest]) for digest, said in levels.items()
    ]
    p_pass, credible = model(basis["hyper"], told, wanted_of(definition))
    return {
        **basis,
        "p_pass": round(p_pass, CHANCE_DECIMALS),
        "credible_reviews": round(credible, CREDIBLE_DECIMALS),
    }


def weigh(
    definition: EditionDefinition,
    edition_digest: str,
    reviews: Sequence[SealedReview],
    said: Plain | None,
    *,
    is_adjudicated: bool,
    rule_version: str = VERSION,
) -> Weighed:
    """Return what sealed reviews add up to, and what follows from it.

    `said` is how sure the model is, as `stated` gives it, or None where it has no say. What
    would have followed without it is kept beside it.
    """
    inputs = inputs_of(edition_digest, reviews)
    ruling = ruling_of(definition, inputs, rule_version)

    def advice(confidence: Confidence | None) -> Advice:
        return advise(
            pass_rule_of(definition),
            ruling,
            [one.levels for one in reviews],
            is_adjudicated=is_adjudicated,
            policy=definition.review_policy,
            confidence=confidence,
        )

    without = advice(None)
    if said is None:
        return Weighed(inputs, ruling, without)
    inputs["confidence"] = {**said, "without": plain_advice(without)}
    return Weighed(inputs, ruling, advice(confidence_of(said)))


def confidence_of(said: Plain) -> Confidence:
    """Return what the policy asks of how sure the model is."""
    return Confidence(said["p_pass"], said["credible_reviews"], said["family_reviews"])


def plain_advice(advice: Advice) -> dict[str, Any]:
    """Return an advice as the plain value that is stored."""
    return {"step": advice.step.value, "reasons": [asdict(one) for one in advice.reasons]}


def _line(pass_level: int, values: Sequence[int]) -> float:
    """Half-way between the pass level and the level below it; the lowest level is always met."""
    lower = [value for value in values if value < pass_level]
    return (pass_level + max(lower)) / 2 if lower else float("-inf")


def _mean_of(rule: PassRule) -> float | None:
    if rule.mode is not PassMode.WEIGHTED_MEAN or rule.mean_needed is None:
        return None
    return float(rule.mean_needed)


def _unknown(rows: Sequence[Sequence[int | None]]) -> Family:
    """What is usual everywhere, around the reviews themselves (design: judgement 6)."""
    said = [row for row in rows if any(level is not None for level in row)]
    levels = np.array(said, dtype=np.float64)
    numbers = np.arange(len(said))
    alone = fit(Reviews(np.zeros_like(numbers), numbers, levels, 1, len(said)))
    return Family(MODEL_VERSION, "", 0, model_of(alone), {})
