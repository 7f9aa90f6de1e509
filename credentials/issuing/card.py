"""The picture that stands for a credential where its address is shared: 1200 by 630 pixels.

A pure function from plain words to the bytes of a PNG. It says what was earned and who vouches
for it; the holder's name only when the caller has their consent for it.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from credentials.catalog.definition import EditionDefinition
from credentials.catalog.hallmark_png import draw

SIZE = (1200, 630)
PAPER, SHEET, LINE = "#f6f1e6", "#fcf9f2", "#b9ab93"
INK, INK_SOFT, METAL = "#211b14", "#5a4f42", "#8a4b16"
FONTS = Path(__file__).parent / "fonts"
SERIF = FONTS / "Baskervville_500Medium.ttf"
SANS = FONTS / "SourceSans3_400Regular.ttf"
LEFT, RIGHT = 500, 1130
MARK = 360


def card_png(definition: EditionDefinition, *, issuer: str, holder: str = "") -> bytes:
    """Return the card of an earned badge as the bytes of a PNG."""
    card = Image.new("RGBA", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    pen.rectangle((24, 24, SIZE[0] - 25, SIZE[1] - 25), fill=SHEET, outline=LINE, width=2)
    pen.rectangle((34, 34, SIZE[0] - 35, SIZE[1] - 35), outline=LINE, width=1)
    mark = draw(definition, issuer=issuer, size=MARK)
    card.alpha_composite(mark, (90, (SIZE[1] - MARK) // 2))
    _write(pen, definition.title, issuer=issuer, holder=holder)
    out = BytesIO()
    card.convert("RGB").save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(pen: ImageDraw.ImageDraw, title: str, *, issuer: str, holder: str) -> None:
    """Set the words in the right half, centred from top to bottom."""
    lines: list[tuple[str, ImageFont.FreeTypeFont, str, int]] = []
    if holder:
        lines.append((_fitted(pen, holder, _face(SANS, 34)), _face(SANS, 34), INK_SOFT, 24))
    size, parts = _title(pen, title)
    gaps = [10] * (len(parts) - 1) + [28]
    lines += [
        (part, _face(SERIF, size, part), INK, gap) for part, gap in zip(parts, gaps, strict=True)
    ]
    lines.append((_fitted(pen, issuer, _face(SANS, 32)), _face(SANS, 32), METAL, 8))
    lines.append(("Shown at work, judged by peers", _face(SANS, 28), INK_SOFT, 0))
    heights = [round(face.size * 1.16) + gap for _, face, _, gap in lines]
    y = (SIZE[1] - sum(heights)) / 2
    for (text, face, colour, _gap), height in zip(lines, heights, strict=True):
        pen.text((LEFT, y), text, font=face, fill=colour)
        y += height


def _title(pen: ImageDraw.ImageDraw, title: str) -> tuple[int, list[str]]:
    """Return the largest size, and the lines, at which a title needs at most four lines."""
    for size in (76, 68, 60, 52, 44):
        lines = _broken(pen, title, _face(SERIF, size, title))
        if len(lines) <= (3 if size > 52 else 4):
            return size, lines
    return 44, [*lines[:3], _fitted(pen, " ".join(lines[3:]), _face(SERIF, 44, title))]


def _broken(pen: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and pen.textlength(longer, font=face) > RIGHT - LEFT:
            lines.append(word)
        else:
            lines[-1] = longer
    return [_fitted(pen, line, face) for line in lines]


def _fitted(pen: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont) -> str:
    """Return the text, cut with an ellipsis where it would run off the card."""
    text = " ".join(text.split())
    while pen.textlength(text, font=face) > RIGHT - LEFT:
        text = f"{text.removesuffix('…')[:-1].rstrip()}…"
    return text


def _face(path: Path, size: int, text: str = "") -> ImageFont.FreeTypeFont:
    """Return a face; the sans where the serif has no letter for the text."""
    if path is SERIF and any(ord(letter) > 0x24F for letter in text if letter.isalpha()):
        path = SANS
    return _opened(path, size)


@lru_cache(maxsize=16)
def _opened(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)
