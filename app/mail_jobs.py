"""Sends the mail that a change announced, and tries again what could not be sent."""

import logging
import smtplib
from datetime import timedelta

from sqlalchemy import select

from core import jobs, mail
from core.models import Mail
from core.runtime import Runtime

LOG = logging.getLogger("assay.mail")

RESEND_AFTER = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=3)


@jobs.handler("mail_send")
def send(edge: Runtime, *, mail_id: str) -> None:
    """Send one mail; a failure is written on its row, and raised so that it is tried again.

    Without a mail server nothing is sent, and the row stays readable.
    """
    if not edge.settings.smtp_url:
        return
    failed = _try(edge, mail_id)
    if failed is not None:
        raise failed


@jobs.every(minutes=15, name="mail_resend")
def resend(edge: Runtime) -> None:
    """Enqueue again, for three days, what is still unsent after a quarter of an hour."""
    if not edge.settings.smtp_url:
        return
    now = edge.clock()
    unsent = select(Mail.id).where(
        Mail.sent_at.is_(None),
        Mail.created_at < now - RESEND_AFTER,
        Mail.created_at > now - GIVE_UP_AFTER,
    )
    with edge.database.transaction() as session:
        for mail_id in session.scalars(unsent).all():
            jobs.enqueue(session, "mail_send", mail_id=mail_id)


def _try(edge: Runtime, mail_id: str) -> Exception | None:
    """Hand one mail to the server and write down how it went; return what went wrong.

    No transaction is open while the server is spoken to. Should it be sent twice because of a
    crash in between, both carry the same Message-ID.
    """
    with edge.database.transaction(read_only=True) as session:
        row = mail.to_send(session, mail_id)
        if row is None:
            return None
        message = mail.compose(row, sender=edge.settings.mail_from, base_url=edge.settings.base_url)
    failed: Exception | None = None
    try:
        mail.deliver(message, edge.settings.smtp_url)
    except (smtplib.SMTPException, OSError) as error:
        failed = error
        LOG.warning("mail %s was not sent: %s", mail_id, type(error).__name__)
    with edge.database.transaction() as session:
        mail.note_try(session, mail_id, at=edge.clock(), error=failed)
    return failed
