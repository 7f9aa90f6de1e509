"""Granting and ending roles."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant
from accounts.permissions import ROLE_NAMES
from accounts.states import Role
from core import audit
from core.errors import Conflict, Invalid, NotFound

EVERYWHERE = frozenset({Role.ISSUER_ADMIN, Role.AUDITOR})


def grant_role(
    session: Session, person_id: str, role: Role, *, scope: str = "", by: str, at: datetime
) -> RoleGrant:
    """Give a person a role, for one badge's slug or everywhere; giving it twice changes nothing."""
    if session.get(Person, person_id) is None:
        raise NotFound()
    if scope and role in EVERYWHERE:
        raise Invalid(
            f"The role {ROLE_NAMES[role]} holds for every badge; leave this empty.", "scope"
        )
    found = session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            RoleGrant.role == role.value,
            RoleGrant.scope == scope,
            RoleGrant.ended_at.is_(None),
        )
    )
    if found is not None:
        return found
    made = RoleGrant(
        person_id=person_id, role=role.value, scope=scope, granted_by=by, granted_at=at
    )
    session.add(made)
    session.flush()
    _record(session, "role_granted", made, by=by, at=at)
    return made


def end_role(session: Session, grant_id: str, *, by: str, at: datetime) -> RoleGrant:
    """End a role at once; the last issuer administrator stays."""
    found = session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update())
    if found is None:
        raise NotFound()
    if found.ended_at is not None:
        return found
    if found.role == Role.ISSUER_ADMIN.value and not _is_other_admin(session, found):
        raise Conflict(
            f"This is the last {ROLE_NAMES[Role.ISSUER_ADMIN]}. Grant the role to somebody else"
            " first."
        )
    found.ended_at, found.ended_by = at, by
    session.flush()
    _record(session, "role_ended", found, by=by, at=at)
    return found


def _is_other_admin(session: Session, found: RoleGrant) -> bool:
    other = session.scalars(
        select(RoleGrant.person_id)
        .where(RoleGrant.role == Role.ISSUER_ADMIN.value, RoleGrant.ended_at.is_(None))
        .with_for_update()
    )
    return any(person_id != found.person_id for person_id in other)


def _record(session: Session, verb: str, grant: RoleGrant, *, by: str, at: datetime) -> None:
    audit.record(
        session,
        verb,
        subject_kind="person",
        subject_id=grant.person_id,
        by=by,
        at=at,
        detail={"role": grant.role, "scope": grant.scope},
    )
