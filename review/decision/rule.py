"""The outcome rule: raw levels in, outcome per criterion and overall out, by pencil if need be.

Per criterion, two reviewers on the same side of the pass level settle it and the lower level
is reported; otherwise the median of all levels decides, and an even number of levels whose
middle two straddle the pass level settles nothing. A `cannot_score` is no level at all. The
order of the reviews never matters, no figure is rounded, and raising a level never turns a
pass into a fail (design: judgement, "The decision rule"; domain 2.2; INV-17, 19-22).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.errors import Invalid
from review.decision.states import Outcome

VERSION = "rule/1"
ENOUGH = 2


class PassMode(StrEnum):
    """How the criteria combine."""

    ALL_REQUIRED = "all_required"
    K_OF_ELECTIVES = "k_of_electives"
    WEIGHTED_MEAN = "weighted_mean"


class Agreement(StrEnum):
    """How a criterion came to be settled, in terms that are safe to show the learner."""

    ALL_AGREED = "all_agreed"
    MAJORITY = "majority"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True)
class CriterionRule:
    """What one criterion demands; `weight` counts only where a mean does.

    A criterion that must be passed is required in every mode; `is_must_pass` tells it apart for
    what happens when reviewers lie far apart on it.
    """

    key: str
    pass_level: int
    is_required: bool = True
    weight: Fraction = Fraction(1)
    is_must_pass: bool = False


@dataclass(frozen=True)
class PassRule:
    """What all criteria together demand."""

    criteria: tuple[CriterionRule, ...]
    mode: PassMode = PassMode.ALL_REQUIRED
    electives_needed: int = 0
    mean_needed: Fraction | None = None


@dataclass(frozen=True)
class CriterionOutcome:
    """What the levels of one criterion add up to; `level` is None while not settled."""

    key: str
    level: int | None
    is_passed: bool | None
    agreement: Agreement
    levels_given: int


@dataclass(frozen=True)
class Ruling:
    """The outcome of a submission; `outcome` is None where there is not enough to say."""

    outcome: Outcome | None
    criteria: tuple[CriterionOutcome, ...]

    @property
    def not_settled(self) -> tuple[str, ...]:
        """The criteria that want another reviewer."""
        return tuple(one.key for one in self.criteria if one.level is None)

    @property
    def levels(self) -> dict[str, int]:
        """The settled level of each criterion."""
        return {one.key: one.level for one in self.criteria if one.level is not None}


def criterion_outcome(rule: CriterionRule, levels: Iterable[int | None]) -> CriterionOutcome:
    """Return what the levels of one criterion add up to; None stands for a `cannot_score`."""
    given = sorted(level for level in levels if level is not None)
    middle = _middle(given)
    sides = {level >= rule.pass_level for level in middle}
    if len(given) < ENOUGH or len(sides) != 1:
        return CriterionOutcome(rule.key, None, None, Agreement.NOT_SETTLED, len(given))
    everyone = {level >= rule.pass_level for level in given}
    agreement = Agreement.ALL_AGREED if len(everyone) == 1 else Agreement.MAJORITY
    return CriterionOutcome(rule.key, middle[0], sides.pop(), agreement, len(given))


def decide(rule: PassRule, reviews: Sequence[Mapping[str, int | None]]) -> Ruling:
    """Return the ruling over sealed reviews, each a level or None for every criterion.

    Raises Invalid when a review lacks a criterion or names one that the rule does not know.
    """
    keys = {criterion.key for criterion in rule.criteria}
    for review in reviews:
        if set(review) != keys:
            raise Invalid("Every review needs a level, or a reason for none, on each criterion.")
    outcomes = tuple(
        criterion_outcome(criterion, (review[criterion.key] for review in reviews))
        for criterion in rule.criteria
    )
    return Ruling(_overall(rule, outcomes), outcomes)


def _middle(ordered: Sequence[int]) -> Sequence[int]:
    half = len(ordered) // 2
    return ordered[half : half + 1] if len(ordered) % 2 else ordered[max(half - 1, 0) : half + 1]


def _overall(rule: PassRule, outcomes: Sequence[CriterionOutcome]) -> Outcome | None:
    if any(one.level is None for one in outcomes):
        return None
    passed = {one.key for one in outcomes if one.is_passed}
    required = {one.key for one in rule.criteria if one.is_required}
    checks = [required <= passed]
    if rule.mode is PassMode.K_OF_ELECTIVES:
        checks.append(len(passed - required) >= rule.electives_needed)
    if rule.mode is PassMode.WEIGHTED_MEAN:
        checks.append(_mean_reached(rule, outcomes))
    return Outcome.GRANTED if all(checks) else Outcome.NOT_YET


def _mean_reached(rule: PassRule, outcomes: Sequence[CriterionOutcome]) -> bool:
    if rule.mean_needed is None:
        raise Invalid("A pass rule by mean must say which mean is needed.", "pass_rule")
    weights = {one.key: one.weight for one in rule.criteria}
    total = sum((weights[one.key] * (one.level or 0) for one in outcomes), Fraction(0))
    return total >= rule.mean_needed * sum(weights.values(), Fraction(0))
