"""Word documents and slides as a flow of headings, paragraphs, lists, tables and pictures.

Only what a reader of the file sees goes in: no hidden text, no comments, no headers and
footers, no properties, and no link's address.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from pptx import Presentation
from pptx.shapes.group import GroupShape
from pptx.shapes.picture import Picture

from portfolio.evidence.preview_parts import NoPreview, Parts
from portfolio.evidence.preview_pictures import add_picture
from portfolio.evidence.states import RenditionKind

MOST_BLOCKS = 3_000
MOST_SLIDES = 100
MOST_PICTURES = 40
LONGEST_TEXT = 10_000
MOST_CELLS = 5_000
DAMAGED = "This file is damaged, so it cannot be shown."
HEADING = re.compile(r"(?:Heading|heading) (\d)")

Block = dict[str, Any]


class Flow:
    """Blocks in reading order; pictures are numbered among the parts."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.blocks: list[Block] = []
        self.pictures = 0
        self.left_out = 0

    @property
    def is_full(self) -> bool:
        """Whether to stop here."""
        return len(self.blocks) >= MOST_BLOCKS or self.parts.is_spent

    def add(self, kind: str, text: str, **more: Any) -> None:
        """Add words, unless there are none."""
        if text.strip():
            self.blocks.append({"kind": kind, "text": text.strip()[:LONGEST_TEXT], **more})

    def add_table(self, rows: list[list[str]]) -> None:
        """Add a table, unless it is empty."""
        width = max((len(row) for row in rows), default=0)
        fits = rows[: MOST_CELLS // max(width, 1)]
        if any(any(row) for row in fits):
            self.blocks.append({"kind": "table", "rows": fits})

    def add_picture(self, content: bytes, words: str) -> None:
        """Add a picture that can be shown; count one that cannot."""
        try:
            if self.pictures >= MOST_PICTURES:
                raise NoPreview("enough")
            add_picture(content, self.parts, title=words)
        except NoPreview:
            self.left_out += 1
            return
        self.pictures += 1
        self.blocks.append({"kind": "picture", "number": self.pictures, "text": words[:200]})

    def finish(self) -> None:
        """Write what was collected, and say what is not there."""
        notes = []
        if self.is_full:
            notes.append("Only the first part is shown.")
        if self.left_out:
            notes.append(
                "One picture in it cannot be shown."
                if self.left_out == 1
                else f"{self.left_out} pictures in it cannot be shown."
            )
        self.parts.note = " ".join(notes)
        self.parts.add_value(RenditionKind.BLOCKS, self.blocks)


def make_document(path: Path, parts: Parts) -> None:
    """Add the flow of a Word document."""
    document = _opened(Document, path)
    flow = Flow(parts)
    for element in document.iter_inner_content():
        if flow.is_full:
            break
        if isinstance(element, Table):
            flow.add_table(_cells(element))
        else:
            _add_paragraph(element, flow)
    flow.finish()


def make_slides(path: Path, parts: Parts) -> None:
    """Add the flow of a presentation, a heading for each slide that is shown."""
    presentation = _opened(Presentation, path)
    flow = Flow(parts)
    for number, slide in enumerate(presentation.slides, start=1):
        if flow.is_full or number > MOST_SLIDES:
            break
        if slide.element.get("show") == "0":
            continue
        title = slide.shapes.title
        words = title.text_frame.text.replace("\v", " ").strip() if title is not None else ""
        flow.add("heading", f"Slide {number}: {words}" if words else f"Slide {number}", level=1)
        for shape in _flat(slide.shapes):
            if title is None or shape.shape_id != title.shape_id:
                _add_shape(shape, flow)
    flow.finish()


def _opened(open_file: Any, path: Path) -> Any:
    try:
        return open_file(str(path))
    except MemoryError:
        raise
    except Exception as error:
        raise NoPreview(DAMAGED) from error


def _add_paragraph(paragraph: Paragraph, flow: Flow) -> None:
    style = (paragraph.style.name if paragraph.style is not None else "") or ""
    text = _seen_text(paragraph)
    heading = HEADING.match(style)
    if heading or style == "Title":
        flow.add("heading", text, level=int(heading[1]) if heading else 1)
    elif style.startswith("List") or _is_listed(paragraph):
        flow.add("item", text, is_ordered="Number" in style)
    else:
        flow.add("paragraph", text)
    for blip in paragraph._p.iter(qn("a:blip")):
        related = paragraph.part.related_parts.get(blip.get(qn("r:embed")) or "")
        if related is not None:
            flow.add_picture(related.blob, _described(paragraph))


def _is_listed(paragraph: Paragraph) -> bool:
    details = paragraph._p.pPr
    return details is not None and details.numPr is not None


def _described(paragraph: Paragraph) -> str:
    words = [found.get("descr") or "" for found in paragraph._p.iter(qn("wp:docPr"))]
    return next(filter(None, words), "")


def _seen_text(paragraph: Paragraph) -> str:
    runs = [
        run
        for inner in paragraph.iter_inner_content()
        for run in (inner.runs if isinstance(inner, Hyperlink) else [inner])
    ]
    return "".join(run.text for run in runs if not run.font.hidden)


def _cells(table: Table) -> list[list[str]]:
    return [
        ["\n".join(_seen_text(one) for one in cell.paragraphs).strip() for cell in row.cells]
        for row in table.rows
    ]


def _flat(shapes: Any) -> Iterator[Any]:
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _flat(shape.shapes)
        else:
            yield shape


def _add_shape(shape: Any, flow: Flow) -> None:
    if shape.element.xpath(".//p:cNvPr/@hidden")[:1] == ["1"]:
        return
    if isinstance(shape, Picture):
        described = shape.element.xpath(".//p:cNvPr/@descr")
        flow.add_picture(shape.image.blob, described[0] if described else "")
    elif getattr(shape, "has_table", False):
        flow.add_table([[cell.text.strip() for cell in row.cells] for row in shape.table.rows])
    elif shape.has_text_frame:
        for paragraph in shape.text_frame.paragraphs:
            words = "".join(run.text for run in paragraph.runs).replace("\v", "\n")
            flow.add("item" if shape.is_placeholder else "paragraph", words, is_ordered=False)
