"""Reading a reviewer's form, and the submission it is about, blind."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries as people
from accounts.visitor import Visitor
from core.digest import sha256_hex
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog.models import BadgeEdition
from portfolio.composing.models import Attestation
from portfolio.submission import queries as submissions
from portfolio.submission.models import SealedItem, Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment
from review.assignment.states import PENDING, AssignmentState
from review.scoring.anonymity import BlindSubmission, for_reviewer, mask, needles_for
from review.scoring.models import CriterionScore, Review
from review.scoring.rules import Answer, masked_answer
from review.scoring.states import CannotScore

UNFINISHED = PENDING - {AssignmentState.INVITED}
GIVES_EVIDENCE = UNFINISHED | {AssignmentState.SEALED}
OPEN_TO_READ = GIVES_EVIDENCE | {AssignmentState.CLOSED}
UNDER_WAY = frozenset(
    {
        SubmissionState.AWAITING_REVIEWERS,
        SubmissionState.UNDER_REVIEW,
        SubmissionState.IN_ADJUDICATION,
    }
)


@dataclass(frozen=True)
class Voice:
    """What one sealed review says, with nothing that names its writer."""

    review_id: str
    assignment_id: str
    answers: Mapping[str, Answer]
    feedback: str


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
    """Return the form of an assignment as it is now, once it was opened."""
    return session.scalar(
        select(Review)
        .where(Review.assignment_id == assignment_id)
        .execution_options(populate_existing=True)
    )


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


def identity_of(session: Session, person_id: str) -> list[str]:
    """Return the words that give a person away: names, addresses and employers, to be masked."""
    found = people.person(session, person_id)
    return needles_for(
        [found.name], people.addresses(session, person_id), people.employers(session, person_id)
    )


def learner_needles(session: Session, submission: Submission) -> list[str]:
    """Return the words that give the learner of a submission away, with those of who attests it.

    The names of the files as they were uploaded are among them.
    """
    learner = people.person(session, submission.learner_id)
    attesters = session.execute(
        select(Attestation.name, Attestation.address).where(
            Attestation.portfolio_id == submission.portfolio_id
        )
    ).all()
    files = [item["file_name"] for item in submissions.manifest_of(submission)["items"]]
    return needles_for(
        [learner.name, *(row.name for row in attesters)],
        [*people.addresses(session, learner.id), *(row.address for row in attesters)],
        [*people.employers(session, learner.id), *files],
    )


def blind_submission(
    session: Session, submission: Submission, *, needles: Sequence[str]
) -> BlindSubmission:
    """Return what a reviewer may know of a submission, masked by its `learner_needles`."""
    return for_reviewer(
        submissions.manifest_of(submission),
        pseudonym=submission.pseudonym,
        html=submissions.sealed_html(session, submission.id),
        needles=needles,
    )


def voices(
    session: Session, digests: Collection[str], *, order: str, hidden: Sequence[str] = ()
) -> list[Voice]:
    """Return what sealed reviews say, each masked of its own writer's names and of `hidden`.

    The order is drawn from `order` and the reviews' ids, so that it tells nothing of names or
    times (BR5).
    """
    rows = session.execute(
        select(Review, Assignment.reviewer_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(Review.digest.in_(digests))
    ).all()
    found = []
    for review, reviewer_id in sorted(rows, key=lambda row: sha256_hex(f"{order}:{row[0].id}")):
        needles = sorted({*identity_of(session, reviewer_id), *hidden}, key=_longest_first)
        found.append(
            Voice(
                review_id=review.id,
                assignment_id=review.assignment_id,
                answers={
                    key: masked_answer(answer, needles)
                    for key, answer in answers_of(session, review.id).items()
                },
                feedback=mask(review.feedback, needles),
            )
        )
    return found


def is_open_to_read(assignment: Assignment, submission: Submission) -> bool:
    """Whether an assignment still gives access to the evidence; it ends with the matter (AZ3)."""
    return (
        AssignmentState(assignment.state) in GIVES_EVIDENCE
        and SubmissionState(submission.state) in UNDER_WAY
    )


def evidence_item(
    session: Session, assignment_id: str, position: int, *, reviewer_id: str
) -> tuple[Submission, SealedItem]:
    """Return one work sample that an assignment gives access to now, or raise NotFound (AZ3)."""
    assignment = assignment_for(session, assignment_id, reviewer_id=reviewer_id)
    submission = submissions.submission(session, assignment.submission_id)
    if not is_open_to_read(assignment, submission):
        raise NotFound()
    return submission, item_at(session, submission.id, position)


def item_at(session: Session, submission_id: str, position: int) -> SealedItem:
    """Return the work sample with a number, or raise NotFound."""
    items = submissions.sealed_items(session, submission_id)
    found = next((item for item in items if item.position == position), None)
    if found is None:
        raise NotFound()
    return found


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the reviews that a person has said yes to and not sealed yet."""
    rows = session.execute(
        select(Assignment, Submission.pseudonym, BadgeEdition.title)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .where(
            Assignment.reviewer_id == visitor.person_id,
            Assignment.state.in_([state.value for state in UNFINISHED]),
        )
        .order_by(Assignment.due_at)
    ).all()
    return [
        Waiting(
            title=f"Your review of {pseudonym}",
            body=f"A portfolio for {title} waits for your levels and reasons."
            + (" It is overdue: seal it, or step back and say so." if _is_late(one, at) else ""),
            path=f"/reviews/{one.id}",
            by=one.due_at,
            action="Go on" if one.state == AssignmentState.IN_PROGRESS.value else "Begin",
        )
        for one, pseudonym, title in rows
    ]


def _is_late(assignment: Assignment, at: datetime) -> bool:
    return assignment.due_at is not None and assignment.due_at < at


def _longest_first(needle: str) -> tuple[int, str]:
    return (-len(needle), needle)
