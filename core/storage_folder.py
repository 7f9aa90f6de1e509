"""The store in a local folder: written aside, synced, then renamed to the name of its content.

A crash at any moment leaves the whole blob or none, and at worst a piece under `unfinished`.
Files can be read by their owner alone.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from core.errors import Unavailable
from core.stored import CHUNK, Damaged, Entry, Stored, checked, too_large

UNFINISHED = "unfinished"


class FolderStore:
    """A store whose blobs are files `ab/cd/abcd…` below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._unfinished = self.root / UNFINISHED

    def put(self, source: BinaryIO | bytes, *, limit: int | None = None) -> Stored:
        """Keep the bytes for good; what is there already is written again, the same."""
        stream = BytesIO(source) if isinstance(source, bytes) else source
        try:
            self._unfinished.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(dir=self._unfinished)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    stored = copy(stream, file, limit=limit)
                    file.flush()
                    os.fsync(file.fileno())
                self._place(Path(name), stored.sha256)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise _unavailable() from error
        return stored

    def _place(self, made: Path, sha256: str) -> None:
        """Give a finished file its name, so that it is there after a power cut too."""
        final = self._path(sha256)
        for folder in (self.root / sha256[:2], final.parent):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                _sync_folder(folder.parent)
        made.replace(final)
        _sync_folder(final.parent)

    def open(self, sha256: str) -> BinaryIO:
        """Return the blob's file, opened for reading."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise Damaged(sha256) from None
        except OSError as error:
            raise _unavailable() from error

    def read(self, sha256: str) -> bytes:
        """Return the blob, its SHA-256 checked."""
        with self.open(sha256) as file:
            try:
                content = file.read()
            except OSError as error:
                raise _unavailable() from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Damaged(sha256)
        return content

    def read_range(self, sha256: str, start: int, length: int) -> bytes:
        """Return a part of the blob."""
        with self.open(sha256) as file:
            try:
                file.seek(start)
                return file.read(length)
            except OSError as error:
                raise _unavailable() from error

    def size(self, sha256: str) -> int | None:
        """Return the blob's length, or None."""
        found = self._stat(sha256)
        return found and found.st_size

    def modified_at(self, sha256: str) -> datetime | None:
        """Return when the blob was last put, or None."""
        found = self._stat(sha256)
        return found and datetime.fromtimestamp(found.st_mtime, UTC)

    def _stat(self, sha256: str) -> os.stat_result | None:
        try:
            return self._path(sha256).stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable() from error

    def delete(self, sha256: str) -> None:
        """Remove the blob's file."""
        try:
            self._path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise _unavailable() from error

    def listing(self) -> Iterator[Entry]:
        """Yield every blob, one folder after the other."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                try:
                    found = path.stat()
                except FileNotFoundError:
                    continue
                modified_at = datetime.fromtimestamp(found.st_mtime, UTC)
                yield Entry(path.name, found.st_size, modified_at)

    def discard_unfinished(self, before: datetime) -> int:
        """Remove what an interrupted `put` left behind."""
        count = 0
        for path in self._unfinished.glob("*"):
            try:
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    count += 1
            except FileNotFoundError:
                continue
        return count

    def ping(self) -> None:
        """Write, read and remove a probe."""
        try:
            self._unfinished.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=self._unfinished) as file:
                file.write(b"probe")
                file.seek(0)
                if file.read() != b"probe":
                    raise _unavailable()
        except OSError as error:
            raise _unavailable() from error

    def _path(self, sha256: str) -> Path:
        name = checked(sha256)
        return self.root / name[:2] / name[2:4] / name


def copy(source: BinaryIO, target: BinaryIO, *, limit: int | None) -> Stored:
    """Copy a stream to its end and say what it was; raise Invalid as soon as it is too long."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if limit is not None and size > limit:
            raise too_large(limit)
        digest.update(chunk)
        target.write(chunk)
    return Stored(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unavailable() -> Unavailable:
    return Unavailable("Files cannot be stored or read just now. Nothing was changed; try again.")
