"""What a reviewer reads of their invitations and reviews; nothing of it says whose work it is."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.states import Role
from accounts.visitor import Visitor
from core.calendar import add_business_days
from core.waiting import Waiting, soonest_first
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.evidence import queries as evidence
from portfolio.evidence.states import RenditionKind
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from review.assignment import queries
from review.assignment.affinity import reasons
from review.assignment.choices import is_apart
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import SEATED, AssignmentState

S = AssignmentState
# Business days for a manager to find somebody, once told that nobody was found.
DAYS_TO_FIND = 2
# What became of a part in a review, in words and tone.
WORDS: dict[AssignmentState, tuple[str, str]] = {
    S.INVITED: ("Waits for your answer", "attention"),
    S.ACCEPTED: ("Accepted", "progress"),
    S.IN_PROGRESS: ("Begun", "progress"),
    S.SEALED: ("Sealed", "earned"),
    S.CLOSED: ("Finished", "earned"),
    S.DECLINED: ("You declined", "neutral"),
    S.LAPSED: ("Lapsed", "neutral"),
    S.RECUSED: ("You stepped back", "neutral"),
    S.REASSIGNED: ("Passed on", "neutral"),
    S.WITHDRAWN: ("Taken back", "neutral"),
    S.VOIDED: ("Not counted", "neutral"),
}


@dataclass(frozen=True)
class Line:
    """One line of the desk."""

    id: str
    title: str
    pseudonym: str
    minutes: int
    state: AssignmentState
    answer_by: datetime
    due_at: datetime | None
    ended_at: datetime | None

    @property
    def words(self) -> str:
        """What became of it."""
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        """How it is to be seen."""
        return WORDS[self.state][1]

    @property
    def is_readable(self) -> bool:
        """Whether the workspace still opens."""
        return self.state in SEATED and self.state is not S.INVITED


@dataclass(frozen=True)
class Desk:
    """A reviewer's desk, each part in the order in which it wants doing."""

    invited: tuple[Line, ...]
    under_way: tuple[Line, ...]
    done: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it, and never was."""
        return not (self.invited or self.under_way or self.done)


@dataclass(frozen=True)
class Invitation:
    """Everything a reviewer needs to answer: how much it is, by when, and why them."""

    line: Line
    definition: EditionDefinition
    items: int
    pages: int
    played_minutes: int
    words: int
    why: tuple[str, ...]
    is_open: bool


def desk(session: Session, reviewer_id: str, *, at: datetime) -> Desk:
    """Return a reviewer's desk."""
    lines = [_line(row) for row in _rows(session, Assignment.reviewer_id == reviewer_id)]
    invited = [one for one in lines if one.state is S.INVITED and one.answer_by > at]
    under_way = [one for one in lines if one.state in (S.ACCEPTED, S.IN_PROGRESS)]
    rest = [one for one in lines if one not in invited and one not in under_way]
    return Desk(
        tuple(sorted(invited, key=lambda one: one.answer_by)),
        tuple(sorted(under_way, key=lambda one: one.due_at or one.answer_by)),
        tuple(rest),
    )


def invitation(
    session: Session, assignment_id: str, *, reviewer_id: str, at: datetime
) -> Invitation:
    """Return a reviewer's own invitation, or raise NotFound."""
    found = queries.assignment_of(session, assignment_id, reviewer_id=reviewer_id)
    ((_, submission, edition),) = _rows(session, Assignment.id == found.id)
    manifest = submissions.manifest_of(submission)
    kept = evidence.renditions(session, [item["sha256"] for item in manifest["items"]])
    derived = [one for _, some in kept.values() for one in some]
    seconds = sum(
        one.facts.get("seconds") or 0 for one in derived if one.kind == RenditionKind.COPY.value
    )
    line = _line((found, submission, edition))
    return Invitation(
        line=line,
        definition=catalog.definition_of(edition),
        items=len(manifest["items"]),
        pages=sum(one.kind == RenditionKind.PAGE.value for one in derived),
        played_minutes=ceil(seconds / 60),
        words=sum(len(one["text"].split()) for one in manifest["reflections"]),
        why=reasons(found.explanation.get("terms", [])),
        is_open=line.state is S.INVITED
        and found.answer_by > at
        and queries.goes_on(found, submission),
    )


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return a person's invitations, and the empty seats of a manager's badges.

    Reviews that were accepted are the scoring room's to tell.
    """
    if not visitor.is_signed_in:
        return []
    invited = desk(session, visitor.person_id, at=at).invited
    return [*(_invited(one) for one in invited), *_unfilled(session, visitor, at=at)]


def _invited(line: Line) -> Waiting:
    return Waiting(
        title=f"Would you review a portfolio for {line.title}?",
        body=f"It takes about {line.minutes} minutes. A no is just as welcome as a yes.",
        path=f"/reviews/{line.id}/invitation",
        by=line.answer_by,
        action="Answer the invitation",
    )


def _unfilled(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return, by badge, the empty seats that a programme manager should see to, the soonest.

    What they have a part in, such as their own work, is left out (AZ4).
    """
    if not visitor.has(Role.PROGRAMME_MANAGER):
        return []
    rows = session.execute(
        select(Badge.slug, BadgeEdition.title, Submission.promised_at, ReviewRound)
        .join(Submission, Submission.badge_id == Badge.id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(ReviewRound, ReviewRound.submission_id == Submission.id)
        .where(
            ReviewRound.id.in_(queries.rounds_with_free_seats(session)),
            Submission.state.in_(sorted(queries.GATHERING)),
            is_apart(visitor.person_id),
        )
    ).all()
    first: dict[str, Waiting] = {}
    works = Counter(slug for slug, *_ in rows)
    for slug, title, promised_at, current in rows:
        if visitor.has(Role.PROGRAMME_MANAGER, badge=slug):
            entry = _to_be_found(title, slug, current, promised_at, works=works[slug], at=at)
            first[slug] = soonest_first([entry, *([first[slug]] if slug in first else [])])[0]
    return list(first.values())


def _to_be_found(
    title: str,
    slug: str,
    current: ReviewRound,
    promised_at: datetime,
    *,
    works: int,
    at: datetime,
) -> Waiting:
    """Return what a manager can do for a round with an empty seat, where, and by when.

    `works` is how many works of the badge have one.
    """
    path, action, by = f"/pool/{slug}", "See the pool", promised_at
    body = "A portfolio waits for a reviewer, and nobody who may be asked is free."
    if works > 1:
        body = f"{works} portfolios wait for reviewers, and nobody who may be asked is free."
    if current.held_until is not None and current.held_until > at:
        body = "You took a portfolio in hand: ask somebody, or the router goes on by itself then."
        by = min(current.held_until, promised_at)
        path, action = f"/flow/{current.submission_id}", "Say whom you want"
    elif current.escalated_at is not None:
        body = (
            "A portfolio has waited longer than usual. Qualify somebody else for this badge, or ask"
            " somebody yourself; the router goes on looking meanwhile."
        )
        by = min(add_business_days(current.escalated_at, DAYS_TO_FIND), promised_at)
        path, action = f"/flow/{current.submission_id}", "See what would help"
    return Waiting(title=f"Find reviewers for {title}", body=body, path=path, by=by, action=action)


def _rows(session: Session, where: object) -> list[tuple[Assignment, Submission, BadgeEdition]]:
    rows = session.execute(
        select(Assignment, Submission, BadgeEdition)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .where(where)  # type: ignore[arg-type]
        .order_by(Assignment.invited_at.desc(), Assignment.id)
        .limit(200)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _line(row: tuple[Assignment, Submission, BadgeEdition]) -> Line:
    found, submission, edition = row
    return Line(
        id=found.id,
        title=edition.title,
        pseudonym=submission.pseudonym,
        minutes=catalog.definition_of(edition).review_policy.estimated_minutes,
        state=AssignmentState(found.state),
        answer_by=found.answer_by,
        due_at=found.due_at,
        ended_at=found.ended_at,
    )
