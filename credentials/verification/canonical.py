"""The canonical texts of what is checked, computed here or in a child that can be ended.

A document of a stranger can be small and still take hours to canonicalise. It therefore goes to
a child process with limits on time and memory and without our environment; documents that we
wrote ourselves can be done in this process.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credentials.issuing.jsonld import Unsignable, canonicalise
from credentials.issuing.signable import objection_to

ROOT = Path(__file__).resolve().parents[2]
CHILD = "credentials.verification.canonical_child"
SECONDS = 10.0
PATIENCE = 20.0
CHILDREN = 2

_PLACES = threading.BoundedSemaphore(CHILDREN)


@dataclass(frozen=True)
class Canonical:
    """The canonical texts; or what a signature would not cover; or why it was given up."""

    texts: tuple[str, ...] = ()
    objection: str | None = None
    gave_up: str | None = None


Canonicalise = Callable[[Sequence[Mapping[str, Any]]], Canonical]


def in_process(documents: Sequence[Mapping[str, Any]]) -> Canonical:
    """Return the canonical text of each document, or the first objection to one."""
    for document in documents:
        objection = objection_to(document)
        if objection:
            return Canonical(objection=objection)
    try:
        return Canonical(texts=tuple(canonicalise(document) for document in documents))
    except Unsignable as error:
        return Canonical(objection=error.reason)


def in_child(
    documents: Sequence[Mapping[str, Any]], *, seconds: float = SECONDS, patience: float = PATIENCE
) -> Canonical:
    """Do the same in a child process, ended after `seconds`.

    At most CHILDREN run at once; who waits longer than `patience` seconds for a place is told so.
    """
    if not _PLACES.acquire(timeout=patience):
        return Canonical(gave_up="Too many badges are being checked just now. Try again.")
    try:
        return _ask_child(json.dumps(documents).encode("utf-8"), seconds)
    finally:
        _PLACES.release()


def _ask_child(question: bytes, seconds: float) -> Canonical:
    try:
        child = subprocess.run(  # noqa: S603 - our own module, no shell, nothing of it from outside
            [sys.executable, "-m", CHILD],
            input=question,
            capture_output=True,
            timeout=seconds,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Canonical(gave_up=f"It is so tangled that checking took over {seconds:g} seconds.")
    except OSError:
        return Canonical(gave_up="The part that checks signatures cannot be started just now.")
    if child.returncode != 0:
        return Canonical(gave_up="It is so tangled that checking it was broken off.")
    answer = json.loads(child.stdout)
    return Canonical(texts=tuple(answer["texts"]), objection=answer["objection"])
