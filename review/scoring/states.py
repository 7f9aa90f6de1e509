"""The life of a scored form, and the reasons for giving no level."""

from enum import StrEnum


class ReviewState(StrEnum):
    """Whether a review can still change."""

    DRAFT = "draft"
    SEALED = "sealed"
    VOIDED = "voided"


class CannotScore(StrEnum):
    """Why a criterion gets no level; never counted as the lowest one."""

    CANNOT_OPEN = "cannot_open"
    MISSING_EVIDENCE = "missing_evidence"
    OUTSIDE_EXPERTISE = "outside_expertise"
    CONFLICTING_EVIDENCE = "conflicting_evidence"


MOVES: dict[ReviewState, frozenset[ReviewState]] = {
    ReviewState.DRAFT: frozenset({ReviewState.SEALED}),
    ReviewState.SEALED: frozenset({ReviewState.DRAFT, ReviewState.VOIDED}),
}
