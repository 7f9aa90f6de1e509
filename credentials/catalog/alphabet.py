"""A punch-cutter's capitals: each letter as a few strokes in a unit box, drawn at any size.

Marks hold no text, so that they look the same where our typefaces are absent. Each stroke is a
sequence of points, x to the right and y down; round ends and one width make it a letter.
"""

import unicodedata
from math import cos, radians, sin

Point = tuple[float, float]
Stroke = tuple[Point, ...]
STEPS = 14


def _arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """Return an elliptic arc from one angle to another, in degrees clockwise from the right."""
    angles = (start + (end - start) * step / STEPS for step in range(STEPS + 1))
    return tuple((cx + rx * cos(radians(a)), cy + ry * sin(radians(a))) for a in angles)


LETTERS: dict[str, tuple[Stroke, ...]] = {
    "A": (((0, 1), (0.5, 0), (1, 1)), ((0.19, 0.64), (0.81, 0.64))),
    "B": (
        ((0.1, 1), (0.1, 0), (0.5, 0)),
        (*_arc(0.5, 0.24, 0.33, 0.24, -90, 90), (0.1, 0.48)),
        ((0.5, 0.48), *_arc(0.53, 0.74, 0.38, 0.26, -90, 90), (0.1, 1)),
    ),
    "C": (_arc(0.53, 0.5, 0.48, 0.5, -45, -315),),
    "D": (((0.1, 0), (0.1, 1), (0.4, 1), *_arc(0.42, 0.5, 0.5, 0.5, 90, -90), (0.1, 0)),),
    "E": (((0.88, 0), (0.12, 0), (0.12, 1), (0.9, 1)), ((0.12, 0.48), (0.72, 0.48))),
    "F": (((0.88, 0), (0.14, 0), (0.14, 1)), ((0.14, 0.5), (0.72, 0.5))),
    "G": ((*_arc(0.52, 0.5, 0.48, 0.5, -45, -345), (0.98, 0.55), (0.62, 0.55)),),
    "H": (((0.08, 0), (0.08, 1)), ((0.92, 0), (0.92, 1)), ((0.08, 0.5), (0.92, 0.5))),
    "I": (((0.5, 0), (0.5, 1)), ((0.28, 0), (0.72, 0)), ((0.28, 1), (0.72, 1))),
    "J": (((0.72, 0), (0.72, 0.68), *_arc(0.42, 0.68, 0.3, 0.32, 0, 170)),),
    "K": (((0.1, 0), (0.1, 1)), ((0.9, 0), (0.1, 0.6)), ((0.38, 0.42), (0.94, 1))),
    "L": (((0.15, 0), (0.15, 1), (0.88, 1)),),
    "M": (((0, 1), (0.08, 0), (0.5, 0.72), (0.92, 0), (1, 1)),),
    "N": (((0.08, 1), (0.08, 0), (0.92, 1), (0.92, 0)),),
    "O": (_arc(0.5, 0.5, 0.5, 0.5, 0, 360),),
    "P": (((0.12, 1), (0.12, 0), (0.52, 0), *_arc(0.54, 0.28, 0.36, 0.28, -90, 90), (0.12, 0.56)),),
    "Q": (_arc(0.5, 0.5, 0.5, 0.5, 0, 360), ((0.6, 0.7), (0.98, 1.06))),
    "R": (
        ((0.12, 1), (0.12, 0), (0.52, 0), *_arc(0.54, 0.27, 0.35, 0.27, -90, 90), (0.12, 0.54)),
        ((0.5, 0.54), (0.94, 1)),
    ),
    "S": (_arc(0.5, 0.25, 0.38, 0.25, -35, -270) + _arc(0.5, 0.75, 0.42, 0.25, -90, 150),),
    "T": (((0.02, 0), (0.98, 0)), ((0.5, 0), (0.5, 1))),
    "U": (((0.08, 0), (0.08, 0.6), *_arc(0.5, 0.6, 0.42, 0.4, 180, 0), (0.92, 0)),),
    "V": (((0, 0), (0.5, 1), (1, 0)),),
    "W": (((0, 0), (0.24, 1), (0.5, 0.25), (0.76, 1), (1, 0)),),
    "X": (((0.04, 0), (0.96, 1)), ((0.96, 0), (0.04, 1))),
    "Y": (((0.02, 0), (0.5, 0.5), (0.98, 0)), ((0.5, 0.5), (0.5, 1))),
    "Z": (((0.06, 0), (0.94, 0), (0.06, 1), (0.96, 1)),),
}
# What stands in for a script whose letters we have not cut.
LOZENGE: tuple[Stroke, ...] = (((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (0.5, 0)),)


def strokes(letter: str) -> tuple[Stroke, ...]:
    """Return the strokes of a letter, without its accents; a lozenge for one we have not cut."""
    plain = unicodedata.normalize("NFKD", letter)[:1].upper()
    return LETTERS.get(plain, LOZENGE)


def initials(name: str) -> str:
    """Return the one or two letters by which a maker signs: "Northlight Guild" signs NG."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]) or "?"
