"""Fixtures for tests in a real browser.

A page that logs an error, throws, breaks the content security policy, asks another host for
something or gets a 5xx or a missing asset fails its test even if the test looks elsewhere. A
test that provokes such a thing asserts on `complaints` and clears it. A failing test leaves a
screenshot of each open page in the system's temporary folder.
"""

import re
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)

from tests.engines.browser import LAUNCH_ARGS, find_chromium
from tests.plugins.components import require

OpenPage = Callable[..., Page]
SCREENSHOTS = Path(tempfile.gettempdir()) / "assay-screenshots"
OURS = {"127.0.0.1", "localhost"}
ASSETS = {"stylesheet", "script", "image", "font", "manifest"}
FAILED = pytest.StashKey[bool]()
TIMEOUT_MS = 15_000

# Chromium logs each status of 400 and above as an error; `_watch` judges those by kind itself.
STATUS_MESSAGE = "Failed to load resource"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember on the test whether its own body failed, for the screenshot."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the whole test process; it can reach this machine alone."""
    require("browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=LAUNCH_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser found wrong on the pages of this test so far, a sentence each."""
    return []


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, chromium: Browser, complaints: list[str]
) -> Iterator[OpenPage]:
    """Return a function that opens a page in a fresh context: no cookies, nothing stored.

    Options are those of a Playwright context: `open_page(color_scheme="dark")`,
    `open_page(java_script_enabled=False, viewport={"width": 360, "height": 740})`.
    """
    contexts: list[BrowserContext] = []

    def open_one(**options: Any) -> Page:
        context = chromium.new_context(locale="en-GB", **options)
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        page = context.new_page()
        _watch(page, complaints)
        return page

    yield open_one
    has_failed = request.node.stash.get(FAILED, False)
    if has_failed or complaints:
        _photograph(request.node.nodeid, contexts)
    for context in contexts:
        context.close()
    if complaints and not has_failed:
        pytest.fail("The browser complained:\n" + "\n".join(complaints), pytrace=False)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A fresh page in a context of its own."""
    return open_page()


def _watch(page: Page, complaints: list[str]) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and STATUS_MESSAGE not in message.text:
            complaints.append(f"console on {page.url}: {message.text}")

    def on_error(error: Error) -> None:
        complaints.append(f"script on {page.url}: {error}")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in OURS:
            complaints.append(f"{page.url} asks another host: {request.url}")

    def on_response(response: Response) -> None:
        is_asset = response.request.resource_type in ASSETS
        if response.status >= 500 or (is_asset and response.status >= 400):
            complaints.append(f"{page.url} got {response.status} for {response.url}")

    page.on("console", on_console)
    page.on("pageerror", on_error)
    page.on("request", on_request)
    page.on("response", on_response)


def _photograph(nodeid: str, contexts: list[BrowserContext]) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    stem = re.sub(r"\W+", "-", nodeid)[-150:]
    pages = [page for context in contexts for page in context.pages]
    for number, page in enumerate(pages, start=1):
        path = SCREENSHOTS / f"{stem}-{number}.png"
        page.screenshot(path=path, full_page=True)
        print(f"screenshot of {page.url}: {path}")
