"""Joining and coming back: every answer is the same, and only the mailbox knows more."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from accounts.models import EmailAddress, Joining, OneTimeToken, Person
from core.models import Mail
from tests.factories import PASSWORD

JOINER = {"name": "Ada Fresh", "address": "ada@example.org", "password": PASSWORD}
NEW_PASSWORD = "nine copper kettles"


def mailed_path(make, address, kind):
    mails = make.rows(Mail, to_address=address, kind=kind)
    return max(mails, key=lambda mail: mail.created_at).path


def test_who_joins_confirms_by_mail_and_signs_in(client, make):
    sent = client.post("/sign-up", data=JOINER)
    path = mailed_path(make, "ada@example.org", "verify_email")
    looked = client.get(path)
    before = make.rows(Person)
    confirmed = client.post(path)
    signed_in = client.post("/sign-in", data=JOINER)

    assert (sent.status_code, sent.location) == (303, "/mail-sent")
    assert looked.status_code == 200
    assert before == [], "looking at the link must use nothing"
    assert (confirmed.status_code, confirmed.location) == (303, "/sign-in")
    assert (signed_in.status_code, signed_in.location) == (303, "/home")
    assert [person.name for person in make.rows(Person)] == ["Ada Fresh"]


def test_pressing_the_button_twice_is_no_harm(client, make):
    client.post("/sign-up", data=JOINER)
    path = mailed_path(make, "ada@example.org", "verify_email")

    answers = [client.post(path).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(make.rows(Person)) == 1


def test_a_link_works_for_a_day(client, make, clock):
    client.post("/sign-up", data=JOINER)
    path = mailed_path(make, "ada@example.org", "verify_email")
    clock.advance(hours=24)

    answer = client.post(path)

    assert answer.status_code == 403
    assert "too old" in answer.text
    assert make.rows(Person) == []


def test_an_address_that_is_not_confirmed_signs_in_like_a_wrong_password(client, make):
    make.person(address="known@example.org", password=PASSWORD)
    client.post("/sign-up", data=JOINER)

    answers = [
        client.post("/sign-in", data={"address": address, "password": password})
        for address, password in (
            ("ada@example.org", PASSWORD),
            ("known@example.org", NEW_PASSWORD),
            ("nobody@example.org", PASSWORD),
        )
    ]

    bodies = {
        answer.text.replace(address, "")
        for answer, address in zip(
            answers,
            ("ada@example.org", "known@example.org", "nobody@example.org"),
            strict=True,
        )
    }
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert len({without_tokens(body) for body in bodies}) == 1


def without_tokens(body):
    return "\n".join(line for line in body.splitlines() if "csrf" not in line)


@pytest.mark.parametrize("path", ["/sign-up", "/forgot-password"])
def test_a_known_address_gets_the_same_answer_and_costs_the_same_work(path, edge, client, make):
    make.person(address="known@example.org", password=PASSWORD)
    statements = []
    seen = []

    for address in ("known@example.org", "stranger@example.org"):
        statements.clear()
        with listening(edge.database.engine, statements):
            answer = client.post(path, data={**JOINER, "address": address})
        body = without_tokens(client.get(answer.location).text)
        seen.append((answer.status_code, answer.location, answer.text, body, list(statements)))

    assert seen[0] == seen[1]


@contextmanager
def listening(engine, statements):
    """Note every statement that an engine runs inside the block."""

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield
    event.remove(engine, "before_cursor_execute", note)


def test_a_known_address_is_told_so_by_mail_alone(client, make):
    make.person(address="known@example.org", password=PASSWORD)

    client.post("/sign-up", data={**JOINER, "address": "Known@example.org"})

    assert [mail.kind for mail in make.rows(Mail)] == ["already_known"]
    assert len(make.rows(Person)) == 1


def test_naming_an_address_does_not_keep_its_owner_from_joining(client, make, as_person):
    squatter = make.person(password=PASSWORD)
    as_person(squatter.id).post(
        "/account/addresses", data={"address": "ada@example.org", "password": PASSWORD}
    )
    client.post("/sign-up", data=JOINER)
    mails = make.rows(Mail, to_address="ada@example.org")
    answers = [client.post(mail.path).status_code for mail in mails]

    owners = {row.person_id for row in make.rows(EmailAddress, address="ada@example.org")}

    assert sorted(answers) == [303, 403]
    assert len(owners) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "  "}, "as it should stand on your badge"),
        ({"name": "x" * 201}, "Shorten this to 200 characters"),
        ({"address": "not an address"}, "does not look like an e-mail address"),
        ({"password": "seven7!"}, "at least 10 characters"),
        ({"password": "password123"}, "list of common ones"),
        ({"password": "assay-assay-1"}, "ours out of the password"),
        ({"password": "ada fresh 1234"}, "Leave your name"),
        ({"password": "a" * 1001}, "Shorten this to 1,000 characters"),
    ],
)
def test_a_sign_up_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    changed, words, client, make
):
    answer = client.post("/sign-up", data={**JOINER, **changed})

    assert answer.status_code == 422
    assert words in answer.text
    assert JOINER["address"] in answer.text or "address" in changed
    assert PASSWORD not in answer.text
    assert make.rows(Joining) == []


@pytest.mark.parametrize(
    "password",
    [
        "x7" * 36 + "long past seventy-two bytes: A",
        "four words and spaces",
        "🔥 lamp 🌧 cedar",
        "Grüße an Zoë im März",
    ],
)
def test_long_and_unusual_passwords_work_to_the_last_character(password, client, make):
    make.person(address="ada@example.org", password=password)

    right = client.post("/sign-in", data={"address": "ada@example.org", "password": password})
    wrong = client.post("/sign-in", data={"address": "ada@example.org", "password": password[:-1]})

    assert (right.status_code, wrong.status_code) == (303, 422)


def test_a_password_is_the_same_however_its_accents_are_coded(client, make):
    make.person(address="ada@example.org", password="Zoe\u0308 and nine lamps")

    answer = client.post(
        "/sign-in", data={"address": "ada@example.org", "password": "Zo\u00eb and nine lamps"}
    )

    assert answer.status_code == 303


@pytest.fixture
def reset_path(client, make, drain):
    """The path of a mailed link that sets a new password for known@example.org."""
    make.person(address="known@example.org", password=PASSWORD)
    client.post("/forgot-password", data={"address": "known@example.org"})
    drain()
    return mailed_path(make, "known@example.org", "reset_password")


def test_a_reset_link_sets_a_password_once_and_ends_every_sign_in(
    reset_path, client, make, as_person
):
    (person,) = make.rows(Person)
    elsewhere = as_person(person.id)

    first = client.post(reset_path, data={"password": NEW_PASSWORD})
    second = client.post(reset_path, data={"password": "ten tin whistles"})

    assert (first.status_code, first.location) == (303, "/sign-in")
    assert second.status_code == 403
    assert elsewhere.get("/home").status_code == 303
    signed_in = client.post(
        "/sign-in", data={"address": "known@example.org", "password": NEW_PASSWORD}
    )
    assert signed_in.status_code == 303


def test_a_weak_password_does_not_use_the_link_up(reset_path, client):
    weak = client.post(reset_path, data={"password": "short"})
    good = client.post(reset_path, data={"password": NEW_PASSWORD})

    assert (weak.status_code, good.status_code) == (422, 303)


def test_a_reset_link_works_for_an_hour(reset_path, client, clock):
    clock.advance(hours=1)

    answer = client.post(reset_path, data={"password": NEW_PASSWORD})

    assert answer.status_code == 403


def test_a_newer_reset_leaves_no_older_link_behind(reset_path, client, make, drain, clock):
    clock.advance(minutes=5)
    client.post("/forgot-password", data={"address": "known@example.org"})
    drain()
    newer = mailed_path(make, "known@example.org", "reset_password")
    client.post(newer, data={"password": NEW_PASSWORD})

    older = client.post(reset_path, data={"password": "ten tin whistles"})

    assert newer != reset_path
    assert older.status_code == 403


def test_a_reset_for_nobody_mails_nobody(client, make, drain):
    answer = client.post("/forgot-password", data={"address": "nobody@example.org"})
    drain()

    assert answer.status_code == 303
    assert make.rows(Mail) == []
    assert make.rows(OneTimeToken) == []


def test_mailed_links_are_built_from_the_configured_address_alone(client, make, drain, edge):
    make.person(address="known@example.org", password=PASSWORD)

    answer = client.post(
        "/forgot-password",
        data={"address": "known@example.org"},
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    drain()

    (mail,) = make.rows(Mail)
    assert answer.status_code == 303
    assert mail.path.startswith("/reset-password/")
    assert "evil" not in mail.text


def test_who_came_to_start_a_badge_is_led_back_to_it_by_the_mailed_link(client, make, drain):
    client.post("/sign-up?next=/badges/careful-host", data=JOINER)
    (letter,) = make.rows(Mail, kind="verify_email")

    confirmed = client.post(letter.path)

    assert letter.path.endswith("?next=%2Fbadges%2Fcareful-host")
    assert confirmed.location == "/sign-in?next=/badges/careful-host"


@pytest.mark.parametrize("way", ["https://evil.test/", "//evil.test", "/" + "x" * 200])
def test_a_mailed_link_leads_nowhere_but_to_a_short_path_of_this_site(client, make, way):
    client.post(f"/sign-up?next={way}", data=JOINER)
    (letter,) = make.rows(Mail, kind="verify_email")

    assert "?" not in letter.path
