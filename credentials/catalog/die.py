"""The die that strikes a badge's hallmark: which shapes, in which order, from plain values.

The issuer and the badge choose the outline, the rays of the standard mark and the turning of the
rosette by a hash, so every badge has its own mark and all are recognisably one family. Around
the rim stand one lozenge per criterion, and below it four punches: the maker's initials, the
standard mark, the letter of the edition and the level, counted in strokes.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import pi

from credentials.catalog.alphabet import initials, strokes
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.engraving import (
    CARTOUCHES,
    OUTLINES,
    PROFILES,
    Point,
    Shape,
    circle,
    lozenge,
    moved,
    place,
    polar,
    rays,
    rosette,
    star,
)

RIM = 114.0
BAND = 81.0
FIELD = 58.0
PUNCH_ANGLES = (136.5, 105.5, 74.5, 43.5)
SMALL = 40
DETAILED = 72
FINE = 160


@dataclass(frozen=True)
class Choice:
    """What the hash of an issuer and a badge chose."""

    outline: int
    notches: int
    count: int
    profile: int
    second: int
    boss: int
    lobes: int
    first_cartouche: int


def choose(issuer: str, slug: str) -> Choice:
    """Return the choices for a badge: the same for ever, and its own."""
    draw = hashlib.sha256(f"{issuer}\n{slug}".encode()).digest()
    return Choice(
        outline=draw[0] % len(OUTLINES),
        notches=draw[1] % 8,
        count=3 + draw[2] % 6,
        profile=draw[3] % len(PROFILES),
        second=draw[4] % len(PROFILES),
        boss=draw[5] % 3,
        lobes=9 + draw[6] % 14,
        first_cartouche=draw[7] % len(CARTOUCHES),
    )


def engrave(
    definition: EditionDefinition,
    *,
    issuer: str,
    levels: Mapping[str, int] | None = None,
    size: int = 240,
) -> Iterator[Shape]:
    """Yield the shapes of a mark, back to front, with no more detail than its size can show."""
    choice = choose(issuer, definition.slug)
    outline = OUTLINES[choice.outline]
    yield Shape(outline(RIM, choice.notches), "rim")
    if size < SMALL:
        yield Shape(outline(RIM - 1, choice.notches), "face")
        yield Shape(outline(RIM - 16, choice.notches), "field")
        yield from _standard(choice, length=92, is_plain=True)
        return
    yield Shape(outline(RIM - 5, choice.notches), "face")
    yield from _band(choice, size=size)
    yield Shape(circle(FIELD), "field")
    yield from _standard(choice, length=FIELD - 5)
    yield from _criteria(definition, levels)
    yield from _punches(definition, choice, issuer, levels, is_lettered=size >= DETAILED)


def _standard(choice: Choice, *, length: float, is_plain: bool = False) -> Iterator[Shape]:
    """Yield the standard mark: rays behind, rays before, and a boss in the middle."""
    breadth = length / 53 * min(1.5, 7 / choice.count)
    half = 180 / choice.count
    if not is_plain:
        behind = 0.74 * length
        yield from rays(choice.count, behind, choice.second, turn=half, breadth=0.75 * breadth)
    yield from rays(choice.count, length, choice.profile, breadth=breadth)
    boss = (0.13, 0.19, 0.22)[choice.boss] * length
    yield Shape(circle(boss, steps=36), "boss")
    if choice.boss == 2:
        yield Shape(circle(0.5 * boss, steps=24), "pip")


def _band(choice: Choice, *, size: int) -> Iterator[Shape]:
    groove = Shape(OUTLINES[choice.outline](RIM - 11, choice.notches), "cut", width=1.4)
    yield moved(groove, -1, "glint")
    yield groove
    if size >= DETAILED:
        per_lobe = 8 if size < FINE else 16
        for line in range(3):
            turn = line * 2 * pi / 3
            points = rosette(BAND, 14, choice.lobes, turn=turn, per_lobe=per_lobe)
            yield Shape(points, "turning", width=0.8)
    inner = Shape(circle(FIELD + 3), "cut", width=1.4)
    yield moved(inner, -1, "glint")
    yield inner


def _criteria(definition: EditionDefinition, levels: Mapping[str, int] | None) -> Iterator[Shape]:
    """Yield a lozenge per criterion, or as many as the level that was shown."""
    count = len(definition.criteria)
    step = min(28.0, 150 / max(count, 1))
    for place_number, criterion in enumerate(definition.criteria):
        angle = -90 + step * (place_number - (count - 1) / 2)
        reached = (levels or {}).get(criterion.key)
        if reached is None:
            yield lozenge(polar(BAND, angle), 5.5, "pip")
            continue
        for rung in range(reached):
            yield lozenge(polar(BAND - 13 + 9 * rung, angle), 3.3, "pip")


def _punches(
    definition: EditionDefinition,
    choice: Choice,
    issuer: str,
    levels: Mapping[str, int] | None,
    *,
    is_lettered: bool,
) -> Iterator[Shape]:
    level = min((levels or {}).values(), default=_pass_level(definition))
    contents = (
        _letters(initials(issuer)),
        (star(choice.count),),
        _letters(edition_letter(definition.version)),
        _tally(level),
    )
    for number, (angle, content) in enumerate(zip(PUNCH_ANGLES, contents, strict=True)):
        at, turn = polar(BAND, angle), angle - 90
        cartouche = CARTOUCHES[(choice.first_cartouche + number) % len(CARTOUCHES)]
        punch = Shape(place(cartouche, at=at, size=15.5, turn=turn), "punch")
        yield moved(punch, -1.2, "glint-area")
        yield punch
        if is_lettered:
            for stroke in content:
                is_star = number == 1
                yield Shape(
                    place(stroke, at=at, size=13.5, turn=turn),
                    "letter-area" if is_star else "letter",
                    width=0 if is_star else 2.6,
                    is_closed=is_star,
                )


def _letters(text: str) -> tuple[tuple[Point, ...], ...]:
    """Return the strokes of one or two letters, set within a cartouche."""
    wide = 0.78 if len(text) == 1 else 0.5
    gap = 0.2
    start = -(wide * len(text) + gap * (len(text) - 1)) / 2
    return tuple(
        tuple((start + number * (wide + gap) + wide * x, -0.5 + y) for x, y in stroke)
        for number, letter in enumerate(text)
        for stroke in strokes(letter)
    )


def _tally(level: int) -> tuple[tuple[Point, ...], ...]:
    return tuple(
        ((0.3 * (number - (level - 1) / 2), -0.45), (0.3 * (number - (level - 1) / 2), 0.45))
        for number in range(level)
    )


def _pass_level(definition: EditionDefinition) -> int:
    return min((criterion.pass_level for criterion in definition.criteria), default=1)


def edition_letter(version: str) -> str:
    """Return the letter of an edition: A for version 1, B for 2, and round again after Z."""
    major = version.split(".")[0]
    number = int(major) if major.isdecimal() else 1
    return chr(ord("A") + (number - 1) % 26)
