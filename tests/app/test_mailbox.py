"""The demo's mail: readable by everybody in a demo, and nowhere else."""

from dataclasses import replace

import pytest

from app.factory import create_app
from core import mail
from core.models import Mail
from tests.plugins.clients import TokenClient


@pytest.fixture
def demo(edge):
    settings = replace(edge.settings, demo=True)
    return TokenClient.on(create_app(runtime=replace(edge, settings=settings)))


@pytest.fixture
def posted(database, clock):
    """Post a mail and return it."""

    def post(to="ada@example.org", subject="Confirm", path="/verify-email/abc"):
        with database.transaction() as session:
            return mail.post(
                session,
                to=to,
                subject=subject,
                text="Hello <b>you</b>.\n\nGo on.",
                path=path,
                kind="test",
                at=clock.advance(minutes=1),
            )

    return post


def test_mail_is_listed_newest_first_and_by_address(demo, posted):
    posted(subject="The first")
    posted(subject="The second")
    posted(to="noor@example.org", subject="Not for Ada")

    everything = demo.get("/demo/mail").text
    adas = demo.get("/demo/mail?to=ADA@example.org").text

    assert everything.index("The second") < everything.index("The first")
    assert "Not for Ada" in everything
    assert "Not for Ada" not in adas
    assert "The first" in adas


def test_one_mail_is_shown_as_its_reader_gets_it_with_a_link_that_works_here(demo, posted, edge):
    found = posted()

    page = demo.get(f"/demo/mail/{found.id}").text

    assert "Hello &lt;b&gt;you&lt;/b&gt;." in page
    assert f'href="/verify-email/abc">{edge.settings.base_url}/verify-email/abc</a>' in page
    assert edge.settings.mail_from.split(" <")[0] in page


def test_outside_a_demo_there_is_no_such_page(client, posted, make, as_person):
    found = posted()
    person = as_person(make.person().id)

    answers = [
        one.get(path).status_code
        for one in (client, person)
        for path in ("/demo/mail", f"/demo/mail/{found.id}")
    ]

    assert make.rows(Mail) != []
    assert answers == [404] * 4


def test_a_demo_says_where_the_mail_is(demo, client):
    assert "read the mail here" in demo.get("/mail-sent").text
    assert "read the mail here" not in client.get("/mail-sent").text
