"""Status lists: one signed bit per credential says whether it still stands.

W3C Bitstring Status List 1.0. A list has at least 131,072 places so that asking for it tells
nobody which credential is meant; bit 0 is the leftmost; places are given out at random. All
functions take and return plain bytes, and equal bits give equal documents.
"""

import base64
import gzip
import zlib
from binascii import Error as BadBase64
from datetime import datetime, timedelta
from typing import Any

from core.clock import iso_seconds
from core.errors import Invalid

SMALLEST_LIST = 131_072
LARGEST_LIST_BYTES = 2 * 1024 * 1024
VOCABULARY = "https://www.w3.org/ns/credentials/v2"
LIST_TYPE = "BitstringStatusListCredential"
ENTRY_TYPE = "BitstringStatusListEntry"
PURPOSES = ("revocation", "suspension")


def empty_list(size: int = SMALLEST_LIST) -> bytes:
    """Return a list of `size` places, all clear; `size` is a multiple of 8."""
    if size < SMALLEST_LIST or size % 8:
        raise Invalid(f"A status list has at least {SMALLEST_LIST} places, in whole bytes.")
    return bytes(size // 8)


def is_set(bits: bytes, index: int) -> bool:
    """Return the bit at a place; raise Invalid when the list has no such place."""
    byte, mask = _place(bits, index)
    return bool(bits[byte] & mask)


def with_bit(bits: bytes, index: int, *, on: bool) -> bytes:
    """Return the list with one bit set or cleared."""
    byte, mask = _place(bits, index)
    changed = bytearray(bits)
    changed[byte] = changed[byte] | mask if on else changed[byte] & ~mask
    return bytes(changed)


def encode(bits: bytes) -> str:
    """Return the list as multibase text: `u` and base64url of the gzipped bits."""
    packed = gzip.compress(bits, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def decode(encoded: str) -> bytes:
    """Return the bits of an encoded list; raise Invalid if malformed, too small or a bomb."""
    if not encoded.startswith("u"):
        raise Invalid("The status list is not in base64url multibase.")
    text = encoded[1:].rstrip("=")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        bits = _gunzip(packed)
    except (BadBase64, ValueError, zlib.error) as error:
        raise Invalid("The status list cannot be unpacked.") from error
    if len(bits) * 8 < SMALLEST_LIST:
        raise Invalid(f"The status list has fewer than {SMALLEST_LIST} places.")
    return bits


def list_credential(
    *, list_url: str, issuer_id: str, bits: bytes, purpose: str, at: datetime, valid_for: timedelta
) -> dict[str, Any]:
    """Return the unsigned status list credential, good from `at` for `valid_for`."""
    if purpose not in PURPOSES:
        raise Invalid("A status list is for revocation or for suspension.")
    return {
        "@context": [VOCABULARY],
        "id": list_url,
        "type": ["VerifiableCredential", LIST_TYPE],
        "issuer": issuer_id,
        "validFrom": iso_seconds(at),
        "validUntil": iso_seconds(at + valid_for),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode(bits),
        },
    }


def _place(bits: bytes, index: int) -> tuple[int, int]:
    if not 0 <= index < len(bits) * 8:
        raise Invalid("The status list has no such place.")
    return index // 8, 0x80 >> (index % 8)


def _gunzip(packed: bytes) -> bytes:
    """Unpack one gzip stream, and stop before a small text becomes a large memory."""
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    bits = stream.decompress(packed, LARGEST_LIST_BYTES)
    if not stream.eof or stream.unused_data:
        raise Invalid("The status list is too large or is cut off.")
    return bits
