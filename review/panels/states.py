"""The life of a standard-setting study."""

from enum import StrEnum


class StudyState(StrEnum):
    """Whether panellists can still rate."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


S = StudyState

MOVES: dict[StudyState, frozenset[StudyState]] = {S.OPEN: frozenset({S.CLOSED, S.WITHDRAWN})}
