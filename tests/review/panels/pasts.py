"""Facts of a badge as plain values, for panels that need no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from review.panels.material import DecisionFact, Facts, ReviewFact, SubmissionFact

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
EMPTY = Facts(
    badge="badge",
    criteria={"C1": "Needs", "C2": "Plan"},
    reviews=(),
    decisions=(),
    submissions=(),
    requests=(),
    fit=None,
    groups={},
)


def facts(**changes: Any) -> Facts:
    """Return the facts of a badge of which nothing but this is known."""
    return replace(EMPTY, **changes)


def review(
    submission: str, reviewer: str, *levels: int | None, days_ago: float = 30, **more: Any
) -> ReviewFact:
    """Return a planned review of half an hour."""
    return ReviewFact(
        **{
            "submission": submission,
            "question": 1,
            "is_planned": True,
            "reviewer": reviewer,
            "sealed_at": AT - timedelta(days=days_ago),
            "seconds": 1_800,
            "levels": dict(zip(("C1", "C2"), levels, strict=False)),
            **more,
        }
    )


def decision(submission: str, *, is_granted: bool = True, **more: Any) -> DecisionFact:
    """Return a decision that was released half a year ago."""
    return DecisionFact(
        **{
            "id": f"decision of {submission}",
            "submission": submission,
            "question": 1,
            "number": 1,
            "is_granted": is_granted,
            "decided_at": AT - timedelta(days=180),
            "released_at": AT - timedelta(days=180),
            "p_pass": None,
            **more,
        }
    )


def handed_in(name: str, *, days_ago: float = 190, is_waiting: bool = False) -> SubmissionFact:
    """Return a first attempt."""
    sealed_at = AT - timedelta(days=days_ago)
    return SubmissionFact(name, f"portfolio of {name}", 1, sealed_at, is_waiting)
