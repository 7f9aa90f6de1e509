"""What is shown of a file: plain values, escaped, with the words that name its maker masked."""

import io
from dataclasses import dataclass, field
from typing import Any

import pytest

from portfolio.evidence import kinds, previews
from portfolio.evidence.identity import MASK
from portfolio.evidence.viewing import Picture, Piece, Sheet, View, view_of
from tests.portfolio.evidence import made_files as made

NEEDLES = ["Zelda Quuxworth", "Quuxworth", "Zelda"]
SCRIPT = "<script>alert(1)</script>"


class Shelf:
    """A store of the parts of one preview."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def read(self, sha256: str) -> bytes:
        return self.contents[sha256]


@dataclass(frozen=True)
class Blob:
    media_type: str = "application/pdf"
    preview_state: str = "ready"
    preview_note: str = ""


@dataclass(frozen=True)
class Part:
    id: str
    kind: str
    title: str
    sha256: str
    facts: dict[str, Any] = field(default_factory=dict)


def seen(content: bytes, kind: kinds.Kind, needles: list[str] = NEEDLES) -> View:
    shelf, parts = Shelf(), []
    with previews.preview(io.BytesIO(content), kind.stored_type) as (index, folder):
        for part in index.parts:
            shelf.contents[part.file] = (folder / part.file).read_bytes()
            parts.append(Part(f"id{part.file}", part.kind, part.title, part.file, part.facts))
    return view_of(shelf, Blob(kind.stored_type, index.state, index.note), parts, needles=needles)


def test_inv_12_names_in_a_document_are_masked_and_its_markup_is_text() -> None:
    view = seen(made.docx(), kinds.DOCX)

    assert view.kind == "blocks"
    assert str(view.html) == (
        f"<h3>Plan of {MASK}</h3><p>For everybody.</p><ol><li>Open the doors</li></ol>"
        f"<table><tbody><tr><td>Host</td><td>{MASK}</td></tr></tbody></table>"
    )
    assert view.pieces[-1] == Piece(picture=Picture("id0000", "Picture 1", 320, 200))


def test_inv_12_names_in_a_workbook_are_masked() -> None:
    view = seen(made.xlsx(), kinds.XLSX)

    assert (view.kind, view.tables) == (
        "tables",
        (Sheet("Budget", ("Item", "Cost"), (("Chairs", "12.5"), (MASK, "yes"))),),
    )


def test_inv_12_names_on_slides_and_in_text_are_masked() -> None:
    slides, text = seen(made.pptx(), kinds.PPTX), seen(made.TEXT, kinds.TXT)

    assert str(slides.html) == f"<h3>Slide 1: Welcome</h3><ul><li>Led by {MASK}</li></ul>"
    assert str(text.html) == f"<p>Notes by {MASK}</p><p>Second part</p>"


def test_without_needles_everything_is_shown_as_it_is() -> None:
    assert str(seen(made.TEXT, kinds.TXT, []).html).startswith("<p>Notes by Zelda Quuxworth</p>")


def test_what_looks_like_markup_in_a_file_is_shown_as_text() -> None:
    view = seen(f"{SCRIPT}\nbye".encode().replace(b"<script", b"x <script"), kinds.TXT)

    assert str(view.html) == "<p>x &lt;script&gt;alert(1)&lt;/script&gt;<br>bye</p>"


def test_pages_carry_their_number_as_words_and_their_text_masked() -> None:
    view = seen(made.pdf(pages=2), kinds.PDF)

    assert [page.alt for page in view.pages] == ["Page 1 of 2", "Page 2 of 2"]
    assert str(view.html) == f"<p>Page 1 by {MASK}</p><p>Page 2 by {MASK}</p>"


def test_a_film_is_played_from_its_cleaned_copy() -> None:
    view = seen(made.mp4(), kinds.MP4)

    assert (view.kind, view.play_id, view.seconds) == ("video", "id0000", 2.0)


@pytest.mark.parametrize(
    ("state", "note", "said"),
    [
        ("pending", "", "The preview is being made; this takes a minute."),
        ("failed", "It is damaged.", "It is damaged."),
        ("none", "", "There is no preview of this file."),
    ],
)
def test_without_a_preview_the_view_says_why(state: str, note: str, said: str) -> None:
    view = view_of(Shelf(), Blob(preview_state=state, preview_note=note), [])

    assert (view.kind, view.state, view.note, view.is_ready) == ("none", state, said, False)
