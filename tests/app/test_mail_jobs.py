"""Mail goes out after the change it announces, to a real server, and again when that fails."""

import email.policy
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

import app.mail_jobs  # noqa: F401 - registers the handler
from core import jobs, mail
from core.models import Mail
from core.runtime import Runtime
from tests.engines.loopback import HOST, free_ports
from tests.plugins.worlds import START


@dataclass
class Inbox:
    """What a real SMTP server took, and how it answers."""

    answer: str = "250 OK"
    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append(
            message_from_bytes(envelope.content, policy=email.policy.default)  # type: ignore[arg-type]
        )
        return self.answer


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def mailing(edge: Runtime, inbox: Inbox) -> Iterator[Runtime]:
    """A world with a mail server."""
    controller = Controller(inbox, hostname=HOST, port=free_ports(1)[0])
    controller.start()
    settings = replace(edge.settings, smtp_url=f"smtp://{HOST}:{controller.port}")
    yield replace(edge, settings=settings)
    controller.stop()


def post(edge: Runtime, **changes: Any) -> str:
    with edge.database.transaction() as session:
        values = {
            "to": "ines@example.org",
            "subject": "Your badge is ready — take a look",
            "text": "Every criterion is shown.",
            "kind": "award",
            "at": START,
            "path": "/awards/abc",
            **changes,
        }
        return mail.post(session, **values).id


def row(edge: Runtime) -> Mail:
    with edge.database.transaction(read_only=True) as session:
        found = session.scalars(select(Mail)).one()
        session.expunge(found)
    return found


def test_a_mail_is_sent_once_with_its_link(mailing: Runtime, inbox: Inbox) -> None:
    post(mailing)
    post_again = list(mailing.jobs.waiting)

    mailing.jobs.drain(mailing)
    for job in post_again:
        jobs.run(mailing, job)

    (sent,) = inbox.taken
    assert (sent["To"], sent["Subject"], sent["From"]) == (
        "ines@example.org",
        "Your badge is ready — take a look",
        "Assay <assay@example.org>",
    )
    assert sent.get_content().replace("\r\n", "\n") == (
        f"Every criterion is shown.\n\n{mailing.settings.base_url}/awards/abc\n"
    )
    assert (row(mailing).sent_at, row(mailing).attempts) == (START, 1)


def test_a_change_that_is_undone_announces_nothing(mailing: Runtime, inbox: Inbox) -> None:
    with mailing.database.session() as session:
        mail.post(session, to="a@example.org", subject="s", text="t", kind="k", at=START)
        session.rollback()

    mailing.jobs.drain(mailing)

    assert inbox.taken == []


def test_a_refused_mail_says_why_and_goes_out_later_under_the_same_name(
    mailing: Runtime, inbox: Inbox
) -> None:
    mail_id = post(mailing)
    inbox.answer = "451 Try again later"
    with pytest.raises(smtplib.SMTPException):
        mailing.jobs.drain(mailing)
    refused = row(mailing)

    inbox.answer = "250 OK"
    jobs.run(mailing, jobs.Job("mail_send", (("mail_id", mail_id),)))

    first, second = inbox.taken
    assert (refused.sent_at, refused.attempts) == (None, 1)
    assert "451" in (refused.last_error or "")
    assert first["Message-ID"] == second["Message-ID"]
    assert (row(mailing).sent_at, row(mailing).last_error, row(mailing).attempts) == (
        START,
        None,
        2,
    )


def test_what_stays_unsent_is_tried_again_for_three_days(
    edge: Runtime, mailing: Runtime, inbox: Inbox, clock: Any
) -> None:
    post(mailing)
    mailing.jobs.waiting.clear()

    jobs.sweep(mailing, "mail_resend")
    too_soon = len(mailing.jobs.waiting)
    clock.advance(minutes=16)
    jobs.sweep(edge, "mail_resend")
    no_server = len(mailing.jobs.waiting)
    jobs.sweep(mailing, "mail_resend")
    mailing.jobs.drain(mailing)
    clock.advance(days=4)
    post(mailing, at=START)
    mailing.jobs.waiting.clear()
    jobs.sweep(mailing, "mail_resend")

    assert (too_soon, no_server, len(inbox.taken), len(mailing.jobs.waiting)) == (0, 0, 1, 0)


def test_without_a_mail_server_the_mail_stays_to_be_read(edge: Runtime) -> None:
    post(edge)

    edge.jobs.drain(edge)

    assert (row(edge).sent_at, row(edge).attempts, row(edge).last_error) == (None, 0, None)
