"""The boxes of an MP4 file: what tracks it has, how long it plays, and where it tells tales."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_BOXES = 4_000
HEADER = 8
PARENTS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
# Titles, places, devices, software, authors; nothing that playing needs.
TELLING = frozenset({b"udta", b"meta", b"uuid"})
# Each begins with the second at which it was made and the second of its last change.
STAMPED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
TALLEST = 8


@dataclass(frozen=True)
class Box:
    """One box: its four letters, where it begins, where its content begins and where it ends."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True)
class Film:
    """What a container says it plays; `is_whole` is off when the file breaks off inside a box."""

    has_video: bool
    has_audio: bool
    seconds: float | None
    is_whole: bool = True


def walk(file: BinaryIO, size: int) -> Iterator[Box]:
    """Yield every box, parents before their children.

    What makes no sense inside a parent is passed over, as players do; at the top it is the end.
    """
    budget = MOST_BOXES
    open_ends = [size]
    place = 0
    while budget and open_ends:
        while open_ends and place >= open_ends[-1]:
            open_ends.pop()
        box = _box_at(file, place, open_ends[-1]) if open_ends else None
        if box is None and len(open_ends) > 1:
            place = open_ends.pop()
            continue
        if box is None:
            return
        budget -= 1
        yield box
        if box.kind in PARENTS and len(open_ends) < TALLEST:
            open_ends.append(box.end)
            place = box.body
        else:
            place = box.end


def film(file: BinaryIO, size: int) -> Film:
    """Return what the container holds, by its boxes alone."""
    kinds: set[bytes] = set()
    seconds = None
    end = 0
    for box in walk(file, size):
        end = box.end if box.start == end else end
        if box.kind == b"hdlr":
            kinds.add(_read(file, box.body + 8, 4))
        elif box.kind == b"mvhd":
            seconds = _duration(_read(file, box.body, 32))
    return Film(b"vide" in kinds, b"soun" in kinds, seconds, is_whole=end == size)


def telling(file: BinaryIO, size: int) -> list[Box]:
    """Return the boxes that may say who made the film, where, and with what."""
    return [box for box in walk(file, size) if box.kind in TELLING]


def stamped(file: BinaryIO, size: int) -> list[tuple[int, int]]:
    """Return where times of making stand, as (start, end)."""
    boxes = [box for box in walk(file, size) if box.kind in STAMPED]
    lengths = [16 if _read(file, box.body, 1) == b"\1" else 8 for box in boxes]
    return [
        (box.body + 4, min(box.body + 4 + length, box.end))
        for box, length in zip(boxes, lengths, strict=True)
    ]


def _box_at(file: BinaryIO, place: int, end: int) -> Box | None:
    header = _read(file, place, HEADER + 8)
    if len(header) < HEADER or place + HEADER > end:
        return None
    length, kind = struct.unpack(">L4s", header[:HEADER])
    body = place + HEADER
    if length == 1 and len(header) == HEADER + 8:
        (length,) = struct.unpack(">Q", header[HEADER:])
        body += 8
    elif length == 0:
        length = end - place
    if place + length < body or place + length > end:
        return None
    return Box(kind, place, body, place + length)


def _duration(content: bytes) -> float | None:
    try:
        if content[0] == 1:
            scale, units = struct.unpack(">LQ", content[20:32])
        else:
            scale, units = struct.unpack(">LL", content[12:20])
    except (struct.error, IndexError):
        return None
    return units / scale if scale and units else None


def _read(file: BinaryIO, place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(length)
