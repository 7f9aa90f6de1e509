"""Reading people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.addresses import identity_key
from accounts.models import EmailAddress, Employment, Person, RoleGrant, SignInSession
from core.errors import Invalid, NotFound

PAGE = 25


@dataclass(frozen=True)
class PersonLine:
    """One line of a list of people."""

    id: str
    name: str
    address: str
    grants: tuple[RoleGrant, ...]
    is_disabled: bool


def person(session: Session, person_id: str) -> Person:
    """Return a person, or raise NotFound."""
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound()
    return found


def person_by_address(session: Session, address: str) -> Person | None:
    """Return who verified an address, in any spelling of the same mailbox."""
    try:
        key = identity_key(address)
    except Invalid:
        return None
    return session.scalar(
        select(Person)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(EmailAddress.identity_key == key, EmailAddress.verified_at.is_not(None))
    )


def known_address(session: Session, address: str) -> str | None:
    """Return how the owner of a mailbox wrote it: the only spelling that mail may go to.

    What folds to the same mailbox for us may be somebody else's at its host.
    """
    try:
        key = identity_key(address)
    except Invalid:
        return None
    return session.scalar(
        select(EmailAddress.address).where(
            EmailAddress.identity_key == key, EmailAddress.verified_at.is_not(None)
        )
    )


def primary_address(session: Session, person_id: str) -> str:
    """Return the address that a person's mail goes to."""
    found = session.scalar(
        select(EmailAddress.address).where(
            EmailAddress.person_id == person_id, EmailAddress.is_primary
        )
    )
    if found is None:
        raise NotFound()
    return found


def addresses(session: Session, person_id: str) -> list[str]:
    """Return every verified address of a person."""
    return list(
        session.scalars(
            select(EmailAddress.address)
            .where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None))
            .order_by(EmailAddress.address)
        )
    )


def address_rows(session: Session, person_id: str) -> list[EmailAddress]:
    """Return the addresses of a person, the main one first."""
    return list(
        session.scalars(
            select(EmailAddress)
            .where(EmailAddress.person_id == person_id)
            .order_by(EmailAddress.is_primary.desc(), EmailAddress.created_at)
        )
    )


def employments(session: Session, person_id: str) -> list[Employment]:
    """Return where a person works and worked."""
    return list(
        session.scalars(
            select(Employment)
            .where(Employment.person_id == person_id)
            .order_by(Employment.until_date.desc(), Employment.organisation)
        )
    )


def employers(session: Session, person_id: str) -> list[str]:
    """Return the names of the organisations a person works or worked for."""
    return [one.organisation for one in employments(session, person_id)]


def present_employers(session: Session, person_id: str) -> list[str]:
    """Return the names of the organisations a person works for now."""
    return [one.organisation for one in employments(session, person_id) if one.until_date is None]


def live_sessions(session: Session, person_id: str, *, since: datetime) -> list[SignInSession]:
    """Return the sign-ins of a person that were used since a time."""
    return list(
        session.scalars(
            select(SignInSession)
            .where(SignInSession.person_id == person_id, SignInSession.seen_at > since)
            .order_by(SignInSession.seen_at.desc())
        )
    )


def people(session: Session, *, words: str = "", page: int = 1) -> tuple[list[PersonLine], bool]:
    """Return a page of people whose name or address holds the words, and whether more follow."""
    wanted = f"%{_escaped(words.strip().casefold())}%"
    rows = session.execute(
        select(Person, EmailAddress.address)
        .join(EmailAddress, (EmailAddress.person_id == Person.id) & EmailAddress.is_primary)
        .where(
            or_(
                func.lower(Person.name).like(wanted, escape="\\"),
                EmailAddress.address.like(wanted, escape="\\"),
            )
        )
        .order_by(Person.name, Person.id)
        .limit(PAGE + 1)
        .offset((max(page, 1) - 1) * PAGE)
    ).all()
    shown = rows[:PAGE]
    grants = session.scalars(
        select(RoleGrant)
        .where(
            RoleGrant.person_id.in_([found.id for found, _ in shown]), RoleGrant.ended_at.is_(None)
        )
        .order_by(RoleGrant.role)
    ).all()
    lines = [
        PersonLine(
            id=found.id,
            name=found.name,
            address=address,
            grants=tuple(one for one in grants if one.person_id == found.id),
            is_disabled=found.disabled_at is not None,
        )
        for found, address in shown
    ]
    return lines, len(rows) > PAGE


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
