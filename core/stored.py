"""What a store of files promises, whichever kind it is: content found by its SHA-256."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from core.errors import Invalid, Unavailable

CHUNK = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """What was written: its SHA-256 as 64 hexadecimal digits, and its length in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Entry:
    """One blob that lies in the store, and when it was last written."""

    sha256: str
    size: int
    modified_at: datetime


class Damaged(Unavailable):
    """A blob is missing, short or changed; whoever runs the installation must restore it."""

    def __init__(self, sha256: str) -> None:
        super().__init__("This file cannot be read just now. Whoever runs Assay can see why.")
        self.sha256 = sha256


class Store(Protocol):
    """A content-addressed store. A blob is whole or absent, and never changes."""

    def put(self, source: BinaryIO | bytes, *, limit: int | None = None) -> Stored:
        """Keep the bytes for good and say what they are; raise Invalid past `limit` bytes."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """Return the blob for reading from its start; raise Damaged when it is not there."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return the blob, its SHA-256 checked; raise Damaged when it does not hold."""
        ...

    def read_range(self, sha256: str, start: int, length: int) -> bytes:
        """Return `length` bytes from `start`, or fewer where the blob ends before."""
        ...

    def size(self, sha256: str) -> int | None:
        """Return the blob's length in bytes, or None when it is not there."""
        ...

    def modified_at(self, sha256: str) -> datetime | None:
        """Return when the blob was last put, or None when it is not there."""
        ...

    def delete(self, sha256: str) -> None:
        """Remove the blob; one that is not there stays so."""
        ...

    def listing(self) -> Iterator[Entry]:
        """Yield every blob, in no order that means anything."""
        ...

    def discard_unfinished(self, before: datetime) -> int:
        """Remove what an interrupted `put` left behind before then; return how many pieces."""
        ...

    def ping(self) -> None:
        """Write, read and remove a probe; raise Unavailable when the store does not answer."""
        ...


def checked(sha256: str) -> str:
    """Return the digest, or raise Damaged for anything that is not one: no path gets through."""
    if not SHA256.fullmatch(sha256):
        raise Damaged(sha256)
    return sha256


def too_large(limit: int) -> Invalid:
    """Return the refusal of a file that goes past `limit` bytes."""
    return Invalid(f"This file is larger than {limit / (1024 * 1024):g} MB.", "file")
