"""Errors: a page that says what to do, without a trace, with every word that was typed."""

import html
import re
from io import BytesIO

import pytest
from flask import Blueprint

from accounts.permissions import Permission
from accounts.states import Role
from accounts.web import permits
from core.errors import Conflict, Unavailable

LONG = "Next time the remote guests speak first.\n\nAnd <b>nobody</b> shouts & nobody sleeps. " * 60


@pytest.fixture
def breaking(app):
    """Routes that fail in every way there is."""
    rooms = Blueprint("breaking", __name__)

    def failing(name, error):
        def view():
            raise error

        view.__name__ = name
        rooms.add_url_rule(
            f"/breaking/{name}",
            name,
            permits(Permission.READ_PUBLIC_PAGES)(view),
            methods=["GET", "POST"],
        )

    failing("surprise", RuntimeError("the secret lives at /srv/assay/keys"))
    failing("conflict", Conflict("Another tab saved a newer version."))
    failing("down", Unavailable("The store does not answer just now."))
    failing("deep", RecursionError("maximum recursion depth"))
    failing("wide", OverflowError("Python int too large"))
    app.register_blueprint(rooms)
    return app


@pytest.fixture
def expired(make, as_person, clock):
    """A client whose sign-in ended while a long form was open."""
    signed_in = as_person(make.person().id)
    signed_in.get("/account")
    clock.advance(hours=1)
    return signed_in


def shown_texts(answer):
    found = re.findall(
        r'<textarea[^>]*readonly>(.*?)</textarea>|<input[^>]*value="([^"]*)" readonly>',
        answer.text,
        re.DOTALL,
    )
    return [html.unescape(text or line) for text, line in found]


def form_page(client, path):
    return {"Referer": f"{client.base_url}{path}"}


@pytest.mark.parametrize(
    ("name", "status"),
    [("surprise", 500), ("conflict", 409), ("down", 503), ("deep", 400), ("wide", 400)],
)
def test_an_error_page_says_what_to_do_and_shows_no_trace(name, status, breaking, client):
    answer = client.get(f"/breaking/{name}")

    assert answer.status_code == status
    assert "<h1>" in answer.text
    for leak in ("Traceback", "RuntimeError", "/srv/assay", "test_errors.py", "werkzeug"):
        assert leak not in answer.text


def test_programs_get_the_same_as_json(breaking, client):
    answer = client.post("/breaking/conflict", headers={"X-Requested-With": "fetch"})

    assert answer.status_code == 409
    assert answer.json == {
        "error": "This has moved on",
        "message": "Another tab saved a newer version.",
    }


def test_an_unavailable_part_says_when_to_come_back(breaking, client):
    assert client.get("/breaking/down").headers["Retry-After"] == "10"


def test_words_typed_before_the_sign_in_ended_are_shown_to_be_copied(expired):
    answer = expired.post(
        "/account",
        data={"name": "Robin Reed", "sector": "Associations", "employers": LONG},
        headers=form_page(expired, "/account?tab=about"),
    )

    assert answer.status_code == 401
    assert shown_texts(answer) == ["Robin Reed", "Associations", LONG]
    assert 'href="/sign-in?next=/account?tab%3Dabout"' in answer.text


def test_words_sent_with_a_worn_out_token_are_shown_to_be_copied(make, as_person):
    signed_in = as_person(make.person().id)

    answer = signed_in.post(
        "/account",
        data={"name": "Robin Reed", "employers": LONG},
        headers={"X-CSRFToken": "worn out", **form_page(signed_in, "/account")},
    )

    assert answer.status_code == 403
    assert shown_texts(answer) == ["Robin Reed", LONG]
    assert 'href="/account"' in answer.text


def test_words_that_lost_a_race_or_met_a_fault_are_shown_to_be_copied(breaking, client):
    for name in ("conflict", "surprise", "down"):
        answer = client.post(f"/breaking/{name}", data={"reflection-R1": LONG})

        assert shown_texts(answer) == [LONG]
        assert "Reflection R1" in answer.text


def test_secrets_files_and_what_the_page_put_there_are_never_shown(breaking, client):
    answer = client.post(
        "/breaking/conflict",
        data={
            "password": "seven brass lanterns",
            "old": "seven brass lanterns",
            "new": "seven brass lanterns",
            "csrf_token": "abc.def",
            "base": "2026-03-02T09:30:00",
            "person_id": "abcdefghijklmnopqrstuvwxyz",
            "agree": "on",
            "level": "3",
            "note": "one word",
            "file": (BytesIO(b"bytes of a file"), "secret-plan.pdf"),
        },
        content_type="multipart/form-data",
    )

    assert shown_texts(answer) == ["one word"]
    for hidden in ("brass", "abc.def", "bytes of a file", "secret-plan"):
        assert hidden not in answer.text


def test_a_hostile_page_of_origin_is_not_linked(expired):
    for referrer in ("https://evil.example/account", "//evil.example", f"{expired.base_url}@x/"):
        answer = expired.post("/account", data={"employers": LONG}, headers={"Referer": referrer})

        assert "evil" not in answer.text


@pytest.mark.parametrize(
    "text", ["\x00\x01\x02", "\ud800", "‮ right to left שלום", "🔥" * 500, "a" * 10_000_000]
)
def test_odd_input_is_answered_and_never_a_fault(text, make, as_person):
    signed_in = as_person(make.person().id)

    answer = signed_in.post(
        "/account",
        data={"name": text.encode("utf-8", "surrogatepass"), "time_zone": "UTC"},
    )

    assert answer.status_code in (303, 413, 422)


@pytest.mark.parametrize(
    "path",
    [
        "/roles?page=99999999999999999999",
        "/flow?page=99999999999999999999&stage=%00",
        "/audit?before=99999999999999999999",
        "/audit?subject=%00%FF",
        "/notices/%00",
        "/flow/%F0%9F%94%A5",
        "/nowhere",
    ],
)
def test_odd_addresses_are_answered_and_never_a_fault(path, make, as_person):
    everyone = as_person(make.person(roles_held=tuple(Role)).id)

    assert everyone.get(path).status_code in (200, 400, 404)


def test_an_error_page_stands_while_the_database_does_not(client, database):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE accounts_session")
    client.set_cookie("assay", "some-secret", domain="127.0.0.1")

    answer = client.get("/account")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "no such table" not in answer.text
