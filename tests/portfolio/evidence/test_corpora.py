"""Corpora of hostile and telling files: what is taken of them, and what a reviewer could see.

A sample is taken unless ASSAY_CORPUS=full asks for every file.
"""

import io
import os
import re
from pathlib import Path

import pytest

from core.errors import Invalid
from portfolio.evidence import detection, kinds, previews
from portfolio.evidence.identity import needles_for
from tests.portfolio.evidence.test_previews import SENTENCES
from tests.portfolio.evidence.test_viewing import seen

EVERY = 1 if os.environ.get("ASSAY_CORPUS") == "full" else 12
ACTIVE = re.compile(rb"<script|javascript:|onerror|<svg|<html", re.IGNORECASE)
NEEDLES = needles_for(["Zelda Quuxworth"], ["zelda@learner.example"], [])
NAMES = re.compile("zelda|quuxworth", re.IGNORECASE)


def kind_of(path: Path) -> kinds.Kind | None:
    """Return what a file is taken as, or None when it is refused."""
    try:
        with path.open("rb") as file:
            found = detection.detect(file, path.name, taken=kinds.KINDS, limit_mb=50)
    except Invalid:
        return None
    return found.kind


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("folder", ["files/pat", "files/h5sc"])
def test_no_file_that_a_browser_would_run_is_taken_as_such(shared_data: Path, folder: str) -> None:
    paths = files_in(shared_data / "badinput" / folder)

    taken = {path.name: kind_of(path) for path in paths}

    plain = {"pdf", "png", "jpeg", "txt", "md", "csv", "zip"}
    assert len(paths) > 20
    assert {kind.key for kind in taken.values() if kind is not None} <= plain


@pytest.mark.parametrize(
    ("folder", "kind"), [("files/pdfjs", kinds.PDF), ("files/pngsuite", kinds.PNG)]
)
def test_odd_and_damaged_files_end_in_a_preview_or_a_sentence(
    shared_data: Path, folder: str, kind: kinds.Kind
) -> None:
    paths = [path for path in files_in(shared_data / "badinput" / folder) if kind_of(path) is kind]
    ends = {}

    for path in paths[::EVERY]:
        with path.open("rb") as file, previews.preview(file, kind.media_type) as (index, _made):
            ends[path.name] = (index.state, index.note)

    assert len(paths) > 50
    assert {
        name: end for name, end in ends.items() if end[0] != "ready" and end[1] not in SENTENCES
    } == {}


def test_br1_no_name_in_the_telling_documents_reaches_a_reader(shared_data: Path) -> None:
    paths = files_in(shared_data / "badinput/canary")
    taken = {path: kind for path in paths if (kind := kind_of(path)) is not None}
    planted = sum(len(re.findall(rb"QUUX\d+Zelda", path.read_bytes())) for path in taken)

    views = {path.name: seen(path.read_bytes(), kind, NEEDLES) for path, kind in taken.items()}

    assert planted > 50
    assert sorted(views) == [
        "notes.md",
        "paper.pdf",
        "photo.jpg",
        "project.zip",
        "report.docx",
        "screenshot.png",
        "sheet.xlsx",
        "slides.pptx",
        "talk.mp3",
        "voice.wav",
    ]
    shown = {
        name: f"{view.html}{view.tables}{view.pages}{view.note}" for name, view in views.items()
    }
    assert {
        name: NAMES.findall(words) for name, words in shown.items() if NAMES.search(words)
    } == {}


def test_br1_no_name_lies_in_the_bytes_of_what_is_served(shared_data: Path) -> None:
    paths = [path for path in files_in(shared_data / "badinput/canary") if path.suffix != ".md"]
    served: dict[str, bytes] = {}

    for path in paths:
        kind = kind_of(path)
        if kind is None:
            continue
        content = io.BytesIO(path.read_bytes())
        with previews.preview(content, kind.stored_type) as (index, folder):
            for part in index.parts:
                if part.kind in ("page", "image", "copy"):
                    served[f"{path.name} {part.file}"] = (folder / part.file).read_bytes()

    assert len(served) >= 5
    assert [name for name, content in served.items() if b"QUUX" in content] == []
    assert [name for name, content in served.items() if b"Q\0U\0U\0X" in content] == []
    assert [name for name, content in served.items() if ACTIVE.search(content[:1000])] == []
