"""The hallmark of a badge as SVG, on a page and as a file of its own.

Everything is computed from plain values, so the same badge has the same mark for ever. A mark
inside a page takes its metals from the page (`parts/metal.html`) and its colours from classes,
as the content policy asks; a file brings both along. Before a badge is earned the same shapes
are drawn as the outline of the die.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import pairwise

from credentials.catalog.definition import EditionDefinition
from credentials.catalog.die import DETAILED, engrave
from credentials.catalog.engraving import Shape

# Roles that are light or shadow, and so have no place in an outline.
RELIEF = re.compile(r"glint|shade|face")

SHADES = ("#fff3d4", "#f7dba6", "#e6b872", "#cb9148", "#ad6f2d", "#93561f")
FILLS = {
    "rim": "url(#metal-edge)",
    "face": "url(#metal-face)",
    "field": "#4a240c",
    "boss": "url(#metal-face)",
    "punch": "#5c2f10",
    "pip": "#5c2f10",
    "glint-area": "#fff0cd",
    "letter-area": "#f8e3b6",
    **{f"shade-{number}": colour for number, colour in enumerate(SHADES)},
}
LINES = {"cut": "#5c2f10", "glint": "#fff0cd", "turning": "#6d3a14", "letter": "#f8e3b6"}
INK = "#5a4f42"
PAPER = "#fcf9f2"
METALS = {
    "face": (
        (0, "#8f4f22"),
        (0.3, "#c98b45"),
        (0.48, "#f4dba6"),
        (0.66, "#c98b45"),
        (1, "#8a4a1c"),
    ),
    "edge": ((0, "#542a0f"), (0.5, "#8a4a1c"), (1, "#f4dba6")),
}


def inline_svg(
    definition: EditionDefinition,
    *,
    issuer: str,
    size: int = 96,
    is_struck: bool = False,
    levels: Mapping[str, int] | None = None,
    label: str = "",
) -> str:
    """Return the mark for a page; decorative unless `label` says what it stands for."""
    shapes = engrave(definition, issuer=issuer, levels=levels, size=size)
    return svg_of(shapes, size=size, is_struck=is_struck, label=label)


def svg_of(shapes: Iterable[Shape], *, size: int, is_struck: bool, label: str = "") -> str:
    """Return shapes as a mark for a page, in the metals and classes of every hallmark."""
    state = ("is-struck" if is_struck else "is-outline") + (" is-small" if size < DETAILED else "")
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    body = "".join(
        f'<path class="mark-{shape.role}" d="{path(shape)}"{_width(shape)}/>'
        for shape in _kept(shapes, is_struck=is_struck)
    )
    return (
        f'<svg class="hallmark {state}" viewBox="0 0 240 240" width="{size}" height="{size}"'
        f' {naming} focusable="false">{body}</svg>'
    )


def file_svg(
    definition: EditionDefinition,
    *,
    issuer: str,
    is_struck: bool = True,
    levels: Mapping[str, int] | None = None,
) -> str:
    """Return the mark as an SVG document that needs nothing beside it."""
    shapes = _kept(engrave(definition, issuer=issuer, levels=levels), is_struck=is_struck)
    body = "".join(
        f'<path d="{path(shape)}" {_paint(shape, is_struck=is_struck)}{_width(shape)}/>'
        for shape in shapes
    )
    title = escape(f"{definition.title}, the hallmark of {issuer}")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="480" height="480"'
        f' role="img"><title>{title}</title><defs>{_metals()}</defs>'
        f'<g stroke-linecap="round" stroke-linejoin="round">{body}</g></svg>'
    )


def _metals() -> str:
    return "".join(
        f'<linearGradient id="metal-{name}" x1="0" y1="0" x2="1" y2="1">'
        + "".join(f'<stop offset="{at}" stop-color="{colour}"/>' for at, colour in stops)
        + "</linearGradient>"
        for name, stops in METALS.items()
    )


def path(shape: Shape) -> str:
    """Return the path that draws a shape, in steps of a tenth of a unit."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in shape.points]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(tenths)]
    drawn = "".join(f" {_tenths(x)} {_tenths(y)}" for x, y in steps)
    start = f"{_tenths(tenths[0][0])} {_tenths(tenths[0][1])}"
    return f"M{start}l{drawn[1:]}{'Z' if shape.is_closed else ''}"


def _tenths(value: int) -> str:
    return f"{value / 10:g}"


def is_drawn(shape: Shape, *, is_struck: bool) -> bool:
    """Whether a shape belongs to the struck mark, or to the outline of its die."""
    return shape.role != "ray" if is_struck else not RELIEF.match(shape.role)


def _kept(shapes: Iterable[Shape], *, is_struck: bool) -> list[Shape]:
    return [shape for shape in shapes if is_drawn(shape, is_struck=is_struck)]


def _width(shape: Shape) -> str:
    return f' stroke-width="{shape.width}"' if shape.width else ""


def _paint(shape: Shape, *, is_struck: bool) -> str:
    if not is_struck:
        width = "" if shape.width else ' stroke-width="1.6"'
        opacity = ' stroke-opacity=".3"' if shape.role == "turning" else ""
        fill = "none" if shape.width or shape.role == "letter-area" else PAPER
        return f'fill="{fill}" stroke="{INK}"{width}{opacity}'
    if shape.width:
        opacity = ' stroke-opacity=".45"' if shape.role == "turning" else ""
        return f'fill="none" stroke="{LINES[shape.role]}"{opacity}'
    return f'fill="{FILLS[shape.role]}"'
