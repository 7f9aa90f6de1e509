"""Reading the flow of submissions for programme managers, in as many queries for 1 row as for 50.

A manager never sees, nor counts, a matter of their own: one they handed in, were asked to review
or have another part in (AZ4). Learners appear by their pseudonym, reviewers by name.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.states import Role
from accounts.visitor import Visitor
from core.calendar import add_business_days
from core.errors import NotFound
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.submission.models import Submission
from portfolio.submission.states import OPEN, SubmissionState
from review.assignment.choices import is_apart
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import PENDING_STATES, SEATED_STATES, AssignmentState
from review.moderation.queries import due_by_submission

PAGE = 25
AT_RISK_DAYS = 3
# Not a state that a work is in, but what a manager looks for first.
WANTING = "wanting"


@dataclass(frozen=True)
class Asked:
    """Somebody on a seat, or who left one, and until when they have."""

    name: str
    state: str
    by: datetime | None


@dataclass(frozen=True)
class Line:
    """One submission on the board; `moderated_by` is set while a review waits for a moderator."""

    submission_id: str
    pseudonym: str
    badge_title: str
    badge_slug: str
    state: str
    since: datetime
    promised_at: datetime
    is_at_risk: bool
    seats: int = 0
    asked: tuple[Asked, ...] = ()
    turned_away: int = 0
    moderated_by: datetime | None = None

    @property
    def free_seats(self) -> int:
        """How many wanted seats of the open round nobody sits on; an extra one is not wanted."""
        return max(0, self.seats - len(self.asked))


def board(
    session: Session, manager: Visitor, *, stage: str = "", page: int = 1, at: datetime
) -> tuple[list[Line], bool]:
    """Return a page of open submissions, the soonest promise first, and whether more follow."""
    query = (
        select(Submission, BadgeEdition.title, Badge.slug)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(visible(manager))
        .order_by(Submission.promised_at, Submission.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    if stage:
        query = query.where(_wants_somebody() if stage == WANTING else Submission.state == stage)
    rows = session.execute(query).all()
    lines = _lines(session, [(row[0], row[1], row[2]) for row in rows[:PAGE]], at=at)
    return lines, len(rows) > PAGE


def stages(session: Session, manager: Visitor) -> dict[str, int]:
    """Return how many open submissions stand at each stage, in the order of the way.

    How many of them want somebody to review them stands first, if any do.
    """
    rows = session.execute(
        select(Submission.state, func.count())
        .join(Badge, Badge.id == Submission.badge_id)
        .where(visible(manager))
        .group_by(Submission.state)
    )
    counts = {state: count for state, count in rows}
    wanting = session.scalar(
        select(func.count())
        .select_from(Submission)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(visible(manager), _wants_somebody())
    )
    found: dict[str, int] = {
        state.value: counts[state.value] for state in SubmissionState if state.value in counts
    }
    return {WANTING: wanting, **found} if wanting else found


def submission(
    session: Session, manager: Visitor, submission_id: str, *, at: datetime
) -> tuple[Submission, Line]:
    """Return one submission that a manager may see, and its line; others do not exist for them."""
    row = session.execute(
        select(Submission, BadgeEdition.title, Badge.slug)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .where(Submission.id == submission_id, visible(manager))
    ).one_or_none()
    if row is None:
        raise NotFound()
    found, title, slug = row
    (line,) = _lines(session, [(found, title, slug)], at=at)
    return found, line


def pseudonyms(session: Session, submission_ids: Iterable[str]) -> dict[str, str]:
    """Return what submissions are called by those who must not know whose they are."""
    rows = session.execute(
        select(Submission.id, Submission.pseudonym).where(Submission.id.in_(list(submission_ids)))
    )
    return {submission_id: pseudonym for submission_id, pseudonym in rows}


def _lines(
    session: Session, rows: list[tuple[Submission, str, str]], *, at: datetime
) -> list[Line]:
    ids = [found.id for found, _, _ in rows]
    seats = _open_seats(session, ids)
    asked, turned_away = _asked(session, ids)
    moderated = due_by_submission(session, ids)
    risky = add_business_days(at, AT_RISK_DAYS)
    return [
        Line(
            submission_id=found.id,
            pseudonym=found.pseudonym,
            badge_title=title,
            badge_slug=slug,
            state=found.state,
            since=found.state_since,
            promised_at=found.promised_at,
            is_at_risk=found.promised_at <= risky,
            seats=seats.get(found.id, 0),
            asked=tuple(asked[found.id]),
            turned_away=turned_away[found.id],
            moderated_by=moderated.get(found.id),
        )
        for found, title, slug in rows
    ]


def in_scope(manager: Visitor) -> ColumnElement[bool]:
    """Return which badges a manager looks after."""
    scopes = {one.scope for one in manager.grants if one.role is Role.PROGRAMME_MANAGER}
    return Badge.id.is_not(None) if "" in scopes else Badge.slug.in_(sorted(scopes))


def visible(manager: Visitor) -> ColumnElement[bool]:
    """Return which open submissions a manager may see and count: none of their own matters."""
    return and_(
        Submission.state.in_(sorted(state.value for state in OPEN)),
        is_apart(manager.person_id),
        in_scope(manager),
    )


def _wants_somebody() -> ColumnElement[bool]:
    """Return whether an open round of a submission wants more people than sit on its seats."""
    seated = (
        select(func.count())
        .where(Assignment.round_id == ReviewRound.id, Assignment.state.in_(SEATED_STATES))
        .correlate(ReviewRound)
        .scalar_subquery()
    )
    return Submission.id.in_(
        select(ReviewRound.submission_id).where(
            ReviewRound.closed_at.is_(None), ReviewRound.seats > seated
        )
    )


def _open_seats(session: Session, ids: list[str]) -> dict[str, int]:
    rows = session.execute(
        select(ReviewRound.submission_id, ReviewRound.seats).where(
            ReviewRound.submission_id.in_(ids), ReviewRound.closed_at.is_(None)
        )
    )
    return {submission_id: seats for submission_id, seats in rows}


def _asked(session: Session, ids: list[str]) -> tuple[dict[str, list[Asked]], Counter[str]]:
    """Return who sits on the seats of open rounds, and how many left one, by submission."""
    rows = session.execute(
        select(Assignment, Person.name)
        .join(Person, Person.id == Assignment.reviewer_id)
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .where(Assignment.submission_id.in_(ids), ReviewRound.closed_at.is_(None))
        .order_by(Assignment.seat, Assignment.invited_at)
    )
    asked: dict[str, list[Asked]] = defaultdict(list)
    left: Counter[str] = Counter()
    for one, name in rows:
        if one.state not in SEATED_STATES:
            left[one.submission_id] += 1
            continue
        is_invited = one.state == AssignmentState.INVITED.value
        until = one.answer_by if is_invited else one.due_at
        is_pending = one.state in PENDING_STATES
        asked[one.submission_id].append(Asked(name, one.state, until if is_pending else None))
    return asked, left
