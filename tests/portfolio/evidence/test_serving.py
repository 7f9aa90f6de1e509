"""How a file leaves: a sandboxed attachment in pieces, and no header that tells whose it is."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.factories import PDF, Factory
from tests.portfolio.evidence import made_files as made

CONTENT = bytes(range(256)) * 5000
HEADERS = {
    "Content-Type": "audio/wav",
    "Content-Disposition": (
        "attachment; filename=\"Memo _a_.wav\"; filename*=UTF-8''Memo%20%22a%22.wav"
    ),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Accept-Ranges": "bytes",
}


@pytest.fixture
def get(make: Factory, as_person: Callable[[str], FlaskClient]) -> Callable:
    """Return a function that asks for a file of one's own."""
    learner = make.person(made.NAME)
    place = make.portfolio(learner, make.edition(), is_complete=False)
    item = make.item(place, content=CONTENT, media_type="audio/wav", file_name='Memo "a".wav')
    client = as_person(learner.id)

    def ask(method: str = "GET", **headers: str):
        return client.open(f"/evidence/{item.id}/file", method=method, headers=headers)

    return ask


def test_a_file_leaves_whole_as_a_sandboxed_attachment(get: Callable) -> None:
    answer = get()

    assert (answer.status_code, answer.data) == (200, CONTENT)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert [
        name for name in ("ETag", "Last-Modified", "Set-Cookie") if name in answer.headers
    ] == []


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-50", len(CONTENT) - 50, len(CONTENT)),
        ("bytes=600000-99999999", 600_000, len(CONTENT)),
    ],
)
def test_a_range_of_it_can_be_asked_for(get: Callable, asked: str, start: int, end: int) -> None:
    answer = get(Range=asked)

    assert (answer.status_code, answer.data) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(end - start)


def test_a_range_behind_its_end_is_refused_with_its_length(get: Callable) -> None:
    answer = get(Range=f"bytes={len(CONTENT)}-")

    assert (answer.status_code, answer.data) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=x", "lines=0-1", "bytes=5-1"])
def test_a_range_that_makes_no_sense_is_passed_over(get: Callable, asked: str) -> None:
    answer = get(Range=asked)

    assert (answer.status_code, len(answer.data)) == (200, len(CONTENT))


def test_its_head_alone_says_how_long_it_is(get: Callable) -> None:
    answer = get("HEAD")

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(CONTENT))


@pytest.mark.parametrize(
    ("media_type", "sent_as"),
    [("application/pdf", "application/pdf"), ("text/csv", "text/csv; charset=utf-8")],
)
def test_a_file_says_its_type_and_text_its_encoding(
    make: Factory, as_person: Callable[[str], FlaskClient], media_type: str, sent_as: str
) -> None:
    learner = make.person()
    place = make.portfolio(learner, make.edition(), is_complete=False)
    item = make.item(place, content=PDF, media_type=media_type)

    answer = as_person(learner.id).get(f"/evidence/{item.id}/file")

    assert answer.headers["Content-Type"] == sent_as
