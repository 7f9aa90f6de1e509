"""Joining, signing in, and looking after one's own account.

What the outside sees is the same whether an address is known or not (AU3): only the mail that
arrives differs, and that only its owner can read.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import passwords, sessions
from accounts.addresses import identity_key, normalise
from accounts.models import EmailAddress, Employment, OneTimeToken, Person
from accounts.queries import person_by_address
from accounts.states import TokenKind
from core import audit, mail
from core.digest import sha256_hex
from core.errors import Invalid, Refused
from core.ids import new_token

LIFE = {TokenKind.VERIFY_EMAIL: timedelta(hours=24), TokenKind.RESET_PASSWORD: timedelta(hours=1)}


def sign_up(session: Session, *, name: str, address: str, password: str, at: datetime) -> None:
    """Make an account that waits for its mailed link; a known address gets another mail."""
    address = normalise(address)
    name = _checked_name(name)
    passwords.check(password, known=(name, address))
    hashed = passwords.make_hash(password)
    if person_by_address(session, address) is not None:
        _post_already_known(session, address, at=at)
        return
    waiting = session.scalar(select(EmailAddress).where(EmailAddress.address == address))
    if waiting is not None:
        # Not verified yet: the newest name and password count, for whoever reads that mailbox.
        found = session.get_one(Person, waiting.person_id)
        found.name, found.password_hash, found.password_changed_at = name, hashed, at
    else:
        found = _new_person(session, name=name, address=address, at=at)
        found.password_hash, found.password_changed_at = hashed, at
        audit.record(
            session,
            "person_signed_up",
            subject_kind="person",
            subject_id=found.id,
            by=found.id,
            at=at,
        )
    _post_verification(session, found.id, address, at=at)


def verify_email(session: Session, secret: str, *, at: datetime) -> Person:
    """Use a mailed link once; the address counts as its person's from now on."""
    token = _use_token(session, secret, TokenKind.VERIFY_EMAIL, at=at)
    row = session.scalars(
        select(EmailAddress).where(
            EmailAddress.person_id == token.person_id, EmailAddress.address == token.address
        )
    ).one()
    taken = person_by_address(session, row.address)
    if taken is not None and taken.id != row.person_id:
        raise Refused("Another account has this mailbox already. Sign in to that one.")
    row.verified_at = row.verified_at or at
    session.flush()
    audit.record(
        session,
        "email_verified",
        subject_kind="person",
        subject_id=row.person_id,
        by=row.person_id,
        at=at,
    )
    return session.get_one(Person, row.person_id)


def authenticate(session: Session, address: str, password: str, *, at: datetime) -> Person | None:
    """Return who has this address and password, or None; both cases take the same work."""
    found = person_by_address(session, address)
    stored = None if found is None or found.disabled_at else found.password_hash
    if not passwords.is_right(stored, password) or found is None or stored is None:
        return None
    if passwords.is_outdated(stored):
        found.password_hash = passwords.make_hash(password)
    audit.record(
        session, "signed_in", subject_kind="person", subject_id=found.id, by=found.id, at=at
    )
    return found


def request_reset(session: Session, address: str, *, at: datetime) -> None:
    """Mail a link that sets a new password, if the address is known."""
    found = person_by_address(session, address)
    if found is None or found.disabled_at is not None:
        return
    address = normalise(address)
    secret = _make_token(session, found.id, TokenKind.RESET_PASSWORD, address, at=at)
    mail.post(
        session,
        to=address,
        subject="Set a new password",
        text="Somebody, probably you, asked to set a new password for your account. The link"
        " works once, for an hour. If it was not you, leave it; nothing has changed.",
        path=f"/reset-password/{secret}",
        kind="reset_password",
        at=at,
    )


def reset_password(session: Session, secret: str, password: str, *, at: datetime) -> Person:
    """Set a new password by a mailed link; every sign-in of the person ends."""
    token = _find_token(session, secret, TokenKind.RESET_PASSWORD, at=at)
    found = session.get_one(Person, token.person_id)
    passwords.check(password, known=(found.name, token.address))
    token = _use_token(session, secret, TokenKind.RESET_PASSWORD, at=at)
    _set_password(session, found, password, keep=None, at=at)
    return found


def change_password(
    session: Session, *, old: str, new: str, keep_secret: str, by: str, at: datetime
) -> None:
    """Change one's own password; every other sign-in ends."""
    found = session.get_one(Person, by)
    if not passwords.is_right(found.password_hash, old):
        raise Invalid("This is not your present password.", "old")
    passwords.check(new, known=(found.name,))
    _set_password(session, found, new, keep=keep_secret, at=at)


def add_address(session: Session, address: str, *, by: str, at: datetime) -> None:
    """Add another address of one's own, once its mailed link is used."""
    address = normalise(address)
    known = session.scalar(select(EmailAddress).where(EmailAddress.address == address))
    if known is not None and known.person_id != by:
        _post_already_known(session, address, at=at)
        return
    if known is None:
        session.add(
            EmailAddress(
                person_id=by, address=address, identity_key=identity_key(address), created_at=at
            )
        )
        session.flush()
    _post_verification(session, by, address, at=at)


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
    found.name, found.time_zone, found.sector = _checked_name(name), time_zone, sector
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
    audit.record(session, "profile_saved", subject_kind="person", subject_id=by, by=by, at=at)
    return found


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
    """Make an account whose address is taken as verified; for operators, the demo and tests."""
    found = _new_person(session, name=name, address=normalise(address), at=at, is_verified=True)
    found.time_zone, found.sector = time_zone, sector
    if password is not None:
        found.password_hash, found.password_changed_at = passwords.make_hash(password), at
    if employer:
        session.add(Employment(person_id=found.id, organisation=employer))
    session.flush()
    audit.record(
        session,
        "person_created",
        subject_kind="person",
        subject_id=found.id,
        by="system:operator",
        at=at,
    )
    return found


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("Write your name as it should stand on your badge.", "name")
    return name


def _new_person(
    session: Session, *, name: str, address: str, at: datetime, is_verified: bool = False
) -> Person:
    found = Person(name=name, created_at=at)
    session.add(found)
    session.flush()
    session.add(
        EmailAddress(
            person_id=found.id,
            address=address,
            identity_key=identity_key(address),
            is_primary=True,
            created_at=at,
            verified_at=at if is_verified else None,
        )
    )
    session.flush()
    return found


def _set_password(
    session: Session, found: Person, password: str, *, keep: str | None, at: datetime
) -> None:
    found.password_hash, found.password_changed_at = passwords.make_hash(password), at
    sessions.end_all(session, found.id, except_secret=keep)
    audit.record(
        session, "password_changed", subject_kind="person", subject_id=found.id, by=found.id, at=at
    )


def _make_token(
    session: Session, person_id: str, kind: TokenKind, address: str, *, at: datetime
) -> str:
    secret = new_token()
    session.add(
        OneTimeToken(
            id=sha256_hex(secret),
            person_id=person_id,
            kind=kind.value,
            address=address,
            created_at=at,
            expires_at=at + LIFE[kind],
        )
    )
    session.flush()
    return secret


def _find_token(session: Session, secret: str, kind: TokenKind, *, at: datetime) -> OneTimeToken:
    token = session.scalar(
        select(OneTimeToken)
        .where(OneTimeToken.id == sha256_hex(secret), OneTimeToken.kind == kind.value)
        .with_for_update()
    )
    if token is None or token.used_at is not None or token.expires_at <= at:
        raise Refused("This link was used already or is too old. Ask for a new one.")
    return token


def _use_token(session: Session, secret: str, kind: TokenKind, *, at: datetime) -> OneTimeToken:
    token = _find_token(session, secret, kind, at=at)
    token.used_at = at
    session.flush()
    return token


def _post_verification(session: Session, person_id: str, address: str, *, at: datetime) -> None:
    secret = _make_token(session, person_id, TokenKind.VERIFY_EMAIL, address, at=at)
    mail.post(
        session,
        to=address,
        subject="Confirm your e-mail address",
        text="Welcome. Open the link and press the button to confirm that this address is"
        " yours. It works once, for a day.",
        path=f"/verify-email/{secret}",
        kind="verify_email",
        at=at,
    )


def _post_already_known(session: Session, address: str, *, at: datetime) -> None:
    mail.post(
        session,
        to=address,
        subject="You already have an account",
        text="Somebody, probably you, tried to sign up with this address, which has an account"
        " already. Sign in, or set a new password if you forgot it.",
        path="/sign-in",
        kind="already_known",
        at=at,
    )
