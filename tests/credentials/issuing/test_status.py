"""Status lists: bits, their packed form, and what is refused when unpacking."""

import base64
import gzip
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from credentials.issuing.status import (
    LARGEST_LIST_BYTES,
    SMALLEST_LIST,
    decode,
    empty_list,
    encode,
    is_set,
    list_credential,
    with_bit,
)
from tests.credentials.samples import AT, DID, LIST_URL, SHARED


def packed(content):
    return "u" + base64.urlsafe_b64encode(gzip.compress(content, mtime=0)).decode().rstrip("=")


def test_an_empty_list_has_at_least_131072_clear_places():
    bits = empty_list()

    assert len(bits) * 8 == SMALLEST_LIST == 131_072
    assert set(bits) == {0}


def test_the_first_place_is_the_leftmost_bit():
    bits = with_bit(with_bit(empty_list(), 0, on=True), 15, on=True)

    assert bits[:2] == b"\x80\x01"


@given(st.sets(st.integers(0, SMALLEST_LIST - 1), max_size=20))
def test_exactly_the_set_places_are_set_after_encoding_and_decoding(places):
    bits = empty_list()
    for place in places:
        bits = with_bit(bits, place, on=True)

    found = decode(encode(bits))

    assert found == bits
    assert {
        place for place in range(SMALLEST_LIST) if found[place // 8] and is_set(found, place)
    } == (places)


def test_a_place_can_be_cleared_again_without_touching_its_neighbours():
    bits = with_bit(with_bit(empty_list(), 8, on=True), 9, on=True)

    bits = with_bit(bits, 8, on=False)

    assert (is_set(bits, 8), is_set(bits, 9)) == (False, True)


@pytest.mark.parametrize("place", [-1, SMALLEST_LIST])
def test_a_place_outside_the_list_is_refused(place):
    with pytest.raises(Invalid):
        is_set(empty_list(), place)


@pytest.mark.parametrize("size", [0, SMALLEST_LIST - 8, SMALLEST_LIST + 1])
def test_a_list_too_small_to_hide_in_is_not_made(size):
    with pytest.raises(Invalid):
        empty_list(size)


def test_equal_bits_have_equal_texts():
    assert encode(empty_list()) == encode(empty_list())
    assert len(encode(empty_list())) < 80


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The status list is not in base64url multibase."),
        ("H4sIAAAAAAAAA", "The status list is not in base64url multibase."),
        ("u", "The status list is too large or is cut off."),
        ("u!!!!", "The status list cannot be unpacked."),
        ("uAAAA", "The status list cannot be unpacked."),
        (packed(bytes(SMALLEST_LIST // 8))[:-12], "The status list is too large or is cut off."),
        (packed(bytes(100)), "The status list has fewer than 131072 places."),
        (packed(bytes(LARGEST_LIST_BYTES + 1)), "The status list is too large or is cut off."),
    ],
)
def test_a_list_that_cannot_be_relied_on_is_refused(text, reason):
    with pytest.raises(Invalid) as refusal:
        decode(text)

    assert refusal.value.reason == reason


def test_a_gzip_bomb_is_stopped_before_it_unfolds():
    bomb = (SHARED / "badinput" / "generated" / "bombs" / "gzip_128MiB.gz").read_bytes()

    with pytest.raises(Invalid):
        decode("u" + base64.urlsafe_b64encode(bomb).decode().rstrip("="))


def test_the_list_credential_says_for_how_long_it_may_be_relied_on():
    made = list_credential(
        list_url=LIST_URL,
        issuer_id=DID,
        bits=empty_list(),
        purpose="suspension",
        at=AT,
        valid_for=timedelta(hours=36),
    )

    assert made == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": DID,
        "validFrom": "2026-11-02T09:30:00Z",
        "validUntil": "2026-11-03T21:30:00Z",
        "credentialSubject": {
            "id": f"{LIST_URL}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "suspension",
            "encodedList": encode(empty_list()),
        },
    }


def test_a_list_is_for_revocation_or_suspension():
    with pytest.raises(Invalid):
        list_credential(
            list_url=LIST_URL,
            issuer_id=DID,
            bits=empty_list(),
            purpose="gossip",
            at=AT,
            valid_for=timedelta(days=1),
        )
