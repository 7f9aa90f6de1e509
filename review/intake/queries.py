"""Reading what waits at intake, and what was said there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.addresses import identity_key
from accounts.models import EmailAddress, Person
from accounts.states import Role
from accounts.visitor import Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge, BadgeEdition, Issuer
from portfolio.composing.models import Attestation
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.intake.models import IntakeCheck
from review.intake.rules import due_at, is_attester, objection_to_checking
from review.intake.states import IntakeOutcome
from review.pool.models import MatterPart
from review.pool.states import Part

BEFORE_REVIEW = (SubmissionState.SUBMITTED.value, SubmissionState.INTAKE.value)


@dataclass(frozen=True)
class Line:
    """One hand-in that waits for a person at intake; `objection` says why not for this one."""

    submission: Submission
    badge_slug: str
    badge_title: str
    learner_name: str
    due_at: datetime
    objection: str | None


def latest_check(session: Session, submission_id: str) -> IntakeCheck | None:
    """Return what was said last about a submission at intake, if anything."""
    return session.scalar(
        select(IntakeCheck)
        .where(IntakeCheck.submission_id == submission_id)
        .order_by(IntakeCheck.checked_at.desc(), IntakeCheck.id)
        .limit(1)
    )


def returned_check(session: Session, submission_id: str) -> IntakeCheck:
    """Return why a submission was returned, which happens once at most, or raise NotFound."""
    found = session.scalar(
        select(IntakeCheck).where(
            IntakeCheck.submission_id == submission_id,
            IntakeCheck.outcome == IntakeOutcome.RETURNED.value,
        )
    )
    if found is None:
        raise NotFound()
    return found


def unchecked(session: Session) -> list[str]:
    """Return the submissions at intake that the automatic check has not concluded yet."""
    checked = select(IntakeCheck.submission_id)
    return list(
        session.scalars(
            select(Submission.id)
            .where(Submission.state.in_(BEFORE_REVIEW), Submission.id.not_in(checked))
            .order_by(Submission.sealed_at)
        )
    )


def waiting_lines(session: Session, visitor: Visitor) -> list[Line]:
    """Return what waits for a moderator of these badges, the soonest due first."""
    rows = session.execute(
        select(Submission, Badge.slug, BadgeEdition, Person.name, Issuer.time_zone)
        .join(BadgeEdition, BadgeEdition.id == Submission.edition_id)
        .join(Badge, Badge.id == Submission.badge_id)
        .join(Issuer, Issuer.id == Badge.issuer_id)
        .join(Person, Person.id == Submission.learner_id)
        .where(
            Submission.state == SubmissionState.INTAKE.value,
            Submission.id.in_(select(IntakeCheck.submission_id)),
        )
    ).all()
    mine = [row for row in rows if visitor.has(Role.MODERATOR, badge=row[1])]
    objections = _objections(session, [row[0] for row in mine], visitor.person_id)
    lines = [
        Line(
            submission=found,
            badge_slug=slug,
            badge_title=edition.title,
            learner_name=name,
            due_at=due_at(
                found.sealed_at,
                catalog.definition_of(edition).review_policy.intake_business_days,
                zone=zone,
            ),
            objection=objections[found.id],
        )
        for found, slug, edition, name, zone in mine
    ]
    return sorted(lines, key=lambda line: (line.due_at, line.submission.id))


def line_for(session: Session, submission_id: str, visitor: Visitor) -> Line:
    """Return one hand-in that waits for a person, or raise NotFound."""
    for line in waiting_lines(session, visitor):
        if line.submission.id == submission_id:
            return line
    raise NotFound()


def objection_for(session: Session, submission: Submission, person_id: str) -> str | None:
    """Return why a moderator may not check a hand-in, or None."""
    return _objections(session, [submission], person_id)[submission.id]


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the hand-ins that wait for this moderator."""
    if not visitor.has(Role.MODERATOR):
        return []
    return [
        Waiting(
            title=f"Look over a hand-in for {line.badge_title}",
            body="The automatic check found something that wants a person's eye.",
            path=f"/intake/{line.submission.id}",
            by=line.due_at,
            action="Look it over" if at <= line.due_at else "Look it over, it is late",
        )
        for line in waiting_lines(session, visitor)
        if line.objection is None
    ]


def _objections(session: Session, found: list[Submission], person_id: str) -> dict[str, str | None]:
    """Return for each submission why this person may not check it, in three queries."""
    portfolios = [one.portfolio_id for one in found]
    keys = frozenset(
        session.scalars(
            select(EmailAddress.identity_key).where(
                EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None)
            )
        )
    )
    attesters: dict[str, set[str]] = {one: set() for one in portfolios}
    for portfolio_id, address in session.execute(
        select(Attestation.portfolio_id, Attestation.address).where(
            Attestation.portfolio_id.in_(portfolios)
        )
    ):
        attesters[portfolio_id].add(identity_key(address))
    parts = {
        row.portfolio_id: Part(row.part)
        for row in session.scalars(
            select(MatterPart).where(
                MatterPart.portfolio_id.in_(portfolios), MatterPart.person_id == person_id
            )
        )
    }
    return {
        one.id: objection_to_checking(
            part=parts.get(one.portfolio_id),
            learner_id=one.learner_id,
            checker_id=person_id,
            is_attester=is_attester(keys, attesters[one.portfolio_id]),
        )
        for one in found
    }
