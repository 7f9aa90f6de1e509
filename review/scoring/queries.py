"""Reading a reviewer's form, and the submission it is about, blind."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries as people
from core.errors import NotFound
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.states import PENDING, AssignmentState
from review.scoring.anonymity import BlindSubmission, for_reviewer, needles_for
from review.scoring.models import CriterionScore, Review
from review.scoring.rules import Answer
from review.scoring.states import CannotScore

OPEN_TO_READ = (PENDING - {AssignmentState.INVITED}) | {
    AssignmentState.SEALED,
    AssignmentState.CLOSED,
}


def assignment_for(session: Session, assignment_id: str, *, reviewer_id: str) -> Assignment:
    """Return a reviewer's own assignment while it gives access, or raise NotFound (AZ3)."""
    found = session.get(Assignment, assignment_id)
    if (
        found is None
        or found.reviewer_id != reviewer_id
        or AssignmentState(found.state) not in OPEN_TO_READ
    ):
        raise NotFound()
    return found


def review_of(session: Session, assignment_id: str) -> Review | None:
    """Return the form of an assignment, once it was opened."""
    return session.scalar(select(Review).where(Review.assignment_id == assignment_id))


def scores_of(session: Session, review_id: str) -> dict[str, CriterionScore]:
    """Return the rows of a form by criterion key."""
    rows = session.scalars(select(CriterionScore).where(CriterionScore.review_id == review_id))
    return {row.criterion_key: row for row in rows}


def answers_of(session: Session, review_id: str) -> dict[str, Answer]:
    """Return what a form says, as plain values by criterion key."""
    return {
        key: Answer(
            level=row.level,
            cannot_score=CannotScore(row.cannot_score) if row.cannot_score else None,
            rationale=row.rationale,
            locator=row.locator,
        )
        for key, row in scores_of(session, review_id).items()
    }


def blind_submission(session: Session, submission: Submission) -> BlindSubmission:
    """Return what a reviewer may know of a submission."""
    learner = people.person(session, submission.learner_id)
    return for_reviewer(
        submissions.manifest_of(submission),
        pseudonym=submission.pseudonym,
        html=submissions.sealed_html(session, submission.id),
        needles=needles_for(
            [learner.name],
            people.addresses(session, learner.id),
            people.employers(session, learner.id),
        ),
    )
