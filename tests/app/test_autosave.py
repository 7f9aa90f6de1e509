"""What is typed is saved a moment later, and nothing that could not be sent is lost.

A tiny site serves the real scripts beside a form, and answers saves as each test tells it to.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from core.digest import canonical_json

STATIC = Path(__file__).resolve().parents[2] / "app" / "static" / "js"

FORM = """<!doctype html><html lang="en"><head><title>Form</title>
<meta name="csrf-token" content="the-token"></head><body>
<form data-autosave="/save" method="post" action="/save" id="form">
  <input type="hidden" name="version" value="1">
  <label for="words">Words</label><textarea id="words" name="words">As saved</textarea>
  <label><input type="checkbox" name="own" id="own"> Own</label>
  <label><input type="radio" name="level" value="2" id="two" checked> Two</label>
  <label><input type="radio" name="level" value="3" id="three"> Three</label>
  <label>File <input type="file" name="file"></label>
  <p id="status" data-autosave-status></p>
</form>
<p id="meter">0 of 4</p>
<form method="post" action="/sign-out"><button id="leave">Sign out</button></form>
<script type="module" src="/js/autosave.js"></script></body></html>"""

Answer = tuple[int, dict[str, Any]]


class Desk:
    """What the site answers to a save, and what it was sent."""

    def __init__(self) -> None:
        self.answer: Answer = (200, {"saved": "Saved 10:42"})
        self.saves: list[dict[str, str]] = []
        self.headers: list[dict[str, str | None]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    @property
    def site(self) -> Callable[..., Any]:
        return Request.application(self.serve)

    def serve(self, request: Request) -> Response:
        if request.path.startswith("/js/"):
            text = (STATIC / request.path.removeprefix("/js/")).read_text()
            return Response(text, content_type="text/javascript")
        if request.path == "/form":
            return Response(FORM, content_type="text/html")
        if request.path == "/save":
            return self.save(request)
        return Response("<title>Elsewhere</title>", content_type="text/html")

    def save(self, request: Request) -> Response:
        self.may_answer.wait(10)
        names = ("X-Requested-With", "X-CSRFToken")
        self.headers.append({name: request.headers.get(name) for name in names})
        self.saves.append(request.form.to_dict() | {name: "file" for name in request.files})
        status, body = self.answer
        return Response(canonical_json(body), status=status, content_type="application/json")


@pytest.fixture
def desk() -> Desk:
    """The answers of this test, and the record of what arrived."""
    return Desk()


@pytest.fixture
def form(page: Page, desk: Desk) -> Iterator[Page]:
    """A page with the form open, its time in the hands of the test."""
    server = make_server("127.0.0.1", 0, desk.site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    page.clock.install()
    page.goto(f"http://127.0.0.1:{server.server_port}/form")
    yield page
    desk.may_answer.set()
    server.shutdown()
    thread.join()
    server.server_close()


def type_and_wait(form: Page, text: str, *, milliseconds: int = 1600) -> None:
    form.locator("#words").fill(text)
    form.clock.run_for(milliseconds)


def test_a_change_is_saved_once_the_typing_pauses(form: Page, desk: Desk) -> None:
    form.locator("#words").fill("First")
    form.clock.run_for(1000)
    form.locator("#words").fill("First and second")
    form.clock.run_for(1000)
    before_the_pause = list(desk.saves)
    form.clock.run_for(600)

    expect(form.locator("#status")).to_have_text("Saved 10:42")
    assert before_the_pause == []
    assert desk.saves == [{"version": "1", "words": "First and second", "level": "2"}]
    assert desk.headers == [{"X-Requested-With": "fetch", "X-CSRFToken": "the-token"}]


def test_the_answer_updates_hidden_fields_and_fragments_and_leaves_the_keyboard(
    form: Page, desk: Desk
) -> None:
    desk.answer = (
        200,
        {
            "saved": "Saved",
            "fields": {"version": "2"},
            "html": {"#meter": '<p id="meter">1 of 4</p>', "#form": "<p>gone</p>"},
        },
    )

    type_and_wait(form, "More")

    expect(form.locator("#meter")).to_have_text("1 of 4")
    expect(form.locator("[name=version]")).to_have_value("2")
    expect(form.locator("#words")).to_be_focused()
    expect(form.locator("#words")).to_have_value("More")


def test_what_is_typed_while_a_save_is_under_way_is_saved_after_it(form: Page, desk: Desk) -> None:
    desk.may_answer.clear()
    type_and_wait(form, "One")
    form.locator("#words").fill("One and two")
    desk.may_answer.set()
    expect(form.locator("#status")).to_have_text("Saved 10:42")
    form.clock.run_for(3200)

    form.wait_for_timeout(300)
    assert [save["words"] for save in desk.saves] == ["One", "One and two"]


@pytest.mark.parametrize("status", [409, 422])
def test_a_refused_save_says_why_in_the_words_of_the_answer(
    form: Page, desk: Desk, status: int
) -> None:
    desk.answer = (status, {"error": "x", "message": "Another tab saved this. Reload the page."})

    type_and_wait(form, "Mine")

    expect(form.locator("#status")).to_have_text("Another tab saved this. Reload the page.")
    expect(form.locator("#status")).to_have_attribute("aria-live", "polite")
    expect(form.locator("#words")).to_have_value("Mine")


def test_signed_out_text_is_kept_and_offered_back_on_the_next_load(form: Page, desk: Desk) -> None:
    desk.answer = (401, {"error": "Sign in"})
    form.locator("#own").check()
    form.locator("#three").check()
    type_and_wait(form, "Nearly lost")
    expect(form.locator("#status")).to_contain_text("kept on this device")

    desk.answer = (200, {"saved": "Saved 11:00"})
    form.reload()
    expect(form.locator("#words")).to_have_value("As saved")
    form.get_by_role("button", name="Put it back").click()
    form.clock.run_for(1600)

    expect(form.locator("#status")).to_have_text("Saved 11:00")
    assert desk.saves[-1] == {"version": "1", "words": "Nearly lost", "own": "on", "level": "3"}
    form.reload()
    expect(form.get_by_role("button", name="Put it back")).to_have_count(0)


def test_kept_text_can_be_thrown_away(form: Page, desk: Desk) -> None:
    desk.answer = (403, {})
    type_and_wait(form, "Not wanted")
    expect(form.locator("#status")).to_contain_text("kept on this device")
    form.reload()

    form.get_by_role("button", name="Throw it away").click()
    form.reload()

    expect(form.get_by_role("button", name="Put it back")).to_have_count(0)
    expect(form.locator("#words")).to_have_value("As saved")


def test_without_a_connection_the_text_is_kept_and_sent_when_it_is_back(
    form: Page, desk: Desk, complaints: list[str]
) -> None:
    form.context.set_offline(True)
    type_and_wait(form, "Typed in a tunnel")
    expect(form.locator("#status")).to_contain_text("No connection")

    form.context.set_offline(False)
    form.clock.run_for(10_100)

    expect(form.locator("#status")).to_have_text("Saved 10:42")
    assert desk.saves == [{"version": "1", "words": "Typed in a tunnel", "level": "2"}]
    complaints.clear()


def test_kept_text_that_the_page_already_shows_is_not_offered(form: Page, desk: Desk) -> None:
    desk.answer = (401, {})
    type_and_wait(form, "As saved, twice")
    expect(form.locator("#status")).to_contain_text("kept on this device")
    type_and_wait(form, "As saved")
    form.wait_for_timeout(200)

    form.reload()

    expect(form.get_by_role("button", name="Put it back")).to_have_count(0)


def test_signing_out_leaves_no_text_on_the_device(form: Page, desk: Desk) -> None:
    desk.answer = (401, {})
    type_and_wait(form, "Private")
    expect(form.locator("#status")).to_contain_text("kept on this device")
    assert form.evaluate("Object.keys(localStorage).length") == 1

    form.locator("#leave").click()

    expect(form).to_have_title("Elsewhere")
    assert form.evaluate("Object.keys(localStorage)") == []
