"""A seeded, living system on this machine: the pages and the worker under one small parent.

The seed is written to a database of its own that gets its name only when it is whole, so that
an interrupted first start leaves nothing half made.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from app import schema, seed
from app.runtime import make_store
from app.serve import require_port
from config import Settings, to_environment
from core.db import Database
from core.jobs import MemoryQueue
from core.runtime import Runtime

SQLITE = "sqlite:///"
READY_SECONDS = 60
STOP_SECONDS = 15
PARTS = ("serve", "worker")


def run(settings: Settings, *, stage: str | None = None) -> int:
    """Make what is missing, start both parts, and wait for Ctrl-C or SIGTERM."""
    require_port(settings)
    prepare(settings, stage=stage)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    children = {part: _start(part, settings) for part in PARTS}
    try:
        return _watch(children, settings, ended)
    finally:
        _stop(children)


def prepare(settings: Settings, *, stage: str | None = None) -> None:
    """Bring the database to this version, and seed it when nobody is in it."""
    file = _file(settings)
    if file is None:
        _fill(settings, stage=stage)
        return
    if file.exists() and _has_people(settings):
        return
    making = file.with_name(f"{file.name}.making")
    _remove(making)
    _fill(replace(settings, database_url=f"{SQLITE}{making}"), stage=stage)
    _remove(file)
    making.replace(file)


def _fill(settings: Settings, *, stage: str | None) -> None:
    """Make the tables and seed them, with the jobs done here as they come."""
    with closing(Database(settings.database_url)) as database:
        schema.upgrade(database)
        if not seed.is_empty(database):
            return
        edge = Runtime(settings, database, make_store(settings), MemoryQueue())
        with click.progressbar(length=seed.steps(stage), label="Building the demo") as bar:
            seed.build(edge, stage=stage, progress=lambda: bar.update(1))


def _file(settings: Settings) -> Path | None:
    """Return the database's file, or None when it is a server's."""
    if not settings.database_url.startswith(SQLITE):
        return None
    return Path(settings.database_url.removeprefix(SQLITE))


def _has_people(settings: Settings) -> bool:
    """Bring the database to this version, and say whether anybody is in it."""
    with closing(Database(settings.database_url)) as database:
        schema.upgrade(database)
        return not seed.is_empty(database)


def _remove(file: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _start(part: str, settings: Settings) -> subprocess.Popen[bytes]:
    """Start one part in a session of its own, so that Ctrl-C reaches it through us alone."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and a fixed program
        [sys.executable, "-m", "app.cli", part],
        env={**os.environ, **to_environment(replace(settings, log_level="warning"))},
        start_new_session=True,
    )


def _watch(
    children: dict[str, subprocess.Popen[bytes]], settings: Settings, ended: threading.Event
) -> int:
    """Say when all is up and what to try; return once asked to end, or when a part has died."""
    deadline, is_up = time.monotonic() + READY_SECONDS, False
    while not ended.wait(0.2):
        for part, child in children.items():
            if child.poll() is not None:
                click.echo(f"`assay {part}` ended with {child.returncode}.", err=True)
                return 1
        if not is_up and _is_ready(settings):
            is_up = True
            click.echo(
                f"\nAssay is at {settings.base_url}\n\n{_guide(settings)}\n\nCtrl-C ends it."
            )
        if not is_up and time.monotonic() > deadline:
            click.echo(
                f"Not ready after {READY_SECONDS} s; see {settings.base_url}/readyz", err=True
            )
            return 1
    return 0


def _guide(settings: Settings) -> str:
    with closing(Database(settings.database_url)) as database:
        return seed.guide(database)


def _is_ready(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(  # noqa: S310 - our own server
            f"{settings.base_url}/readyz", timeout=2
        ) as answer:
            return bool(json.load(answer)["ready"])
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask both parts to end; end the one that does not."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    for child in children.values():
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
