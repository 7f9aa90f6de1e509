"""The record a decision rests on, as plain values, and the computation that anyone can repeat."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from core.digest import digest_of
from core.errors import Invalid
from credentials.catalog.definition import EditionDefinition
from review.decision.rule import (
    VERSION,
    Agreement,
    CriterionRule,
    PassMode,
    PassRule,
    Ruling,
    decide,
)

Levels = Mapping[str, int | None]
# Every version of the rule that a decision was ever made by.
RULES: Mapping[str, Callable[[PassRule, Sequence[Levels]], Ruling]] = {VERSION: decide}


@dataclass(frozen=True)
class SealedReview:
    """What one sealed review says: a level, or None for a `cannot_score`, per criterion."""

    review_id: str
    assignment_id: str
    digest: str
    levels: dict[str, int | None]


def pass_rule_of(definition: EditionDefinition) -> PassRule:
    """Return the pass rule that an edition pins (INV-04)."""
    rule = definition.pass_rule
    return PassRule(
        criteria=tuple(
            CriterionRule(
                key=one.key,
                pass_level=one.pass_level,
                is_required=one.required or one.must_pass,
                weight=Fraction(str(one.weight)),
                is_must_pass=one.must_pass,
            )
            for one in definition.criteria
        ),
        mode=PassMode(rule.mode),
        electives_needed=rule.electives_needed or 0,
        mean_needed=None if rule.mean_needed is None else Fraction(str(rule.mean_needed)),
    )


def inputs_of(edition_digest: str, reviews: Sequence[SealedReview]) -> dict[str, Any]:
    """Return what the computation takes in, in an order that does not depend on arrival."""
    ordered = sorted(reviews, key=lambda review: review.digest)
    return {
        "edition": edition_digest,
        "reviews": [{"digest": one.digest, "levels": one.levels} for one in ordered],
    }


def ruling_of(
    definition: EditionDefinition, inputs: dict[str, Any], version: str = VERSION
) -> Ruling:
    """Compute the ruling from stored inputs alone, by the version of the rule that made it.

    Raises Invalid for a version that this installation does not know.
    """
    rule = RULES.get(version)
    if rule is None:
        raise Invalid(f"This version of Assay does not know the rule {version}.", "rule_version")
    return rule(pass_rule_of(definition), [review["levels"] for review in inputs["reviews"]])


def result_of(ruling: Ruling) -> dict[str, Any]:
    """Return a ruling as the plain value that is stored with a decision."""
    return {
        "outcome": ruling.outcome,
        "criteria": [asdict(one) for one in ruling.criteria],
    }


def settled_levels(result: Mapping[str, Any]) -> dict[str, int]:
    """Return the level of each criterion that a stored result has one for."""
    return {one["key"]: one["level"] for one in result["criteria"] if one["level"] is not None}


def have_all_agreed(result: Mapping[str, Any]) -> bool:
    """Return whether the reviewers agreed on every criterion of a stored result."""
    return all(one["agreement"] == Agreement.ALL_AGREED.value for one in result["criteria"])


def fingerprint(inputs: dict[str, Any], result: dict[str, Any], rule_version: str) -> str:
    """Return the digest by which a stored decision and its recomputation are compared."""
    return digest_of({"inputs": inputs, "result": result, "rule": rule_version})
