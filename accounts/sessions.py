"""Sign-in sessions: rows that can be revoked at once, known to the browser by a random secret."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant, SignInSession
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.digest import sha256_hex
from core.ids import new_token

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Found:
    """A live session: who it is, and whether its last-seen time wants writing again."""

    visitor: Visitor
    is_stale: bool


def start(session: Session, person_id: str, *, user_agent: str, at: datetime) -> str:
    """Open a session for a person who has just proved who they are; return its secret."""
    secret = new_token()
    session.add(
        SignInSession(
            id=sha256_hex(secret),
            person_id=person_id,
            created_at=at,
            seen_at=at,
            authenticated_at=at,
            user_agent=user_agent[:200],
        )
    )
    return secret


def find(session: Session, secret: str, *, at: datetime) -> Found | None:
    """Return the live session that belongs to a secret, or None when there is none."""
    row = session.execute(
        select(SignInSession, Person)
        .join(Person, Person.id == SignInSession.person_id)
        .where(
            SignInSession.id == sha256_hex(secret),
            SignInSession.seen_at > at - IDLE,
            SignInSession.created_at > at - ABSOLUTE,
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    found, person = row
    return Found(
        visitor=Visitor(
            id=person.id,
            name=person.name,
            grants=grants_of(session, person.id),
            time_zone=person.time_zone,
            theme=person.theme,
        ),
        is_stale=found.seen_at < at - TOUCH_EVERY,
    )


def grants_of(session: Session, person_id: str) -> frozenset[Grant]:
    """Return the roles that a person holds now."""
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.scope).where(
            RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None)
        )
    )
    return frozenset(Grant(role=Role(role), scope=scope) for role, scope in rows)


def touch(session: Session, secret: str, *, at: datetime) -> None:
    """Note that a session was used."""
    session.execute(
        update(SignInSession).where(SignInSession.id == sha256_hex(secret)).values(seen_at=at)
    )


def end(session: Session, secret: str) -> None:
    """End one session; its cookie is worth nothing from now on."""
    session.execute(delete(SignInSession).where(SignInSession.id == sha256_hex(secret)))


def end_all(session: Session, person_id: str, *, except_secret: str | None = None) -> None:
    """End every session of a person, but the one that is asking if it is named."""
    kept = sha256_hex(except_secret) if except_secret else ""
    session.execute(
        delete(SignInSession).where(SignInSession.person_id == person_id, SignInSession.id != kept)
    )


def sweep(session: Session, *, at: datetime) -> None:
    """Remove the rows of sessions that ended by time."""
    session.execute(
        delete(SignInSession).where(
            or_(SignInSession.seen_at <= at - IDLE, SignInSession.created_at <= at - ABSOLUTE)
        )
    )
