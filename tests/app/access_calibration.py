"""A benchmark in the world of everybody who might ask, and somebody's sealed reading of it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.rounds import open_apart
from review.assignment.states import AssignmentState, RoundKind
from review.pool.models import Benchmark
from review.pool.states import BenchmarkState
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState
from tests.factories import OPERATOR


def calibrate(
    session: Session, submission_id: str, *, reader: str, manager: str, at: datetime
) -> dict[str, str]:
    """Put a benchmark into use and have it read; return the ids of their addresses."""
    submission = session.get_one(Submission, submission_id)
    benchmark = Benchmark(
        badge_id=submission.badge_id,
        submission_id=submission.id,
        state=BenchmarkState.ACTIVE.value,
        asked_by=manager,
        asked_at=at,
        consented_at=at,
        consent_text="Reviewers may read it.",
        levels={"C1": 3, "C2": 3},
        reasons={"C1": "The needs are named.", "C2": "The plan has fallbacks."},
        set_by=manager,
        deidentified_by=manager,
        activated_at=at,
    )
    reading = open_apart(
        session,
        submission.id,
        reader,
        kind=RoundKind.CALIBRATION,
        state=AssignmentState.ACCEPTED,
        answer_by=at,
        due_at=at + timedelta(days=14),
        explanation={},
        by=OPERATOR,
        at=at,
    )
    review = Review(
        assignment_id=reading.id,
        state=ReviewState.SEALED.value,
        saved_at=at,
        sealed_at=at,
        digest="0" * 64,
    )
    session.add_all([benchmark, review])
    session.flush()
    session.add_all(
        CriterionScore(review_id=review.id, criterion_key=key, level=3) for key in ("C1", "C2")
    )
    session.get_one(Assignment, reading.id).state = AssignmentState.CLOSED.value
    session.flush()
    return {"benchmark_id": benchmark.id, "calibrated": reading.id}
