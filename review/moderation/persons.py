"""Who may moderate, and how close they are to a matter."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from accounts.states import Role
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.queries import ties_to
from review.moderation.rules import Closeness
from review.pool.models import MatterPart
from review.pool.queries import people_with
from review.pool.states import Part


def closeness(
    session: Session, submissions: Sequence[Submission], person_id: str, *, at: datetime
) -> dict[str, Closeness]:
    """Return by submission how close somebody is to its matter, in a few queries for them all."""
    portfolios = {one.portfolio_id for one in submissions}
    parts = {
        row.portfolio_id: Part(row.part)
        for row in session.execute(
            select(MatterPart.portfolio_id, MatterPart.part).where(
                MatterPart.portfolio_id.in_(portfolios), MatterPart.person_id == person_id
            )
        )
    }
    attempt = aliased(Submission)
    asked = set(
        session.scalars(
            select(attempt.portfolio_id)
            .join(Assignment, Assignment.submission_id == attempt.id)
            .where(attempt.portfolio_id.in_(portfolios), Assignment.reviewer_id == person_id)
        )
    )
    ties = ties_to(session, submissions, person_id, at=at)
    return {
        one.id: Closeness(
            part=Part.LEARNER if one.learner_id == person_id else parts.get(one.portfolio_id),
            was_asked=one.portfolio_id in asked,
            is_tied=one.id in ties,
        )
        for one in submissions
    }


def able_moderators(session: Session, submission: Submission, *, at: datetime) -> list[str]:
    """Return who may moderate in the matter of a submission: the role, and no other part in it."""
    holders = people_with(session, Role.MODERATOR, submission.badge_id)
    return [one for one in holders if _may(session, submission, one, at=at)]


def _may(session: Session, submission: Submission, person_id: str, *, at: datetime) -> bool:
    near = closeness(session, [submission], person_id, at=at)[submission.id]
    return not near.is_hidden and near.objection is None
