"""A preview shows the text as it will be read; what cannot be undone is asked about first."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

STATIC = Path(__file__).resolve().parents[2] / "app" / "static" / "js"

PAGE = """<!doctype html><html lang="en"><head><title>Page</title>
<meta name="csrf-token" content="the-token"></head><body>
<form method="post" action="/sent"><label for="words">Words</label>
  <textarea id="words" name="words" data-preview="">**bold**</textarea>
  <button data-preview-button formaction="/preview">Preview</button></form>
<form method="post" action="/sent" data-confirm="Withdraw this submission?" id="withdraw">
  <input type="hidden" name="which" value="7"><button class="is-danger">Withdraw</button></form>
<button data-opens="more" id="open">More</button>
<dialog id="more"><button data-closes>Close</button></dialog>
<script type="module" src="/js/preview.js"></script>
<script type="module" src="/js/confirm.js"></script></body></html>"""


@Request.application
def site(request: Request) -> Response:
    if request.path.startswith("/js/"):
        text = (STATIC / request.path.removeprefix("/js/")).read_text()
        return Response(text, content_type="text/javascript")
    if request.path == "/preview":
        is_ours = request.headers.get("X-CSRFToken") == "the-token"
        html = f"<p><strong>{request.form['text'].strip('*')}</strong></p>"
        body = f'{{"html": "{html}"}}' if is_ours else "{}"
        return Response(body, status=200 if is_ours else 403, content_type="application/json")
    if request.path == "/sent":
        body = f"<title>Sent</title><p>{request.form.get('which')}"
        return Response(body, content_type="text/html")
    return Response(PAGE if request.path == "/page" else "", content_type="text/html")


@pytest.fixture
def opened(page: Page) -> Iterator[Page]:
    """The page, with its scripts at work."""
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    page.goto(f"http://127.0.0.1:{server.server_port}/page")
    yield page
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_preview_opens_below_the_field_and_closes_again(opened: Page) -> None:
    button = opened.locator("[data-preview-button]")
    pane = opened.locator("#words-preview")

    button.click()

    expect(pane.locator("strong")).to_have_text("bold")
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(pane).to_be_hidden()
    expect(button).to_have_text("Preview")
    expect(opened).to_have_title("Page")


def test_a_preview_that_cannot_be_had_leaves_the_text_alone(opened: Page) -> None:
    opened.evaluate("document.querySelector('meta[name=csrf-token]').content = 'stale'")

    opened.locator("[data-preview-button]").click()

    expect(opened.locator("#words-preview")).to_contain_text("not available just now")
    expect(opened.locator("#words")).to_have_value("**bold**")


def test_an_act_that_asks_first_is_done_only_on_a_yes(opened: Page) -> None:
    opened.get_by_role("button", name="Withdraw").click()
    dialog = opened.get_by_role("dialog", name="Withdraw this submission?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Not now").click()
    expect(dialog).to_have_count(0)
    expect(opened.get_by_role("button", name="Withdraw")).to_be_focused()

    opened.get_by_role("button", name="Withdraw").click()
    opened.get_by_role("dialog").get_by_role("button", name="Withdraw").click()

    expect(opened).to_have_title("Sent")
    expect(opened.locator("p")).to_have_text("7")


def test_the_escape_key_means_not_now(opened: Page) -> None:
    opened.get_by_role("button", name="Withdraw").click()

    opened.keyboard.press("Escape")

    expect(opened.get_by_role("dialog")).to_have_count(0)
    expect(opened).to_have_title("Page")


def test_a_dialog_of_the_page_opens_and_closes(opened: Page) -> None:
    opened.locator("#open").click()
    expect(opened.locator("#more")).to_be_visible()

    opened.get_by_role("button", name="Close").click()

    expect(opened.locator("#more")).to_be_hidden()
