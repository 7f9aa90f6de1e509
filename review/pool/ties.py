"""Declaring and ending ties; assignment never crosses one (INV-06)."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.addresses import identity_key
from core import audit
from core.errors import Invalid, NotFound
from review.pool.models import DeclaredConflict
from review.pool.rules import LOOK_BACK
from review.pool.states import ConflictKind


def declare_conflict(
    session: Session,
    person_id: str,
    *,
    kind: ConflictKind,
    other_person_id: str | None = None,
    address: str | None = None,
    organisation: str | None = None,
    note: str = "",
    begins: datetime | None = None,
    until: datetime | None = None,
    by: str,
    at: datetime,
    is_derived: bool = False,
) -> DeclaredConflict:
    """Record a tie to one person, known by id or by any address, or to one organisation.

    An address is taken whether or not anybody here has it, so that nobody learns who does.
    """
    organisation = " ".join((organisation or "").split()) or None
    other_key = identity_key(address) if address and address.strip() else None
    named = [one for one in (other_person_id, other_key, organisation) if one is not None]
    if len(named) != 1:
        raise Invalid("Name one person or one organisation that this tie is to.", "organisation")
    from_at = begins or at
    if until is not None and until <= from_at:
        later = "Choose a day that is still to come, or say from when the tie was."
        raise Invalid(later if begins is None else "It ends before it begins.", "until")
    if until is not None and until < at - LOOK_BACK:
        raise Invalid("A tie that ended more than three years ago counts no more.", "until")
    made = DeclaredConflict(
        person_id=person_id,
        other_person_id=other_person_id,
        other_key=other_key,
        organisation=organisation,
        kind=kind.value,
        is_derived=is_derived,
        note=note.strip(),
        from_at=from_at,
        until_at=until,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "conflict_declared",
        subject_kind="conflict",
        subject_id=made.id,
        by=by,
        at=at,
        detail={"kind": kind.value},
    )
    return made


def end_conflict(session: Session, conflict_id: str, *, by: str, at: datetime) -> None:
    """End a tie one declared oneself; it still counts for the look-back period.

    One that was still to come never was, and goes.
    """
    found = session.get(DeclaredConflict, conflict_id)
    if found is None or found.person_id != by or found.is_derived:
        raise NotFound()
    if found.until_at is not None and found.until_at <= at:
        return
    if found.from_at > at:
        session.delete(found)
    else:
        found.until_at = at
    session.flush()
    audit.record(
        session, "conflict_ended", subject_kind="conflict", subject_id=conflict_id, by=by, at=at
    )
