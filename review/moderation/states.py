"""The life of one look at a review, why there is one, and why a review can come back."""

from enum import StrEnum


class ModerationState(StrEnum):
    """Whether a review has been looked at."""

    WAITING = "waiting"
    RETURNED = "returned"
    PASSED = "passed"


class ModerationReason(StrEnum):
    """Why a review is looked at before it is disclosed."""

    FIRST_REVIEWS = "first_reviews"
    SAMPLE = "sample"


class ReturnReason(StrEnum):
    """Why a review is handed back, once; a level is never among the reasons."""

    MISSING_RATIONALE = "missing_rationale"
    TONE = "tone"


S = ModerationState

MOVES: dict[ModerationState, frozenset[ModerationState]] = {
    S.WAITING: frozenset({S.RETURNED, S.PASSED}),
    S.RETURNED: frozenset({S.WAITING}),
}
