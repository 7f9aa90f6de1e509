"""Looking after one's own account: name, zone, sector, employers, addresses, appearance."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts import letters, passwords, tokens
from accounts.addresses import identity_key, normalise
from accounts.models import EmailAddress, Employment, Person
from accounts.queries import known_address, person_by_address
from accounts.states import TokenKind
from core import audit
from core.errors import Conflict, Invalid, NotFound


class Theme(StrEnum):
    """How pages look: as the device says, or always one way."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


def checked_name(name: str) -> str:
    """Return a name with single spaces; raise Invalid when there is none."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("Write your name as it should stand on your badge.", "name")
    return name


def save_profile(
    session: Session,
    *,
    name: str,
    time_zone: str,
    sector: str,
    employers: list[str],
    by: str,
    at: datetime,
) -> Person:
    """Save one's own name, zone, sector and employers; past employers stay for the look-back."""
    found = session.get_one(Person, by)
    found.name, found.time_zone, found.sector = checked_name(name), time_zone, sector
    rows = {
        row.organisation: row
        for row in session.scalars(select(Employment).where(Employment.person_id == by))
    }
    for organisation in employers:
        if organisation not in rows:
            session.add(Employment(person_id=by, organisation=organisation, from_date=at.date()))
        else:
            rows[organisation].until_date = None
    for organisation, row in rows.items():
        if organisation not in employers and row.until_date is None:
            row.until_date = at.date()
    _record(session, "profile_saved", by=by, at=at)
    return found


def add_address(session: Session, address: str, *, password: str, by: str, at: datetime) -> None:
    """Add another address of one's own, once its mailed link is used.

    The password is asked for again, so that a sign-in left open cannot take an account over.
    """
    found = session.get_one(Person, by)
    if not passwords.is_right(found.password_hash, password):
        raise Invalid("This is not your present password.", "password")
    address = normalise(address)
    owner = person_by_address(session, address)
    if owner is not None:
        if owner.id != by:
            known = known_address(session, address) or address
            letters.post_already_known(session, known, at=at)
        return
    session.execute(delete(EmailAddress).where(EmailAddress.address == address))
    session.add(
        EmailAddress(
            person_id=by, address=address, identity_key=identity_key(address), created_at=at
        )
    )
    session.flush()
    secret = tokens.make(session, by, TokenKind.VERIFY_EMAIL, address, at=at)
    letters.post_verification(session, address, secret, at=at)
    _record(session, "email_added", by=by, at=at)


def make_main(session: Session, email_id: str, *, by: str, at: datetime) -> None:
    """Send one's mail to another of one's verified addresses from now on."""
    found = _own_address(session, email_id, by=by)
    if found.verified_at is None:
        raise Conflict("Confirm this address first: open the link that was mailed to it.")
    session.execute(
        update(EmailAddress)
        .where(EmailAddress.person_id == by, EmailAddress.is_primary)
        .values(is_primary=False)
    )
    found.is_primary = True
    session.flush()
    _record(session, "main_email_changed", by=by, at=at)


def remove_address(session: Session, email_id: str, *, by: str, at: datetime) -> None:
    """Remove one of one's addresses that was never confirmed.

    A confirmed one stays, since it tells whose work a person must not judge.
    """
    found = _own_address(session, email_id, by=by)
    if found.verified_at is not None:
        raise Conflict("A confirmed address stays: it tells whose work you must not review.")
    session.delete(found)
    session.flush()
    _record(session, "email_removed", by=by, at=at)


def set_theme(session: Session, theme: Theme, *, by: str) -> None:
    """Keep how pages look for a person."""
    session.get_one(Person, by).theme = theme.value


def _own_address(session: Session, email_id: str, *, by: str) -> EmailAddress:
    found = session.scalar(
        select(EmailAddress).where(EmailAddress.id == email_id, EmailAddress.person_id == by)
    )
    if found is None:
        raise NotFound()
    return found


def _record(session: Session, verb: str, *, by: str, at: datetime) -> None:
    audit.record(session, verb, subject_kind="person", subject_id=by, by=by, at=at)
