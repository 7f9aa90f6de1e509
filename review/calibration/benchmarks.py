"""Benchmarks: proposed by a manager, agreed to by the author, set by the committee, ended by any.

The manager who proposes never says what it measures, the author is asked before anybody else
reads it, and one member who had no part in the matter looks for names and sets the levels.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.visitor import Visitor
from core import audit
from core.errors import Conflict, Invalid, NotFound, Refused
from core.states import move
from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from review.assignment import offers
from review.assignment.states import AssignmentState
from review.calibration import proposals, queries, telling
from review.calibration.consenting import consent_text
from review.decision.involvement import uninvolved_members
from review.pool import queries as pool
from review.pool.models import Benchmark
from review.pool.parts import take_part
from review.pool.rules import GRACE
from review.pool.states import BENCHMARK_MOVES, BenchmarkState, Part

S = BenchmarkState
FEWEST_WORDS = 5


def propose(session: Session, submission_id: str, *, by: str, at: datetime) -> Benchmark:
    """Ask the author of a work that has its outcome whether it may be a benchmark."""
    submission = locked_submission(session, submission_id)
    reason = proposals.objection_to_proposing(session, submission, by)
    if reason is not None:
        raise Refused(reason)
    made = Benchmark(
        badge_id=submission.badge_id, submission_id=submission.id, asked_by=by, asked_at=at
    )
    session.add(made)
    session.flush()
    _record(session, "benchmark_proposed", made, by=by, at=at)
    telling.author(session, made, submission.learner_id, at=at)
    return made


def consent(session: Session, benchmark_id: str, *, by: str, at: datetime) -> Benchmark:
    """Agree that one's work is a benchmark; what was agreed to is kept word for word (INV-48)."""
    found, submission = _own(session, benchmark_id, by)
    move(found, S.CONSENTED, BENCHMARK_MOVES)
    found.consented_at = at
    found.consent_text = consent_text(pool.badge_title(session, found.badge_id))
    session.flush()
    _record(session, "benchmark_consented", found, by=by, at=at)
    members = [one for one in uninvolved_members(session, submission) if one != found.asked_by]
    telling.committee(session, found, members, at=at)
    return found


def decline(session: Session, benchmark_id: str, *, by: str, at: datetime) -> Benchmark:
    """Say no, or take a consent back: nobody reads it any more, what was read stands (INV-47)."""
    found, _submission = _own(session, benchmark_id, by)
    _end(session, found, S.DECLINED, "benchmark_declined", by=by, at=at)
    return found


def retire(session: Session, benchmark_id: str, *, by: str, at: datetime) -> Benchmark:
    """Take a benchmark out of use; its past comparisons stand."""
    found = queries.benchmark(session, benchmark_id)
    locked_submission(session, found.submission_id)
    session.refresh(found)
    _end(session, found, S.RETIRED, "benchmark_retired", by=by, at=at)
    return found


def set_levels(
    session: Session,
    benchmark_id: str,
    *,
    levels: Mapping[str, int],
    reasons: Mapping[str, str],
    has_no_names: bool,
    visitor: Visitor,
    at: datetime,
) -> Benchmark:
    """Set a level with a reason for each criterion and put the benchmark into use (INV-48)."""
    found = queries.benchmark(session, benchmark_id)
    submission = locked_submission(session, found.submission_id)
    session.refresh(found)
    if found.state != S.CONSENTED.value:
        raise Conflict("Somebody has dealt with this benchmark already. Nothing was changed.")
    by = visitor.person_id
    reason = proposals.objection_to_setting_levels(session, found, visitor, at=at)
    if reason is not None:
        raise Refused(reason)
    _want_all(queries.definition_of(session, found), levels, reasons, has_no_names=has_no_names)
    is_first = found.badge_id not in pool.calibration_from(session, [found.badge_id])
    take_part(session, submission.portfolio_id, by, Part.COMMITTEE, at=at)
    found.levels, found.reasons = dict(levels), {key: text.strip() for key, text in reasons.items()}
    found.set_by = found.deidentified_by = by
    found.activated_at = at
    move(found, S.ACTIVE, BENCHMARK_MOVES)
    session.flush()
    _record(session, "benchmark_set", found, by=by, at=at)
    if is_first:
        since = pool.calibration_from(session, [found.badge_id])[found.badge_id]
        telling.reviewers_of_first(session, found, since + GRACE, at=at)
    return found


def _want_all(
    definition: EditionDefinition,
    levels: Mapping[str, int],
    reasons: Mapping[str, str],
    *,
    has_no_names: bool,
) -> None:
    allowed = {level.value for level in definition.levels}
    for one in definition.criteria:
        if levels.get(one.key) not in allowed:
            raise Invalid(f"Choose a level for {one.key}.", one.key)
        if len(reasons.get(one.key, "").split()) < FEWEST_WORDS:
            raise Invalid(
                f"Say in at least {FEWEST_WORDS} words why {one.key} is at this level.", one.key
            )
    if not has_no_names:
        raise Invalid("Look for names in the work, and say that there are none.", "has_no_names")


def _end(
    session: Session, found: Benchmark, to: BenchmarkState, verb: str, *, by: str, at: datetime
) -> None:
    move(found, to, BENCHMARK_MOVES)
    found.ended_at = at
    session.flush()
    _record(session, verb, found, by=by, at=at)
    for reading in queries.pending_readings(session, found.submission_id):
        if reading.state == AssignmentState.INVITED.value:
            offers.withdraw(session, reading, by=by, at=at)
        else:
            offers.end_offer(session, reading, by=by, at=at)
            telling.of_end(session, reading.reviewer_id, at=at)


def _own(session: Session, benchmark_id: str, by: str) -> tuple[Benchmark, Submission]:
    """Return a benchmark made of somebody's own work, its submission locked."""
    found = queries.benchmark(session, benchmark_id)
    submission = locked_submission(session, found.submission_id)
    session.refresh(found)
    if submission.learner_id != by:
        raise NotFound()
    return found, submission


def _record(session: Session, verb: str, found: Benchmark, *, by: str, at: datetime) -> None:
    audit.record(
        session,
        verb,
        subject_kind="benchmark",
        subject_id=found.id,
        by=by,
        at=at,
        detail={"submission": found.submission_id, "badge": found.badge_id},
    )
