"""Reading the pool of reviewers."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts.models import Person
from accounts.visitor import Visitor
from core.waiting import Waiting
from credentials.catalog.models import Badge, BadgeEdition
from credentials.issuing.models import Award
from credentials.issuing.states import AwardState
from review.pool.models import DeclaredConflict, Qualification, ReviewerProfile
from review.pool.rules import RENEWAL_NOTICE
from review.pool.states import QualificationState


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
        select(Qualification, Badge.slug, _newest_title(Badge.id).scalar_subquery())
        .join(Badge, Badge.id == Qualification.badge_id)
        .where(Qualification.person_id == person_id)
    )
    return sorted(((row[0], row[1], row[2]) for row in rows), key=lambda one: one[2])


def reviewers_of(session: Session, badge_id: str) -> list[tuple[Qualification, Person]]:
    """Return everybody with a qualification for a badge, by name."""
    rows = session.execute(
        select(Qualification, Person)
        .join(Person, Person.id == Qualification.person_id)
        .where(Qualification.badge_id == badge_id)
        .order_by(Person.name, Person.id)
    )
    return [(row[0], row[1]) for row in rows]


def ties_declared_by(session: Session, person_id: str) -> list[DeclaredConflict]:
    """Return the ties a person declared themselves, newest first.

    Ties that somebody else declared, or that follow from an answer to an invitation, are left
    out: they would tell a learner who was asked, or a reviewer whose work it was (INV-12).
    """
    return list(
        session.scalars(
            select(DeclaredConflict)
            .where(DeclaredConflict.person_id == person_id, ~DeclaredConflict.is_derived)
            .order_by(DeclaredConflict.from_at.desc(), DeclaredConflict.id)
        )
    )


def badge_title(session: Session, badge_id: str) -> str:
    """Return the title of a badge as its newest edition has it."""
    return session.scalars(_newest_title(badge_id)).one()


def _newest_title(badge_id: str | InstrumentedAttribute[str]) -> Select[str]:
    return (
        select(BadgeEdition.title)
        .where(BadgeEdition.badge_id == badge_id)
        .order_by(BadgeEdition.published_at.desc().nulls_last(), BadgeEdition.created_at.desc())
        .limit(1)
    )


def holds_badge(session: Session, person_id: str, badge_id: str) -> bool:
    """Whether a person accepted, and holds, any edition of a badge."""
    return any(badge.id == badge_id for badge, _ in badges_held(session, person_id))


def badges_held(session: Session, person_id: str) -> list[tuple[Badge, str]]:
    """Return the badges a person accepted and holds, each with its title, by title."""
    rows = session.execute(
        select(Badge, func.max(BadgeEdition.title))
        .join(BadgeEdition, BadgeEdition.badge_id == Badge.id)
        .join(Award, Award.edition_id == BadgeEdition.id)
        .where(
            Award.learner_id == person_id,
            Award.state.in_([AwardState.ACCEPTED.value, AwardState.ISSUED.value]),
        )
        .group_by(Badge.id)
        .order_by(func.max(BadgeEdition.title))
    )
    return [(row[0], row[1]) for row in rows]


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the rights to review that soon run out; whoever holds one may want to renew it."""
    if not visitor.is_signed_in:
        return []
    return [
        Waiting(
            title=f"Your right to review {title} runs out",
            body="Renew it if you want to go on; nothing is needed if you do not.",
            path="/reviewing",
            by=found.valid_until,
            action="See your qualifications",
        )
        for found, _, title in qualifications_of(session, visitor.person_id)
        if found.state == QualificationState.QUALIFIED.value
        and found.valid_until is not None
        and at < found.valid_until <= at + RENEWAL_NOTICE
    ]
