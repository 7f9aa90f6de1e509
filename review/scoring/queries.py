"""Reading a reviewer's form, and the submission it is about, blind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import queries as people
from accounts.visitor import Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import BadgeEdition
from portfolio.composing.models import Attestation
from portfolio.evidence import queries as evidence
from portfolio.evidence.models import Rendition
from portfolio.evidence.states import RenditionKind
from portfolio.submission import queries as submissions
from portfolio.submission.models import SealedItem, Submission
from review.assignment import queries as assignments
from review.assignment.models import Assignment
from review.assignment.states import PENDING, AssignmentState, RoundKind
from review.scoring.anonymity import BlindSubmission, for_reviewer, needles_for
from review.scoring.models import CriterionScore, Review
from review.scoring.rules import Answer, is_answered
from review.scoring.states import CannotScore

UNFINISHED = PENDING - {AssignmentState.INVITED}
GIVES_EVIDENCE = UNFINISHED | {AssignmentState.SEALED}
OPEN_TO_READ = GIVES_EVIDENCE | {AssignmentState.CLOSED}
PLAYED = ("audio/", "image/", "video/")


@dataclass(frozen=True)
class Bench:
    """A reviewer's place of work: the blind submission, its rubric, and the form as saved.

    `digests` maps the position of each work sample to its file; without `has_evidence` it is
    empty and nothing of the work may be shown. `review` is None until the form is opened.
    """

    assignment: Assignment
    kind: RoundKind
    definition: EditionDefinition
    work: BlindSubmission
    has_evidence: bool
    digests: Mapping[int, str]
    needles: Sequence[str]
    review: Review | None
    answers: Mapping[str, Answer]

    @property
    def is_sealed(self) -> bool:
        """Whether the review can no longer be changed."""
        return AssignmentState(self.assignment.state) not in UNFINISHED

    @property
    def is_closed(self) -> bool:
        """Whether the round is over, so that the others' reviews may be read.

        To a reading apart there are no others.
        """
        return (
            self.assignment.is_counted
            and AssignmentState(self.assignment.state) is AssignmentState.CLOSED
        )

    @property
    def is_compared(self) -> bool:
        """Whether it was a reading of a benchmark, so that its comparison may be read."""
        return self.is_sealed and self.kind in (RoundKind.CALIBRATION, RoundKind.GOLD)

    @property
    def version(self) -> int:
        """The version that the form on the page stands at."""
        return 1 if self.review is None else self.review.version

    @property
    def answered(self) -> int:
        """How many criteria have a level, or a reason for none."""
        return sum(is_answered(answer) for answer in self.answers.values())


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


def bench_of(session: Session, assignment_id: str, *, reviewer_id: str) -> Bench:
    """Return what a reviewer's workspace shows; the evidence only while it is theirs to read."""
    assignment = assignment_for(session, assignment_id, reviewer_id=reviewer_id)
    submission = submissions.submission(session, assignment.submission_id)
    definition = catalog.definition_of(catalog.edition(session, submission.edition_id))
    needles = learner_needles(session, submission)
    review = review_of(session, assignment.id)
    has_evidence = is_open_to_read(assignment, submission)
    return Bench(
        assignment=assignment,
        kind=assignments.kind_of(session, assignment),
        definition=definition,
        work=blind_submission(session, submission, needles=needles),
        has_evidence=has_evidence,
        digests={
            item.position: item.sha256 for item in submissions.sealed_items(session, submission.id)
        }
        if has_evidence
        else {},
        needles=needles,
        review=review,
        answers={} if review is None else answers_of(session, review.id),
    )


def is_open_to_read(assignment: Assignment, submission: Submission) -> bool:
    """Whether an assignment still gives access to the evidence; it ends with the matter (AZ3)."""
    return AssignmentState(assignment.state) in GIVES_EVIDENCE and assignments.goes_on(
        assignment, submission
    )


def evidence_item(
    session: Session, assignment_id: str, position: int, *, reviewer_id: str
) -> SealedItem:
    """Return one work sample that an assignment gives access to now, or raise NotFound (AZ3)."""
    assignment = assignment_for(session, assignment_id, reviewer_id=reviewer_id)
    submission = submissions.submission(session, assignment.submission_id)
    if not is_open_to_read(assignment, submission):
        raise NotFound()
    return item_at(session, submission.id, position)


def picture(session: Session, sha256: str, rendition_id: str) -> Rendition:
    """Return a derived view that is shown as it is: a page, a picture, a film, a sound.

    Texts and tables come only through the viewer, which masks them; they look absent here.
    """
    for _blob, renditions in evidence.renditions(session, [sha256]).values():
        for one in renditions:
            if one.id == rendition_id and _is_shown_as_is(one):
                return one
    raise NotFound()


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


def _is_shown_as_is(rendition: Rendition) -> bool:
    if rendition.kind == RenditionKind.COPY.value:
        return rendition.media_type.startswith(PLAYED)
    return rendition.kind in (RenditionKind.PAGE.value, RenditionKind.IMAGE.value)


def _is_late(assignment: Assignment, at: datetime) -> bool:
    return assignment.due_at is not None and assignment.due_at < at
