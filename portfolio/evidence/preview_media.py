"""Sound and film as they are, but for what they tell of who made them, where, when and with what.

A copy is written in which those parts are blank. Nothing moves, so it plays as before.
"""

import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from portfolio.evidence.boxes import film, stamped, telling
from portfolio.evidence.preview_parts import NoPreview, Parts
from portfolio.evidence.states import RenditionKind

SILENT = b"free"
ID3, ID3_HEADER, TAIL_TAG = b"ID3", 10, 128
KEPT_CHUNKS = frozenset({b"fmt ", b"data", b"fact"})
MOST_CHUNKS = 1_000
STEP = 1024 * 1024
DAMAGED = "This recording is damaged, so it cannot be played here."
CUT_SHORT = (
    "This recording breaks off before its end, so it may not play. Save it again, and upload it"
    " once more."
)


def make_film(path: Path, parts: Parts) -> None:
    """Add an MP4 file of film or sound without its telling boxes."""
    copy = _copied(path, parts)
    size = copy.stat().st_size
    with copy.open("r+b") as file:
        inside = film(file, size)
        if not (inside.has_video or inside.has_audio):
            raise NoPreview(DAMAGED)
        if not inside.is_whole:
            raise NoPreview(CUT_SHORT)
        for start, end in stamped(file, size):
            _blank(file, start, end)
        for box in telling(file, size):
            file.seek(box.start + 4)
            file.write(SILENT)
            _blank(file, box.body, box.end)
    media_type = "video/mp4" if inside.has_video else "audio/mp4"
    parts.add(RenditionKind.COPY, media_type, seconds=inside.seconds)


def make_wav(path: Path, parts: Parts) -> None:
    """Add a WAV file of which only format and sound are left."""
    copy = _copied(path, parts)
    seconds = None
    rate = 0
    with copy.open("r+b") as file:
        for kind, body, length in _chunks(file, copy.stat().st_size):
            if kind == b"fmt ":
                file.seek(body + 8)
                rate = struct.unpack("<L", file.read(4).ljust(4, b"\0"))[0]
            elif kind == b"data":
                seconds = length / rate if rate else None
            elif kind not in KEPT_CHUNKS:
                file.seek(body - 8)
                file.write(b"JUNK")
                _blank(file, body, body + length)
    parts.add(RenditionKind.COPY, "audio/wav", seconds=seconds)


def make_mp3(path: Path, parts: Parts) -> None:
    """Add an MP3 file without the tags before and after its sound."""
    with path.open("rb") as source, parts.place().open("wb") as target:
        size = path.stat().st_size
        start = _after_tags(source, size)
        source.seek(max(size - TAIL_TAG, start))
        end = size - TAIL_TAG if source.read(3) == b"TAG" else size
        if end <= start:
            raise NoPreview(DAMAGED)
        source.seek(start)
        left = end - start
        while left > 0 and (piece := source.read(min(left, STEP))):
            target.write(piece)
            left -= len(piece)
    parts.add(RenditionKind.COPY, "audio/mpeg", seconds=None)


def _copied(path: Path, parts: Parts) -> Path:
    return Path(shutil.copyfile(path, parts.place()))


def _after_tags(file: BinaryIO, size: int) -> int:
    """Return where the sound begins: after every ID3 tag at the front."""
    start = 0
    while start + ID3_HEADER <= size:
        file.seek(start)
        header = file.read(ID3_HEADER)
        if not header.startswith(ID3):
            break
        length = 0
        for digit in header[6:10]:
            length = length << 7 | digit & 0x7F
        start += ID3_HEADER + length
    return min(start, size)


def _chunks(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int, int]]:
    place = 12
    for _ in range(MOST_CHUNKS):
        file.seek(place)
        header = file.read(8)
        if len(header) < 8:
            return
        kind, length = struct.unpack("<4sL", header)
        length = min(length, size - place - 8)
        yield kind, place + 8, length
        place += 8 + length + length % 2


def _blank(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    left = end - start
    while left > 0:
        file.write(b"\0" * min(left, STEP))
        left -= STEP
