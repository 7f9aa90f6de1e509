"""Calibration: a benchmark read blind, compared once with the committee's levels."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.errors import Refused
from review.assignment.models import Assignment
from review.assignment.queries import kind_of
from review.assignment.rounds import open_apart
from review.assignment.states import AssignmentState, RoundKind
from review.calibration import queries, telling
from review.calibration.models import CalibrationResult
from review.calibration.rules import (
    DAYS_TO_READ,
    Comparison,
    lasts_until,
    next_try_from,
    objection_to_reading_one,
)
from review.pool import queries as pool
from review.pool.models import Benchmark, Qualification

RULE = "system:calibration"


def objection_to_beginning(
    session: Session, badge_id: str, person_id: str, *, at: datetime
) -> str | None:
    """Return why somebody cannot begin a calibration for a badge now, or None."""
    tries = [
        one.compared_at
        for one in queries.results_of(session, badge_id, person_id)
        if not one.is_gold
    ]
    right = pool.qualification(session, person_id, badge_id)
    return objection_to_reading_one(
        is_qualified=queries.stands(right, at=at),
        has_benchmarks=bool(queries.active(session, badge_id)),
        has_fresh=bool(queries.fresh_for(session, badge_id, person_id, at=at)),
        next_from=next_try_from(tries, at=at),
    )


def begin(session: Session, badge_id: str, *, by: str, at: datetime) -> Assignment:
    """Give somebody a benchmark that is new to them, or the one they have begun already.

    Their right to review is the lock, so that two tabs begin one reading.
    """
    _lock_right(session, badge_id, by)
    begun = queries.open_reading(session, badge_id, by)
    if begun is not None:
        return begun
    reason = objection_to_beginning(session, badge_id, by, at=at)
    if reason is not None:
        raise Refused(reason)
    _found, submission = queries.fresh_for(session, badge_id, by, at=at)[0]
    due_at = at + timedelta(days=DAYS_TO_READ)
    return open_apart(
        session,
        submission.id,
        by,
        kind=RoundKind.CALIBRATION,
        state=AssignmentState.ACCEPTED,
        answer_by=at,
        due_at=due_at,
        explanation={},
        by=by,
        at=at,
    )


def compare_reading(
    session: Session, assignment_id: str, *, at: datetime
) -> CalibrationResult | None:
    """Keep how a sealed reading compares, once; what passed gives the right to review.

    Returns None where there is nothing to compare. Safe to run twice and on two hosts at once:
    the reader's right to review is the lock, and the unique keys are the last word.
    """
    reading = session.get(Assignment, assignment_id)
    if reading is None or reading.state != AssignmentState.CLOSED.value or reading.is_counted:
        return None
    found = queries.benchmark_on(session, reading.submission_id)
    kind = kind_of(session, reading)
    if found is None or kind not in (RoundKind.CALIBRATION, RoundKind.GOLD):
        return None
    right = _lock_right(session, found.badge_id, reading.reviewer_id)
    kept = session.get(CalibrationResult, assignment_id, populate_existing=True)
    if kept is not None:
        return kept
    comparison = queries.comparison_of(session, found, assignment_id)
    made = _keep(session, found, reading, comparison, is_gold=kind is RoundKind.GOLD, at=at)
    if made.is_gold:
        telling.of_gold(session, made, at=at)
        return made
    if made.is_passed and right is not None:
        _calibrate(session, found, right, at=at)
    telling.of_calibration(session, made, at=at)
    if not made.is_passed:
        reason = objection_to_beginning(session, found.badge_id, made.person_id, at=at)
        if reason is not None:
            telling.managers(session, found.badge_id, made.person_id, at=at)
    return made


def _lock_right(session: Session, badge_id: str, person_id: str) -> Qualification | None:
    return session.scalar(
        select(Qualification)
        .where(Qualification.person_id == person_id, Qualification.badge_id == badge_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _keep(
    session: Session,
    found: Benchmark,
    reading: Assignment,
    comparison: Comparison,
    *,
    is_gold: bool,
    at: datetime,
) -> CalibrationResult:
    last = session.scalar(
        select(func.max(CalibrationResult.number)).where(
            CalibrationResult.person_id == reading.reviewer_id,
            CalibrationResult.badge_id == found.badge_id,
        )
    )
    made = CalibrationResult(
        assignment_id=reading.id,
        benchmark_id=found.id,
        person_id=reading.reviewer_id,
        badge_id=found.badge_id,
        number=(last or 0) + 1,
        is_gold=is_gold,
        criteria=len(comparison.points),
        agreed=comparison.agreed,
        gating_misses=comparison.misses,
        differences=comparison.differences,
        is_passed=comparison.is_passed,
        compared_at=at,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "reading_compared",
        subject_kind="assignment",
        subject_id=reading.id,
        by=RULE,
        at=at,
        detail={"benchmark": found.id, "number": made.number, "passed": made.is_passed},
    )
    return made


def _calibrate(session: Session, found: Benchmark, right: Qualification, *, at: datetime) -> None:
    months = queries.definition_of(session, found).review_policy.calibration_months
    right.calibrated_at, right.calibrated_until = at, lasts_until(at, months)
    session.flush()
    audit.record(
        session,
        "reviewer_calibrated",
        subject_kind="qualification",
        subject_id=right.id,
        by=RULE,
        at=at,
        detail={"until": right.calibrated_until.isoformat()},
    )
