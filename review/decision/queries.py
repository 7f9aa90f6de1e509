"""Reading decisions, and the sealed reviews that a submission's decision rests on."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.errors import NotFound
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, RoundKind
from review.decision.models import Decision, Release
from review.decision.record import SealedReview
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState

COUNTED = (AssignmentState.SEALED.value, AssignmentState.CLOSED.value)


def sealed_reviews(session: Session, round_ids: list[str]) -> list[SealedReview]:
    """Return the sealed, counted reviews of some rounds; voided and recused never count."""
    rows = session.execute(
        select(Review, CriterionScore.criterion_key, CriterionScore.level)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(CriterionScore, CriterionScore.review_id == Review.id)
        .where(
            Assignment.round_id.in_(round_ids),
            Assignment.state.in_(COUNTED),
            Review.state == ReviewState.SEALED.value,
        )
    ).all()
    levels: dict[str, dict[str, int | None]] = defaultdict(dict)
    reviews: dict[str, Review] = {}
    for review, key, level in rows:
        reviews[review.id] = review
        levels[review.id][key] = level
    return [
        SealedReview(one.id, one.assignment_id, one.digest or "", levels[one.id])
        for one in reviews.values()
    ]


def rounds_that_count(session: Session, submission_id: str) -> list[ReviewRound]:
    """Return the rounds of the newest question: the last initial or fresh one, and what followed.

    A fresh review starts over; what was said before it no longer counts.
    """
    rounds = session.scalars(
        select(ReviewRound)
        .where(ReviewRound.submission_id == submission_id)
        .order_by(ReviewRound.number)
    ).all()
    starts = [
        index
        for index, one in enumerate(rounds)
        if one.kind in (RoundKind.INITIAL.value, RoundKind.FRESH.value)
    ]
    return list(rounds[starts[-1] :]) if starts else []


def decision(session: Session, decision_id: str) -> Decision:
    """Return a decision, or raise NotFound."""
    found = session.get(Decision, decision_id)
    if found is None:
        raise NotFound()
    return found


def standing_decision(session: Session, submission_id: str) -> Decision | None:
    """Return the decision that stands: the newest one, released or not."""
    return session.scalar(
        select(Decision)
        .where(Decision.submission_id == submission_id)
        .order_by(Decision.number.desc())
        .limit(1)
    )


def released_decision(session: Session, submission_id: str) -> tuple[Decision, Release] | None:
    """Return the newest released decision of a submission with its release, if there is one."""
    row = session.execute(
        select(Decision, Release)
        .join(Release, Release.decision_id == Decision.id)
        .where(Decision.submission_id == submission_id)
        .order_by(Decision.number.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def due_for_release(session: Session, *, at: datetime) -> list[str]:
    """Return the ids of decisions whose hold-back is over and that nobody was told yet."""
    later = aliased(Decision)
    return list(
        session.scalars(
            select(Decision.id)
            .outerjoin(Release, Release.decision_id == Decision.id)
            .outerjoin(later, later.supersedes_id == Decision.id)
            .where(Release.decision_id.is_(None), Decision.release_at <= at, later.id.is_(None))
        )
    )


def submission_for_update(session: Session, submission_id: str) -> Submission:
    """Return a submission with its row locked until the transaction ends."""
    found = session.scalar(
        select(Submission).where(Submission.id == submission_id).with_for_update()
    )
    if found is None:
        raise NotFound()
    return found
