"""The browser fixtures notice what a person at the screen could not."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

PAGES = {
    "/good": "<title>Good</title><p>All is well.",
    "/missing-asset": "<title>x</title><link rel=stylesheet href=/no.css>",
    "/throws": "<title>x</title><script src=/throw.js></script>",
    "/inline": "<title>x</title><p style='color:red'>red",
    "/elsewhere": "<title>x</title><img src='http://elsewhere.example.org/x.png' alt=''>",
    "/throw.js": "throw new Error('struck')",
}


@Request.application
def site(request: Request) -> Response:
    if request.path == "/favicon.ico":
        return Response(status=204)
    kind = "text/javascript" if request.path.endswith(".js") else "text/html"
    body = PAGES.get(request.path)
    response = Response(body or "", status=200 if body else 404, content_type=kind)
    response.headers["Content-Security-Policy"] = "default-src 'self'; img-src *"
    return response


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_good_page_brings_no_complaint(page: Page, address: str, complaints: list[str]) -> None:
    page.goto(f"{address}/good")

    assert page.title() == "Good"
    assert complaints == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/missing-asset", "got 404 for {address}/no.css"),
        ("/throws", "struck"),
        ("/inline", "Content Security Policy"),
        ("/elsewhere", "asks another host: http://elsewhere.example.org/x.png"),
    ],
)
def test_a_fault_on_a_page_is_a_complaint(
    page: Page, address: str, complaints: list[str], path: str, said: str
) -> None:
    page.goto(f"{address}{path}", wait_until="networkidle")

    assert said.format(address=address) in "\n".join(complaints)
    complaints.clear()
