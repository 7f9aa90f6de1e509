"""Joining, signing in, and setting a password.

What the outside sees is the same whether an address is known or not (AU3): the same rows are
written, and only the mail that arrives differs, which only its owner can read. That is why a
person who joins is kept apart until the mailed link is used, and why a forgotten password is
looked up by a job.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import letters, passwords, sessions, tokens
from accounts.addresses import identity_key, normalise
from accounts.models import EmailAddress, Employment, Joining, Person
from accounts.profile import checked_name
from accounts.queries import known_address, person_by_address, primary_address
from accounts.states import TokenKind
from core import audit, jobs
from core.digest import sha256_hex
from core.errors import Invalid, Refused
from core.ids import new_token

RESET_REQUESTED = "reset_requested"
TAKEN = "Another account has this mailbox already. Sign in to that one."


@dataclass(frozen=True)
class Proof:
    """Somebody who knew their password, and the hash that it matched."""

    person_id: str
    password_hash: str


def sign_up(
    session: Session, *, name: str, address: str, password: str, onward: str = "", at: datetime
) -> None:
    """Keep who wants to join until the mailed link is used; a known address gets another mail.

    `onward` is the local path that somebody was on their way to; the mailed link leads there.
    """
    address = normalise(address)
    name = checked_name(name)
    passwords.check(password, known=(name, address))
    secret = new_token()
    session.add(
        Joining(
            id=sha256_hex(secret),
            name=name,
            address=address,
            password_hash=passwords.make_hash(password),
            created_at=at,
            expires_at=at + tokens.LIFE[TokenKind.VERIFY_EMAIL],
        )
    )
    known = known_address(session, address)
    if known is not None:
        letters.post_already_known(session, known, at=at)
    else:
        letters.post_verification(session, address, secret, onward=onward, at=at)


def verify_email(session: Session, secret: str, *, at: datetime) -> Person:
    """Use a mailed link; pressing its button twice is no harm."""
    joining = session.scalar(
        select(Joining).where(Joining.id == sha256_hex(secret)).with_for_update()
    )
    if joining is not None:
        return _join(session, joining, at=at)
    token = tokens.find(session, secret, TokenKind.VERIFY_EMAIL, at=at)
    row = session.scalar(
        select(EmailAddress).where(
            EmailAddress.person_id == token.person_id, EmailAddress.address == token.address
        )
    )
    taken = person_by_address(session, token.address)
    if row is None or (taken is not None and taken.id != token.person_id):
        raise Refused(TAKEN)
    row.verified_at = row.verified_at or at
    tokens.spend(session, token, at=at)
    _record(session, "email_verified", row.person_id, at=at)
    return session.get_one(Person, row.person_id)


def authenticate(session: Session, address: str, password: str) -> Proof | None:
    """Return who has this address and password, or None; both cases take the same work.

    Nothing is written, so that no lock is held while the password is hashed.
    """
    found = person_by_address(session, address)
    stored = None if found is None or found.disabled_at else found.password_hash
    if not passwords.is_right(stored, password) or found is None or stored is None:
        return None
    return Proof(found.id, stored)


def note_sign_in(session: Session, proof: Proof, password: str, *, at: datetime) -> None:
    """Record that somebody proved who they are; a password changed meanwhile proves nothing."""
    found = session.get_one(Person, proof.person_id, with_for_update=True)
    if found.password_hash != proof.password_hash:
        raise Refused("The password was changed a moment ago. Sign in with the new one.")
    if passwords.is_outdated(proof.password_hash):
        found.password_hash = passwords.make_hash(password)
    _record(session, "signed_in", found.id, at=at)


def request_reset(session: Session, address: str) -> None:
    """Leave word that somebody forgot their password; `mail_reset` looks up who, afterwards."""
    jobs.enqueue(session, RESET_REQUESTED, address=normalise(address))


def mail_reset(session: Session, address: str, *, at: datetime) -> None:
    """Mail a link that sets a new password to the mailbox on record, if it is known."""
    found, known = person_by_address(session, address), known_address(session, address)
    if found is None or known is None or found.disabled_at is not None:
        return
    secret = tokens.make(session, found.id, TokenKind.RESET_PASSWORD, known, at=at)
    letters.post_reset(session, known, secret, at=at)


def reset_password(session: Session, secret: str, password: str, *, at: datetime) -> Person:
    """Set a new password by a mailed link; every sign-in of the person ends."""
    token = tokens.find(session, secret, TokenKind.RESET_PASSWORD, at=at)
    found = session.get_one(Person, token.person_id)
    owner = person_by_address(session, token.address)
    if found.disabled_at is not None or owner is None or owner.id != found.id:
        raise Refused(tokens.SPENT)
    passwords.check(password, known=(found.name, token.address))
    _set_password(session, found, password, keep=None, at=at)
    return found


def change_password(
    session: Session, *, old: str, new: str, keep_secret: str, by: str, at: datetime
) -> None:
    """Change one's own password; every other sign-in ends."""
    found = session.get_one(Person, by)
    if not passwords.is_right(found.password_hash, old):
        raise Invalid("This is not your present password.", "old")
    try:
        passwords.check(new, known=(found.name, primary_address(session, by)))
    except Invalid as error:
        raise Invalid(error.reason, "new") from error
    _set_password(session, found, new, keep=keep_secret, at=at)


def forget_unconfirmed(session: Session, *, at: datetime) -> None:
    """Remove sign-ups whose link was used or is too old, their passwords with them."""
    session.execute(delete(Joining).where(Joining.expires_at <= at))


def create_person(
    session: Session,
    *,
    name: str,
    address: str,
    password: str | None,
    at: datetime,
    time_zone: str = "UTC",
    sector: str = "",
    employer: str = "",
) -> Person:
    """Make a person whose address is taken as verified; for operators, the demo and tests."""
    hashed = None if password is None else passwords.make_hash(password)
    found = _new_person(session, name=name, address=normalise(address), hashed=hashed, at=at)
    found.time_zone, found.sector = time_zone, sector
    if employer:
        session.add(Employment(person_id=found.id, organisation=employer))
    session.flush()
    _record(session, "person_created", found.id, by="system:operator", at=at)
    return found


def _join(session: Session, joining: Joining, *, at: datetime) -> Person:
    taken = person_by_address(session, joining.address)
    if joining.used_at is not None and taken is not None:
        return taken
    if joining.used_at is not None or joining.expires_at <= at:
        raise Refused(tokens.SPENT)
    if taken is not None:
        raise Refused(TAKEN)
    joining.used_at = at
    # Whoever named this address without being able to read its mail has no claim to it.
    session.execute(
        delete(EmailAddress).where(
            EmailAddress.address == joining.address, EmailAddress.verified_at.is_(None)
        )
    )
    try:
        with session.begin_nested():
            found = _new_person(
                session,
                name=joining.name,
                address=joining.address,
                hashed=joining.password_hash,
                at=at,
            )
    except IntegrityError as error:
        # Another link of the same mailbox was used at the same moment.
        raise Refused(TAKEN) from error
    _record(session, "person_joined", found.id, at=at)
    return found


def _new_person(
    session: Session, *, name: str, address: str, hashed: str | None, at: datetime
) -> Person:
    found = Person(
        name=checked_name(name),
        password_hash=hashed,
        password_changed_at=None if hashed is None else at,
        created_at=at,
    )
    session.add(found)
    session.flush()
    session.add(
        EmailAddress(
            person_id=found.id,
            address=address,
            identity_key=identity_key(address),
            is_primary=True,
            created_at=at,
            verified_at=at,
        )
    )
    session.flush()
    return found


def _set_password(
    session: Session, found: Person, password: str, *, keep: str | None, at: datetime
) -> None:
    found.password_hash, found.password_changed_at = passwords.make_hash(password), at
    sessions.end_all(session, found.id, except_secret=keep)
    tokens.spend_all(session, found.id, TokenKind.RESET_PASSWORD, at=at)
    letters.post_password_changed(session, primary_address(session, found.id), at=at)
    _record(session, "password_changed", found.id, at=at)


def _record(
    session: Session, verb: str, person_id: str, *, at: datetime, by: str | None = None
) -> None:
    audit.record(
        session, verb, subject_kind="person", subject_id=person_id, by=by or person_id, at=at
    )
