"""An S3 store that is slow, silent, cut short or lying: an error in time, never wrong bytes."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.errors import Unavailable
from core.storage import Damaged
from core.storage_s3 import S3Store
from tests.engines.faulty import Answer, replying, running_faulty, silent
from tests.engines.loopback import HOST, free_ports

WORDS = b"Show it at work.\n" * 100
SHA = hashlib.sha256(WORDS).hexdigest()
SECONDS = 2.0

WHOLE_HEAD = (
    f"HTTP/1.1 200 OK\r\nContent-Length: {len(WORDS)}\r\n"
    "Last-Modified: Mon, 02 Mar 2026 09:30:00 GMT\r\nConnection: close\r\n\r\n"
)


@contextmanager
def store_that_answers(answer: Answer) -> Iterator[S3Store]:
    """A store whose questions about size are answered well, and whose reads by `answer`."""

    def either(connection: object, head: bytes) -> None:
        well = replying(WHOLE_HEAD)
        (well if head.startswith(b"HEAD") else answer)(connection, head)  # type: ignore[arg-type]

    with running_faulty(either) as port:
        yield S3Store(
            "bucket",
            endpoint=f"http://{HOST}:{port}",
            access_key="key",
            secret_key="secret",
            seconds=SECONDS,
        )


def test_a_good_answer_is_taken() -> None:
    with store_that_answers(replying(WHOLE_HEAD, WORDS)) as store:
        assert store.read(SHA) == WORDS


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(silent, Unavailable, id="silent"),
        pytest.param(replying(WHOLE_HEAD, WORDS, pause=0.5), Unavailable, id="drips"),
        pytest.param(replying(WHOLE_HEAD, WORDS[:100]), Unavailable, id="cut in the body"),
        pytest.param(replying("HTTP/1.1 200 OK\r\nDate: Mon"), Damaged, id="cut in the head"),
        pytest.param(replying(WHOLE_HEAD, b"x" * len(WORDS)), Damaged, id="other bytes"),
        pytest.param(
            replying("HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            Unavailable,
            id="busy",
        ),
    ],
)
def test_a_bad_answer_is_an_error_within_the_deadline(
    answer: Answer, error: type[Exception]
) -> None:
    with store_that_answers(answer) as store:
        started = time.monotonic()

        with pytest.raises(error):
            store.read(SHA)

    assert time.monotonic() - started < SECONDS * 2


def test_an_upload_to_a_silent_store_is_an_error_within_the_deadline() -> None:
    with running_faulty(silent) as port:
        store = S3Store(
            "bucket",
            endpoint=f"http://{HOST}:{port}",
            access_key="key",
            secret_key="secret",
            seconds=SECONDS,
        )
        started = time.monotonic()

        with pytest.raises(Unavailable):
            store.put(WORDS)

    assert time.monotonic() - started < SECONDS * 2


def test_a_store_that_is_not_there_is_unavailable() -> None:
    (port,) = free_ports(1)
    store = S3Store(
        "bucket", endpoint=f"http://{HOST}:{port}", access_key="key", secret_key="secret"
    )

    with pytest.raises(Unavailable):
        store.ping()
