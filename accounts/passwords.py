"""Passwords: Argon2id as OWASP advises, any characters, none of the ones everybody guesses."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Invalid

SHORTEST = 10
LONGEST = 1_000
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
COMMON = Path(__file__).with_name("common_passwords.txt")
LADDERS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm")
FEW = 4


def check(password: str, *, known: tuple[str, ...] = ()) -> None:
    """Raise Invalid with the reason when a password is too weak; `known` are name and address."""
    reason = weakness(password, known=known)
    if reason is not None:
        raise Invalid(reason, "password")


def weakness(password: str, *, known: tuple[str, ...] = ()) -> str | None:
    """Return why a password is too weak, or None."""
    folded = _normal(password).casefold()
    if len(folded) < SHORTEST:
        return f"Use at least {SHORTEST} characters; a few words in a row work well."
    if len(folded) > LONGEST:
        return f"Use at most {LONGEST:,} characters."
    if len(set(folded)) < FEW or _is_ladder(folded):
        return "This is a run of keys that is guessed first. Use a few words in a row."
    if folded in _common() or folded.rstrip("0123456789!.?") in _common():
        return "This password is on every list of common ones. Use a few words in a row."
    if any(len(part) >= FEW and part in folded for part in _parts(known)) or "assay" in folded:
        return "Leave your name, your address and ours out of the password."
    return None


def make_hash(password: str) -> str:
    """Return the Argon2id hash of a password, with its own salt and parameters."""
    return HASHER.hash(_normal(password))


def is_right(stored: str | None, password: str) -> bool:
    """Whether a password matches; without a stored hash the same work is done for nothing."""
    try:
        HASHER.verify(stored or _decoy(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _is_ladder(folded: str) -> bool:
    return any(folded in ladder or folded in ladder[::-1] for ladder in LADDERS)


def _parts(known: tuple[str, ...]) -> set[str]:
    joined = " ".join(known).casefold().replace("@", " ").replace(".", " ")
    return set(joined.split())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def _decoy() -> str:
    return HASHER.hash("nobody has this password")
