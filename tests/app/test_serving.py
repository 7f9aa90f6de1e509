"""The web server keeps answering while others hold connections or send nonsense."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from app import schema
from app.serve import require_port
from config import Settings, complete, to_environment
from core.db import Database
from core.errors import Conflict
from tests.engines.loopback import free_ports, stop

HALF_OPEN = 100
START_SECONDS = 90


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of an installation whose database is made."""
    (port,) = free_ports(1)
    made = complete(Settings(port=port, var=tmp_path_factory.mktemp("var")))
    with closing(Database(made.database_url)) as database:
        schema.upgrade(database)
    return made


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[tuple[str, int]]:
    """Where `assay serve` listens, in a process of its own."""
    child = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "serve"],
        env={**os.environ, **to_environment(settings)},
    )
    deadline = time.monotonic() + START_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((settings.host, settings.port)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    yield settings.host, settings.port
    stop(child, signal.SIGTERM)
    assert child.returncode == 0


def get(address: tuple[str, int], path: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection(*address, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_a_hundred_half_open_connections_keep_nobody_waiting(address: tuple[str, int]) -> None:
    with ExitStack() as stack:
        for number in range(HALF_OPEN):
            slow = stack.enter_context(socket.create_connection(address))
            head = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n"
            slow.sendall(head + (b"\r\nhalf a body" if number % 2 else b""))
        started = time.monotonic()

        status, body = get(address, "/healthz")

        assert time.monotonic() - started < 5
    assert (status, body) == (200, b'{"alive":true}\n')


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: a\r\n\r\n", id="no number"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            id="bad chunk",
        ),
        pytest.param(b"GET / HTTP/1.1\r\nX: " + b"a" * 400_000 + b"\r\n\r\n", id="huge head"),
    ],
)
def test_cs9_a_request_that_is_none_is_refused(
    address: tuple[str, int], request_bytes: bytes
) -> None:
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request_bytes)
        first_line = connection.makefile("rb").readline()

    assert first_line.split(b" ")[1] in {b"400", b"431"}


def test_a_taken_port_is_named_with_the_way_to_choose_another(
    settings: Settings, address: tuple[str, int]
) -> None:
    with pytest.raises(Conflict, match=f"Port {address[1]} .* is taken. Choose another") as told:
        require_port(settings)

    assert f"--port {address[1] + 1}" in told.value.reason
