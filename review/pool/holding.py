"""The programme lets a right to review rest, and gives it back: no end, and no suspension."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.states import move
from review.pool.models import Qualification
from review.pool.states import MOVES, QualificationState


def hold(
    session: Session, person_id: str, badge_id: str, *, reason: str, by: str, at: datetime
) -> bool:
    """Let a right that stands rest until the programme gives it back; returns whether it did.

    Its holder cannot take it up alone meanwhile. What rests or has ended already is left as it is.
    """
    found = _locked(session, person_id, badge_id)
    if found is None or found.state != QualificationState.QUALIFIED.value:
        return False
    move(found, QualificationState.RESTING, MOVES)
    found.is_held = True
    _record(session, "qualification_held", found, reason=reason, by=by, at=at)
    return True


def give_back(
    session: Session,
    person_id: str,
    badge_id: str,
    *,
    goes_on: bool = True,
    reason: str,
    by: str,
    at: datetime,
) -> bool:
    """Give a held right back to its holder, to go on or to rest as they wish; safe to do twice."""
    found = _locked(session, person_id, badge_id)
    if found is None or not found.is_held:
        return False
    found.is_held = False
    if goes_on and found.state == QualificationState.RESTING.value:
        move(found, QualificationState.QUALIFIED, MOVES)
    _record(session, "qualification_given_back", found, reason=reason, by=by, at=at)
    return True


def _locked(session: Session, person_id: str, badge_id: str) -> Qualification | None:
    return session.scalar(
        select(Qualification)
        .where(Qualification.person_id == person_id, Qualification.badge_id == badge_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _record(
    session: Session, verb: str, found: Qualification, *, reason: str, by: str, at: datetime
) -> None:
    session.flush()
    audit.record(
        session,
        verb,
        subject_kind="qualification",
        subject_id=found.id,
        by=by,
        at=at,
        reason=reason or None,
        detail={"person": found.person_id, "badge": found.badge_id, "state": found.state},
    )
