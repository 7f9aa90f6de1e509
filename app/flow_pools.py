"""Reading each badge's pool of reviewers against what is wanted of it, for programme managers."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.visitor import Visitor
from app.flow import in_scope, visible
from credentials.catalog.models import Badge, BadgeEdition
from credentials.catalog.states import EditionState
from portfolio.submission.models import Submission
from portfolio.submission.states import OPEN
from review.assignment.models import Assignment, ReviewRound
from review.assignment.outlook import outlooks
from review.assignment.pool_lines import on_holiday
from review.assignment.states import PENDING_STATES, SEATED_STATES
from review.pool.models import Qualification, ReviewerProfile
from review.pool.states import QualificationState

OPEN_STATES = tuple(sorted(state.value for state in OPEN))


@dataclass(frozen=True)
class Pool:
    """One badge's reviewers against what is wanted of them."""

    badge_slug: str
    title: str
    qualified: int
    room: int
    on_the_way: int
    free_seats: int
    short_from: date | None = None
    has_nobody: bool = False

    @property
    def worry(self) -> str | None:
        """Say what a manager should see to, the nearest first, or None."""
        if self.free_seats > self.room:
            wait = "review finds" if self.free_seats == 1 else "reviews find"
            return f"{self.free_seats} {wait} nobody yet, and there is room for {self.room} now."
        if self.short_from is not None:
            day = self.short_from
            return f"Learners would wait from the week of {day.day} {day:%B} on."
        return "Nobody could take on a review if somebody handed in." if self.has_nobody else None


def pools(session: Session, manager: Visitor, *, at: datetime) -> list[Pool]:
    """Return each badge's reviewers against its open demand."""
    badges = session.execute(
        select(Badge.id, Badge.slug, BadgeEdition.title)
        .join(BadgeEdition, BadgeEdition.badge_id == Badge.id)
        .where(BadgeEdition.state == EditionState.PUBLISHED.value, in_scope(manager))
        .order_by(BadgeEdition.title)
    ).all()
    able = _able(session, [row.id for row in badges], at=at)
    wanted = _wanted(session, manager)
    coming = outlooks(session, [row.id for row in badges], at=at)
    return [
        Pool(
            badge_slug=row.slug,
            title=row.title,
            qualified=able.get(row.id, (0, 0))[0],
            room=able.get(row.id, (0, 0))[1],
            on_the_way=wanted.get(row.id, (0, 0))[0],
            free_seats=wanted.get(row.id, (0, 0))[1],
            short_from=week.starts if (week := coming[row.id][1].first_short) else None,
            has_nobody=coming[row.id][1].has_nobody,
        )
        for row in badges
    ]


def _able(session: Session, badge_ids: list[str], *, at: datetime) -> dict[str, tuple[int, int]]:
    """Return, by badge, how many are qualified today and how many reviews they have room for."""
    load = (
        select(Assignment.reviewer_id, func.count().label("open"))
        .where(Assignment.state.in_(PENDING_STATES))
        .group_by(Assignment.reviewer_id)
        .subquery()
    )
    has_room = and_(
        ReviewerProfile.is_available,
        or_(ReviewerProfile.paused_until.is_(None), ReviewerProfile.paused_until <= at),
        func.coalesce(load.c.open, 0) < ReviewerProfile.max_open,
        ReviewerProfile.person_id.not_in(on_holiday(at.date())),
    )
    left = ReviewerProfile.max_open - func.coalesce(load.c.open, 0)
    rows = session.execute(
        select(Qualification.badge_id, func.count(), func.sum(case((has_room, left), else_=0)))
        .join(Person, Person.id == Qualification.person_id)
        .outerjoin(ReviewerProfile, ReviewerProfile.person_id == Qualification.person_id)
        .outerjoin(load, load.c.reviewer_id == Qualification.person_id)
        .where(
            Qualification.badge_id.in_(badge_ids),
            Qualification.state == QualificationState.QUALIFIED.value,
            Qualification.valid_from <= at,
            or_(Qualification.valid_until.is_(None), Qualification.valid_until > at),
            Person.disabled_at.is_(None),
        )
        .group_by(Qualification.badge_id)
    )
    return {badge_id: (qualified, int(free or 0)) for badge_id, qualified, free in rows}


def _wanted(session: Session, manager: Visitor) -> dict[str, tuple[int, int]]:
    """Return, by badge, how many submissions are on their way and how many seats are free."""
    taken = (
        select(Assignment.round_id, func.count().label("taken"))
        .join(
            ReviewRound,
            (ReviewRound.id == Assignment.round_id)
            & (ReviewRound.submission_id == Assignment.submission_id),
        )
        .where(
            Assignment.submission_id.in_(
                select(Submission.id).where(Submission.state.in_(OPEN_STATES))
            ),
            ReviewRound.closed_at.is_(None),
            Assignment.state.in_(SEATED_STATES),
        )
        .group_by(Assignment.round_id)
        .subquery()
    )
    # Somebody on an extra seat fills none of another round.
    lacking = func.coalesce(ReviewRound.seats, 0) - func.coalesce(taken.c.taken, 0)
    rows = session.execute(
        select(
            Submission.badge_id,
            func.count(),
            func.sum(case((lacking > 0, lacking), else_=0)),
        )
        .join(Badge, Badge.id == Submission.badge_id)
        .outerjoin(
            ReviewRound,
            (ReviewRound.submission_id == Submission.id) & ReviewRound.closed_at.is_(None),
        )
        .outerjoin(taken, taken.c.round_id == ReviewRound.id)
        .where(visible(manager))
        .group_by(Submission.badge_id)
    )
    return {badge_id: (count, int(free or 0)) for badge_id, count, free in rows}
