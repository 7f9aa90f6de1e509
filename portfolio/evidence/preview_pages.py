"""PDF files as pictures of their pages, and the words on them for whoever listens."""

from pathlib import Path

import pypdfium2 as pdfium

from portfolio.evidence.preview_parts import NoPreview, Parts
from portfolio.evidence.preview_pictures import add_image
from portfolio.evidence.states import RenditionKind

MOST_PAGES = 40
WIDTH = 1_400
MOST_PIXELS = 6_000_000
LONGEST_TEXT = 300_000
LOCKED = "This PDF is locked with a password, so its pages cannot be shown."
DAMAGED = "This PDF is damaged, so its pages cannot be shown."


def make(path: Path, parts: Parts) -> None:
    """Add the first pages as pictures, and their text."""
    document = opened(path)
    count = len(document)
    if count == 0:
        raise NoPreview(DAMAGED)
    words: list[str] = []
    for number in range(1, min(count, MOST_PAGES) + 1):
        if parts.is_spent:
            break
        try:
            page = document[number - 1]
            add_image(_drawn(page), parts, RenditionKind.PAGE, number=number, pages=count)
            words.append(page.get_textpage().get_text_bounded())
        except pdfium.PdfiumError as error:
            if number == 1:
                raise NoPreview(DAMAGED) from error
            break
    if len(words) < count:
        parts.note = f"The first {len(words)} of {count} pages are shown."
    if any(text.strip() for text in words):
        text = "\n\n".join(words)[:LONGEST_TEXT]
        parts.add_bytes(RenditionKind.TEXT, "text/plain", text.encode("utf-8", "replace"))


def try_to_open(path: Path, _parts: Parts) -> None:
    """Open the document and nothing more, to see whether it wants a password."""
    opened(path).close()


def opened(path: Path) -> pdfium.PdfDocument:
    """Return the document, or raise NoPreview with the reason."""
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise NoPreview(LOCKED if "password" in str(error).lower() else DAMAGED) from error


def _drawn(page: pdfium.PdfPage) -> "pdfium.PIL.Image.Image":
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise pdfium.PdfiumError("a page without a size")
    scale = min(WIDTH / width, (MOST_PIXELS / (width * height)) ** 0.5, 10.0)
    if min(width, height) * scale < 1:
        raise pdfium.PdfiumError("a page thinner than a pixel")
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
