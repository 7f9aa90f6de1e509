"""Names for keys and issuers, there and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from credentials.issuing.multikey import (
    PublishedKey,
    base58_decode,
    base58_encode,
    decode_public_key,
    did_document,
    did_document_url,
    did_key_document,
    did_web,
    encode_public_key,
)
from tests.credentials.samples import AT, VECTORS

PUBLISHED = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
PUBLISHED_HEX = "4bdeafde2ea8beefadd8c699b5c7e0704cf51154d52e17b20b71337ca04cc5a5"


@given(st.binary(max_size=100))
def test_base58_gives_back_what_it_was_given(content):
    assert base58_decode(base58_encode(content)) == content


def test_base58_of_known_bytes():
    assert base58_encode(b"Hello World!") == "2NEpo7TZRRrLZSi2U"
    assert base58_encode(b"\0\0\x28\x7f\xb4\xcd") == "11233QC4"


def test_a_public_key_has_its_published_multikey_text():
    assert encode_public_key(bytes.fromhex(PUBLISHED_HEX)) == PUBLISHED
    assert decode_public_key(PUBLISHED) == bytes.fromhex(PUBLISHED_HEX)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("u6MkjZRZ", "The key is not in base58btc multibase."),
        ("z0OIl", "The text has a letter that base58 does not use."),
        (PUBLISHED[:-1], "The key is not an Ed25519 public key."),
        (PUBLISHED + "1", "The key is not an Ed25519 public key."),
        (
            "zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76",
            "The key is not an Ed25519 public key.",
        ),
        ("z" + "1" * 257, "The base58 text is too long."),
        ("", "The key is not in base58btc multibase."),
    ],
)
def test_what_is_not_an_ed25519_key_is_refused(text, reason):
    with pytest.raises(Invalid) as refusal:
        decode_public_key(text)

    assert refusal.value.reason == reason


def test_a_raw_key_of_another_length_is_refused():
    with pytest.raises(Invalid):
        encode_public_key(bytes(31))


@pytest.mark.parametrize(
    ("base", "path", "did", "document"),
    [
        (
            "https://example.org",
            (),
            "did:web:example.org",
            "https://example.org/.well-known/did.json",
        ),
        (
            "http://127.0.0.1:8000",
            (),
            "did:web:127.0.0.1%3A8000",
            "http://127.0.0.1:8000/.well-known/did.json",
        ),
        ("http://localhost", (), "did:web:localhost", "http://localhost/.well-known/did.json"),
        (
            "https://Example.org/assay/",
            ("issuers", "north light"),
            "did:web:example.org:assay:issuers:north%20light",
            "https://example.org/assay/issuers/north%20light/did.json",
        ),
    ],
)
def test_a_site_has_a_did_and_the_did_leads_back_to_it(base, path, did, document):
    assert did_web(base, *path) == did
    assert did_document_url(did) == document


@pytest.mark.parametrize("base", ["ftp://example.org", "https://", "https://user:x@example.org"])
def test_an_address_that_cannot_be_an_issuer_is_refused(base):
    with pytest.raises(Invalid):
        did_web(base)


@pytest.mark.parametrize(
    "did",
    ["did:key:z6Mk", "did:web:", "did:web:example.org%2F@evil.example", "did:web:a%40b.example"],
)
def test_a_did_that_names_no_plain_host_has_no_document_address(did):
    with pytest.raises(Invalid):
        did_document_url(did)


def test_retired_keys_stay_published_and_compromised_ones_do_not():
    current, retired, stolen = (base58_encode(bytes([n]) * 5) for n in (1, 2, 3))
    did = "did:web:example.org"

    document = did_document(
        did, [PublishedKey(current), PublishedKey(retired), PublishedKey(stolen, AT)]
    )

    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": [
            {
                "id": f"{did}#{key}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": key,
            }
            for key in (current, retired)
        ],
        "assertionMethod": [f"{did}#{current}", f"{did}#{retired}"],
    }


def test_a_did_key_stands_for_the_document_of_its_key():
    published = json.loads((VECTORS / "w3c_keyPair.json").read_text("utf-8"))["publicKeyMultibase"]
    did = f"did:key:{published}"

    assert did_key_document(did)["assertionMethod"] == [f"{did}#{published}"]
