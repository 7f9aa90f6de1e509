"""The mark of somebody who reviews for a badge: an assayer's balance, struck in the badge's rim.

It is drawn like a hallmark and from the same choices, so that it belongs to its badge, and it
cannot be taken for one: a balance stands where a badge has its rays, and neither criteria nor
levels are on it. One, two or three punches say from how many sealed reviews on it is struck.
"""

from collections.abc import Iterator
from math import cos, pi, sin

from credentials.catalog.die import DETAILED, FIELD, RIM, SMALL, choose
from credentials.catalog.engraving import (
    CARTOUCHES,
    OUTLINES,
    Point,
    Shape,
    circle,
    lozenge,
    moved,
    place,
    polar,
)

STRUCK_FROM = (5, 25, 100)
PUNCHES = ((90.0,), (104.0, 76.0), (112.0, 90.0, 68.0))
LINE = 5.0

Stroke = tuple[Point, ...]


def rung_of(reviews: int) -> int:
    """Return how many punches so many sealed reviews give; 0 is no mark yet."""
    return sum(reviews >= least for least in STRUCK_FROM)


def engrave_mark(*, issuer: str, slug: str, rung: int, size: int = 240) -> Iterator[Shape]:
    """Yield the shapes of a reviewer's mark, back to front; raise ValueError without a rung."""
    if not 1 <= rung <= len(STRUCK_FROM):
        raise ValueError("a mark has one to three punches")
    choice = choose(issuer, slug)
    outline = OUTLINES[choice.outline]
    yield Shape(outline(RIM, choice.notches), "rim")
    yield Shape(outline(RIM - 5, choice.notches), "face")
    if size >= SMALL:
        groove = Shape(circle(RIM - 13), "cut", width=1.4)
        yield moved(groove, -1, "glint")
        yield groove
    if size >= DETAILED:
        yield from _pearls(20 + choice.count)
    inner = Shape(circle(FIELD + 9), "cut", width=1.4)
    yield moved(inner, -1, "glint")
    yield inner
    yield Shape(circle(FIELD + 6), "field")
    yield from _balance()
    yield from _punches(rung, choice.first_cartouche)


def _pearls(count: int) -> Iterator[Shape]:
    """Yield a row of lozenges along the band, but where the punches stand."""
    for number in range(count):
        angle = 360 * number / count
        if not 40 <= angle <= 140:
            yield lozenge(polar(84, angle), 4.2, "pip")


def _balance() -> Iterator[Shape]:
    """Yield a balance in rest: post, foot, beam, and two pans on their strings."""
    strokes: list[Stroke] = [
        ((0, -0.72), (0, 0.62)),
        ((-0.34, 0.66), (0.34, 0.66)),
        ((-0.66, -0.5), (0.66, -0.5)),
    ]
    for side in (-1, 1):
        middle, edge = side * 0.66, 0.27
        strokes.append(((middle - edge, 0.12), (middle, -0.5), (middle + edge, 0.12)))
        strokes.append(
            tuple(
                (middle + edge * cos(pi * step / 10), 0.12 + 0.2 * sin(pi * step / 10))
                for step in range(11)
            )
        )
    for stroke in strokes:
        points = place(stroke, at=(120.0, 120.0), size=FIELD, turn=0)
        yield Shape(points, "letter", width=LINE, is_closed=False)
    yield Shape(place(_disc(0.075), at=(120.0, 120 - 0.74 * FIELD), size=FIELD, turn=0), "boss")


def _disc(radius: float) -> Stroke:
    return tuple((radius * cos(pi * n / 9), radius * sin(pi * n / 9)) for n in range(18))


def _punches(rung: int, first: int) -> Iterator[Shape]:
    for number, angle in enumerate(PUNCHES[rung - 1]):
        cartouche = CARTOUCHES[(first + number) % len(CARTOUCHES)]
        punch = Shape(place(cartouche, at=polar(85, angle), size=13, turn=angle - 90), "punch")
        yield moved(punch, -1.2, "glint-area")
        yield punch
        yield lozenge(polar(85, angle), 4, "letter-area")
