"""Signatures, byte for byte as in the published vectors."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credentials.issuing.jsonld import Unsignable, canonicalise
from credentials.issuing.keys import SigningKey
from credentials.issuing.multikey import base58_decode, base58_encode, encode_public_key
from credentials.issuing.proof import (
    add_proof,
    is_signed,
    options_document,
    signing_input,
    without_proof,
)
from tests.credentials.samples import AT, DID, KEY, OTHER_KEY, VECTORS, signed, unsigned

# The private key that 1EdTech prints beside its test vector; it protects nothing.
PUBLISHED_SEED = "6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4"
EXAMPLES = {"@vocab": "https://www.w3.org/ns/credentials/examples#"}


def vector(name):
    return (VECTORS / name).read_text("utf-8")


def published_key():
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(PUBLISHED_SEED))
    return SigningKey(encode_public_key(private.public_key().public_bytes_raw()), private)


def test_signing_reproduces_the_published_open_badge_byte_for_byte():
    published = json.loads(vector("ob3_signed.json"))

    made = add_proof(
        without_proof(published), published_key(), at=datetime(2010, 1, 1, 19, 23, 24, tzinfo=UTC)
    )

    assert made == {**published, "proof": [published["proof"]]}


def test_the_proof_options_have_the_published_canonical_text():
    published = json.loads(vector("ob3_signed.json"))

    text = canonicalise(options_document(published, published["proof"]))

    assert text == vector("ob3_proof_canon.txt")


def test_the_w3c_vector_has_the_published_hashes_and_signature():
    published = json.loads(vector("w3c_eddsa-rdfc-2022_signedDataInt.json"))
    published["@context"] = [published["@context"][0], EXAMPLES]
    key = json.loads(vector("w3c_keyPair.json"))["publicKeyMultibase"]

    document = canonicalise(without_proof(published))
    options = canonicalise(options_document(published, published["proof"]))

    assert options == vector("w3c_proofCanonDataInt.txt")
    assert hashlib.sha256(document.encode()).hexdigest() == vector("w3c_docHashDataInt.txt")
    assert hashlib.sha256(options.encode()).hexdigest() == vector("w3c_proofHashDataInt.txt")
    assert is_signed(signing_input(options, document), published["proof"]["proofValue"], key)


def test_signing_leaves_the_document_as_it_was_and_adds_one_proof_in_a_list():
    document = unsigned()

    made = add_proof(document, KEY, at=AT)

    assert without_proof(made) == document == unsigned()
    assert [{**proof, "proofValue": "…"} for proof in made["proof"]] == [
        {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "created": "2026-11-02T09:30:00Z",
            "verificationMethod": f"{DID}#{KEY.public_multibase}",
            "proofPurpose": "assertionMethod",
            "proofValue": "…",
        }
    ]


def test_what_the_signature_would_not_cover_is_not_signed():
    document = {**unsigned(), "honours": "highest"}

    with pytest.raises(Unsignable) as refusal:
        add_proof(document, KEY, at=AT)

    assert "'honours'" in refusal.value.reason


def test_a_signed_document_is_not_signed_again():
    with pytest.raises(Unsignable):
        add_proof(signed(), KEY, at=AT)


def test_a_signature_holds_for_its_own_key_and_message_only():
    message = b"m" * 64
    value = "z" + base58_encode(KEY.sign(message))

    assert is_signed(message, value, KEY.public_multibase)
    assert not is_signed(message, value, OTHER_KEY.public_multibase)
    assert not is_signed(b"n" * 64, value, KEY.public_multibase)


def test_a_signature_in_another_spelling_does_not_hold():
    message = b"m" * 64
    raw = KEY.sign(message)
    group_order = 2**252 + 27742317777372353535851937790883648493
    shifted = (int.from_bytes(raw[32:], "little") + group_order).to_bytes(32, "little")
    spellings = [
        "u" + base58_encode(raw),
        "z1" + base58_encode(raw),
        "z" + base58_encode(raw + b"\0"),
        "z" + base58_encode(raw[:32] + shifted),
        " z" + base58_encode(raw),
        "z" + base58_encode(raw) + "\n",
        "z",
        "",
    ]

    held = [
        spelling for spelling in spellings if is_signed(message, spelling, KEY.public_multibase)
    ]

    assert base58_decode(base58_encode(raw)) == raw
    assert held == []
