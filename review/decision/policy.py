"""What happens next: release, ask one more reviewer, or go to people; reasons are values.

The outcome itself is `rule`'s alone; nothing here turns it round. One more reviewer is asked
while a criterion is not settled, and once, before anything is final, when the first reviewers
are far apart on a required criterion or one of them could not score what another could
(design: judgement, "The decision rule"; domain 2.2).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from review.decision.rule import PassRule, Ruling

FAR_APART = 2


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
    FAR_APART = "far_apart"
    CONTESTED_CANNOT_SCORE = "contested_cannot_score"
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


def advise(
    rule: PassRule,
    ruling: Ruling,
    reviews: Sequence[Mapping[str, int | None]],
    *,
    is_adjudicated: bool,
    max_reviews: int,
) -> Advice:
    """Return what to do with a ruling over some sealed reviews, of at most `max_reviews`.

    `is_adjudicated` says that one more reviewer than planned has been heard already: then only
    what is still not settled asks for another, and a must-pass criterion on which levels lie
    two or more apart goes to people.
    """
    unsettled = _unsettled(ruling)
    disputed = tuple(_disputed(rule, reviews, must_pass_only=is_adjudicated))
    if not unsettled and not disputed:
        return Advice(NextStep.RELEASE, (Reason(ReasonCode.SETTLED),))
    reasons = (*unsettled, *(one for one in disputed if one.criterion not in ruling.not_settled))
    if is_adjudicated and not unsettled:
        return Advice(NextStep.COMMITTEE, reasons)
    if len(reviews) < max_reviews:
        return Advice(NextStep.ONE_MORE_REVIEWER, reasons)
    return Advice(NextStep.COMMITTEE, (*reasons, Reason(ReasonCode.NO_MORE_REVIEWERS)))


def _unsettled(ruling: Ruling) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            ReasonCode.TOO_FEW_LEVELS if one.levels_given < 2 else ReasonCode.STRADDLE,
            one.key,
        )
        for one in ruling.criteria
        if one.level is None
    )


def _disputed(
    rule: PassRule, reviews: Sequence[Mapping[str, int | None]], *, must_pass_only: bool
) -> Iterator[Reason]:
    """Yield what calls for another look although the levels add up."""
    for criterion in rule.criteria:
        if not criterion.is_required or (must_pass_only and not criterion.is_must_pass):
            continue
        levels = [review[criterion.key] for review in reviews]
        given = [level for level in levels if level is not None]
        if given and max(given) - min(given) >= FAR_APART:
            yield Reason(ReasonCode.FAR_APART, criterion.key)
        elif given and len(given) < len(levels) and not must_pass_only:
            yield Reason(ReasonCode.CONTESTED_CANNOT_SCORE, criterion.key)
