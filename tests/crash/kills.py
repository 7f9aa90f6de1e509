"""Runs a flow in a child that strace kills at a chosen system call.

The children are forked from a server that has imported everything, and strace joins them before
they begin, so that nothing is counted but the flow itself.
"""

import multiprocessing
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import Settings
from tests.crash import flows

WRITING = (
    "write,pwrite64,pwritev,writev,fsync,fdatasync,ftruncate,"
    "openat,mkdir,rename,link,linkat,unlink,unlinkat,rmdir,sendto"
)
LINE = re.compile(r"(\w+)\((.*)")
SECONDS = 60
KILLED = -9

_children = multiprocessing.get_context("forkserver")
_children.set_forkserver_preload(["tests.crash.flows"])


@dataclass(frozen=True)
class Point:
    """One system call of a flow: the so many-th of its name."""

    call: str
    number: int


@dataclass(frozen=True)
class World:
    """A prepared installation and the flow that is to happen in it."""

    flow: str
    settings: Settings
    ids: dict[str, str]

    def said(self) -> list[tuple[str, str]]:
        """Return what the child had finished, as kind and id."""
        path = self.settings.var / flows.SAID
        lines = path.read_text().splitlines() if path.exists() else []
        return [(kind, one) for kind, one in map(str.split, lines)]


def points(world: World) -> list[Point]:
    """Run a flow to its end; return each call that changes its files or its database."""
    log = world.settings.var.parent / "trace"
    assert _run(world, ["-y", "-s", "0", "-o", str(log), "-e", f"trace={WRITING}"]) == 0
    counted: Counter[str] = Counter()
    found = []
    for line in log.read_text().splitlines():
        called = LINE.match(line)
        if called is None:
            continue
        call, rest = called.groups()
        counted[call] += 1
        if _matters(call, rest, world.settings.var):
            found.append(Point(call, counted[call]))
    return found


def kill(world: World, point: Point) -> bool:
    """Run a flow that dies at this call; return whether it came that far."""
    inject = f"inject={point.call}:signal=KILL:when={point.number}"
    code = _run(world, ["-o", "/dev/null", "-e", f"trace={point.call}", "-e", inject])
    assert code in (0, KILLED), f"the flow ended with {code} at {point}"
    return code == KILLED


def spread(found: list[Point], count: int) -> list[Point]:
    """Return so many of the points, evenly spread, with the first and the last."""
    if len(found) <= count:
        return found
    step = (len(found) - 1) / (count - 1)
    return [found[round(place * step)] for place in range(count)]


def _matters(call: str, rest: str, var: Path) -> bool:
    if call == "sendto":
        return True
    return str(var) in rest and (call != "openat" or "O_CREAT" in rest)


def _run(world: World, options: list[str]) -> int | None:
    theirs, ours = _children.Pipe(duplex=False)
    child = _children.Process(
        target=flows.run, args=(world.flow, world.settings, world.ids, theirs)
    )
    child.start()
    theirs.close()
    with ours, _traced(child.pid or 0, options):
        ours.send("go")
        child.join(SECONDS)
    code = child.exitcode
    if code is None:
        child.kill()
        child.join()
    child.close()
    return code


@contextmanager
def _traced(pid: int, options: list[str]) -> Iterator[None]:
    """Have strace follow a process; it ends with it."""
    command = ["strace", *options, "-p", str(pid)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        assert "attached" in first, first
        yield
        tracer.wait(SECONDS)
