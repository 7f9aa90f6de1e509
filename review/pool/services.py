"""Joining the pool, setting one's limits, being qualified, and declaring ties."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.errors import Invalid, NotFound
from core.states import move
from review.pool import queries
from review.pool.models import DeclaredConflict, Qualification, ReviewerProfile
from review.pool.rules import check_limits
from review.pool.states import MOVES, ConflictKind, QualificationSource, QualificationState


def ensure_profile(session: Session, person_id: str, *, at: datetime) -> ReviewerProfile:
    """Return a person's reviewing limits, made with the defaults at first use."""
    found = session.get(ReviewerProfile, person_id)
    if found is None:
        found = ReviewerProfile(
            person_id=person_id,
            is_available=True,
            max_open=2,
            languages=[],
            sectors=[],
            joined_at=at,
        )
        session.add(found)
        session.flush()
    return found


def set_limits(
    session: Session,
    *,
    is_available: bool,
    max_open: int,
    paused_until: datetime | None,
    languages: list[str],
    sectors: list[str],
    by: str,
    at: datetime,
) -> ReviewerProfile:
    """Set one's own availability; it never counts against anybody (INV-40)."""
    check_limits(max_open=max_open, paused_until=paused_until, at=at)
    profile = ensure_profile(session, by, at=at)
    profile.is_available, profile.max_open = is_available, max_open
    profile.paused_until = paused_until
    profile.languages, profile.sectors = languages, sectors
    audit.record(
        session, "reviewing_limits_set", subject_kind="person", subject_id=by, by=by, at=at
    )
    return profile


def qualify(
    session: Session,
    person_id: str,
    badge_id: str,
    *,
    source: QualificationSource,
    reason: str,
    valid_until: datetime | None,
    by: str,
    at: datetime,
) -> Qualification:
    """Give a person the right to review a badge, or renew it; safe to run twice."""
    if source is QualificationSource.GRANTED and not reason.strip():
        raise Invalid("Say what the qualification rests on.", "reason")
    ensure_profile(session, person_id, at=at)
    found = queries.qualification(session, person_id, badge_id)
    if found is not None and found.state == QualificationState.QUALIFIED.value:
        found.valid_until = valid_until
        return found
    if found is None:
        found = Qualification(person_id=person_id, badge_id=badge_id, source=source.value)
        session.add(found)
    found.state = QualificationState.QUALIFIED.value
    found.source, found.granted_by, found.reason = source.value, by, reason.strip()
    found.valid_from, found.valid_until = at, valid_until
    session.flush()
    _record(session, "reviewer_qualified", found, by=by, at=at, reason=reason)
    notify(
        session,
        person_id,
        kind="reviewer_qualified",
        title="You can now review for a badge",
        body="You are in the pool of reviewers. Set how much you want to take on, and pause"
        " whenever you like.",
        path="/reviewing",
        at=at,
    )
    return found


def end_qualification(
    session: Session,
    person_id: str,
    badge_id: str,
    *,
    to: QualificationState,
    reason: str,
    by: str,
    at: datetime,
) -> Qualification:
    """Let a qualification rest, lapse or be suspended; invitations stop from now on."""
    found = queries.qualification(session, person_id, badge_id)
    if found is None:
        raise NotFound()
    move(found, to, MOVES)
    _record(session, "qualification_ended", found, by=by, at=at, reason=reason)
    return found


def declare_conflict(
    session: Session,
    person_id: str,
    *,
    kind: ConflictKind,
    other_person_id: str | None = None,
    organisation: str | None = None,
    note: str = "",
    until: datetime | None = None,
    by: str,
    at: datetime,
    is_derived: bool = False,
) -> DeclaredConflict:
    """Record a tie to a person or an organisation; assignment never crosses it (INV-06)."""
    organisation = (organisation or "").strip() or None
    if (other_person_id is None) == (organisation is None):
        raise Invalid("Name the organisation this tie is to.", "organisation")
    made = DeclaredConflict(
        person_id=person_id,
        other_person_id=other_person_id,
        organisation=organisation,
        kind=kind.value,
        is_derived=is_derived,
        note=note,
        from_at=at,
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
    """End a tie one declared oneself; it still counts for the look-back period."""
    found = session.get(DeclaredConflict, conflict_id)
    if found is None or found.person_id != by or found.is_derived:
        raise NotFound()
    found.until_at = at
    audit.record(
        session, "conflict_ended", subject_kind="conflict", subject_id=found.id, by=by, at=at
    )


def _record(
    session: Session, verb: str, found: Qualification, *, by: str, at: datetime, reason: str
) -> None:
    detail: dict[str, Any] = {"person": found.person_id, "badge": found.badge_id}
    audit.record(
        session,
        verb,
        subject_kind="qualification",
        subject_id=found.id,
        by=by,
        at=at,
        reason=reason or None,
        detail=detail,
    )
