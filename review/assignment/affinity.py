"""How well somebody fits a submission, as named terms with the weights its edition publishes.

Nothing here looks at declines, pauses or lapsed invitations: saying no never lowers anybody's
standing (INV-40).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from credentials.catalog.definition import FIT_WEIGHTS
from review.assignment.eligibility import Candidate, Matter
from review.assignment.terms import LOOKS, NEUTRAL, Term

MOST_REASONS = 4


@dataclass(frozen=True)
class Affinity:
    """How well somebody fits, from 0 to 1, and why."""

    total: float
    terms: tuple[Term, ...]


def affinity(candidate: Candidate, matter: Matter) -> Affinity:
    """Return the weighted fit of an eligible candidate; the weights add up to 1."""
    weights = normal_weights(matter.weights)
    terms = tuple(
        Term(name, found.value, weights[name], found.words, found.note)
        for name, found in ((name, look(candidate, matter)) for name, look in LOOKS.items())
    )
    return Affinity(min(sum(term.value * term.weight for term in terms), 1.0), terms)


def normal_weights(published: Mapping[str, float]) -> dict[str, float]:
    """Return a weight for every term, so that they add up to 1; a missing term weighs nothing."""
    total = sum(published.get(name, 0.0) for name in LOOKS)
    if total <= 0:
        return dict(FIT_WEIGHTS)
    return {name: published.get(name, 0.0) / total for name in LOOKS}


def reasons(terms: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return what a reviewer is told of why they are asked: what speaks for them most, first.

    `terms` are those kept with an invitation. What is neutral or speaks against them is left out.
    """
    speaking = [one for one in terms if one["value"] > NEUTRAL and one["weight"] > 0]
    speaking.sort(key=lambda one: -one["value"] * one["weight"])
    return tuple(one["words"] for one in speaking[:MOST_REASONS])
