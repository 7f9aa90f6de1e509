"""A badge inside a picture: the text chunk of a PNG that Open Badges 3.0 calls baking."""

import struct
import zlib

from credentials.verification.reading import LARGEST, Unreadable

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
MOST_CHUNKS = 10_000


def is_png(content: bytes) -> bool:
    """Whether these bytes begin as a PNG does."""
    return content.startswith(SIGNATURE)


def badge_in(content: bytes) -> bytes:
    """Return the badge that a PNG carries; raise Unreadable when it carries none, or several."""
    found = [text for kind, text in _chunks(content) if kind == b"iTXt" and _is_badge(text)]
    if not found:
        raise Unreadable("This picture carries no badge. Saving a picture often removes it.")
    if len(found) > 1:
        raise Unreadable("This picture carries several badges, so it is not clear which is meant.")
    return _text(found[0])


def _is_badge(chunk: bytes) -> bool:
    return chunk.startswith(KEYWORD + b"\0")


def _text(chunk: bytes) -> bytes:
    """Return the text of an iTXt chunk: flag, method, language and translated keyword before it."""
    flag, rest = chunk[len(KEYWORD) + 1 : len(KEYWORD) + 2], chunk[len(KEYWORD) + 3 :]
    if flag != b"\0":
        raise Unreadable("The badge in this picture is packed, which the standard does not allow.")
    parts = rest.split(b"\0", 2)
    if len(parts) != 3:
        raise Unreadable("The badge in this picture is damaged.")
    return parts[2]


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    chunks: list[tuple[bytes, bytes]] = []
    place = len(SIGNATURE)
    while place + 12 <= len(content) and len(chunks) < MOST_CHUNKS:
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        text = content[place + 8 : place + 8 + length]
        check = content[place + 8 + length : place + 12 + length]
        if len(check) != 4 or zlib.crc32(kind + text) != int.from_bytes(check, "big"):
            raise Unreadable("This picture is damaged.")
        if kind == b"iTXt" and length > LARGEST:
            raise Unreadable("The badge in this picture is longer than any badge.")
        chunks.append((kind, text if kind == b"iTXt" else b""))
        place += 12 + length
        if kind == b"IEND":
            break
    return chunks
