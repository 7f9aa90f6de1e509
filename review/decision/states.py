"""What a decision can say, and what it rests on."""

from enum import StrEnum


class Outcome(StrEnum):
    """The answer to a submission."""

    GRANTED = "granted"
    NOT_YET = "not_yet"


class Basis(StrEnum):
    """Where a decision comes from."""

    AGGREGATION = "aggregation"
    DETERMINATION = "determination"
