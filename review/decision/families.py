"""Reading what a badge family has said: its editions, its reviews and anchors, and its fits."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.digest import digest_of
from credentials.catalog import queries as catalog
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import DONE_STATES, RoundKind
from review.decision.certainty import family_of
from review.decision.consensus.stored import MODEL_VERSION
from review.decision.models import FamilyFit
from review.decision.record import SealedReview
from review.pool.models import Benchmark
from review.pool.states import BenchmarkState
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState

Levels = tuple[int | None, ...]


@dataclass(frozen=True)
class Said:
    """One sealed review of a family: its levels in the order of the criteria."""

    digest: str
    submission_id: str
    reviewer_id: str
    levels: Levels


@dataclass(frozen=True)
class Read:
    """All that a fit takes in: reviews by digest, and the levels of anchors by submission."""

    reviews: tuple[Said, ...]
    anchors: Mapping[str, tuple[float, ...]]

    @cached_property
    def digest(self) -> str:
        """What tells two readings apart, and two versions of the model."""
        return digest_of(
            {
                "model": MODEL_VERSION,
                "reviews": [one.digest for one in self.reviews],
                "anchors": {one: list(levels) for one, levels in self.anchors.items()},
            }
        )


def families(session: Session, badge_id: str) -> dict[str, list[str]]:
    """Return the families of a badge, each with the ids of its editions."""
    found: dict[str, list[str]] = {}
    for edition in catalog.editions_of(session, badge_id):
        family = family_of(badge_id, catalog.definition_of(edition))
        found.setdefault(family, []).append(edition.id)
    return found


def newest_fit(
    session: Session, family: str, *, is_converged: bool | None = None
) -> FamilyFit | None:
    """Return the newest fit of a family, or the newest one that settled, if there is one."""
    wanted = select(FamilyFit).where(FamilyFit.family == family)
    if is_converged is not None:
        wanted = wanted.where(FamilyFit.is_converged.is_(is_converged))
    return session.scalars(
        wanted.order_by(FamilyFit.fitted_at.desc(), FamilyFit.id.desc()).limit(1)
    ).first()


def read(session: Session, badge_id: str, editions: Sequence[str], keys: Sequence[str]) -> Read:
    """Return every sealed review of some editions that has a level, and the anchors among them.

    Readings for calibration and gold items count as reviews here. Active benchmarks are anchors,
    and so is what a committee member found when a decision was audited; such a finding is no
    review beside it, since it would be measured against itself.
    """
    rows = session.execute(
        select(
            Review.digest,
            Assignment.submission_id,
            Assignment.reviewer_id,
            ReviewRound.kind,
            CriterionScore.criterion_key,
            CriterionScore.level,
        )
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(CriterionScore, CriterionScore.review_id == Review.id)
        .where(
            Submission.edition_id.in_(editions),
            Assignment.state.in_(DONE_STATES),
            Review.state == ReviewState.SEALED.value,
        )
    )
    levels: dict[tuple[str, str, str, str], dict[str, int | None]] = defaultdict(dict)
    for digest, submission_id, reviewer_id, kind, key, level in rows:
        levels[(digest or "", submission_id, reviewer_id, kind)][key] = level
    reviews: list[Said] = []
    findings: list[Said] = []
    for (digest, submission_id, reviewer_id, kind), given in sorted(levels.items()):
        one = Said(digest, submission_id, reviewer_id, tuple(given.get(key) for key in keys))
        (findings if kind == RoundKind.AUDIT.value else reviews).append(one)
    told = tuple(one for one in reviews if any(level is not None for level in one.levels))
    anchors = _found(findings) | _benchmarks(session, badge_id, editions, keys)
    return Read(told, dict(sorted(anchors.items())))


def writers_of(session: Session, reviews: Sequence[SealedReview]) -> dict[str, str]:
    """Return who wrote each of some reviews, by the review's digest."""
    seats = {one.assignment_id: one.digest for one in reviews}
    rows = session.execute(
        select(Assignment.id, Assignment.reviewer_id).where(Assignment.id.in_(seats))
    )
    return {seats[assignment]: reviewer for assignment, reviewer in rows}


def _found(findings: Sequence[Said]) -> dict[str, tuple[float, ...]]:
    """Mean levels of audited submissions; a finding that lacks a level places nothing."""
    whole: dict[str, list[list[int]]] = defaultdict(list)
    for one in findings:
        given = [level for level in one.levels if level is not None]
        if len(given) == len(one.levels):
            whole[one.submission_id].append(given)
    return {
        submission: tuple(sum(column) / len(column) for column in zip(*rows, strict=True))
        for submission, rows in whole.items()
    }


def _benchmarks(
    session: Session, badge_id: str, editions: Sequence[str], keys: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    rows = session.execute(
        select(Benchmark.submission_id, Benchmark.levels)
        .join(Submission, Submission.id == Benchmark.submission_id)
        .where(
            Benchmark.badge_id == badge_id,
            Benchmark.state == BenchmarkState.ACTIVE.value,
            Submission.edition_id.in_(editions),
        )
    )
    return {
        submission: tuple(float(levels[key]) for key in keys)
        for submission, levels in rows
        if all(levels.get(key) is not None for key in keys)
    }
