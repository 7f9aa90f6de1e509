"""How well somebody fits a submission, as named terms with the weights its edition publishes.

Nothing here looks at declines, pauses or lapsed invitations: saying no never lowers anybody's
standing (INV-40).
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from credentials.catalog.policy_defaults import FIT_WEIGHTS
from review.assignment.eligibility import Candidate, Matter
from review.assignment.terms import LOOKS, NEUTRAL, Term

MOST_REASONS = 4
# What a fit owes to the work at hand; all else is the same for every work of a badge.
OF_WORK = ("sector", "topics")
STEADY = tuple(name for name in LOOKS if name not in OF_WORK)


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


class Fits:
    """Totals for many people and many works of one moment; what is the same is read once.

    The same numbers as `affinity` gives, without its words.
    """

    def __init__(self) -> None:
        self._kinds: dict[Hashable, _Kind] = {}

    def of(self, matter: Matter) -> Callable[[Candidate], float]:
        """Return what tells how well somebody fits a work, from 0 to 1."""
        key = (
            matter.badge_id,
            matter.language,
            matter.competencies,
            matter.topics,
            matter.workload_hours,
            matter.read_at,
            matter.common,
            tuple(sorted(matter.weights.items())),
        )
        kind = self._kinds.setdefault(key, _Kind(normal_weights(matter.weights)))
        return lambda candidate: kind.total(candidate, matter)


class _Kind:
    """Works that differ in their sector and their setting alone."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights
        self._steady: dict[str, float] = {}
        self._of_work: dict[Hashable, float] = {}

    def total(self, candidate: Candidate, matter: Matter) -> float:
        who = candidate.person_id
        if who not in self._steady:
            self._steady[who] = self._weighed(STEADY, candidate, matter)
        # Without topics of their own, the setting of the work changes nothing.
        work = (
            (who, matter.sector, matter.setting, matter.hidden)
            if candidate.topics
            else (who, matter.sector)
        )
        if work not in self._of_work:
            self._of_work[work] = self._weighed(OF_WORK, candidate, matter)
        return min(self._steady[who] + self._of_work[work], 1.0)

    def _weighed(self, names: Iterable[str], candidate: Candidate, matter: Matter) -> float:
        return sum(LOOKS[name](candidate, matter).value * self._weights[name] for name in names)


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
