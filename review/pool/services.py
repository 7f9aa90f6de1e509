"""Joining the pool, setting one's limits, and being qualified to review a badge."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.errors import Invalid, NotFound, Refused
from core.states import move
from review.pool import queries
from review.pool.models import YEARLY, Qualification, ReviewerProfile
from review.pool.rules import QUALIFIED_FOR, check_limits, objection_to_volunteering
from review.pool.states import MOVES, QualificationSource, QualificationState

S = QualificationState
ENDS = {
    S.RESTING: ("Your reviewing for {badge} rests", "You are not invited until it is taken up."),
    S.SUSPENDED: (
        "Your right to review {badge} is suspended",
        "You are not invited for now. Write to the programme if you want to talk about it.",
    ),
    S.LAPSED: ("Your right to review {badge} has ended", "Thank you for the reviews you gave."),
}


def ensure_profile(session: Session, person_id: str, *, at: datetime) -> ReviewerProfile:
    """Return a person's reviewing limits, made with the defaults at first use."""
    found = session.get(ReviewerProfile, person_id)
    if found is not None:
        return found
    made = ReviewerProfile(
        person_id=person_id, is_available=True, max_open=2, languages=[], sectors=[], joined_at=at
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return session.get_one(ReviewerProfile, person_id)
    return made


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
    topics: Sequence[str] = (),
    per_year: int = YEARLY,
) -> ReviewerProfile:
    """Set one's own availability; it never counts against anybody (INV-40)."""
    check_limits(
        max_open=max_open,
        paused_until=paused_until,
        sectors=sectors,
        at=at,
        topics=topics,
        per_year=per_year,
    )
    profile = ensure_profile(session, by, at=at)
    profile.is_available, profile.max_open = is_available, max_open
    profile.paused_until = paused_until
    profile.languages, profile.sectors = languages, sectors
    profile.topics, profile.per_year = list(topics), per_year
    session.flush()
    audit.record(
        session, "reviewing_limits_set", subject_kind="person", subject_id=by, by=by, at=at
    )
    return profile


def volunteer(session: Session, badge_id: str, *, by: str, at: datetime) -> Qualification:
    """Join the pool of a badge that one holds: the rule qualifies, nobody need press a button."""
    found = queries.qualification(session, by, badge_id)
    reason = objection_to_volunteering(
        holds_badge=queries.holds_badge(session, by, badge_id),
        state=None if found is None else found.state,
        is_held=found is not None and found.is_held,
    )
    if reason is not None:
        raise Refused(reason)
    return qualify(
        session,
        by,
        badge_id,
        source=QualificationSource.BADGE_HOLDER,
        reason="",
        valid_until=at + QUALIFIED_FOR,
        by=by,
        at=at,
    )


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
    if valid_until is not None and valid_until <= at:
        raise Invalid("Choose a day that is still to come, or leave it empty.", "valid_until")
    ensure_profile(session, person_id, at=at)
    found = queries.qualification(session, person_id, badge_id)
    if found is not None and found.state == S.QUALIFIED.value:
        if found.valid_until != valid_until:
            found.valid_until = valid_until
            _record(session, "qualification_renewed", found, by=by, at=at, reason=reason)
        return found
    if found is None:
        found = Qualification(person_id=person_id, badge_id=badge_id, state=S.QUALIFIED.value)
        session.add(found)
    else:
        move(found, S.QUALIFIED, MOVES)
    found.source, found.granted_by, found.reason = source.value, by, reason.strip()
    found.valid_from, found.valid_until = at, valid_until
    found.is_held = False
    session.flush()
    _record(session, "reviewer_qualified", found, by=by, at=at, reason=reason)
    notify(
        session,
        person_id,
        kind="reviewer_qualified",
        title=f"You can now review for {queries.badge_title(session, badge_id)}",
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
    if to is S.SUSPENDED and not reason.strip():
        raise Invalid("Say why, so that it can be answered.", "reason")
    move(found, to, MOVES)
    session.flush()
    _record(session, "qualification_ended", found, by=by, at=at, reason=reason)
    title, body = ENDS[to]
    notify(
        session,
        person_id,
        kind="qualification_ended",
        title=title.format(badge=queries.badge_title(session, badge_id)),
        body=body,
        path="/reviewing",
        at=at,
    )
    return found


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
        detail={**detail, "state": found.state},
    )
