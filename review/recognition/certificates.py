"""Certificates of hours: made by their holder, who alone withdraws them; checked by anybody."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from core import audit
from core.digest import digest_of
from core.errors import NotFound, Refused
from core.ids import new_id
from review.recognition import credits
from review.recognition.certificate import (
    CODE_LENGTH,
    check_period,
    content_of,
    grouped,
    span_of,
)
from review.recognition.models import Certificate

MOST_STANDING = 50


def make_certificate(
    session: Session,
    *,
    from_date: date,
    until_date: date,
    zone: str,
    shows_marks: bool,
    by: str,
    at: datetime,
) -> Certificate:
    """Make a certificate of what is credited on these days of a time zone; it never changes.

    Raises Invalid for a period that makes no sense or has no credit, Refused for too many.
    """
    check_period(from_date, until_date, today=at.astimezone(ZoneInfo(zone)).date())
    since, until = span_of(from_date, until_date, zone)
    # The person is the lock: two tabs make one certificate after the other.
    holder = session.scalars(select(Person).where(Person.id == by).with_for_update()).one()
    standing = [one for one in credits.certificates_of(session, by) if not one.withdrawn_at]
    if len(standing) >= MOST_STANDING:
        raise Refused(
            f"You have {MOST_STANDING} certificates that stand. Withdraw one you no longer use."
        )
    entries = credits.entries_of(session, by, zone=zone, since=since, until=until)
    marks = credits.marks_of(session, by) if shows_marks else []
    content = content_of(
        entries,
        name=holder.name,
        issuer=" and ".join(credits.issuer_names(session, by)),
        from_date=from_date,
        until_date=until_date,
        marks={one["title"]: {"slug": one["slug"], "rung": one["rung"]} for one in marks},
    )
    made = Certificate(
        code=grouped(new_id()[:CODE_LENGTH]),
        person_id=by,
        from_date=from_date,
        until_date=until_date,
        content=content,
        digest=digest_of(content),
        made_at=at,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "certificate_made",
        subject_kind="certificate",
        subject_id=made.id,
        by=by,
        at=at,
        after=made.digest,
    )
    return made


def withdraw_certificate(
    session: Session, certificate_id: str, *, by: str, at: datetime
) -> Certificate:
    """Withdraw one's own certificate, for good; safe to do twice."""
    found = session.scalar(
        select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.person_id == by)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    if found.withdrawn_at is None:
        found.withdrawn_at = at
        session.flush()
        audit.record(
            session,
            "certificate_withdrawn",
            subject_kind="certificate",
            subject_id=found.id,
            by=by,
            at=at,
        )
    return found
