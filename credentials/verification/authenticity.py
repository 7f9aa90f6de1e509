"""Who signed, and with a key that the issuer really publishes for that purpose?

The key in a proof proves nothing by itself: anybody can name an issuer and sign with a key of
their own. It counts only if the issuer's own document lists it for making statements.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import AssayError, Invalid
from credentials.issuing.multikey import decode_public_key, did_key_document
from credentials.issuing.proof import (
    PROOF_TYPE,
    PURPOSE,
    SUITES,
    is_signed,
    issuer_id,
    signing_input,
)
from credentials.verification.findings import Finding, failed, passed, unsure
from credentials.verification.shape import listed, moment

# Real kinds of signature that are not checked here: not wrong, but not proven either.
OTHER_SUITES = frozenset(
    {
        "bbs-2023",
        "ecdsa-jcs-2019",
        "ecdsa-rdfc-2019",
        "ecdsa-sd-2023",
        "eddsa-jcs-2022",
    }
)
OTHER_TYPES = frozenset({"Ed25519Signature2018", "Ed25519Signature2020", "RsaSignature2018"})

Resolve = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Claimed:
    """What a document says about its signing: by whom, with which key, how."""

    issuer: str
    proof: Mapping[str, Any]


def claimed(document: Mapping[str, Any]) -> Claimed | Finding:
    """Return the one proof and the issuer it speaks for, or why it cannot be a proof of it."""
    proofs = [proof for proof in listed(document.get("proof")) if isinstance(proof, Mapping)]
    if not proofs:
        return failed("It is not signed.")
    if len(proofs) > 1:
        return unsure(f"It carries {len(proofs)} signatures; we check badges with exactly one.")
    proof = proofs[0]
    try:
        issuer = issuer_id(document)
    except Invalid as error:
        return failed(error.reason)
    fault = _fault_in_kind(proof) or _fault_in_claim(document, proof, issuer)
    return fault or Claimed(issuer, proof)


def issuer_key(claim: Claimed, resolve: Resolve) -> str | Finding:
    """Return the Multikey text of the claimed key, if the issuer's document vouches for it."""
    document = _issuer_document(claim.issuer, resolve)
    if document is None or not document.get("verificationMethod"):
        return unsure(
            f"The keys of {claim.issuer} could not be obtained, so it is open who signed this."
        )
    name = claim.proof["verificationMethod"]
    methods = [m for m in listed(document["verificationMethod"]) if isinstance(m, Mapping)]
    method = next((m for m in methods if _full(m.get("id"), claim.issuer) == name), None)
    if document.get("id") != claim.issuer or method is None:
        return failed("The issuer does not publish the key that signed this.")
    return _usable(method, document, claim)


def signature(claim: Claimed, key: str, texts: tuple[str, ...]) -> Finding:
    """Return whether the key signed these canonical texts: of the document, of the options."""
    canonical_document, canonical_options = texts
    message = signing_input(canonical_options, canonical_document)
    value = claim.proof.get("proofValue")
    if isinstance(value, str) and is_signed(message, value, key):
        return passed("Nothing was changed since the issuer signed it.")
    return failed("The signature does not fit: it was changed after signing, or never signed.")


def _fault_in_kind(proof: Mapping[str, Any]) -> Finding | None:
    kind, suite = str(proof.get("type")), str(proof.get("cryptosuite"))
    if kind in OTHER_TYPES or (kind == PROOF_TYPE and suite in OTHER_SUITES):
        return unsure("It is signed in a way that we do not check.")
    if kind != PROOF_TYPE or suite not in SUITES:
        return failed("It names no kind of signature that exists for badges.")
    return None


def _fault_in_claim(
    document: Mapping[str, Any], proof: Mapping[str, Any], issuer: str
) -> Finding | None:
    if proof.get("proofPurpose") != PURPOSE:
        return failed("The signature was not made for stating something.")
    if proof.get("@context", document["@context"]) != document["@context"]:
        return failed("The signature reads with other vocabularies than the badge.")
    if moment(proof.get("created")) is None:
        return failed("The signature does not say when it was made.")
    if "expires" in proof and moment(proof["expires"]) is None:
        return failed("The signature has an end that is not a date.")
    controller, mark, key = str(proof.get("verificationMethod")).partition("#")
    if controller != issuer or not mark or not key:
        return failed("The key that signed this does not belong to the issuer it names.")
    return None


def _issuer_document(issuer: str, resolve: Resolve) -> Mapping[str, Any] | None:
    try:
        if issuer.startswith("did:key:"):
            return did_key_document(issuer)
        document = resolve(issuer)
    except (AssayError, OSError, ValueError):
        return None
    return document if isinstance(document, Mapping) else None


def _usable(
    method: Mapping[str, Any], document: Mapping[str, Any], claim: Claimed
) -> str | Finding:
    name = claim.proof["verificationMethod"]
    allowed = [a.get("id") if isinstance(a, Mapping) else a for a in _assertions(document)]
    if method.get("controller") != claim.issuer:
        return failed("The key that signed this is controlled by somebody else.")
    if name not in [_full(a, claim.issuer) for a in allowed]:
        return failed("The issuer does not allow this key to sign badges.")
    if _ended_before(method, moment(claim.proof["created"])):
        return failed("The issuer had withdrawn this key before the signature was made.")
    key = method.get("publicKeyMultibase")
    try:
        decode_public_key(str(key))
    except Invalid:
        return unsure("The issuer uses a kind of key that we do not check.")
    return str(key)


def _assertions(document: Mapping[str, Any]) -> list[Any]:
    return listed(document.get("assertionMethod"))


def _full(name: object, issuer: str) -> str:
    text = str(name)
    return issuer + text if text.startswith("#") else text


def _ended_before(method: Mapping[str, Any], made: datetime | None) -> bool:
    """Return whether the key was over when it signed; an end that is no date counts as over."""
    for name in ("revoked", "expires"):
        if name in method:
            end = moment(method[name])
            if end is None or made is None or made >= end:
                return True
    return False
