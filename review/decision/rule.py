"""The outcome rule: raw levels in, outcome per criterion and overall out, by pencil if need be.

Per criterion, two reviewers on the same side of the pass level settle it and the lower level
is reported; otherwise the median of all levels decides, and an even number of levels whose
middle two straddle the pass level settles nothing. A `cannot_score` is no level at all. The
order of the reviews never matters, no figure is rounded, and raising a level never turns a
pass into a fail. An elective that nothing settles leaves the outcome open only where it could
change it; a mean wants every level (design: judgement, "The decision rule"; domain 2.2;
INV-17, 19-22).
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
    """What all criteria together demand; Invalid for a rule that could not be applied.

    A required criterion must pass in every mode. Beside that, `electives_needed` of the others
    pass, or the mean of all levels by weight reaches `mean_needed`.
    """

    criteria: tuple[CriterionRule, ...]
    mode: PassMode = PassMode.ALL_REQUIRED
    electives_needed: int = 0
    mean_needed: Fraction | None = None

    def __post_init__(self) -> None:
        """Refuse what would pass everything, or nothing, whatever the levels say."""
        reason = _fault_of(self)
        if reason:
            raise Invalid(reason, "pass_rule")

    @property
    def required(self) -> frozenset[str]:
        """The criteria that nothing makes up for."""
        return frozenset(one.key for one in self.criteria if one.is_required)


@dataclass(frozen=True)
class CriterionOutcome:
    """What the levels of one criterion add up to; `level` is None while not settled."""

    key: str
    level: int | None
    is_passed: bool | None
    agreement: Agreement
    levels_given: int

    @property
    def is_straddled(self) -> bool:
        """Whether the levels that were given lie on both sides, so that nothing is settled."""
        return self.level is None and self.levels_given >= ENOUGH


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

    Raises Invalid when a review lacks a criterion, names one that the rule does not know, or
    holds what is no level.
    """
    keys = {criterion.key for criterion in rule.criteria}
    for review in reviews:
        if set(review) != keys:
            raise Invalid("Every review needs a level, or a reason for none, on each criterion.")
        if not all(_is_answer(level) for level in review.values()):
            raise Invalid("A level is a whole number from 1 upwards.")
    outcomes = tuple(
        criterion_outcome(criterion, (review[criterion.key] for review in reviews))
        for criterion in rule.criteria
    )
    return Ruling(_overall(rule, outcomes) if len(reviews) >= ENOUGH else None, outcomes)


def _fault_of(rule: PassRule) -> str | None:
    keys = [one.key for one in rule.criteria]
    if not keys or len(set(keys)) < len(keys):
        return "A pass rule needs criteria, and each of them once."
    if any(one.is_must_pass and not one.is_required for one in rule.criteria):
        return "A criterion that must pass is a required one."
    if rule.mode is PassMode.ALL_REQUIRED and not rule.required:
        return "No criterion is required, so everything would pass."
    if rule.mode is PassMode.K_OF_ELECTIVES and rule.electives_needed < 1:
        return "A pass rule with electives must say how many of them are needed."
    if rule.mode is PassMode.WEIGHTED_MEAN:
        if rule.mean_needed is None:
            return "A pass rule by mean must say which mean is needed."
        if any(one.weight <= 0 for one in rule.criteria):
            return "Every weight in a mean must be above 0."
    return None


def _is_answer(level: object) -> bool:
    return level is None or (type(level) is int and level >= 1)


def _middle(ordered: Sequence[int]) -> Sequence[int]:
    half = len(ordered) // 2
    return ordered[half : half + 1] if len(ordered) % 2 else ordered[max(half - 1, 0) : half + 1]


def _overall(rule: PassRule, outcomes: Sequence[CriterionOutcome]) -> Outcome | None:
    unsettled = {one.key for one in outcomes if one.level is None}
    if unsettled & rule.required:
        return None
    passed = {one.key for one in outcomes if one.is_passed}
    if not rule.required <= passed:
        return Outcome.NOT_YET
    is_met = _is_met_beside(rule, outcomes, electives=len(passed - rule.required))
    if is_met is None:
        return None
    return Outcome.GRANTED if is_met else Outcome.NOT_YET


def _is_met_beside(
    rule: PassRule, outcomes: Sequence[CriterionOutcome], *, electives: int
) -> bool | None:
    """Return whether what the mode asks for beside the required criteria is met, None if open.

    `electives` is how many of the others passed.
    """
    levels = {one.key: one.level for one in outcomes if one.level is not None}
    unsettled = len(outcomes) - len(levels)
    if rule.mode is PassMode.K_OF_ELECTIVES:
        is_open = electives < rule.electives_needed <= electives + unsettled
        return None if is_open else electives >= rule.electives_needed
    if rule.mode is PassMode.WEIGHTED_MEAN and rule.mean_needed is not None:
        return None if unsettled else _mean_of(rule, levels) >= rule.mean_needed
    return True


def _mean_of(rule: PassRule, levels: Mapping[str, int]) -> Fraction:
    """Return the mean of all levels by weight, in whole fractions: nothing is rounded."""
    total = sum((one.weight * levels[one.key] for one in rule.criteria), Fraction(0))
    return total / sum((one.weight for one in rule.criteria), Fraction(0))
