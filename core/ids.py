"""Identifiers: 128 random bits, no time in them, safe in an address and easy to select."""

import base64
import secrets

ID_LENGTH = 26


def new_id() -> str:
    """Return 128 random bits as 26 characters of lower-case base32 (RFC 4648, no padding)."""
    return _base32(16)


def new_token() -> str:
    """Return 256 random bits as 52 characters, for a secret that travels in a link or cookie."""
    return _base32(32)


def _base32(size: int) -> str:
    return base64.b32encode(secrets.token_bytes(size)).decode("ascii").rstrip("=").lower()
