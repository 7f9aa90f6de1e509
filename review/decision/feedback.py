"""What the learner is told about each criterion: level, reasons and agreement, never a name.

The reasons of one criterion are shown in an order drawn from their own digests, so that the
same reviewer is not recognisable by place from one criterion to the next (BR5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.digest import sha256_hex
from credentials.catalog.definition import EditionDefinition
from review.decision.record import settled_levels
from review.decision.rule import Agreement
from review.decision.states import Outcome
from review.decision.wording import agreement_sentence


@dataclass(frozen=True)
class Reason:
    """What one reviewer wrote on one criterion, and where in the evidence it shows."""

    text: str
    locator: str
    is_without_level: bool = False


@dataclass(frozen=True)
class CriterionFeedback:
    """One criterion as the learner reads it; `level` is None where it could change nothing."""

    key: str
    name: str
    level: int | None
    level_name: str
    descriptor: str
    pass_level: int
    is_passed: bool | None
    agreement: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class LearnerOutcome:
    """The whole answer, as the learner reads it."""

    is_granted: bool
    has_distinction: bool
    readers: str
    criteria: tuple[CriterionFeedback, ...]
    remarks: tuple[str, ...]

    @property
    def not_shown_yet(self) -> tuple[CriterionFeedback, ...]:
        """The criteria to work on."""
        return tuple(one for one in self.criteria if one.is_passed is False)


def learner_outcome(
    definition: EditionDefinition,
    outcome: str,
    result: Mapping[str, Any],
    readers: str,
    reasons: Mapping[str, Sequence[Reason]],
    remarks: Sequence[str],
) -> LearnerOutcome:
    """Compile the answer from a decision's stored result and the reviewers' own words.

    `readers` says who read it; `reasons` maps criterion key to what each reviewer wrote;
    `remarks` are overall feedback.
    """
    settled = {one["key"]: one for one in result["criteria"]}
    levels = settled_levels(result)
    is_granted = outcome == Outcome.GRANTED.value
    return LearnerOutcome(
        is_granted=is_granted,
        has_distinction=is_granted and definition.has_distinction(levels),
        readers=readers,
        criteria=tuple(
            _criterion(definition, one.key, settled[one.key], reasons.get(one.key, ()))
            for one in definition.criteria
        ),
        remarks=tuple(sorted((text for text in remarks if text), key=sha256_hex)),
    )


def _criterion(
    definition: EditionDefinition, key: str, settled: Mapping[str, Any], reasons: Sequence[Reason]
) -> CriterionFeedback:
    criterion = definition.criterion(key)
    level = settled["level"]
    return CriterionFeedback(
        key=key,
        name=criterion.name,
        level=level,
        level_name="" if level is None else definition.level_name(level),
        descriptor="" if level is None else criterion.descriptors[level],
        pass_level=criterion.pass_level,
        is_passed=settled["is_passed"],
        agreement=agreement_sentence(
            Agreement(settled["agreement"]), settled["levels_given"], len(reasons)
        ),
        reasons=tuple(
            sorted((r for r in reasons if r.text), key=lambda r: sha256_hex(key + r.text))
        ),
    )
