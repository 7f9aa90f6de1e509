"""Dates and status: what is stale or unsigned is unknown, never valid."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.issuing.content import StatusEntry
from credentials.issuing.proof import add_proof, without_proof
from credentials.issuing.status import encode
from credentials.verification.checks import check
from credentials.verification.findings import Overall
from tests.credentials.samples import (
    AT,
    BASE,
    DID,
    INDEX,
    INPUT,
    KEY,
    LIST_URL,
    OTHER_KEY,
    signed,
    sources,
    status_list,
    unsigned,
)

EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


def looked_up(listing, badge=None, **more):
    """Return the report on a badge whose status list is this answer."""
    world = sources(lists={} if listing is None else {LIST_URL: listing}, **more)
    return check(badge or signed(), at=AT, sources=world)


def status_of(report):
    return next(step for step in report.steps if step.name == "Status")


def relisted(**changes):
    """Return the status list with some members changed, signed again by its issuer."""
    return add_proof({**without_proof(status_list()), **changes}, KEY, at=AT - timedelta(hours=1))


def resubjected(**changes):
    return relisted(credentialSubject={**status_list()["credentialSubject"], **changes})


def test_a_clear_bit_means_that_it_stands_however_the_list_is_served():
    listing = status_list(INDEX - 1, INDEX + 1)

    for served in (listing, json.dumps(listing), json.dumps(listing).encode()):
        assert looked_up(served).overall is Overall.VALID


def test_a_set_bit_in_a_revocation_list_means_revoked():
    report = looked_up(status_list(INDEX))

    assert report.overall is Overall.REVOKED
    assert status_of(report).explanation == "The issuer has revoked it."


def test_a_set_bit_in_a_suspension_list_means_suspended():
    badge = signed(status=StatusEntry(LIST_URL, INDEX, purpose="suspension"))

    report = looked_up(status_list(INDEX, purpose="suspension"), badge)

    assert report.overall is Overall.SUSPENDED


def test_our_own_suspension_is_told_from_a_revocation():
    report = looked_up(status_list(INDEX), is_suspended={INPUT.id: True}.get)

    assert report.overall is Overall.SUSPENDED


def test_revoked_weighs_more_than_expired_and_a_broken_signature_more_than_both():
    late = INPUT.valid_until + timedelta(days=1)
    world = sources(lists={LIST_URL: status_list(INDEX, at=late - timedelta(hours=1))})

    revoked = check(signed(), at=late, sources=world)
    broken = check({**signed(), "name": "Other"}, at=late, sources=world)

    assert (revoked.overall, broken.overall) == (Overall.REVOKED, Overall.INVALID)


def flipped():
    """Return a list whose bit was cleared after it was signed."""
    listing = status_list(INDEX)
    listing["credentialSubject"]["encodedList"] = encode(bytes(16_384))
    return listing


@pytest.mark.parametrize(
    "listing",
    [
        None,
        "",
        "not json",
        [],
        {},
        '{"a":1,"a":2}',
        without_proof(status_list()),
        flipped(),
        status_list(key=OTHER_KEY),
        status_list(issuer="did:web:example.org"),
        status_list(at=AT - timedelta(days=1)),
        status_list(at=AT + timedelta(minutes=6)),
        relisted(validUntil="2026-11-02T09:30:00Z"),
        relisted(id=f"{BASE}/status/other"),
        relisted(type=["VerifiableCredential"]),
        add_proof(
            {k: v for k, v in without_proof(status_list()).items() if k != "validUntil"},
            KEY,
            at=AT,
        ),
        resubjected(statusPurpose="suspension"),
        resubjected(encodedList="uAAAA"),
        resubjected(encodedList=encode(bytes(100))),
        {**status_list(), "@context": ["https://example.org/own.json"]},
        {**status_list(), "credentialSubject": "list"},
        signed(),
    ],
)
def test_ky6_a_list_that_is_missing_stale_unsigned_or_tampered_with_means_unknown(listing):
    report = looked_up(listing)

    assert report.overall is Overall.UNKNOWN
    assert status_of(report).verdict == "skipped"


def test_ky6_a_list_signed_for_another_issuer_by_that_issuer_means_unknown():
    other = "did:web:example.org"
    listing = status_list(issuer=other)
    documents = {
        name: {
            "id": name,
            "verificationMethod": [
                {
                    "id": f"{name}#{KEY.public_multibase}",
                    "type": "Multikey",
                    "controller": name,
                    "publicKeyMultibase": KEY.public_multibase,
                }
            ],
            "assertionMethod": [f"{name}#{KEY.public_multibase}"],
        }
        for name in (DID, other)
    }

    report = looked_up(listing, documents=documents)

    assert report.overall is Overall.UNKNOWN
    assert "signed by somebody else" in status_of(report).explanation


@pytest.mark.parametrize("index", [131_072, 10**12])
def test_ky6_a_place_outside_the_list_means_unknown(index):
    badge = signed(status=StatusEntry(LIST_URL, index))

    assert looked_up(status_list(), badge).overall is Overall.UNKNOWN


def entry_changed(**changes):
    document = unsigned()
    document["credentialStatus"] = {**document["credentialStatus"], **changes}
    return add_proof(document, KEY, at=AT)


@pytest.mark.parametrize(
    "changes",
    [
        {"statusListIndex": "-1"},
        {"statusListIndex": "9٣"},
        {"statusListIndex": "1e3"},
        {"statusPurpose": "message"},
        {"statusSize": 2},
    ],
)
def test_an_entry_of_a_kind_that_is_not_checked_means_unknown(changes):
    assert looked_up(status_list(), entry_changed(**changes)).overall is Overall.UNKNOWN


def test_a_status_kept_in_a_way_that_is_not_checked_means_unknown():
    document = unsigned()
    document["@context"].append(EXTENSIONS)
    document["credentialStatus"] = {"id": LIST_URL, "type": "1EdTechCredentialRefresh"}

    report = looked_up(status_list(), add_proof(document, KEY, at=AT))

    assert report.overall is Overall.UNKNOWN


def test_a_badge_without_any_status_is_valid_with_a_warning():
    document = unsigned()
    del document["credentialStatus"]

    report = looked_up(None, add_proof(document, KEY, at=AT))

    assert report.overall is Overall.VALID
    assert status_of(report).verdict == "warning"


def test_with_several_entries_the_worst_answer_counts():
    document = unsigned()
    second = {**document["credentialStatus"], "id": f"{LIST_URL}#5", "statusListIndex": "5"}
    document["credentialStatus"] = [document["credentialStatus"], second]

    report = looked_up(status_list(5), add_proof(document, KEY, at=AT))

    assert report.overall is Overall.REVOKED


@pytest.mark.parametrize(
    ("listing", "overall"),
    [
        ({"revokedCredential": [{"id": INPUT.id, "revoked": True}]}, Overall.REVOKED),
        ({"revokedCredential": [{"id": "urn:other"}]}, Overall.UNKNOWN),
        ({"revokedCredential": "?"}, Overall.UNKNOWN),
        (None, Overall.UNKNOWN),
    ],
)
def test_an_unsigned_revocation_list_can_revoke_but_never_clear(listing, overall):
    document = unsigned()
    document["@context"].append(EXTENSIONS)
    document["credentialStatus"] = {"id": LIST_URL, "type": "1EdTechRevocationList"}

    report = looked_up(listing, add_proof(document, KEY, at=AT))

    assert report.overall is overall


def test_a_list_that_cannot_be_reached_means_unknown():
    def unreachable(_url):
        raise TimeoutError

    world = replace(sources(), fetch_status=unreachable)

    assert check(signed(), at=AT, sources=world).overall is Overall.UNKNOWN
