"""What an uploaded file really is, by its bytes and its name together, or why it is not taken.

Nothing here parses more than signatures and directories; whatever opens a file in earnest runs
in a child process (`previews`). Each refusal names the file, the reason and what to do.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import puremagic

from core.errors import Invalid
from portfolio.evidence import kinds
from portfolio.evidence.boxes import film
from portfolio.evidence.containers import content_types
from portfolio.evidence.kinds import Kind
from portfolio.evidence.naming import clean_name, ending_of

MIB = 1024 * 1024
HEAD = 8_192
CHUNK = 1 * MIB
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
LOCK = re.compile(rb"/Encrypt[\s\d<]")
LOCKED = "It is locked with a password. Save a copy without one and upload that."
MAIN = {
    b"wordprocessingml.document.main+xml": kinds.DOCX,
    b"spreadsheetml.sheet.main+xml": kinds.XLSX,
    b"presentationml.presentation.main+xml": kinds.PPTX,
}
OLD_OFFICE = {"doc": "DOCX", "xls": "XLSX", "ppt": "PPTX", "odt": "PDF", "ods": "PDF", "odp": "PDF"}
TEXTS = (kinds.TXT, kinds.MARKDOWN, kinds.CSV)
NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MARKUP = re.compile(rb"\s*(?:<!doctype\s+html|<html|<script|<svg|<\?xml)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What a file is: its cleaned name, kind and size; `is_locked` if it may need a password."""

    name: str
    kind: Kind
    size: int
    is_locked: bool = False


def detect(file: BinaryIO, raw_name: str, *, taken: Sequence[Kind], limit_mb: int) -> Found:
    """Return what a file is, or raise Invalid with the sentence that its owner reads."""
    name = clean_name(raw_name)
    size = file.seek(0, 2)
    try:
        _check_size(size, limit_mb)
        _check_ending(ending_of(name), taken)
        kind = _by_content(file, size, ending_of(name))
        if kind is None or kind not in taken:
            raise Invalid(_mismatch(file, name, kind, taken))
    except Invalid as error:
        raise Invalid(f"“{name}” was not taken. {error.reason}", "file") from error
    finally:
        file.seek(0)
    return Found(name, kind, size, is_locked=kind is kinds.PDF and _mentions_lock(file))


def too_large(limit_mb: int) -> str:
    """Return the sentence for a file past the limit; the page's script says the same."""
    return f"It is larger than {limit_mb} MB. Make it smaller, or upload the part that matters."


def _check_size(size: int, limit_mb: int) -> None:
    if size == 0:
        raise Invalid("It is empty (0 bytes). Save it again and upload the new copy.")
    if size > limit_mb * MIB:
        raise Invalid(too_large(limit_mb))


def _check_ending(ending: str, taken: Sequence[Kind]) -> None:
    if ending in kinds.extensions(taken):
        return
    if ending in OLD_OFFICE:
        raise Invalid(f"Save it as {OLD_OFFICE[ending]} first. {kinds.sentence(taken)}")
    raise Invalid(kinds.sentence(taken))


def _by_content(file: BinaryIO, size: int, ending: str) -> Kind | None:
    """Return the kind that both the bytes and the ending say, or None when they differ."""
    file.seek(0)
    head = file.read(HEAD)
    found = next((kind for looks, kind in SIGNATURES if looks(head)), None)
    if head.startswith(b"PK\x03\x04"):
        found = _office(file, size)
    elif head.startswith(OLE):
        raise Invalid(LOCKED if _holds(file, LOCKED_OFFICE) else "It is in an old office format.")
    elif head[4:8] == b"ftyp":
        found = _film(file, size)
    elif found is None:
        found = _text(head, ending)
    return found if found is not None and ending in found.extensions else None


def _office(file: BinaryIO, size: int) -> Kind:
    types = content_types(file, size)
    if b"macroEnabled" in types:
        raise Invalid("It holds macros. Save it without them and upload that.")
    return next((kind for mark, kind in MAIN.items() if mark in types), kinds.ZIP)


def _film(file: BinaryIO, size: int) -> Kind:
    inside = film(file, size)
    if not (inside.has_video or inside.has_audio):
        raise Invalid("It is damaged: there is neither picture nor sound in it.")
    return kinds.MP4 if inside.has_video else kinds.M4A


def _text(head: bytes, ending: str) -> Kind | None:
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if (not is_wide and NOT_IN_TEXT.search(head)) or MARKUP.match(head):
        return None
    return next((kind for kind in TEXTS if ending in kind.extensions), None)


def _is_mp3(head: bytes) -> bool:
    is_frame = len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2
    return head.startswith(b"ID3") or is_frame


SIGNATURES: tuple[tuple[Callable[[bytes], bool], Kind], ...] = (
    (lambda head: head.startswith(b"%PDF-"), kinds.PDF),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), kinds.PNG),
    (lambda head: head.startswith(b"\xff\xd8\xff"), kinds.JPEG),
    (lambda head: head.startswith(b"RIFF") and head[8:12] == b"WAVE", kinds.WAV),
    (_is_mp3, kinds.MP3),
)


def _mismatch(file: BinaryIO, name: str, kind: Kind | None, taken: Sequence[Kind]) -> str:
    if kind is not None:
        return kinds.sentence(taken)
    file.seek(0)
    seems = _seems(file.read(HEAD))
    return (
        f"Its content is not what its name says (.{ending_of(name)}){seems}."
        f" Save it again in the right format. {kinds.sentence(taken)}"
    )


def _seems(head: bytes) -> str:
    """Return what the bytes look like, in words, where we or puremagic know."""
    ours = next((kind for looks, kind in SIGNATURES if looks(head)), None)
    if ours is not None:
        return f": it looks like .{ours.extensions[0]}"
    try:
        ending = puremagic.from_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return f": it looks like {ending}" if re.fullmatch(r"\.\w{1,8}", ending) else ""


def _mentions_lock(file: BinaryIO) -> bool:
    try:
        return _holds(file, LOCK)
    finally:
        file.seek(0)


def _holds(file: BinaryIO, wanted: bytes | re.Pattern[bytes]) -> bool:
    pattern = re.compile(re.escape(wanted)) if isinstance(wanted, bytes) else wanted
    file.seek(0)
    kept = b""
    while chunk := file.read(CHUNK):
        if pattern.search(kept + chunk):
            return True
        kept = chunk[-64:]
    return False
