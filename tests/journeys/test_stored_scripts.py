"""Thousands of known script payloads, typed as text: nothing runs and nothing is fetched.

Each of our two layers is held to that alone, the sanitiser on a page without any policy and the
policy on raw payloads; a control shows that these payloads do run where neither stands.
"""

import html
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from app.gate import POLICY
from core.text import plain, render

pytestmark = [pytest.mark.browser, pytest.mark.corpus]

SAMPLE = 200
ON_ONE_PAGE = 50
LONGEST = 4_000
HOOK = """
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = () => { window.top.assayRan = (window.top.assayRan || 0) + 1; };
"""
PROVOKE = """
() => {
  for (const frame of document.querySelectorAll("iframe")) {
    let inside;
    try { inside = frame.contentDocument; } catch { continue; }
    for (const element of inside ? inside.querySelectorAll("*") : [])
      for (const { name } of element.attributes)
        if (name.startsWith("on"))
          try { element.dispatchEvent(new Event(name.slice(2), { bubbles: false })); } catch {}
  }
  return window.assayRan || 0;
}
"""
ORACLE = """
() => [...document.querySelectorAll("iframe")].flatMap((frame) => {
  const inside = frame.contentDocument;
  return inside ? [...inside.querySelectorAll("*")].filter((element) =>
    /^(script|iframe|object|embed|form|svg|math|img|style|link|meta|base)$/i.test(element.tagName)
      && element !== inside.querySelector("meta[charset]")
    || [...element.attributes].some(({ name, value }) =>
      name.startsWith("on") || name === "style" || /^\\s*(javascript|data|vbscript):/i.test(value)
    )).map((element) => element.outerHTML.slice(0, 120)) : [];
})
"""


class Gallery:
    """Shows payloads in frames, by a layer: raw, behind our policy, or cleaned by our sanitiser."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address

    def show(self, layer: str, count: int) -> tuple[int, list[str], list[str]]:
        """Return how many scripts ran, what was asked of others, and what stands in the pages."""
        context = self.browser.new_context()
        asked: list[str] = []
        ran, standing = 0, []

        def gate(route: Route) -> None:
            if route.request.url.startswith((self.address, "data:", "about:", "blob:")):
                route.continue_()
            else:
                asked.append(route.request.url)
                route.abort()

        context.route("**/*", gate)
        context.add_init_script(HOOK)
        for start in range(0, count, ON_ONE_PAGE):
            page = context.new_page()
            page.goto(f"{self.address}/page/{layer}/{start}", wait_until="load")
            ran += page.evaluate(PROVOKE)
            if layer == "cleaned":
                standing += page.evaluate(ORACLE)
            page.close()
        context.close()
        return ran, asked, standing


@pytest.fixture(scope="module")
def payloads(shared_data: Path) -> list[str]:
    listed = json.loads((shared_data / "badinput/xss/xss.json").read_text("utf-8"))
    texts = [one["p"] for one in listed if len(one["p"]) <= LONGEST]
    if os.environ.get("ASSAY_CORPUS") == "full":
        return texts
    return texts[:: len(texts) // SAMPLE]


@pytest.fixture(scope="module")
def gallery(chromium: Browser, payloads: list[str]) -> Iterator[Gallery]:
    cleaned = [render(text).html if len(text) <= LONGEST else plain(text) for text in payloads]

    @Request.application
    def site(request: Request) -> Response:
        _empty, kind, layer, number = request.path.split("/")
        start = int(number)
        if kind == "page":
            numbers = range(start, min(start + ON_ONE_PAGE, len(payloads)))
            frames = "".join(f"<iframe src='/frame/{layer}/{one}'></iframe>" for one in numbers)
            return Response(f"<!doctype html><title>x</title>{frames}", mimetype="text/html")
        body = cleaned[start] if layer == "cleaned" else payloads[start]
        page = f"<!doctype html><meta charset=utf-8><title>x</title><main>{body}</main>"
        response = Response(page.encode("utf-8", "replace"), mimetype="text/html")
        if layer == "policy":
            policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
            response.headers["Content-Security-Policy"] = policy
        return response

    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Gallery(chromium, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_payloads_run_where_nothing_stands_in_their_way(
    gallery: Gallery, payloads: list[str]
) -> None:
    ran, _asked, _standing = gallery.show("raw", len(payloads))

    assert ran > len(payloads) // 20


def test_the_sanitiser_alone_lets_nothing_run_and_nothing_be_fetched(
    gallery: Gallery, payloads: list[str]
) -> None:
    assert gallery.show("cleaned", len(payloads)) == (0, [], [])


def test_the_policy_alone_lets_no_script_of_a_payload_run(
    gallery: Gallery, payloads: list[str]
) -> None:
    ran, _asked, _standing = gallery.show("policy", len(payloads))

    assert ran == 0


def test_a_payload_kept_as_plain_text_is_shown_letter_by_letter(payloads: list[str]) -> None:
    for text in payloads[:50]:
        assert "<script" not in plain(text).lower()
        assert html.unescape(plain(f"x{text}x")).startswith("<p>x")
