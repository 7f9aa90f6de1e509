"""Asking to review for a badge one does not hold, and the programme's answer to it."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.calendar import add_business_days
from core.errors import Conflict, Invalid, NotFound, Refused
from core.states import move
from credentials.catalog import queries as catalog
from review.pool import queries, services
from review.pool.models import Application
from review.pool.rules import ANSWER_BUSINESS_DAYS, check_holdings, objection_to_applying
from review.pool.states import APPLICATION_MOVES, ApplicationState, QualificationSource

A = ApplicationState


def apply(session: Session, badge_id: str, *, holdings: str, by: str, at: datetime) -> Application:
    """Ask to review for a badge with what one holds or did; Refused with one open already."""
    check_holdings(holdings)
    found = queries.qualification(session, by, badge_id)
    reason = objection_to_applying(
        holds_badge=queries.holds_badge(session, by, badge_id),
        state=None if found is None else found.state,
        is_over=found is not None and found.valid_until is not None and found.valid_until <= at,
        has_open=queries.open_application(session, by, badge_id) is not None,
    )
    if reason is not None:
        raise Refused(reason)
    zone = catalog.issuer_of(session, badge_id).time_zone
    made = Application(
        person_id=by,
        badge_id=badge_id,
        state=A.OPEN.value,
        holdings=holdings.strip(),
        applied_at=at,
        answer_by=add_business_days(at, ANSWER_BUSINESS_DAYS, zone=zone),
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict("You have asked already, and the programme will answer.") from None
    _record(session, "application_made", made, by=by, at=at)
    return made


def withdraw(session: Session, application_id: str, *, by: str, at: datetime) -> Application:
    """Take one's own application back, while nobody has answered it."""
    found = _locked(session, application_id)
    if found.person_id != by:
        raise NotFound()
    move(found, A.WITHDRAWN, APPLICATION_MOVES)
    session.flush()
    _record(session, "application_withdrawn", found, by=by, at=at)
    return found


def answer(
    session: Session,
    application_id: str,
    *,
    qualifies: bool,
    reason: str,
    valid_until: datetime | None,
    by: str,
    at: datetime,
) -> Application:
    """Qualify an applicant, or decline with words for them; never one's own application."""
    found = _locked(session, application_id)
    if found.person_id == by:
        raise Refused("This is your own application, so somebody else answers it.")
    if not reason.strip():
        raise Invalid("Write a sentence or two; the applicant reads it.", "reason")
    move(found, A.QUALIFIED if qualifies else A.DECLINED, APPLICATION_MOVES)
    found.answered_at, found.answered_by, found.answer = at, by, reason.strip()
    session.flush()
    _record(session, "application_answered", found, by=by, at=at)
    if qualifies:
        services.qualify(
            session,
            found.person_id,
            found.badge_id,
            source=QualificationSource.GRANTED,
            reason=reason,
            valid_until=valid_until,
            by=by,
            at=at,
        )
    else:
        notify(
            session,
            found.person_id,
            kind="application_declined",
            title=f"About reviewing for {queries.badge_title(session, found.badge_id)}",
            body=f"Not this time. The programme writes: {found.answer} You can ask again whenever"
            " there is more to tell.",
            path="/reviewing",
            at=at,
        )
    return found


def _locked(session: Session, application_id: str) -> Application:
    found = session.get(Application, application_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound()
    return found


def _record(session: Session, verb: str, found: Application, *, by: str, at: datetime) -> None:
    audit.record(
        session,
        verb,
        subject_kind="application",
        subject_id=found.id,
        by=by,
        at=at,
        detail={"person": found.person_id, "badge": found.badge_id, "state": found.state},
    )
