"""Data Integrity proofs with the suite eddsa-rdfc-2022 (W3C Data Integrity EdDSA 1.0, 3.2).

What is signed is the SHA-256 of the canonical proof options followed by the SHA-256 of the
canonical document without its proof. The key's identifier is the issuer, `#`, and the key, so
that a checker can tell who controls it without asking anybody.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.clock import iso_seconds
from core.errors import Invalid
from credentials.issuing.jsonld import Unsignable, canonicalise
from credentials.issuing.multikey import (
    base58_decode,
    base58_encode,
    decode_public_key,
    verification_method,
)
from credentials.issuing.signable import objection_to

SUITE = "eddsa-rdfc-2022"
# The same computation under the name it had in the drafts; accepted, never written.
SUITES = frozenset({SUITE, "eddsa-2022"})
PROOF_TYPE = "DataIntegrityProof"
PURPOSE = "assertionMethod"
SIGNATURE_BYTES = 64


class Signer(Protocol):
    """Whoever can sign with an Ed25519 key: a key file, or a vault that keeps the key."""

    @property
    def public_multibase(self) -> str:
        """The public key as Multikey text."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""


def add_proof(document: Mapping[str, Any], signer: Signer, *, at: datetime) -> dict[str, Any]:
    """Return the document with a proof made at `at`; raise Unsignable if it would not cover all.

    The proof is a list of one, as the strict Open Badges schema wants it.
    """
    if "proof" in document:
        raise Unsignable("The document already has a proof.")
    options = {
        "type": PROOF_TYPE,
        "cryptosuite": SUITE,
        "created": iso_seconds(at),
        "verificationMethod": verification_method(issuer_id(document), signer.public_multibase),
        "proofPurpose": PURPOSE,
    }
    for part in (document, options_document(document, options)):
        objection = objection_to(part)
        if objection:
            raise Unsignable(objection)
    message = signing_input(
        canonicalise(options_document(document, options)), canonicalise(document)
    )
    value = "z" + base58_encode(signer.sign(message))
    return {**document, "proof": [{**options, "proofValue": value}]}


def issuer_id(document: Mapping[str, Any]) -> str:
    """Return the issuer's identifier, which may stand alone or inside a profile."""
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    if not isinstance(name, str) or not name:
        raise Invalid("The document names no issuer.")
    return name


def without_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document as it was before it was signed."""
    return {name: value for name, value in document.items() if name != "proof"}


def options_document(document: Mapping[str, Any], proof: Mapping[str, Any]) -> dict[str, Any]:
    """Return the proof without its value, read with the vocabularies of its document."""
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return {**options, "@context": document["@context"]}


def signing_input(canonical_options: str, canonical_document: str) -> bytes:
    """Return the 64 bytes that are signed."""
    return _sha256(canonical_options) + _sha256(canonical_document)


def is_signed(message: bytes, proof_value: str, public_multibase: str) -> bool:
    """Return whether `proof_value` is this key's signature of the message; raise nothing."""
    try:
        if not proof_value.startswith("z"):
            return False
        signature = base58_decode(proof_value[1:])
        key = Ed25519PublicKey.from_public_bytes(decode_public_key(public_multibase))
        key.verify(signature, message)
    except (Invalid, InvalidSignature, ValueError):
        return False
    return len(signature) == SIGNATURE_BYTES


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()
