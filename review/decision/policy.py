"""What happens next: release, ask one more reviewer, or go to people; reasons are values.

The outcome itself is `rule`'s alone; nothing here turns it round. One more reviewer is asked
while a criterion that could change the outcome is not settled, and once, before anything is
final, when the first reviewers are far apart on a required criterion or one of them could not
score what another could. An elective that nothing settles, and that could change nothing, is
left open: nobody is asked for its sake alone. Where
it is known how likely the work is to pass, one more is asked as well while that is not sure, or
sure of the opposite; and when no more may be asked, people decide (design: judgement, "The
decision rule"; domain 2.2).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Invalid
from credentials.catalog.definition import ReviewPolicy
from review.decision.rule import PassRule, Ruling, decide
from review.decision.states import Outcome

FAR_APART = 2
# Two reviews at least must be credible. Their number is an expected one: two newcomers, who may
# each be careless, come to about 1.8 and are two; one of them found out leaves fewer than this.
CREDIBLE_NEEDED = 1.5


class NextStep(StrEnum):
    """What a concluded round leads to."""

    RELEASE = "release"
    ONE_MORE_REVIEWER = "one_more_reviewer"
    COMMITTEE = "committee"


class ReasonCode(StrEnum):
    """Why."""

    SETTLED = "settled"
    CONFIRMED = "confirmed"
    APPEALED = "appealed"
    TOO_FEW_REVIEWS = "too_few_reviews"
    STRADDLE = "straddle"
    TOO_FEW_LEVELS = "too_few_levels"
    FAR_APART = "far_apart"
    CONTESTED_CANNOT_SCORE = "contested_cannot_score"
    TOO_FEW_CREDIBLE = "too_few_credible"
    NEAR_THE_LINE = "near_the_line"
    MODEL_DISAGREES = "model_disagrees"
    NO_MORE_REVIEWERS = "no_more_reviewers"
    LEFT_OPEN = "left_open"


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


@dataclass(frozen=True)
class Confidence:
    """How sure a model of all reviews is that one work passes; Invalid for an impossible figure.

    `p_pass` is the probability between 0 and 1, `credible_reviews` how many of the work's
    reviews are expected to tell something about it, and `family_reviews` how many reviews of
    the badge the model has learnt from.
    """

    p_pass: float
    credible_reviews: float
    family_reviews: int

    def __post_init__(self) -> None:
        """Refuse what a model that went astray would say, not-a-number included."""
        if not 0 <= self.p_pass <= 1:
            raise Invalid("A probability lies between 0 and 1.", "p_pass")
        if not 0 <= self.credible_reviews < float("inf"):
            raise Invalid("A number of reviews is 0 or more.", "credible_reviews")
        if self.family_reviews < 0:
            raise Invalid("A number of reviews is 0 or more.", "family_reviews")


def advise(
    rule: PassRule,
    ruling: Ruling,
    reviews: Sequence[Mapping[str, int | None]],
    *,
    is_adjudicated: bool,
    policy: ReviewPolicy,
    confidence: Confidence | None = None,
    is_appealed: bool = False,
) -> Advice:
    """Return what to do with a ruling over some sealed reviews, under an edition's policy.

    `is_adjudicated` says that one more reviewer than planned has been heard already: then only
    what is still not settled or not sure asks for another, and a must-pass criterion on which
    levels lie two or more apart goes to people. `confidence` is None where no model knows the
    badge yet. Raises Invalid for a ruling that is not the one of these very levels.
    """
    if ruling != decide(rule, reviews):
        raise Invalid("An outcome rests on the levels as the reviewers gave them.")
    if is_appealed:
        return Advice(NextStep.COMMITTEE, (Reason(ReasonCode.APPEALED),))
    unsettled = tuple(_unsettled(ruling)) if ruling.outcome is None else ()
    disputed = tuple(_disputed(rule, ruling, reviews, must_pass_only=is_adjudicated))
    doubts = () if unsettled else tuple(_doubts(ruling, confidence, policy))
    too_few = len(reviews) < policy.reviewers
    reasons = (
        *((Reason(ReasonCode.TOO_FEW_REVIEWS),) if too_few else ()),
        *unsettled,
        *disputed,
        *doubts,
    )
    if not reasons:
        return Advice(NextStep.RELEASE, _reasons_to_release(ruling, confidence))
    if is_adjudicated and disputed and not unsettled:
        return Advice(NextStep.COMMITTEE, reasons)
    if len(reviews) < policy.max_reviews:
        return Advice(NextStep.ONE_MORE_REVIEWER, reasons)
    return Advice(NextStep.COMMITTEE, (*reasons, Reason(ReasonCode.NO_MORE_REVIEWERS)))


def sure_of(confidence: Confidence, policy: ReviewPolicy) -> Outcome | None:
    """Return the outcome that a probability is sure of, None between the two bounds."""
    deny_below, grant_above = band(confidence, policy)
    if confidence.p_pass >= grant_above:
        return Outcome.GRANTED
    return Outcome.NOT_YET if confidence.p_pass <= deny_below else None


def band(confidence: Confidence, policy: ReviewPolicy) -> tuple[float, float]:
    """Return the two bounds between which nothing is sure; further apart for few reviews."""
    if confidence.family_reviews < policy.small_family:
        return policy.small_deny_below, policy.small_grant_above
    return policy.deny_below, policy.grant_above


def _reasons_to_release(ruling: Ruling, confidence: Confidence | None) -> tuple[Reason, ...]:
    sure = () if confidence is None else (Reason(ReasonCode.CONFIRMED),)
    left_open = (Reason(ReasonCode.LEFT_OPEN, key) for key in ruling.not_settled)
    return (Reason(ReasonCode.SETTLED), *sure, *left_open)


def _unsettled(ruling: Ruling) -> Iterator[Reason]:
    for one in ruling.criteria:
        if one.level is None:
            code = ReasonCode.STRADDLE if one.is_straddled else ReasonCode.TOO_FEW_LEVELS
            yield Reason(code, one.key)


def _disputed(
    rule: PassRule,
    ruling: Ruling,
    reviews: Sequence[Mapping[str, int | None]],
    *,
    must_pass_only: bool,
) -> Iterator[Reason]:
    """Yield what calls for another look although its levels add up."""
    for criterion in rule.criteria:
        is_looked_at = criterion.is_must_pass if must_pass_only else criterion.is_required
        if not is_looked_at or criterion.key in ruling.not_settled:
            continue
        levels = [review[criterion.key] for review in reviews]
        given = [level for level in levels if level is not None]
        if max(given) - min(given) >= FAR_APART:
            yield Reason(ReasonCode.FAR_APART, criterion.key)
        elif len(given) < len(levels) and not must_pass_only:
            yield Reason(ReasonCode.CONTESTED_CANNOT_SCORE, criterion.key)


def _doubts(
    ruling: Ruling, confidence: Confidence | None, policy: ReviewPolicy
) -> Iterator[Reason]:
    """Yield what a model holds against releasing an outcome; it has no say in which one."""
    if confidence is None:
        return
    if confidence.credible_reviews < CREDIBLE_NEEDED:
        yield Reason(ReasonCode.TOO_FEW_CREDIBLE)
    outcome = sure_of(confidence, policy)
    if outcome is None:
        yield Reason(ReasonCode.NEAR_THE_LINE)
    elif outcome is not ruling.outcome:
        yield Reason(ReasonCode.MODEL_DISAGREES)
