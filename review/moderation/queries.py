"""Reading the reviews that wait for a moderator: blind both ways, and never a matter of one's own.

What is shown is what the reviewer wrote, and of the work only its pseudonym; nobody's name, no
other review of the round, and nothing of what they add up to (INV-05, INV-14).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_, select
from sqlalchemy.orm import Session

from accounts.states import Role
from accounts.visitor import Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.evidence.identity import mask
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.queries import GATHERING
from review.assignment.states import AssignmentState
from review.moderation import persons
from review.moderation.models import Moderation
from review.moderation.rules import Hint, hints
from review.moderation.states import ModerationState
from review.pool.models import MatterPart
from review.pool.states import Part
from review.scoring.models import Review
from review.scoring.queries import answers_of, identity_of, learner_needles
from review.scoring.rules import Answer, masked_answer
from review.scoring.states import ReviewState

# A review is moderated only while its writer holds the seat, and its round is open.
HELD = (
    AssignmentState.ACCEPTED.value,
    AssignmentState.IN_PROGRESS.value,
    AssignmentState.SEALED.value,
)


@dataclass(frozen=True)
class Line:
    """One review that waits for a moderator; `objection` says why not for this one."""

    moderation: Moderation
    submission: Submission
    badge_title: str
    objection: str | None
    is_taken: bool

    @property
    def was_returned(self) -> bool:
        """Whether it came back from its reviewer, and can only be passed now."""
        return self.moderation.returned_at is not None


@dataclass(frozen=True)
class Sight:
    """What a moderator reads of one review, masked of every name."""

    definition: EditionDefinition
    answers: Mapping[str, Answer]
    feedback: str
    private_note: str
    hints: Sequence[Hint]


def live() -> ColumnElement[bool]:
    """Return the condition that a moderation still matters: seat held, round open, matter open.

    To be used where Moderation is joined with Review, Assignment, ReviewRound and Submission.
    """
    return and_(
        Assignment.state.in_(HELD),
        ReviewRound.closed_at.is_(None),
        Submission.state.in_(sorted(GATHERING)),
    )


def holds_up(round_id: SQLColumnExpression[str] | str) -> ColumnElement[bool]:
    """Return whether a review of a round waits for a moderator, or is back with its writer."""
    return (
        select(Moderation.id)
        .join(Review, Review.id == Moderation.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(
            Moderation.round_id == round_id,
            Assignment.state.in_(HELD),
            or_(
                Moderation.state == ModerationState.WAITING.value,
                and_(
                    Moderation.state == ModerationState.RETURNED.value,
                    Review.state == ReviewState.DRAFT.value,
                ),
            ),
        )
        .exists()
    )


def moderation_on(session: Session, review_id: str) -> Moderation | None:
    """Return the moderation of a review as it is now, if there is one."""
    return session.scalar(
        select(Moderation)
        .where(Moderation.review_id == review_id)
        .execution_options(populate_existing=True)
    )


def line_for(session: Session, moderation_id: str, visitor: Visitor, *, at: datetime) -> Line:
    """Return one review that waits for a moderator, or raise NotFound."""
    for line in waiting_lines(session, visitor, at=at, only=moderation_id):
        return line
    raise NotFound()


def was_mine(session: Session, moderation_id: str, person_id: str) -> bool:
    """Whether somebody moderates in the matter of a review, whatever became of it."""
    found = (
        select(MatterPart.id)
        .join(Submission, Submission.portfolio_id == MatterPart.portfolio_id)
        .join(ReviewRound, ReviewRound.submission_id == Submission.id)
        .join(Moderation, Moderation.round_id == ReviewRound.id)
        .where(
            Moderation.id == moderation_id,
            MatterPart.person_id == person_id,
            MatterPart.part == Part.MODERATOR.value,
        )
    )
    return session.scalar(found) is not None


def waiting_lines(
    session: Session, visitor: Visitor, *, at: datetime, only: str | None = None
) -> list[Line]:
    """Return what waits for a moderator of these badges, the soonest due first.

    What they are too close to does not exist for them.
    """
    query = (
        select(Moderation, Submission, BadgeEdition.title, Badge.slug)
        .join(Review, Review.id == Moderation.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(ReviewRound, ReviewRound.id == Moderation.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(Moderation.state == ModerationState.WAITING.value, live())
        .order_by(Moderation.due_at, Moderation.id)
    )
    if only is not None:
        query = query.where(Moderation.id == only)
    rows = [
        (moderation, submission, title)
        for moderation, submission, title, slug in session.execute(query)
        if visitor.has(Role.MODERATOR, badge=slug)
    ]
    if not rows:
        return []
    near = persons.closeness(session, [row[1] for row in rows], visitor.person_id, at=at)
    return [
        Line(
            moderation=moderation,
            submission=submission,
            badge_title=title,
            objection=near[submission.id].objection,
            is_taken=near[submission.id].part is Part.MODERATOR,
        )
        for moderation, submission, title in rows
        if not near[submission.id].is_hidden
    ]


def sight_of(session: Session, line: Line) -> Sight:
    """Return what a moderator reads of a review."""
    review = session.get_one(Review, line.moderation.review_id, populate_existing=True)
    assignment = session.get_one(Assignment, review.assignment_id)
    definition = catalog.definition_of(catalog.edition(session, line.submission.edition_id))
    answers = answers_of(session, review.id)
    words = {
        *identity_of(session, assignment.reviewer_id),
        *learner_needles(session, line.submission),
    }
    needles = sorted(words, key=lambda needle: (-len(needle), needle))
    return Sight(
        definition=definition,
        answers={key: masked_answer(answer, needles) for key, answer in answers.items()},
        feedback=mask(review.feedback, needles),
        private_note=mask(review.private_note, needles),
        hints=hints(definition, answers),
    )


def returned(session: Session, assignment_id: str, *, reviewer_id: str) -> Moderation | None:
    """Return why a reviewer's own review came back to them, while it is with them."""
    return session.scalar(
        select(Moderation)
        .join(Review, Review.id == Moderation.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(
            Assignment.id == assignment_id,
            Assignment.reviewer_id == reviewer_id,
            Moderation.state == ModerationState.RETURNED.value,
            Review.state == ReviewState.DRAFT.value,
        )
    )


def due_by_submission(session: Session, submission_ids: Sequence[str]) -> dict[str, datetime]:
    """Return by when a moderator should have read what waits, for those where something does."""
    found: dict[str, datetime] = {}
    for row in session.execute(
        select(Assignment.submission_id, Moderation.due_at)
        .select_from(Moderation)
        .join(Review, Review.id == Moderation.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(ReviewRound, ReviewRound.id == Moderation.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.submission_id.in_(submission_ids),
            Moderation.state == ModerationState.WAITING.value,
            live(),
        )
        .order_by(Moderation.due_at)
    ):
        found.setdefault(row.submission_id, row.due_at)
    return found


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the reviews that wait for this moderator."""
    if not visitor.has(Role.MODERATOR):
        return []
    return [
        Waiting(
            title=f"Read how a review of {line.submission.pseudonym} is written",
            body=f"A review for {line.badge_title} goes on when a moderator has read its reasons."
            + (" It is late." if line.moderation.due_at < at else ""),
            path=f"/moderation/{line.moderation.id}",
            by=line.moderation.due_at,
            action="Read it",
        )
        for line in waiting_lines(session, visitor, at=at)
        if line.objection is None
    ]


def reasons_by_name(moderation: Moderation) -> dict[str, list[str]]:
    """Return the reasons of a return with the criteria that each names."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in moderation.return_reasons:
        found[one["reason"]].extend(one["criteria"])
    return dict(found)
