"""Reading the pool of reviewers."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.models import Person
from credentials.catalog.models import Badge, BadgeEdition
from credentials.catalog.states import EditionState
from review.pool.models import DeclaredConflict, Qualification, ReviewerProfile


def profile(session: Session, person_id: str) -> ReviewerProfile | None:
    """Return a person's reviewing limits, if they volunteered."""
    return session.get(ReviewerProfile, person_id)


def qualification(session: Session, person_id: str, badge_id: str) -> Qualification | None:
    """Return the right of a person to review a badge, in whatever state."""
    return session.scalar(
        select(Qualification).where(
            Qualification.person_id == person_id, Qualification.badge_id == badge_id
        )
    )


def qualifications_of(session: Session, person_id: str) -> list[tuple[Qualification, str, str]]:
    """Return a person's qualifications, each with the badge's slug and title."""
    rows = session.execute(
        select(Qualification, Badge.slug, BadgeEdition.title)
        .join(Badge, Badge.id == Qualification.badge_id)
        .join(
            BadgeEdition,
            (BadgeEdition.badge_id == Badge.id)
            & (BadgeEdition.state == EditionState.PUBLISHED.value),
        )
        .where(Qualification.person_id == person_id)
        .order_by(BadgeEdition.title)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def reviewers_of(session: Session, badge_id: str) -> list[tuple[Qualification, Person]]:
    """Return everybody with a qualification for a badge, by name."""
    rows = session.execute(
        select(Qualification, Person)
        .join(Person, Person.id == Qualification.person_id)
        .where(Qualification.badge_id == badge_id)
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def qualified_count(session: Session, badge_id: str) -> int:
    """Return how many people hold a qualification for a badge that stands."""
    count = session.scalar(
        select(func.count())
        .select_from(Qualification)
        .where(Qualification.badge_id == badge_id, Qualification.state == "qualified")
    )
    return count or 0


def conflicts_of(session: Session, person_id: str) -> list[DeclaredConflict]:
    """Return the ties a person is part of, declared by either side."""
    return list(
        session.scalars(
            select(DeclaredConflict)
            .where(
                or_(
                    DeclaredConflict.person_id == person_id,
                    DeclaredConflict.other_person_id == person_id,
                )
            )
            .order_by(DeclaredConflict.from_at)
        )
    )
