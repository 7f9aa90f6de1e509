"""The life of a request to look again."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a request for reconsideration stands."""

    LODGED = "lodged"
    UPHELD = "upheld"
    FRESH_REVIEW = "fresh_review"
    WITHDRAWN = "withdrawn"


S = RequestState

MOVES: dict[RequestState, frozenset[RequestState]] = {
    S.LODGED: frozenset({S.UPHELD, S.FRESH_REVIEW, S.WITHDRAWN}),
}
