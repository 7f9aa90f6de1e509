"""A server on loopback that answers badly on purpose: silent, slow, cut short, or lying."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.engines.loopback import HOST

Answer = Callable[[socket.socket, bytes], None]


@contextmanager
def running_faulty(answer: Answer) -> Iterator[int]:
    """Yield the port of a server that reads a request's head and leaves the rest to `answer`."""
    listener = socket.create_server((HOST, 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=_one, args=(connection, answer), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.close()


def _one(connection: socket.socket, answer: Answer) -> None:
    with connection:
        try:
            head = b""
            while b"\r\n\r\n" not in head and (more := connection.recv(65536)):
                head += more
            answer(connection, head)
        except OSError:
            return


def silent(_connection: socket.socket, _head: bytes) -> None:
    """Take the request and say nothing, for longer than any test waits."""
    time.sleep(60)


def replying(head: str, body: bytes = b"", *, pause: float = 0.0) -> Answer:
    """Send these bytes, a few at a time with a pause in between when one is given."""

    def answer(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(head.encode("ascii"))
        step = 64 if pause else max(len(body), 1)
        for start in range(0, len(body), step):
            connection.sendall(body[start : start + step])
            time.sleep(pause)

    return answer
