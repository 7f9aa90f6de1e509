"""Pictures made anew: upright, no larger than a screen, and without a word of metadata."""

import warnings
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from portfolio.evidence.preview_parts import PICTURE_TYPE, NoPreview, Parts
from portfolio.evidence.states import RenditionKind

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_000
QUALITY = 82
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
DAMAGED = "This picture is damaged, or larger than can be shown."


def make(path: Path, parts: Parts) -> None:
    """Add the picture as it is shown."""
    add_picture(path.read_bytes(), parts, formats=("PNG", "JPEG"))


def add_picture(
    content: bytes, parts: Parts, *, formats: tuple[str, ...] = FORMATS, title: str = ""
) -> None:
    """Add one picture, read from its bytes, or raise NoPreview."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=formats) as opened:
                picture = upright(opened)
    except Exception as error:
        raise NoPreview(DAMAGED) from error
    add_image(picture, parts, RenditionKind.IMAGE, title=title)


def upright(opened: Image.Image) -> Image.Image:
    """Return the picture turned as its camera meant it, at most a screen wide, in plain colour."""
    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    opened.load()
    turned = ImageOps.exif_transpose(opened)
    plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return plain


def add_image(
    picture: Image.Image, parts: Parts, kind: RenditionKind, *, title: str = "", **facts: int
) -> None:
    """Write a picture from its pixels alone."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    bare.save(parts.place(), "WEBP", quality=QUALITY, method=2)
    parts.add(kind, PICTURE_TYPE, title=title, width=picture.width, height=picture.height, **facts)
