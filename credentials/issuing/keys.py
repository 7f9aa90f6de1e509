"""Private keys in files, outside the database and outside every log.

One key is one file, `<public key>.pem`, PKCS #8 in PEM, readable by its owner alone, encrypted
when a passphrase is given. A file that others could read, that belongs to somebody else, that
the passphrase does not open or that holds another key than its name says stops the start with
words that say what to do.
"""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from core.errors import AssayError
from core.ids import new_id
from credentials.issuing.multikey import encode_public_key

FILE_MODE = 0o600
FOLDER_MODE = 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO
SUFFIX = ".pem"
LARGEST_FILE = 10_000


class KeyFileError(AssayError):
    """A private key file cannot be trusted or opened; the reason says what to do about it."""


@dataclass(frozen=True)
class SigningKey:
    """A private key in memory; its printed form shows the public half only."""

    public_multibase: str
    private: Ed25519PrivateKey = field(repr=False, compare=False)

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the Ed25519 signature of a message."""
        return self.private.sign(message)


def generate(folder: Path, *, passphrase: str | None = None) -> SigningKey:
    """Make a new key, write its file, and return the key once the file is safely on disk."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    _require_private_folder(folder)
    key = _signing_key(Ed25519PrivateKey.generate())
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption(passphrase))
    _write(_path(folder, key.public_multibase), pem)
    return key


def load(folder: Path, public_multibase: str, *, passphrase: str | None = None) -> SigningKey:
    """Return the private key of a public one; raise KeyFileError if it is not fit for use."""
    path = _path(folder, public_multibase)
    _require_private_folder(folder)
    key = _signing_key(_open(path, _read(path), passphrase))
    if key.public_multibase != public_multibase:
        raise KeyFileError(f"{path} holds another key than its name says. Put the right one back.")
    return key


def load_all(folder: Path, *, passphrase: str | None = None) -> dict[str, SigningKey]:
    """Return every key in the folder by its public half; an empty or missing folder has none."""
    names = sorted(path.stem for path in folder.glob(f"*{SUFFIX}"))
    return {name: load(folder, name, passphrase=passphrase) for name in names}


def _signing_key(private: Ed25519PrivateKey) -> SigningKey:
    return SigningKey(encode_public_key(private.public_key().public_bytes_raw()), private)


def _path(folder: Path, public_multibase: str) -> Path:
    if not (public_multibase.isascii() and public_multibase.isalnum()):
        raise KeyFileError("A key is named by its public half, which is letters and digits only.")
    return folder / f"{public_multibase}{SUFFIX}"


def _encryption(passphrase: str | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()


def _write(path: Path, pem: bytes) -> None:
    """Write beside the final name, reach the disk, then take the name; never overwrite."""
    draft = path.with_name(f".{new_id()}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), FILE_MODE)
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> bytes:
    """Return the file's bytes, after looking at the opened file itself and not at its name."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be opened: {error.strerror}.") from error
    with os.fdopen(descriptor, "rb") as stream:
        about = os.fstat(stream.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_mode & OTHERS:
            raise KeyFileError(f"{path} is open to others. Run: chmod 600 {path}")
        if about.st_uid != os.geteuid():
            raise KeyFileError(f"{path} belongs to another user. Give it to the one that runs us.")
        return stream.read(LARGEST_FILE)


def _open(path: Path, pem: bytes, passphrase: str | None) -> Ed25519PrivateKey:
    # The library's own words are not passed on: they may quote what was in the file.
    try:
        private = load_pem_private_key(pem, passphrase.encode() if passphrase else None)
    except TypeError:
        wanted = "is not encrypted, but a" if passphrase else "is encrypted, but no"
        raise KeyFileError(f"{path} {wanted} passphrase is set. Correct one of the two.") from None
    except (ValueError, UnsupportedAlgorithm):
        cause = "the passphrase is wrong or " if passphrase else ""
        raise KeyFileError(f"{path} cannot be opened: {cause}the file is damaged.") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFileError(f"{path} holds a key of another kind than Ed25519.")
    return private


def _require_private_folder(folder: Path) -> None:
    try:
        mode = folder.stat().st_mode
    except OSError as error:
        raise KeyFileError(f"The key folder {folder} cannot be read: {error.strerror}.") from error
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise KeyFileError(f"Others may write to {folder}. Run: chmod 700 {folder}")
