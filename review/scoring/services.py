"""Scoring: a form that saves itself, and a seal that holds."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, jobs
from core.digest import digest_of
from core.errors import Conflict, Invalid, NotFound, Refused
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from review.assignment import queries as assignments
from review.assignment.models import Assignment
from review.assignment.states import MOVES as ASSIGNMENT_MOVES
from review.assignment.states import PENDING, AssignmentState
from review.scoring import queries
from review.scoring.models import CriterionScore, Review
from review.scoring.rules import Answer, Gap, gaps, own_traces
from review.scoring.states import MOVES, ReviewState

MOST_SECONDS_PER_SAVE = 15 * 60


class Incomplete(Invalid):
    """The review cannot be sealed yet; `gaps` says what is missing where."""

    def __init__(self, missing: tuple[Gap, ...], reason: str) -> None:
        super().__init__(reason)
        self.gaps = missing


def open_review(session: Session, assignment_id: str, *, by: str, at: datetime) -> Review:
    """Open the form of an accepted assignment; from now on it is in progress."""
    assignment = _own(session, assignment_id, by)
    if AssignmentState(assignment.state) is AssignmentState.ACCEPTED:
        move(assignment, AssignmentState.IN_PROGRESS, ASSIGNMENT_MOVES)
        assignment.opened_at = at
        audit.record(
            session,
            "review_opened",
            subject_kind="assignment",
            subject_id=assignment.id,
            by=by,
            at=at,
        )
    found = queries.review_of(session, assignment.id)
    if found is not None:
        return found
    made = Review(assignment_id=assignment.id, saved_at=at)
    session.add(made)
    session.flush()
    definition = _definition(session, assignment)
    session.add_all(
        CriterionScore(review_id=made.id, criterion_key=criterion.key)
        for criterion in definition.criteria
    )
    session.flush()
    return made


def save_draft(
    session: Session,
    assignment_id: str,
    *,
    version: int,
    answers: Mapping[str, Answer],
    feedback: str,
    private_note: str,
    seconds: int,
    by: str,
    at: datetime,
) -> Review:
    """Save the form as it stands; `version` is what the form was loaded or last saved at.

    A form that says what is saved already is no conflict: the autosave and the button may meet.
    """
    assignment = _own(session, assignment_id, by)
    if AssignmentState(assignment.state) not in PENDING:
        raise Conflict("This review is sealed and can no longer be changed.")
    review = open_review(session, assignment_id, by=by, at=at)
    if review.version != version:
        if _says(session, review, answers, feedback, private_note):
            return review
        raise Conflict(
            "This review was saved in another tab or on another device meanwhile. What you typed"
            " is still here: copy it, reload the page, and put the two together."
        )
    definition = _definition(session, assignment)
    allowed = {level.value for level in definition.levels}
    rows = queries.scores_of(session, review.id)
    for key, answer in answers.items():
        row = rows.get(key)
        if row is None or (answer.level is not None and answer.level not in allowed):
            raise Invalid("The rubric has no such criterion or level.", key)
        row.level = None if answer.cannot_score else answer.level
        row.cannot_score = answer.cannot_score.value if answer.cannot_score else None
        row.rationale, row.locator = answer.rationale, answer.locator
    review.feedback, review.private_note = feedback, private_note
    review.seconds_spent += max(0, min(seconds, MOST_SECONDS_PER_SAVE))
    review.version += 1
    review.saved_at = at
    return review


def seal(
    session: Session,
    assignment_id: str,
    *,
    version: int,
    names_may_stay: bool = False,
    by: str,
    at: datetime,
) -> Review:
    """Seal one's review, for good; conflict and qualification are checked again (INV-06, 25).

    `version` is what the reviewer last saw; `names_may_stay` says that they were told of their
    own name in it and want it so.
    """
    _lock_matter(session, assignment_id, by)
    assignment = _own(session, assignment_id, by)
    review = queries.review_of(session, assignment.id)
    if review is None or AssignmentState(assignment.state) not in PENDING:
        raise Conflict("This review is sealed, or is no longer yours to seal.")
    if review.version != version:
        raise Conflict("This review was changed meanwhile. Check it once more, then seal it.")
    objection = assignments.objection_now(session, assignment, at=at)
    if objection is not None:
        raise Refused(objection)
    definition = _definition(session, assignment)
    answers = queries.answers_of(session, review.id)
    missing = gaps(definition, answers)
    if missing:
        raise Incomplete(missing, "The review is not complete yet.")
    own = queries.identity_of(session, by)
    if own_traces(definition, answers, review.feedback, own) and not names_may_stay:
        raise Invalid("Your own name stands in your review; say whether it may stay.", "names")
    move(review, ReviewState.SEALED, MOVES)
    review.sealed_at = at
    review.digest = digest_of(content_of(assignment.id, review, answers))
    move(assignment, AssignmentState.SEALED, ASSIGNMENT_MOVES)
    assignment.ended_at = at
    session.flush()
    audit.record(
        session,
        "review_sealed",
        subject_kind="review",
        subject_id=review.id,
        by=by,
        at=at,
        after=review.digest,
    )
    if assignment.is_counted:
        jobs.enqueue(session, "review_sealed", round_id=assignment.round_id)
    else:
        _end_reading(session, assignment)
    return review


def _end_reading(session: Session, assignment: Assignment) -> None:
    """Close a reading apart with its seal: no round waits for it, and nothing is concluded.

    What is learned from it is a job of its kind: `calibration_sealed`, `gold_sealed` or
    `audit_sealed`, with the assignment's id.
    """
    move(assignment, AssignmentState.CLOSED, ASSIGNMENT_MOVES)
    session.flush()
    kind = assignments.kind_of(session, assignment)
    jobs.enqueue(session, f"{kind.value}_sealed", assignment_id=assignment.id)


def _says(
    session: Session,
    review: Review,
    answers: Mapping[str, Answer],
    feedback: str,
    private_note: str,
) -> bool:
    return (
        queries.answers_of(session, review.id) == dict(answers)
        and review.feedback == feedback
        and review.private_note == private_note
    )


def content_of(
    assignment_id: str, review: Review, answers: Mapping[str, Answer]
) -> dict[str, object]:
    """Return what a review is sealed by: its digest is over exactly this."""
    return {
        "assignment": assignment_id,
        "feedback": review.feedback,
        "scores": {
            key: {
                "level": answer.level,
                "cannot_score": answer.cannot_score.value if answer.cannot_score else None,
                "rationale": answer.rationale,
                "locator": answer.locator,
            }
            for key, answer in answers.items()
        },
    }


def _lock_matter(session: Session, assignment_id: str, by: str) -> None:
    """Lock the submission before the assignment, as everybody does who may end either."""
    found = queries.assignment_for(session, assignment_id, reviewer_id=by)
    submission = session.scalars(
        select(Submission)
        .where(Submission.id == found.submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if not assignments.goes_on(found, submission):
        raise Conflict("This submission is not under review any more, so nothing was sealed.")


def _own(session: Session, assignment_id: str, by: str) -> Assignment:
    found = session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id, Assignment.reviewer_id == by)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or AssignmentState(found.state) not in queries.OPEN_TO_READ:
        raise NotFound()
    return found


def _definition(session: Session, assignment: Assignment) -> EditionDefinition:
    submission = session.get_one(Submission, assignment.submission_id)
    return catalog.definition_of(catalog.edition(session, submission.edition_id))
