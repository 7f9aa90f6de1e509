"""Secrets that travel in a mailed link: random, kept as a hash, good once and for a while."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.models import OneTimeToken
from accounts.states import TokenKind
from core.digest import sha256_hex
from core.errors import Refused
from core.ids import new_token

LIFE = {TokenKind.VERIFY_EMAIL: timedelta(hours=24), TokenKind.RESET_PASSWORD: timedelta(hours=1)}
SPENT = "This link was used already or is too old. Ask for a new one."


def make(session: Session, person_id: str, kind: TokenKind, address: str, *, at: datetime) -> str:
    """Keep a new link for a person and return its secret, which is in no row."""
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


def find(session: Session, secret: str, kind: TokenKind, *, at: datetime) -> OneTimeToken:
    """Return a link that still works, its row locked; raise Refused for any other."""
    token = session.scalar(
        select(OneTimeToken)
        .where(OneTimeToken.id == sha256_hex(secret), OneTimeToken.kind == kind.value)
        .with_for_update()
    )
    if token is None or token.used_at is not None or token.expires_at <= at:
        raise Refused(SPENT)
    return token


def spend_all(session: Session, person_id: str, kind: TokenKind, *, at: datetime) -> None:
    """Make every link of a kind that was mailed to a person worth nothing."""
    session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.person_id == person_id,
            OneTimeToken.kind == kind.value,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=at)
    )


def spend(session: Session, token: OneTimeToken, *, at: datetime) -> None:
    """Note that a link was used, and that older ones of its kind no longer work."""
    others = session.scalars(
        select(OneTimeToken).where(
            OneTimeToken.person_id == token.person_id,
            OneTimeToken.kind == token.kind,
            OneTimeToken.address == token.address,
            OneTimeToken.used_at.is_(None),
        )
    )
    for other in others:
        other.used_at = at
    session.flush()
