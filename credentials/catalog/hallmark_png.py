"""The hallmark of a badge as a PNG, drawn from the same shapes as the SVG.

Each shape is drawn at several times its size and the whole is made smaller once, so edges are
smooth. The metals are the same gradients, from the upper left to the lower right.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from credentials.catalog.definition import EditionDefinition
from credentials.catalog.die import engrave
from credentials.catalog.engraving import Point, Shape
from credentials.catalog.hallmark import FILLS, INK, LINES, METALS, PAPER, is_drawn

UNITS = 240
FINER = 4
SIZES = range(16, 1025)
TURNING_ALPHA = 0.45


def png(
    definition: EditionDefinition,
    *,
    issuer: str,
    size: int = 512,
    is_struck: bool = True,
    levels: Mapping[str, int] | None = None,
) -> bytes:
    """Return the mark as the bytes of a square PNG; raise ValueError for an odd size."""
    image = draw(definition, issuer=issuer, size=size, is_struck=is_struck, levels=levels)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def draw(
    definition: EditionDefinition,
    *,
    issuer: str,
    size: int,
    is_struck: bool = True,
    levels: Mapping[str, int] | None = None,
) -> Image.Image:
    """Return the mark as an image with a clear ground; raise ValueError for an odd size."""
    shapes = engrave(definition, issuer=issuer, levels=levels, size=size)
    return draw_shapes(shapes, size=size, is_struck=is_struck)


def draw_shapes(shapes: Iterable[Shape], *, size: int, is_struck: bool = True) -> Image.Image:
    """Return shapes as an image with a clear ground; raise ValueError for an odd size."""
    if size not in SIZES:
        raise ValueError(f"a hallmark is {SIZES.start} to {SIZES.stop - 1} pixels wide, not {size}")
    fine = size * FINER
    canvas = Image.new("RGBA", (fine, fine), (0, 0, 0, 0))
    for shape in shapes:
        if is_drawn(shape, is_struck=is_struck):
            _lay(canvas, shape, is_struck=is_struck)
    return canvas.resize((size, size), Image.Resampling.LANCZOS)


def _lay(canvas: Image.Image, shape: Shape, *, is_struck: bool) -> None:
    """Lay one shape over what is there."""
    scale = canvas.width / UNITS
    points = [(x * scale, y * scale) for x, y in shape.points]
    if is_struck and not shape.width:
        _fill(canvas, FILLS[shape.role], points)
        return
    if not is_struck and not shape.width and shape.role != "letter-area":
        _fill(canvas, PAPER, points)
    whole = [*points, points[0]] if shape.is_closed else points
    colour = ImageColor.getrgb(LINES[shape.role] if is_struck else INK)
    strength = TURNING_ALPHA if shape.role == "turning" else 1
    _line(canvas, (*colour, round(255 * strength)), whole, (shape.width or 1.6) * scale)


def _fill(canvas: Image.Image, paint: str, points: list[Point]) -> None:
    if not paint.startswith("url("):
        ImageDraw.Draw(canvas).polygon(points, fill=ImageColor.getrgb(paint))
        return
    mask = Image.new("L", canvas.size, 0)
    ImageDraw.Draw(mask).polygon(points, fill=255)
    metal = paint.removeprefix("url(#metal-").removesuffix(")")
    canvas.paste(_metal(metal, canvas.width), (0, 0), mask)


def _line(canvas: Image.Image, colour: tuple[int, ...], points: list[Point], width: float) -> None:
    """Draw a line with round ends; one that lets the metal through goes over it as a layer."""
    layer = canvas if colour[3] == 255 else Image.new("RGBA", canvas.size)
    pen = ImageDraw.Draw(layer)
    pen.line(points, fill=colour, width=max(1, round(width)), joint="curve")
    for x, y in (points[0], points[-1]):
        half = width / 2
        pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)
    if layer is not canvas:
        canvas.alpha_composite(layer)


@lru_cache(maxsize=8)
def _metal(name: str, size: int) -> Image.Image:
    """Return a square of metal: its stops along the diagonal from the upper left."""
    stops = METALS[name]
    ramp = np.add.outer(np.arange(size), np.arange(size)) / (2 * size - 2)
    offsets = [offset for offset, _ in stops]
    colours = np.array([ImageColor.getrgb(colour) for _, colour in stops])
    channels = [np.interp(ramp, offsets, colours[:, band]) for band in range(3)]
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8), "RGB").convert("RGBA")
