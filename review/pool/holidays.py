"""Days on which a volunteer is not asked; they never count against anybody (INV-40)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.errors import NotFound
from review.pool import queries, services
from review.pool.models import Holiday, ReviewerProfile
from review.pool.rules import check_holiday, joined


def add_holiday(
    session: Session, *, from_date: date, until_date: date, by: str, at: datetime
) -> Holiday:
    """Note days off, both ends included; days that touch or overlap become one holiday."""
    check_holiday(from_date, until_date, today=at.date())
    services.ensure_profile(session, by, at=at)
    session.get_one(ReviewerProfile, by, with_for_update=True)
    held = list(session.scalars(select(Holiday).where(Holiday.person_id == by)))
    begins, ends, touched = joined(
        (from_date, until_date), [(one.from_date, one.until_date) for one in held]
    )
    for number in touched:
        session.delete(held[number])
    made = Holiday(person_id=by, from_date=begins, until_date=ends)
    session.add(made)
    session.flush()
    audit.record(session, "holiday_noted", subject_kind="holiday", subject_id=made.id, by=by, at=at)
    return made


def remove_holiday(session: Session, holiday_id: str, *, by: str, at: datetime) -> None:
    """Take one's own days off back."""
    found = queries.holiday(session, holiday_id)
    if found is None or found.person_id != by:
        raise NotFound()
    session.delete(found)
    session.flush()
    audit.record(
        session, "holiday_removed", subject_kind="holiday", subject_id=holiday_id, by=by, at=at
    )
