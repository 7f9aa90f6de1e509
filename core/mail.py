"""Mail: a row saved with the change it announces, sent afterwards by a job, one recipient each.

A retry carries the same Message-ID, so that a mail that went out just before a crash shows
once. Without a mail server the rows stay and say so; the demo shows them on a page.
"""

import re
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import jobs
from core.errors import Invalid
from core.ids import new_id
from core.models import Mail

BREAKS = re.compile(r"[\r\n\x00-\x1f\x7f]+")
SUBJECT = 200
TIMEOUT_SECONDS = 10
ERROR_LENGTH = 500


def post(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    kind: str,
    at: datetime,
    path: str = "",
) -> Mail:
    """Save a mail with the change it announces, to be sent when that change is committed.

    `path` is a local path; the sender puts the installation's own address before it. A line
    break in a subject becomes a space (CS5), in an address it is refused.
    """
    if BREAKS.search(to) or "@" not in parseaddr(to)[1]:
        raise Invalid("This is not an address that mail can go to.", "address")
    made = Mail(
        to_address=to,
        subject=BREAKS.sub(" ", subject)[:SUBJECT],
        text=text,
        path=path,
        kind=kind,
        created_at=at,
        message_id=new_id(),
    )
    session.add(made)
    session.flush()
    jobs.enqueue(session, "mail_send", mail_id=made.id)
    return made


def to_send(session: Session, mail_id: str) -> Mail | None:
    """Return a mail that still has to go out."""
    return session.scalar(select(Mail).where(Mail.id == mail_id, Mail.sent_at.is_(None)))


def note_try(session: Session, mail_id: str, *, at: datetime, error: Exception | None) -> None:
    """Write down that a mail was sent, or why it was not."""
    row = session.get_one(Mail, mail_id)
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}"[:ERROR_LENGTH] if error else None
    if error is None:
        row.sent_at = at


def compose(row: Mail, *, sender: str, base_url: str) -> EmailMessage:
    """Return the message of a row: plain text, a link to act on it, no trace of anybody else."""
    message = EmailMessage()
    host = urlsplit(base_url).hostname or "localhost"
    message["From"] = sender
    message["To"] = row.to_address
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at.replace(second=0, microsecond=0))
    message["Message-ID"] = f"<{row.message_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body_of(row, base_url=base_url))
    return message


def body_of(row: Mail, *, base_url: str) -> str:
    """Return the text of a mail as its reader gets it."""
    return f"{row.text}\n\n{base_url}{row.path}\n" if row.path else f"{row.text}\n"


def deliver(message: EmailMessage, smtp_url: str) -> None:
    """Hand a message to the server of `smtp://user:password@host:port`; STARTTLS if offered."""
    server = urlsplit(smtp_url)
    secure = server.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with kind(server.hostname or "", server.port or 25, timeout=TIMEOUT_SECONDS) as connection:
        connection.ehlo()
        if not secure and connection.has_extn("starttls"):
            connection.starttls()
            connection.ehlo()
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)
