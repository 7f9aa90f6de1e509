"""What a badge's panels are computed from, as plain values without anybody's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

NOTHING: Mapping[str, int | None] = {}


@dataclass(frozen=True)
class ReviewFact:
    """One sealed review that counts.

    `question` numbers what a submission was asked for: its first reviews and what followed from
    them are one, a fresh review is the next. `is_planned` says that the seat was there from the
    start, not added because others disagreed.
    """

    submission: str
    question: int
    is_planned: bool
    reviewer: str
    sealed_at: datetime
    seconds: int
    levels: Mapping[str, int | None]

    @property
    def mean(self) -> float:
        """The mean of the levels given, NaN where none was."""
        given = [level for level in self.levels.values() if level is not None]
        return sum(given) / len(given) if given else float("nan")


@dataclass(frozen=True)
class DecisionFact:
    """One decision; `p_pass` is None where the model had no say yet.

    `chance` is how likely the decision was to be audited, None where it was not drawn, and
    `verdict` what the audit found, None where it is not known or was not drawn.
    """

    id: str
    submission: str
    question: int
    number: int
    is_granted: bool
    decided_at: datetime
    released_at: datetime | None
    p_pass: float | None
    chance: float | None = None
    verdict: bool | None = None


@dataclass(frozen=True)
class SubmissionFact:
    """One hand-in; `is_waiting` says that its outcome is still to come."""

    id: str
    portfolio: str
    attempt: int
    sealed_at: datetime
    is_waiting: bool


@dataclass(frozen=True)
class RequestFact:
    """A determined request for reconsideration; `is_upheld` lets the outcome stand."""

    decision: str
    submission: str
    determined_at: datetime
    is_upheld: bool


@dataclass(frozen=True)
class FitFact:
    """What the newest fit says of the reviewers: severity and its standard deviation."""

    fitted_at: datetime
    reviews: int
    severities: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Facts:
    """All that is known of one badge; `criteria` are those of its newest edition, by key.

    `groups` maps a portfolio to its learner's sector and language.
    """

    badge: str
    criteria: Mapping[str, str]
    reviews: tuple[ReviewFact, ...]
    decisions: tuple[DecisionFact, ...]
    submissions: tuple[SubmissionFact, ...]
    requests: tuple[RequestFact, ...]
    fit: FitFact | None
    groups: Mapping[str, tuple[str, str]]
