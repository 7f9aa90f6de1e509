"""Names for Ed25519 keys and for the issuers that hold them.

A public key travels as a Multikey (W3C Controlled Identifiers 1.0, 2.2.2): multibase base58btc
of the two bytes 0xed01 and the 32 bytes of the key. An issuer is a did:web identifier, which is
its web address in other letters, and a DID document that lists its keys; did:key names a key
by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from core.errors import Invalid

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
ED25519_PUBLIC = b"\xed\x01"
PUBLIC_KEY_BYTES = 32
LONGEST_BASE58 = 256
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
DID_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")


@dataclass(frozen=True)
class PublishedKey:
    """The public half of an issuer's key; a compromised one is no longer published."""

    public_multibase: str
    compromised_at: datetime | None = None


def base58_encode(content: bytes) -> str:
    """Return base58btc text; each leading zero byte becomes a leading `1`."""
    number = int.from_bytes(content, "big")
    letters = []
    while number:
        number, digit = divmod(number, 58)
        letters.append(ALPHABET[digit])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def base58_decode(text: str) -> bytes:
    """Return the bytes of base58btc text; raise Invalid on a foreign letter or over-long text."""
    if len(text) > LONGEST_BASE58:
        raise Invalid("The base58 text is too long.")
    number = 0
    for letter in text:
        if letter not in VALUES:
            raise Invalid("The text has a letter that base58 does not use.")
        number = number * 58 + VALUES[letter]
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode_public_key(raw: bytes) -> str:
    """Return the Multikey text (`z6Mk…`) of 32 raw Ed25519 public bytes."""
    if len(raw) != PUBLIC_KEY_BYTES:
        raise Invalid("An Ed25519 public key has 32 bytes.")
    return "z" + base58_encode(ED25519_PUBLIC + raw)


def decode_public_key(multibase: str) -> bytes:
    """Return the 32 raw bytes of a `z6Mk…` Multikey; raise Invalid for any other kind of key."""
    if not multibase.startswith("z"):
        raise Invalid("The key is not in base58btc multibase.")
    content = base58_decode(multibase[1:])
    if content[:2] != ED25519_PUBLIC or len(content) != len(ED25519_PUBLIC) + PUBLIC_KEY_BYTES:
        raise Invalid("The key is not an Ed25519 public key.")
    return content[2:]


def did_web(base_url: str, *path: str) -> str:
    """Return the did:web of a site, or of a path below it; a port is written `%3A`.

    `did_web("http://127.0.0.1:8000")` is `did:web:127.0.0.1%3A8000` (did:web method, 3.1).
    """
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        raise Invalid("The base address must be http or https, with a host and nothing secret.")
    folders = [folder for folder in parts.path.split("/") if folder]
    names = [parts.netloc.lower(), *folders, *path]
    return "did:web:" + ":".join(quote(name, safe="-._~") for name in names)


def did_document_url(did: str) -> str:
    """Return the address of a did:web document: https, or http for a host on this machine."""
    if not did.startswith("did:web:"):
        raise Invalid("Only did:web identifiers have a document on the web.")
    host, *path = [unquote(part) for part in did.removeprefix("did:web:").split(":")]
    if not host or any(letter in host for letter in "/@?#\\"):
        raise Invalid("The did:web identifier does not name a host.")
    scheme = "http" if host.rpartition(":")[0] in LOCAL_HOSTS or host in LOCAL_HOSTS else "https"
    folder = "/".join(quote(part, safe="-._~") for part in path) or ".well-known"
    return f"{scheme}://{host}/{folder}/did.json"


def verification_method(issuer_id: str, public_multibase: str) -> str:
    """Return the identifier of a key: the issuer, `#`, and the key itself."""
    return f"{issuer_id}#{public_multibase}"


def did_document(did: str, keys: Iterable[PublishedKey]) -> dict[str, Any]:
    """Return the DID document of an issuer.

    Retired keys stay, so that what they signed can still be checked; a compromised key leaves,
    and with it the worth of everything it signed.
    """
    trusted = [key.public_multibase for key in keys if key.compromised_at is None]
    return {
        "@context": list(DID_CONTEXTS),
        "id": did,
        "verificationMethod": [_method(did, key) for key in trusted],
        "assertionMethod": [verification_method(did, key) for key in trusted],
    }


def did_key_document(did: str) -> dict[str, Any]:
    """Return the document that a did:key stands for; raise Invalid if it holds no Ed25519 key."""
    key = did.removeprefix("did:key:")
    decode_public_key(key)
    return did_document(did, [PublishedKey(key)])


def _method(did: str, public_multibase: str) -> Mapping[str, str]:
    return {
        "id": verification_method(did, public_multibase),
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": public_multibase,
    }
