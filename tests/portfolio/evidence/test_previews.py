"""What a limited child makes of a file: what it shows, what it leaves out, where it gives up."""

import io
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from portfolio.evidence import kinds, previews
from portfolio.evidence.boxes import film
from portfolio.evidence.preview_parts import Index, read_index
from tests.portfolio.evidence import made_files as made

DAMAGED_PICTURE = "This picture is damaged, or larger than can be shown."
TOO_SLOW = "Showing this file takes longer than is given to one file."
SENTENCES = {
    DAMAGED_PICTURE,
    TOO_SLOW,
    "Showing this file would take more memory than is given to one file.",
    "This PDF is damaged, so its pages cannot be shown.",
    "This PDF is locked with a password, so its pages cannot be shown.",
    "This file could not be read, so there is no preview of it.",
    "This file is damaged, so it cannot be shown.",
    "This workbook is damaged, so it cannot be shown.",
}


class Made:
    """A preview and the bytes of its parts."""

    def __init__(self, index: Index, folder: Path) -> None:
        self.state, self.note = index.state, index.note
        self.kinds = [part.kind for part in index.parts]
        self.facts = [part.facts for part in index.parts]
        self.titles = [part.title for part in index.parts]
        self.contents = [(folder / part.file).read_bytes() for part in index.parts]

    def value(self, place: int) -> Any:
        return json.loads(self.contents[place])


def preview(content: bytes, kind: kinds.Kind) -> Made:
    with previews.preview(io.BytesIO(content), kind.stored_type) as (index, folder):
        return Made(index, folder)


def test_a_pdf_becomes_pictures_of_its_pages_and_their_words() -> None:
    shown = preview(made.pdf(pages=3), kinds.PDF)

    assert (shown.state, shown.note) == ("ready", "")
    assert shown.kinds == ["page", "page", "page", "text"]
    assert [(facts["number"], facts["pages"]) for facts in shown.facts[:3]] == [
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert [facts["width"] for facts in shown.facts[:3]] == [1401, 1401, 1401]
    assert b"Page 2 by Zelda" in shown.contents[3]


def test_a_long_pdf_is_shown_in_part_and_says_so() -> None:
    shown = preview(made.pdf(pages=41), kinds.PDF)

    assert shown.kinds.count("page") == 40
    assert shown.note == "The first 40 of 41 pages are shown."


def test_a_locked_pdf_has_no_preview_and_one_that_only_limits_printing_has() -> None:
    locked = made.pdf(owner="o", password="p")
    limited = made.pdf(owner="o")

    verdicts = [previews.needs_password(io.BytesIO(one)) for one in (locked, limited)]

    assert verdicts == [True, False]
    assert preview(locked, kinds.PDF).note.startswith("This PDF is locked with a password")


def test_a_picture_is_made_anew_upright_and_without_its_metadata() -> None:
    lying, png = made.picture("JPEG"), made.picture()
    assert made.NAME.encode() in lying
    assert made.NAME.encode() in png

    turned, plain = preview(lying, kinds.JPEG), preview(png, kinds.PNG)

    assert turned.facts == [{"width": 200, "height": 320}]
    assert plain.facts == [{"width": 320, "height": 200}]
    for shown in (turned, plain):
        opened = Image.open(io.BytesIO(shown.contents[0]))
        assert (opened.format, dict(opened.getexif())) == ("WEBP", {})
        assert made.NAME.encode() not in shown.contents[0]


def test_a_document_becomes_a_flow_of_what_its_reader_sees() -> None:
    shown = preview(made.docx(), kinds.DOCX)

    assert shown.kinds == ["image", "blocks"]
    assert shown.value(1) == [
        {"kind": "heading", "text": "Plan of Zelda Quuxworth", "level": 1},
        {"kind": "paragraph", "text": "For everybody."},
        {"kind": "item", "text": "Open the doors", "is_ordered": True},
        {"kind": "table", "rows": [["Host", "Zelda Quuxworth"]]},
        {"kind": "picture", "number": 1, "text": ""},
    ]


def test_slides_become_a_flow_without_those_that_are_hidden() -> None:
    shown = preview(made.pptx(), kinds.PPTX)

    assert shown.value(0) == [
        {"kind": "heading", "text": "Slide 1: Welcome", "level": 1},
        {"kind": "item", "text": "Led by Zelda Quuxworth", "is_ordered": False},
    ]


def test_a_workbook_becomes_tables_of_its_visible_sheets() -> None:
    shown = preview(made.xlsx(), kinds.XLSX)

    assert (shown.kinds, shown.titles, shown.note) == (["table"], ["Budget"], "")
    assert shown.value(0) == [["Item", "Cost"], ["Chairs", "12.5"], ["Zelda Quuxworth", "yes"]]


def test_text_is_a_table_where_every_row_is_as_wide_whatever_its_name() -> None:
    shown = preview(made.CSV, kinds.CSV)
    prose = preview(b"Dear all, this\nis, as it happens,\nno table", kinds.CSV)

    assert shown.value(0) == [["Item", "Cost"], ["Chairs", "12.5"], ["Tables", "40"]]
    assert prose.kinds == ["text"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_people_have(encoding: str) -> None:
    shown = preview("Grüße\x07 an \u202ealle".encode(encoding, "ignore"), kinds.TXT)

    assert shown.contents[0].decode() == "Grüße an alle"


def test_sound_and_film_lose_what_tells_of_their_maker_and_still_play() -> None:
    name = made.NAME.encode()
    given = {kinds.WAV: made.wav(2), kinds.MP3: made.mp3(), kinds.MP4: made.mp4()}
    assert all(name in content for content in given.values())

    shown = {kind: preview(content, kind) for kind, content in given.items()}

    assert {kind.key: one.kinds for kind, one in shown.items()} == {
        "wav": ["copy"],
        "mp3": ["copy"],
        "mp4": ["copy"],
    }
    assert [one.facts[0]["seconds"] for one in shown.values()] == [2.0, None, 2.0]
    assert not any(name in one.contents[0] for one in shown.values())
    kept = shown[kinds.MP4].contents[0]
    assert (len(kept), film(io.BytesIO(kept), len(kept)).has_video) == (len(made.mp4()), True)
    assert b"\xd6\x93\xa4\x00" in made.mp4()
    assert b"\xd6\x93\xa4\x00" not in kept


def test_a_zip_archive_is_never_opened() -> None:
    shown = preview(made.archive(), kinds.ZIP)

    assert (shown.state, shown.kinds) == ("none", [])


def test_a_remote_template_and_an_external_entity_bring_nothing_in(shared_data: Path) -> None:
    folder = shared_data / "badinput/generated/polyglots"

    shown = [preview(path.read_bytes(), kinds.DOCX) for path in sorted(folder.glob("docx_*.docx"))]

    assert len(shown) == 2
    assert not any(b"root:" in content for one in shown for content in one.contents)


def test_every_corrupt_picture_ends_in_a_picture_or_a_sentence(shared_data: Path) -> None:
    folder = shared_data / "badinput/generated/png_corrupt"
    paths = sorted(folder.iterdir())
    chosen = paths if os.environ.get("ASSAY_CORPUS") == "full" else paths[::7]

    shown = [preview(path.read_bytes(), kinds.PNG) for path in chosen]

    assert {(one.state, one.note) for one in shown} <= {("ready", ""), ("failed", DAMAGED_PICTURE)}


BOMBS = {
    "png_20000x20000_1bit.png": kinds.PNG,
    "png_65535x65535_header_only.png": kinds.PNG,
    "png_itxt_64MiB.png": kinds.PNG,
    "jpeg_65500x65500_sof.jpg": kinds.JPEG,
    "pdf_flate_256MiB.pdf": kinds.PDF,
    "pdf_flate_3x_64MiB.pdf": kinds.PDF,
    "pdf_page_tree_cycle.pdf": kinds.PDF,
    "zip_256MiB_single.zip": kinds.XLSX,
    "zip_lying_size.zip": kinds.DOCX,
    "zip_nested_5levels_2e5MiB.zip": kinds.PPTX,
    "json_nest_100000.json": kinds.TXT,
    "xml_quadratic.xml": kinds.TXT,
}


@pytest.mark.parametrize(("bomb", "kind"), BOMBS.items())
def test_no_bomb_takes_more_than_a_child_is_given(
    shared_data: Path, bomb: str, kind: kinds.Kind
) -> None:
    content = (shared_data / "badinput/generated/bombs" / bomb).read_bytes()
    began = time.monotonic()

    shown = preview(content, kind)

    assert time.monotonic() - began < previews.WALL_SECONDS
    assert shown.state == "ready" or shown.note in SENTENCES
    assert sum(map(len, shown.contents)) < 4 * 1024 * 1024


@contextmanager
def written(folder: Path, **changes: Any) -> Iterator[Path]:
    part = {"kind": "page", "file": "0000", "media_type": "image/webp", "title": "", "facts": {}}
    index = {"state": "ready", "note": "", "parts": [{**part, **changes}]}
    (folder / "index.json").write_text(json.dumps(index))
    (folder / "0000").write_bytes(b"x")
    yield folder


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "../../secret"},
        {"media_type": "text/html"},
        {"kind": "script"},
        {"more": "than asked"},
    ],
)
def test_what_a_child_says_is_not_trusted(tmp_path: Path, changes: dict[str, str]) -> None:
    with written(tmp_path, **changes) as folder, pytest.raises((ValueError, TypeError)):
        read_index(folder)


def test_a_child_cannot_point_at_a_file_outside(tmp_path: Path) -> None:
    with written(tmp_path) as folder:
        (folder / "0000").unlink()
        (folder / "0000").symlink_to("/etc/passwd")

        with pytest.raises(ValueError, match="points elsewhere"):
            read_index(folder)
