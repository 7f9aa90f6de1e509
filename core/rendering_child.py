"""Rendering in a child whose processor time is limited; a slow text kills the child alone."""

import os
import subprocess
import sys
from pathlib import Path

SECONDS = 2
WALL_SECONDS = 20
ROOT = Path(__file__).resolve().parent.parent
CODE = (
    "import resource, sys;"
    f"resource.setrlimit(resource.RLIMIT_CPU, (start := int(sys.argv[1]), start + 1));"
    "from core.text import to_html;"
    "resource.setrlimit(resource.RLIMIT_CPU,"
    f" (used := int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + {SECONDS}, used + 1));"
    "sys.stdout.buffer.write(to_html(sys.stdin.buffer.read().decode('utf-8')).encode('utf-8'))"
)
# Imports come before the count starts; they may be slow on a busy machine.
START_SECONDS = 10


class TooSlow(Exception):
    """The text took more than its share of processor time."""


def run_limited(text: str) -> str:
    """Return `core.text.to_html(text)`, or raise TooSlow after two seconds of processor time."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and a fixed program
            [sys.executable, "-c", CODE, str(START_SECONDS)],
            input=text.encode("utf-8"),
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise TooSlow from error
    if done.returncode != 0:
        raise TooSlow
    return done.stdout.decode("utf-8")
