"""Looking into a ZIP container, which office files are, without trusting what it says of itself.

The directory's size is read before anything parses it, nothing is unpacked but the list of
content types, and that within a limit.
"""

import struct
import zipfile
import zlib
from typing import BinaryIO

from core.errors import Invalid

MIB = 1024 * 1024
MOST_ENTRIES = 5_000
LARGEST_DIRECTORY = 2 * MIB
LARGEST_UNPACKED = 1024 * MIB
SUSPECT_UNPACKED = 64 * MIB
SUSPECT_RATIO = 50
TYPES_LIMIT = MIB
TYPES = "[Content_Types].xml"
END, END_SIZE = b"PK\x05\x06", 22
LOCATOR, LOCATOR_SIZE = b"PK\x06\x07", 20
END_64, END_64_SIZE = b"PK\x06\x06", 56
LONGEST_COMMENT = 65_535
UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)


def content_types(file: BinaryIO, size: int) -> bytes:
    """Return an office file's list of content types, or nothing for another container.

    Raises Invalid for a container that is damaged, locked, or would unpack to far too much.
    """
    archive = open_guarded(file, size)
    try:
        with archive, archive.open(TYPES) as types:
            return types.read(TYPES_LIMIT)
    except KeyError:
        return b""
    except (*UNREADABLE, ValueError) as error:
        raise Invalid("It is damaged and cannot be opened.") from error


def open_guarded(file: BinaryIO, size: int) -> zipfile.ZipFile:
    """Return the container, its directory within our limits; raise Invalid when it is not."""
    _check_directory(file, size)
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (*UNREADABLE, ValueError) as error:
        raise Invalid("It is damaged and cannot be opened.") from error
    _check_entries(archive.infolist(), size)
    return archive


def _check_directory(file: BinaryIO, size: int) -> None:
    tail_start = max(size - END_SIZE - LONGEST_COMMENT - LOCATOR_SIZE - END_64_SIZE, 0)
    file.seek(tail_start)
    tail = file.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_SIZE:
        raise Invalid("It is damaged and cannot be opened.")
    entries, length = struct.unpack("<HL", tail[place + 10 : place + 16])
    locator = place - LOCATOR_SIZE
    if locator >= END_64_SIZE and tail[locator : locator + 4] == LOCATOR:
        end_64 = tail[locator - END_64_SIZE : locator]
        if end_64.startswith(END_64):
            entries, length = struct.unpack("<QQ", end_64[32:48])
    if entries > MOST_ENTRIES or length > LARGEST_DIRECTORY:
        raise Invalid(f"It holds more than {MOST_ENTRIES:,} parts.")


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise Invalid(f"It holds more than {MOST_ENTRIES:,} parts.")
    if packed > size:
        raise Invalid("Its parts overlap, so it cannot be trusted.")
    if unpacked > LARGEST_UNPACKED or (
        unpacked > SUSPECT_UNPACKED and unpacked > SUSPECT_RATIO * size
    ):
        raise Invalid("Unpacked, it would be far larger than a file of this kind ever is.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Invalid("It is locked with a password. Save a copy without one and upload that.")
