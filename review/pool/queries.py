"""Reading the pool of reviewers."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts.models import Person, RoleGrant
from accounts.states import Role
from accounts.visitor import Visitor
from core.waiting import Waiting
from credentials.catalog.models import Badge, BadgeEdition
from credentials.issuing.models import Award
from credentials.issuing.states import AwardState
from review.pool.models import (
    Application,
    Benchmark,
    DeclaredConflict,
    Holiday,
    Qualification,
    ReviewerProfile,
)
from review.pool.rules import RENEWAL_NOTICE, calibration_ends
from review.pool.states import ApplicationState, BenchmarkState, QualificationState


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


def calibration_from(session: Session, badge_ids: Collection[str]) -> dict[str, datetime]:
    """Return, by badge, since when reviewers are asked to calibrate.

    That is when its first benchmark came into use. Badges that have none in use now are left out.
    """
    rows = session.execute(
        select(Benchmark.badge_id, func.min(Benchmark.activated_at))
        .where(Benchmark.badge_id.in_(badge_ids), Benchmark.activated_at.is_not(None))
        .group_by(Benchmark.badge_id)
        .having(func.sum(case((Benchmark.state == BenchmarkState.ACTIVE.value, 1), else_=0)) > 0)
    )
    return {badge_id: since for badge_id, since in rows if since is not None}


def calibrations_of(session: Session, rights: Collection[Qualification]) -> dict[str, datetime]:
    """Return, by right to review, until when it holds without calibrating again, where asked."""
    since = calibration_from(session, {one.badge_id for one in rights})
    ends = {
        one.id: calibration_ends(
            one.calibrated_until, valid_from=one.valid_from, since=since.get(one.badge_id)
        )
        for one in rights
    }
    return {right_id: until for right_id, until in ends.items() if until is not None}


def tie(session: Session, conflict_id: str) -> DeclaredConflict | None:
    """Return a tie that somebody declared, if it is there."""
    return session.get(DeclaredConflict, conflict_id)


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


def people_with(session: Session, role: Role, badge_id: str) -> list[str]:
    """Return who holds a role for a badge now, by id."""
    slug = session.get_one(Badge, badge_id).slug
    found = session.scalars(
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role == role.value,
            RoleGrant.scope.in_(("", slug)),
            RoleGrant.ended_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    return sorted(set(found))


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


def holiday(session: Session, holiday_id: str) -> Holiday | None:
    """Return some days off, whoever's they are."""
    return session.get(Holiday, holiday_id)


def holidays_of(session: Session, person_id: str, *, since: date) -> list[Holiday]:
    """Return a person's days off that are not over on a day, soonest first."""
    return list(
        session.scalars(
            select(Holiday)
            .where(Holiday.person_id == person_id, Holiday.until_date >= since)
            .order_by(Holiday.from_date)
        )
    )


def application(session: Session, application_id: str) -> Application | None:
    """Return an application, whoever's it is."""
    return session.get(Application, application_id)


def open_application(session: Session, person_id: str, badge_id: str) -> Application | None:
    """Return the application of a person for a badge that nobody has answered."""
    return session.scalar(
        select(Application).where(
            Application.person_id == person_id,
            Application.badge_id == badge_id,
            Application.state == ApplicationState.OPEN.value,
        )
    )


def applications_of(session: Session, person_id: str) -> list[tuple[Application, str]]:
    """Return a person's applications, newest first, each with the badge's title."""
    rows = session.execute(
        select(Application, _newest_title(Badge.id).scalar_subquery())
        .join(Badge, Badge.id == Application.badge_id)
        .where(Application.person_id == person_id)
        .order_by(Application.applied_at.desc(), Application.id)
    )
    return [(row[0], row[1]) for row in rows]


def applications_for(session: Session, badge_id: str) -> list[tuple[Application, Person]]:
    """Return who waits for an answer about a badge, the soonest due first."""
    rows = session.execute(
        select(Application, Person)
        .join(Person, Person.id == Application.person_id)
        .where(Application.badge_id == badge_id, Application.state == ApplicationState.OPEN.value)
        .order_by(Application.answer_by, Application.id)
    )
    return [(row[0], row[1]) for row in rows]


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return rights to review that soon run out, and applications, one's own and to answer."""
    if not visitor.is_signed_in:
        return []
    return [
        *_running_out(session, visitor, at=at),
        *_asked_for(session, visitor),
        *_to_answer(session, visitor),
    ]


def _running_out(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
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


def _asked_for(session: Session, visitor: Visitor) -> list[Waiting]:
    """Return one's own applications, which wait for the programme."""
    return [
        Waiting(
            title=f"You asked to review for {title}",
            body="The programme reads what you wrote and answers.",
            path="/reviewing",
            who="The programme",
            by=found.answer_by,
            action="See your application",
        )
        for found, title in applications_of(session, visitor.person_id)
        if found.state == ApplicationState.OPEN.value
    ]


def _to_answer(session: Session, visitor: Visitor) -> list[Waiting]:
    """Return, by badge, the applications that a manager can answer; never their own."""
    if not visitor.has(Role.PROGRAMME_MANAGER):
        return []
    rows = session.execute(
        select(
            Badge.slug,
            _newest_title(Badge.id).scalar_subquery(),
            func.count(),
            func.min(Application.answer_by),
        )
        .join(Application, Application.badge_id == Badge.id)
        .where(
            Application.state == ApplicationState.OPEN.value,
            Application.person_id != visitor.person_id,
        )
        .group_by(Badge.id, Badge.slug)
    )
    return [
        Waiting(
            title=f"Reviewers for {title}: {count} application{'' if count == 1 else 's'}",
            body="Somebody asks to join the pool. Read what they hold, and answer.",
            path=f"/pool/{slug}",
            by=answer_by,
            action="Read and answer",
        )
        for slug, title, count, answer_by in rows
        if visitor.has(Role.PROGRAMME_MANAGER, badge=slug)
    ]
