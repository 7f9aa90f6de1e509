"""Reading benchmarks and calibrations: what is fresh to somebody, what they read, what waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.visitor import Visitor
from core.digest import sha256_hex
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.eligibility import Candidate, objection_to_reading
from review.assignment.matters import matters_of
from review.assignment.models import Assignment, ReviewRound
from review.assignment.persons import people_of
from review.assignment.states import APART, PENDING_STATES, UNDER_WAY_STATES, RoundKind
from review.assignment.states import AssignmentState as S
from review.calibration.models import CalibrationResult
from review.calibration.rules import NOTICE, Comparison, compare
from review.pool import queries as pool
from review.pool.models import Benchmark, Qualification
from review.pool.rules import calibration_ends, is_valid
from review.pool.states import BenchmarkState
from review.scoring import queries as scoring

USABLE = (SubmissionState.RELEASED.value, SubmissionState.CLOSED.value)
# Ended before it was sealed: no level of the committee was shown, so it may be taken up again.
UNREAD = (S.WITHDRAWN.value, S.REASSIGNED.value, S.LAPSED.value)


@dataclass(frozen=True)
class Calibrated:
    """How somebody stands with a badge: until when they may review without calibrating again."""

    badge_id: str
    slug: str
    title: str
    ends: datetime
    calibrated_at: datetime | None

    def is_over(self, at: datetime) -> bool:
        """Whether they have to calibrate before they review."""
        return self.ends <= at


def benchmark(session: Session, benchmark_id: str) -> Benchmark:
    """Return a benchmark, or raise NotFound."""
    found = session.get(Benchmark, benchmark_id)
    if found is None:
        raise NotFound()
    return found


def benchmark_on(session: Session, submission_id: str) -> Benchmark | None:
    """Return the benchmark made of a submission, in whatever state."""
    return session.scalar(select(Benchmark).where(Benchmark.submission_id == submission_id))


def definition_of(session: Session, found: Benchmark) -> EditionDefinition:
    """Return what the edition that a benchmark's work was made for demands."""
    submission = session.get_one(Submission, found.submission_id)
    return catalog.definition_of(catalog.edition(session, submission.edition_id))


def active(session: Session, badge_id: str) -> list[Benchmark]:
    """Return the benchmarks of a badge that are in use and whose matters rest."""
    return list(
        session.scalars(
            select(Benchmark)
            .join(Submission, Submission.id == Benchmark.submission_id)
            .where(
                Benchmark.badge_id == badge_id,
                Benchmark.state == BenchmarkState.ACTIVE.value,
                Submission.state.in_(USABLE),
            )
            .order_by(Benchmark.activated_at, Benchmark.id)
        )
    )


def fresh_for(
    session: Session, badge_id: str, person_id: str, *, at: datetime
) -> list[tuple[Benchmark, Submission]]:
    """Return the benchmarks in use that somebody never read and has no tie to or part in.

    In an order of their own, so that not everybody begins with the same one.
    """
    found = {one.submission_id: one for one in active(session, badge_id)}
    works = list(session.scalars(select(Submission).where(Submission.id.in_(found))))
    about = matters_of(session, works, apart_from=_unread(session, person_id), at=at)
    people = people_of(session, [person_id])
    reader = Candidate(
        person_id=person_id,
        identity_keys=people.keys[person_id],
        organisations=people.organisations[person_id],
        ties=people.ties[person_id],
    )
    free = [one for one in works if objection_to_reading(reader, about[one.id], at=at) is None]
    free.sort(key=lambda one: sha256_hex(f"{person_id}:{one.id}"))
    return [(found[one.id], one) for one in free]


def _unread(session: Session, person_id: str) -> set[str]:
    return set(
        session.scalars(
            select(Assignment.id).where(
                Assignment.reviewer_id == person_id,
                ~Assignment.is_counted,
                Assignment.state.in_(UNREAD),
            )
        )
    )


def open_reading(session: Session, badge_id: str, person_id: str) -> Assignment | None:
    """Return the reading for calibration that somebody has begun for a badge, if there is one."""
    return session.scalar(
        select(Assignment)
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.reviewer_id == person_id,
            Assignment.state.in_(UNDER_WAY_STATES),
            ReviewRound.kind == RoundKind.CALIBRATION.value,
            Submission.badge_id == badge_id,
        )
        .execution_options(populate_existing=True)
    )


def pending_readings(session: Session, submission_id: str) -> list[Assignment]:
    """Return the readings for calibration, and gold items, of a work that are not ended; locked."""
    return list(
        session.scalars(
            select(Assignment)
            .join(ReviewRound, ReviewRound.id == Assignment.round_id)
            .where(
                Assignment.submission_id == submission_id,
                Assignment.state.in_(PENDING_STATES),
                ReviewRound.kind.in_([one.value for one in APART - {RoundKind.AUDIT}]),
            )
            .order_by(Assignment.id)
            .with_for_update(of=Assignment)
            .execution_options(populate_existing=True)
        )
    )


def results_of(session: Session, badge_id: str, person_id: str) -> list[CalibrationResult]:
    """Return a person's readings for a badge that were compared, the newest first."""
    return list(
        session.scalars(
            select(CalibrationResult)
            .where(CalibrationResult.badge_id == badge_id, CalibrationResult.person_id == person_id)
            .order_by(CalibrationResult.number.desc())
        )
    )


def comparison_of(session: Session, found: Benchmark, assignment_id: str) -> Comparison:
    """Hold a sealed reading of a benchmark against the committee's levels."""
    review = scoring.review_of(session, assignment_id)
    if review is None:
        raise NotFound()
    answers = scoring.answers_of(session, review.id)
    definition = definition_of(session, found)
    return compare(
        definition.criteria,
        found.levels,
        {key: answer.level for key, answer in answers.items()},
        wanted=definition.review_policy.calibration_agreement,
    )


def standing_of(session: Session, person_id: str, *, at: datetime) -> list[Calibrated]:
    """Return how somebody stands with each badge they may review that asks for calibration."""
    held = [
        (right, slug, title)
        for right, slug, title in pool.qualifications_of(session, person_id)
        if stands(right, at=at)
    ]
    since = pool.calibration_from(session, {right.badge_id for right, _, _ in held})
    found = []
    for right, slug, title in held:
        ends = calibration_ends(
            right.calibrated_until, valid_from=right.valid_from, since=since.get(right.badge_id)
        )
        if ends is not None:
            found.append(Calibrated(right.badge_id, slug, title, ends, right.calibrated_at))
    return found


def stands(right: Qualification | None, *, at: datetime) -> bool:
    """Whether somebody has the right to review today, calibrated or not."""
    return right is not None and is_valid(
        right.state, valid_from=right.valid_from, valid_until=right.valid_until, at=at
    )


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the badges for which somebody should calibrate, a month before it is needed."""
    if not visitor.is_signed_in:
        return []
    return [
        Waiting(
            title=f"Calibrate for {one.title}",
            body="Read one benchmark blind and see at once how your levels compare. You are asked"
            " for no review of this badge until you have."
            if one.is_over(at)
            else "Read one benchmark blind and see at once how your levels compare. Nothing changes"
            " for you before the day.",
            path=f"/reviewing/calibration/{one.slug}",
            by=None if one.is_over(at) else one.ends,
            action="Begin"
            if open_reading(session, one.badge_id, visitor.person_id) is None
            else "Go on",
        )
        for one in standing_of(session, visitor.person_id, at=at)
        if one.ends <= at + NOTICE
    ]
