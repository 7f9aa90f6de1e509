"""Making a preview: the file goes to a child with limits, its renditions come back checked."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from portfolio.evidence import kinds
from portfolio.evidence.preview_parts import Index, read_index
from portfolio.evidence.states import PreviewState

ROOT = Path(__file__).resolve().parents[2]
CHILD = "portfolio.evidence.preview_child"
OPEN_ONLY = "open-only"
WALL_SECONDS = 60
NONE_FOR_ZIP = "A ZIP archive is not opened here; it can only be downloaded."
TOO_SLOW = "Showing this file takes longer than is given to one file."
PREVIEWED = frozenset(kind.stored_type for kind in kinds.KINDS) - {kinds.ZIP.media_type}


@contextmanager
def preview(source: BinaryIO, media_type: str) -> Iterator[tuple[Index, Path]]:
    """Yield what became of the preview, and the folder that holds its renditions until the end."""
    if media_type not in PREVIEWED:
        yield Index(PreviewState.NONE.value, NONE_FOR_ZIP, ()), Path()
        return
    with _in_child(source, media_type) as made:
        yield made


def needs_password(source: BinaryIO) -> bool:
    """Whether a PDF that mentions a lock really cannot be opened without its password."""
    with _in_child(source, OPEN_ONLY) as (index, _folder):
        return index.state == PreviewState.FAILED.value and "password" in index.note


@contextmanager
def _in_child(source: BinaryIO, task: str) -> Iterator[tuple[Index, Path]]:
    with tempfile.TemporaryDirectory(prefix="assay-preview-") as name:
        folder = Path(name)
        given = folder / "given"
        with given.open("wb") as file:
            shutil.copyfileobj(source, file, 1024 * 1024)
        made = folder / "made"
        made.mkdir()
        yield _run(task, given, made), made


def _run(task: str, given: Path, made: Path) -> Index:
    try:
        subprocess.run(  # noqa: S603 - our own interpreter and a fixed program
            [sys.executable, "-P", "-m", CHILD, task, str(given), str(made)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            check=False,
            cwd=made,
            env=_environment(made),
        )
        return read_index(made)
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError, TypeError):
        # Killed at a limit before it could say so, or what it said is not sound.
        return Index(PreviewState.FAILED.value, TOO_SLOW, ())


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without a secret, in which no library starts threads."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "TMPDIR": str(folder),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }
