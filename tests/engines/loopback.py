"""What the engines share: free ports on loopback, waiting for readiness, and a clean end."""

import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

HOST = "127.0.0.1"
STOP_SECONDS = 15


class EngineFailed(RuntimeError):
    """A real component is installed, but it did not start."""


def free_ports(count: int) -> list[int]:
    """Return `count` different ports on 127.0.0.1 that nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def wait_until(
    ready: Callable[[], bool], *, child: subprocess.Popen[bytes], log: Path, seconds: float
) -> None:
    """Return once `ready()` is true; raise with the end of the log if the child ends first."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None or time.monotonic() > deadline:
            state = "took too long" if child.poll() is None else f"ended with {child.returncode}"
            raise EngineFailed(f"{child.args!r} {state}:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


def stop(child: subprocess.Popen[bytes], signal: int) -> None:
    """Ask this one child to end; kill it if it has not within a quarter of a minute."""
    if child.poll() is None:
        child.send_signal(signal)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
