"""Reading what a badge's panels are computed from: as many queries for many reviews as for one."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from portfolio.submission.states import OPEN
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import APART, DONE_STATES, RoundKind
from review.decision import families
from review.decision.certainty import family_of
from review.decision.models import Decision, DecisionAudit, Release
from review.decision.states import Outcome
from review.disputes.models import ReconsiderationRequest
from review.disputes.states import RequestState
from review.panels.material import (
    DecisionFact,
    Facts,
    FitFact,
    RequestFact,
    ReviewFact,
    SubmissionFact,
)
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState

STARTS = (RoundKind.INITIAL.value, RoundKind.FRESH.value)
WAITING = tuple(sorted(state.value for state in OPEN))
DETERMINED = (RequestState.UPHELD.value, RequestState.FRESH_REVIEW.value)
LONGEST = 40


def facts_of(session: Session, badge_id: str, newest: EditionDefinition, *, at: datetime) -> Facts:
    """Return all that the panels of a badge rest on; `newest` names its criteria."""
    questions, planned = _rounds(session, badge_id)
    family = family_of(badge_id, newest)
    editions = families.families(session, badge_id).get(family, [])
    return Facts(
        badge=badge_id,
        criteria={one.key: one.name for one in newest.criteria},
        reviews=tuple(_reviews(session, editions, questions, planned)),
        decisions=tuple(_decisions(session, badge_id, questions)),
        submissions=tuple(_submissions(session, badge_id)),
        requests=tuple(_requests(session, badge_id)),
        fit=newest_fit(session, family),
        groups=_groups(session, badge_id, at=at),
    )


def newest_fit(session: Session, family: str) -> FitFact | None:
    """Return what the newest fit of a family says of its reviewers, if there is one."""
    found = families.newest_fit(session, family, is_converged=True)
    if found is None:
        return None
    severities = {
        person: (float(entry["severity"]), float(entry["severity_sd"]))
        for person, entry in found.reviewers.items()
        if entry.get("severity") is not None and entry.get("severity_sd") is not None
    }
    return FitFact(found.fitted_at, found.reviews, severities)


def _rounds(session: Session, badge_id: str) -> tuple[dict[str, int], set[str]]:
    """Return, by round, which question it belongs to, and the rounds that were planned."""
    rows = session.execute(
        select(ReviewRound.id, ReviewRound.submission_id, ReviewRound.kind)
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(
            Submission.badge_id == badge_id,
            ReviewRound.kind.not_in([kind.value for kind in APART]),
        )
        .order_by(ReviewRound.submission_id, ReviewRound.number)
    )
    asked: dict[str, int] = defaultdict(int)
    questions, planned = {}, set()
    for round_id, submission_id, kind in rows:
        if kind in STARTS:
            asked[submission_id] += 1
            planned.add(round_id)
        questions[round_id] = asked[submission_id]
    return questions, planned


def _reviews(
    session: Session, editions: Sequence[str], questions: Mapping[str, int], planned: set[str]
) -> Iterable[ReviewFact]:
    """Yield the sealed reviews that count, in the order in which they were sealed (INV-22).

    Those of `editions` alone, which have the same criteria and levels as the newest one.
    """
    is_one = (
        Submission.edition_id.in_(editions),
        Assignment.state.in_(DONE_STATES),
        Assignment.is_counted,
        Review.state == ReviewState.SEALED.value,
    )
    levels: dict[str, dict[str, int | None]] = defaultdict(dict)
    for review_id, key, level in session.execute(
        select(CriterionScore.review_id, CriterionScore.criterion_key, CriterionScore.level)
        .join(Review, Review.id == CriterionScore.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(*is_one)
    ):
        levels[review_id][key] = level
    rows = session.execute(
        select(
            Review.id,
            Assignment.submission_id,
            Assignment.round_id,
            Assignment.reviewer_id,
            Review.sealed_at,
            Review.seconds_spent,
        )
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(*is_one)
        .order_by(Review.sealed_at, Review.id)
    )
    for review_id, submission_id, round_id, reviewer_id, sealed_at, seconds in rows:
        if sealed_at is not None and round_id in questions:
            yield ReviewFact(
                submission=submission_id,
                question=questions[round_id],
                is_planned=round_id in planned,
                reviewer=reviewer_id,
                sealed_at=sealed_at,
                seconds=seconds,
                levels=levels[review_id],
            )


def _decisions(
    session: Session, badge_id: str, questions: Mapping[str, int]
) -> Iterable[DecisionFact]:
    """Yield every decision; of its inputs only P(pass) is read, None where the model had no say."""
    rows = session.execute(
        select(
            Decision.id,
            Decision.submission_id,
            Decision.round_id,
            Decision.number,
            Decision.outcome,
            Decision.decided_at,
            Release.released_at,
            Decision.inputs["confidence"]["p_pass"].as_float(),
            DecisionAudit.chance,
            DecisionAudit.verdict,
        )
        .join(Submission, Submission.id == Decision.submission_id)
        .outerjoin(Release, Release.decision_id == Decision.id)
        .outerjoin(DecisionAudit, DecisionAudit.decision_id == Decision.id)
        .where(Submission.badge_id == badge_id)
        .order_by(Decision.decided_at, Decision.number)
    )
    granted = Outcome.GRANTED.value
    for row_id, submission, round_id, number, outcome, decided, released, p, chance, found in rows:
        yield DecisionFact(
            id=row_id,
            submission=submission,
            question=questions.get(round_id, 0),
            number=number,
            is_granted=outcome == granted,
            decided_at=decided,
            released_at=released,
            p_pass=p,
            chance=chance,
            verdict=None if found is None else found == granted,
        )


def _submissions(session: Session, badge_id: str) -> Iterable[SubmissionFact]:
    rows = session.execute(
        select(
            Submission.id,
            Submission.portfolio_id,
            Submission.attempt,
            Submission.sealed_at,
            Submission.state,
        )
        .where(Submission.badge_id == badge_id)
        .order_by(Submission.sealed_at, Submission.id)
    )
    for submission_id, portfolio_id, attempt, sealed_at, state in rows:
        yield SubmissionFact(submission_id, portfolio_id, attempt, sealed_at, state in WAITING)


def _requests(session: Session, badge_id: str) -> Iterable[RequestFact]:
    rows = session.scalars(
        select(ReconsiderationRequest)
        .join(Submission, Submission.id == ReconsiderationRequest.submission_id)
        .where(
            Submission.badge_id == badge_id,
            ReconsiderationRequest.state.in_(DETERMINED),
            ReconsiderationRequest.determined_at.is_not(None),
        )
        .order_by(ReconsiderationRequest.determined_at)
    )
    for one in rows:
        if one.determined_at is not None:
            is_upheld = one.state == RequestState.UPHELD.value
            yield RequestFact(one.decision_id, one.submission_id, one.determined_at, is_upheld)


def _groups(session: Session, badge_id: str, *, at: datetime) -> dict[str, tuple[str, str]]:
    """Return sector and language of the portfolios that had an outcome in the year before this.

    The sector is that which was sealed with the first attempt; what was sealed never changes, so
    nobody can be told apart by their moving between groups.
    """
    begins = datetime(at.year - 1, 1, 1, tzinfo=UTC)
    told = (
        select(Submission.portfolio_id)
        .join(Decision, Decision.submission_id == Submission.id)
        .join(Release, Release.decision_id == Decision.id)
        .where(
            Submission.badge_id == badge_id,
            Release.released_at >= begins,
            Release.released_at < begins.replace(year=at.year),
        )
    )
    rows = session.execute(
        select(Submission.portfolio_id, Submission.manifest, Person.language)
        .join(Person, Person.id == Submission.learner_id)
        .where(Submission.portfolio_id.in_(told))
        .order_by(Submission.portfolio_id, Submission.attempt.desc())
    )
    return {
        portfolio_id: (_sector(manifest), language) for portfolio_id, manifest, language in rows
    }


def _sector(manifest: str) -> str:
    typed = " ".join(str(json.loads(manifest)["context"]["sector"]).split())[:LONGEST]
    return typed[:1].upper() + typed[1:].lower()
