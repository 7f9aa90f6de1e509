"""What a step found, in words for the person who asked, and what it means for the whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How one step ended."""

    PASSED = "passed"
    FAILED = "failed"
    WARNING = "warning"
    SKIPPED = "skipped"


class Overall(StrEnum):
    """What all steps add up to; the worst one found decides."""

    INVALID = "invalid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    VALID = "valid"


@dataclass(frozen=True)
class Finding:
    """The outcome of one step; `means` is what it makes of the whole, `ends` stops the rest."""

    verdict: Verdict
    explanation: str
    means: Overall = Overall.VALID
    ends: bool = False


@dataclass(frozen=True)
class Step:
    """One line of a report."""

    name: str
    verdict: Verdict
    explanation: str


def passed(explanation: str) -> Finding:
    """Return that all is well here."""
    return Finding(Verdict.PASSED, explanation)


def warned(explanation: str) -> Finding:
    """Return something to know that does not make the badge less valid."""
    return Finding(Verdict.WARNING, explanation)


def noted(explanation: str) -> Finding:
    """Return that nothing was asked here, and what could be."""
    return Finding(Verdict.SKIPPED, explanation)


def failed(explanation: str, means: Overall = Overall.INVALID, *, goes_on: bool = False) -> Finding:
    """Return a fault; the steps after it are not looked at unless `goes_on`."""
    return Finding(Verdict.FAILED, explanation, means, ends=not goes_on)


def unsure(explanation: str, *, goes_on: bool = False) -> Finding:
    """Return that this could not be found out here, so that the whole cannot be called valid."""
    return Finding(Verdict.SKIPPED, explanation, Overall.UNKNOWN, ends=not goes_on)


def worst(meanings: Iterable[Overall]) -> Overall:
    """Return the first of the meanings in the order of `Overall`; valid if there are none."""
    order = list(Overall)
    return min(meanings, key=order.index, default=Overall.VALID)
