"""The demo starts with one command, says what to try, ends whole, and starts again in seconds."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app import demo, seed
from app.runtime import opened
from config import Settings, complete
from core.errors import Conflict
from tests.engines.loopback import free_ports, stop

PATIENCE_SECONDS = 240
FIRST = seed.STAGES[0]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (port,) = free_ports(1)
    return complete(Settings(port=port, var=tmp_path / "var"))


def start(settings: Settings, log: Path) -> subprocess.Popen[bytes]:
    options = [f"--port={settings.port}", f"--stage={FIRST}"]
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", "demo", *options],
            env={**os.environ, "ASSAY_VAR": str(settings.var)},
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def wait_for(condition: Callable[[], bool], child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert child.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)


def descendants(settings: Settings) -> list[str]:
    """Return the command lines that still run for this installation."""
    mine = f"ASSAY_VAR={settings.var}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mine in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


def test_the_demo_says_what_to_try_ends_whole_and_names_a_part_that_dies(
    settings: Settings, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    first = start(settings, log)
    try:
        wait_for(lambda: "Ctrl-C ends it" in log.read_text(), first, log)
        with urllib.request.urlopen(f"{settings.base_url}/readyz", timeout=20) as answer:
            ready = json.load(answer)["ready"]
        running = descendants(settings)
    finally:
        first.send_signal(signal.SIGINT)
        stop(first, signal.SIGTERM)
    told, left = log.read_text(), descendants(settings)
    second = start(settings, log)
    try:
        wait_for(lambda: "Ctrl-C ends it" in log.read_text(), second, log)
        for process in Path("/proc").glob("[0-9]*"):
            if is_worker_of(process, settings):
                os.kill(int(process.name), signal.SIGKILL)
        second.wait(60)
    finally:
        stop(second, signal.SIGTERM)

    assert ready is True
    parts = sorted(line.split()[-1] for line in running if "--port" not in line)
    assert parts == ["serve", "worker"]
    assert f"Assay is at {settings.base_url}" in told
    assert "Sign in as anybody below; the password is always:" in told
    assert (first.returncode, left) == (0, [])
    assert (second.returncode, descendants(settings)) == (1, [])
    assert "`assay worker` ended with -9." in log.read_text()


def is_worker_of(process: Path, settings: Settings) -> bool:
    try:
        mine = f"ASSAY_VAR={settings.var}".encode() in (process / "environ").read_bytes()
        return mine and (process / "cmdline").read_text().rstrip("\0").endswith("worker")
    except OSError:
        return False


def test_an_interrupted_first_start_leaves_no_half_made_database(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seed, "build", interrupted)
    with pytest.raises(KeyboardInterrupt):
        demo.prepare(settings, stage=FIRST)
    left = (settings.var / "assay.db").exists()
    monkeypatch.undo()
    demo.prepare(settings, stage=FIRST)

    with opened(settings) as edge:
        assert not left
        assert not seed.is_empty(edge.database)


def test_a_taken_port_is_told_before_anything_is_made(settings: Settings) -> None:
    taken = socket.create_server((settings.host, settings.port))

    with closing(taken), pytest.raises(Conflict, match="is taken"):
        demo.run(replace(settings, demo=True))

    assert not (settings.var / "assay.db").exists()
