"""Telling people: a notice in the app always, and a mail beside it to their main address.

The texts never carry evidence, scores or anybody's identity (design: domain 2.7).
"""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from accounts.models import EmailAddress, Notice
from core import mail


def notify(
    session: Session,
    person_id: str,
    *,
    kind: str,
    title: str,
    body: str,
    path: str,
    at: datetime,
) -> Notice:
    """Leave a notice for a person, and a mail with the same words and a link to act on it."""
    notice = Notice(
        person_id=person_id, kind=kind, title=title, body=body, path=path, created_at=at
    )
    session.add(notice)
    address = session.scalar(
        select(EmailAddress.address).where(
            EmailAddress.person_id == person_id,
            EmailAddress.is_primary,
            EmailAddress.verified_at.is_not(None),
        )
    )
    if address is not None:
        mail.post(session, to=address, subject=title, text=body, path=path, kind=kind, at=at)
    return notice


def unread_count(session: Session, person_id: str) -> int:
    """Return how many notices a person has not read."""
    count = session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
    )
    return count or 0


def latest(session: Session, person_id: str, *, limit: int = 50) -> list[Notice]:
    """Return a person's newest notices, newest first."""
    return list(
        session.scalars(
            select(Notice)
            .where(Notice.person_id == person_id)
            .order_by(Notice.created_at.desc(), Notice.id)
            .limit(limit)
        )
    )


def mark_read(session: Session, person_id: str, *, at: datetime) -> None:
    """Mark every notice of a person as read."""
    session.execute(
        update(Notice)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        .values(read_at=at)
    )
