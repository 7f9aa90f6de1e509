"""Reading what is plainly known of sealed reviews, so that it comes out the same at any later time.

Everything is as of the moment a review was sealed first: what happened after it, to other reviews
or to its writer, never changes whether it is read.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, RoundKind
from review.moderation.models import Moderation
from review.moderation.risk import Facts, chance, weight
from review.scoring.models import CriterionScore, Review

# The reviews that a new one is compared with: so many of the badge that became final before it.
LATELY = 200
CHECKED_LATELY = timedelta(days=90)
FINAL = (AssignmentState.CLOSED.value, AssignmentState.VOIDED.value)

# A review that was handed back and sealed again keeps the moment of its first seal.
FIRST_SEALED = func.coalesce(Moderation.sealed_at, Review.sealed_at)


@dataclass(frozen=True)
class _Written:
    """One review with its writer, when it was sealed first, and how many they gave before it."""

    review_id: str
    reviewer_id: str
    sealed_at: datetime
    seconds: int
    earlier: int


def given_before(session: Session, review: Review) -> int:
    """Return how many counted reviews its writer sealed for the same badge before this one."""
    (found,) = _written(session, _badge_of(session, review), [review.id])
    return found.earlier


def chance_of(
    session: Session, review: Review, definition: EditionDefinition, *, rate: float
) -> float:
    """Return with what probability a sealed review is read by a moderator, 0 to 1."""
    badge_id = _badge_of(session, review)
    before = _final_before(session, badge_id, review)
    weights = _weights(session, badge_id, [*before, review.id], definition)
    return chance(weights.pop(review.id), sorted(weights.values()), rate)


def _badge_of(session: Session, review: Review) -> str:
    return session.scalars(
        select(Submission.badge_id)
        .join(Assignment, Assignment.submission_id == Submission.id)
        .where(Assignment.id == review.assignment_id)
    ).one()


def _final_before(session: Session, badge_id: str, review: Review) -> list[str]:
    """Return the last reviews of a badge that were final when this one was sealed."""
    first = session.scalars(
        select(FIRST_SEALED)
        .select_from(Review)
        .outerjoin(Moderation, Moderation.review_id == Review.id)
        .where(Review.id == review.id)
    ).one()
    return list(
        session.scalars(
            select(Review.id)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .join(Submission, Submission.id == Assignment.submission_id)
            .join(ReviewRound, ReviewRound.id == Assignment.round_id)
            .where(
                Submission.badge_id == badge_id,
                Assignment.is_counted,
                Assignment.state.in_(FINAL),
                ReviewRound.closed_at <= first,
            )
            .order_by(ReviewRound.closed_at.desc(), Review.id)
            .limit(LATELY)
        )
    )


def _weights(
    session: Session, badge_id: str, review_ids: Collection[str], definition: EditionDefinition
) -> dict[str, float]:
    policy = definition.review_policy
    written = _written(session, badge_id, review_ids)
    checks = _checks(session, badge_id, {one.reviewer_id for one in written})
    levels: dict[str, list[int | None]] = defaultdict(list)
    words: dict[str, list[int]] = defaultdict(list)
    for row in session.execute(
        select(CriterionScore.review_id, CriterionScore.level, CriterionScore.rationale).where(
            CriterionScore.review_id.in_(review_ids)
        )
    ):
        levels[row.review_id].append(row.level)
        words[row.review_id].append(len(row.rationale.split()))
    return {
        one.review_id: weight(
            Facts(
                earlier=one.earlier,
                levels=tuple(levels[one.review_id]),
                words=tuple(words[one.review_id]),
                seconds=one.seconds,
                is_checked=any(
                    one.sealed_at - CHECKED_LATELY <= at <= one.sealed_at
                    for at in checks[one.reviewer_id]
                ),
            ),
            least_words=policy.min_rationale_words,
            minutes=policy.estimated_minutes,
        )
        for one in written
    }


def _written(session: Session, badge_id: str, review_ids: Collection[str]) -> list[_Written]:
    numbered = _numbered(badge_id, review_ids).subquery()
    rows = session.execute(select(numbered).where(numbered.c.id.in_(review_ids)))
    return [
        _Written(row.id, row.reviewer_id, row.first, row.seconds_spent, row.number - 1)
        for row in rows
    ]


def _numbered(badge_id: str, review_ids: Collection[str]) -> Select[tuple[str, str, datetime, int]]:
    """Return the query that numbers all reviews of a badge by the writers of some, from 1 each."""
    writers = (
        select(Assignment.reviewer_id)
        .join(Review, Review.assignment_id == Assignment.id)
        .where(Review.id.in_(review_ids))
    )
    return (
        select(
            Review.id,
            Assignment.reviewer_id,
            FIRST_SEALED.label("first"),
            Review.seconds_spent,
            func.row_number()
            .over(partition_by=Assignment.reviewer_id, order_by=(FIRST_SEALED, Review.id))
            .label("number"),
        )
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(Moderation, Moderation.review_id == Review.id)
        .where(
            Submission.badge_id == badge_id,
            Assignment.is_counted,
            Assignment.reviewer_id.in_(writers),
            FIRST_SEALED.is_not(None),
        )
    )


def _checks(
    session: Session, badge_id: str, reviewer_ids: Collection[str]
) -> dict[str, list[datetime]]:
    """Return when each of some people was given a work to check them by, for a badge."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for row in session.execute(
        select(Assignment.reviewer_id, Assignment.invited_at)
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            ReviewRound.kind == RoundKind.GOLD.value,
            Submission.badge_id == badge_id,
            Assignment.reviewer_id.in_(reviewer_ids),
        )
    ):
        found[row.reviewer_id].append(row.invited_at)
    return found
