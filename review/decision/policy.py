"""What happens next: release, ask one more reviewer, or go to people; reasons are values."""

from dataclasses import dataclass
from enum import StrEnum

from review.decision.rule import Ruling


class NextStep(StrEnum):
    """What a concluded round leads to."""

    RELEASE = "release"
    ONE_MORE_REVIEWER = "one_more_reviewer"
    COMMITTEE = "committee"


class ReasonCode(StrEnum):
    """Why."""

    SETTLED = "settled"
    STRADDLE = "straddle"
    TOO_FEW_LEVELS = "too_few_levels"
    NO_MORE_REVIEWERS = "no_more_reviewers"


@dataclass(frozen=True)
class Reason:
    """One reason, about one criterion or, with an empty key, about the whole."""

    code: ReasonCode
    criterion: str = ""


@dataclass(frozen=True)
class Advice:
    """The next step and the reasons for it."""

    step: NextStep
    reasons: tuple[Reason, ...]


def advise(ruling: Ruling, *, reviews: int, max_reviews: int) -> Advice:
    """Return what to do after `reviews` sealed reviews, of at most `max_reviews`."""
    if ruling.outcome is not None:
        return Advice(NextStep.RELEASE, (Reason(ReasonCode.SETTLED),))
    reasons = tuple(
        Reason(
            ReasonCode.TOO_FEW_LEVELS if one.levels_given < 2 else ReasonCode.STRADDLE,
            one.key,
        )
        for one in ruling.criteria
        if one.level is None
    )
    if reviews < max_reviews:
        return Advice(NextStep.ONE_MORE_REVIEWER, reasons)
    return Advice(NextStep.COMMITTEE, (*reasons, Reason(ReasonCode.NO_MORE_REVIEWERS)))
