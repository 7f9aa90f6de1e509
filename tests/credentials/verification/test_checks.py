"""The check of a badge, step by step, and what the steps add up to."""

import copy
import json
from datetime import timedelta

import pytest

from credentials.issuing.content import Profile, Recipient
from credentials.issuing.multikey import PublishedKey, did_document
from credentials.issuing.proof import add_proof, without_proof
from credentials.verification.checks import STEPS, check
from credentials.verification.findings import Overall, Verdict
from tests.credentials.samples import (
    AT,
    DID,
    EMAIL,
    INPUT,
    KEY,
    LIST_URL,
    OTHER_KEY,
    SALT,
    VECTORS,
    issuers,
    key_from,
    signed,
    sources,
    status_list,
    unsigned,
)

NAMES = [name for name, _ in STEPS]


def nothing_is_asked(address):
    raise AssertionError(f"{address} was asked for")


def verdicts(report):
    return {step.name: step.verdict.value for step in report.steps}


def step(report, name):
    return next(found for found in report.steps if found.name == name)


def test_a_badge_of_a_known_issuer_is_valid_and_every_step_says_why():
    report = check(
        json.dumps(signed()),
        at=AT,
        sources=sources(trusted_issuers=frozenset({DID})),
        recipient=EMAIL,
    )

    assert report.overall is Overall.VALID
    assert verdicts(report) == dict.fromkeys(NAMES, "passed")
    assert all(len(found.explanation) > 20 for found in report.steps)
    assert report.credential == signed()


def test_text_bytes_and_parsed_object_give_the_same_verdicts():
    document = signed()
    text = json.dumps(document, indent=2)

    reports = [
        check(handed, at=AT, sources=sources())
        for handed in (text, text.encode(), b"\xef\xbb\xbf" + text.encode(), document)
    ]

    assert {report.overall for report in reports} == {Overall.VALID}
    assert len({report.steps[1:] for report in reports}) == 1


def test_a_good_signature_of_an_unknown_issuer_is_valid_with_a_warning_about_the_name():
    report = check(signed(), at=AT, sources=sources())

    assert report.overall is Overall.VALID
    assert step(report, "Trust").verdict is Verdict.WARNING
    assert "does not prove who stands behind" in step(report, "Trust").explanation


def test_the_published_open_badge_is_valid_once_its_issuer_vouches_for_the_key():
    text = (VECTORS / "ob3_signed.json").read_text("utf-8")
    issuer = json.loads(text)["issuer"]["id"]
    key = PublishedKey("z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi")
    documents = {issuer: did_document(issuer, [key])}

    vouched = check(text, at=AT, sources=sources(documents=documents))
    alone = check(text, at=AT, sources=sources(documents={}))

    assert vouched.overall is Overall.VALID
    assert step(vouched, "Status").verdict is Verdict.WARNING
    assert alone.overall is Overall.UNKNOWN
    assert step(alone, "Issuer and key").verdict is Verdict.SKIPPED
    assert step(alone, "Signature").verdict is Verdict.SKIPPED


def test_a_did_key_issuer_is_its_own_witness():
    issuer = Profile(f"did:key:{KEY.public_multibase}", "Anyone")
    listing = status_list(issuer=issuer.id)

    report = check(
        signed(issuer=issuer), at=AT, sources=sources(documents={}, lists={LIST_URL: listing})
    )

    assert report.overall is Overall.VALID
    assert step(report, "Trust").verdict is Verdict.WARNING


def test_nothing_outside_is_asked_for_what_is_not_even_a_badge():
    closed = sources()
    closed = type(closed)(nothing_is_asked, nothing_is_asked, canonicalise=closed.canonicalise)
    incomplete = signed()
    del incomplete["credentialSubject"]["achievement"]

    report = check(incomplete, at=AT, sources=closed)

    assert report.overall is Overall.INVALID
    assert step(report, "Required fields").explanation == (
        "The badge / credentialSubject / achievement is missing."
    )


def test_the_status_list_is_asked_for_only_after_the_signature_held():
    world = sources()
    world = type(world)(issuers(KEY).get, nothing_is_asked, canonicalise=world.canonicalise)
    tampered = {**signed(), "name": "Another badge"}

    report = check(tampered, at=AT, sources=world)

    assert report.overall is Overall.INVALID
    assert verdicts(report)["Signature"] == "failed"
    assert verdicts(report)["Status"] == "skipped"


def test_ky2_after_rotation_old_and_new_badges_are_valid():
    world = sources(documents=issuers(OTHER_KEY, KEY), lists={LIST_URL: status_list(key=OTHER_KEY)})

    old = check(signed(KEY), at=AT, sources=world)
    new = check(signed(OTHER_KEY), at=AT, sources=world)

    assert (old.overall, new.overall) == (Overall.VALID, Overall.VALID)


def test_ky3_a_badge_signed_with_a_compromised_key_is_invalid():
    published = did_document(
        DID,
        [PublishedKey(KEY.public_multibase, AT), PublishedKey(OTHER_KEY.public_multibase)],
    )

    report = check(signed(KEY), at=AT, sources=sources(documents={DID: published}))

    assert report.overall is Overall.INVALID
    assert step(report, "Issuer and key").explanation == (
        "The issuer does not publish the key that signed this."
    )


@pytest.mark.parametrize(
    ("made", "overall"), [(-60, Overall.VALID), (60, Overall.INVALID), (0, Overall.INVALID)]
)
def test_ky3_a_key_that_was_withdrawn_counts_for_what_it_signed_before(made, overall):
    document = issuers(KEY)[DID]
    document["verificationMethod"][0]["revoked"] = "2026-11-02T09:00:00Z"
    signed_at = AT.replace(hour=9, minute=0) + timedelta(seconds=made)
    badge = add_proof(unsigned(), KEY, at=signed_at)

    report = check(badge, at=AT, sources=sources(documents={DID: document}))

    assert report.overall is overall


def proof_changed(**changes):
    badge = signed()
    badge["proof"] = [{**badge["proof"][0], **changes}]
    return badge


def foreign():
    """Return a badge that names the issuer, signed by a key of somebody else."""
    return signed(OTHER_KEY)


def foreign_in_the_name_of_the_right_key():
    badge = foreign()
    badge["proof"][0]["verificationMethod"] = f"{DID}#{KEY.public_multibase}"
    return badge


@pytest.mark.parametrize(
    "badge",
    [
        without_proof(signed()),
        {**signed(), "proof": []},
        {**signed(), "proof": None},
        {**signed(), "proof": "none"},
        proof_changed(cryptosuite="none"),
        proof_changed(cryptosuite="HS256"),
        proof_changed(type="None"),
        proof_changed(proofPurpose="authentication"),
        proof_changed(proofValue="z" + "1" * 64),
        proof_changed(proofValue=""),
        proof_changed(proofValue=None),
        proof_changed(proofValue=7),
        proof_changed(created="2026-11-02T09:00:01Z"),
        proof_changed(created="now"),
        proof_changed(expires="2026-11-02T09:29:00Z"),
        proof_changed(verificationMethod=f"{DID}#{OTHER_KEY.public_multibase}"),
        proof_changed(verificationMethod=f"did:web:example.org#{KEY.public_multibase}"),
        proof_changed(verificationMethod=DID),
        proof_changed(verificationMethod=["x"]),
        proof_changed(honours="highest"),
        proof_changed(**{"@context": ["https://www.w3.org/ns/did/v1"]}),
        foreign(),
        foreign_in_the_name_of_the_right_key(),
        {**signed(), "issuer": {**signed()["issuer"], "id": "did:web:example.org"}},
        {**signed(), "type": ["VerifiableCredential"]},
        {**signed(), "type": ["VerifiableCredential", "EndorsementCredential"]},
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJkaWQ6d2ViOjEyNy4wLjAuMSJ9.",
    ],
)
def test_ky5_a_badge_that_the_issuer_did_not_sign_like_this_is_invalid(badge):
    world = sources(
        documents={
            **issuers(KEY),
            "did:web:example.org": did_document(
                "did:web:example.org", [PublishedKey(OTHER_KEY.public_multibase)]
            ),
        }
    )

    assert check(badge, at=AT, sources=world).overall is Overall.INVALID


@pytest.mark.parametrize(
    "changes",
    [
        {"controller": "did:web:example.org"},
        {"id": f"{DID}#another"},
        {"expires": "not a date"},
        {"expires": "2026-11-02T08:59:00Z"},
    ],
)
def test_ky5_a_key_the_issuer_does_not_vouch_for_is_refused(changes):
    document = issuers(KEY)[DID]
    document["verificationMethod"][0].update(changes)

    report = check(signed(), at=AT, sources=sources(documents={DID: document}))

    assert report.overall is Overall.INVALID


def test_ky5_a_key_that_is_published_for_something_else_cannot_sign_badges():
    document = {**issuers(KEY)[DID], "assertionMethod": []}

    report = check(signed(), at=AT, sources=sources(documents={DID: document}))

    assert step(report, "Issuer and key").explanation == (
        "The issuer does not allow this key to sign badges."
    )


@pytest.mark.parametrize(
    "answer",
    [None, "text", [], {}, {"id": DID}, {"id": DID, "verificationMethod": []}],
)
def test_an_issuer_document_that_says_nothing_leaves_it_open(answer):
    report = check(signed(), at=AT, sources=sources(documents={DID: answer}))

    assert report.overall is Overall.UNKNOWN


def test_an_issuer_that_cannot_be_reached_leaves_it_open():
    def unreachable(_issuer):
        raise TimeoutError

    world = sources()
    world = type(world)(unreachable, world.fetch_status, canonicalise=world.canonicalise)

    assert check(signed(), at=AT, sources=world).overall is Overall.UNKNOWN


@pytest.mark.parametrize(
    "kind",
    [
        {"type": "Ed25519Signature2020"},
        {"cryptosuite": "ecdsa-sd-2023"},
        {"cryptosuite": "eddsa-jcs-2022"},
    ],
)
def test_a_kind_of_signature_that_is_not_checked_here_is_unknown_never_valid(kind):
    report = check(proof_changed(**kind), at=AT, sources=sources())

    assert report.overall in (Overall.UNKNOWN, Overall.INVALID)
    assert verdicts(report)["Signature"] == "skipped"


def test_a_second_signature_is_not_ignored():
    badge = signed()
    badge["proof"] *= 2

    assert check(badge, at=AT, sources=sources()).overall is Overall.UNKNOWN


@pytest.mark.parametrize(
    ("contexts", "overall"),
    [
        ([], Overall.INVALID),
        ({}, Overall.INVALID),
        ([*unsigned()["@context"], {"name": "urn:other"}], Overall.INVALID),
        ([*unsigned()["@context"], "https://example.org/own.json"], Overall.UNKNOWN),
        (list(reversed(unsigned()["@context"])), Overall.INVALID),
    ],
)
def test_only_published_vocabularies_that_are_held_here_are_read(contexts, overall):
    badge = {**signed(), "@context": contexts}

    assert check(badge, at=AT, sources=sources()).overall is overall


def test_a_vocabulary_brought_along_inside_is_found_as_well():
    badge = signed()
    badge["credentialSubject"]["@context"] = {"narrative": "urn:other"}

    report = check(badge, at=AT, sources=sources())

    assert report.overall is Overall.INVALID
    assert verdicts(report)["Vocabularies"] == "failed"


@pytest.mark.parametrize(
    ("at", "overall"),
    [
        (INPUT.valid_from - timedelta(minutes=6), Overall.INVALID),
        (AT, Overall.VALID),
        (INPUT.valid_until - timedelta(seconds=1), Overall.VALID),
        (INPUT.valid_until, Overall.EXPIRED),
        (INPUT.valid_until + timedelta(days=400), Overall.EXPIRED),
    ],
)
def test_a_badge_is_in_force_between_its_dates(at, overall):
    lists = {LIST_URL: status_list(at=max(at, INPUT.valid_from) - timedelta(seconds=1))}

    assert check(signed(), at=at, sources=sources(lists=lists)).overall is overall


def test_a_signature_from_the_future_is_refused():
    badge = add_proof(unsigned(), KEY, at=AT + timedelta(minutes=10))

    report = check(badge, at=AT, sources=sources())

    assert step(report, "Dates").explanation == "It claims to have been signed in the future."
    assert report.overall is Overall.INVALID


def test_ky7_a_badge_is_only_for_its_own_recipient():
    mine = check(signed(), at=AT, sources=sources(), recipient=" ROWAN@example.org ")
    theirs = check(signed(), at=AT, sources=sources(), recipient="kit@example.org")

    assert mine.overall is Overall.VALID
    assert theirs.overall is Overall.INVALID
    assert step(theirs, "Recipient").explanation == "It was awarded to somebody else."


def test_a_recipient_may_be_named_by_a_did():
    badge = signed(recipient=Recipient(EMAIL, SALT, did="did:example:rowan"))

    report = check(badge, at=AT, sources=sources(), recipient="did:example:rowan")

    assert report.overall is Overall.VALID


def test_without_a_recipient_the_report_says_what_a_badge_does_not_prove():
    found = step(check(signed(), at=AT, sources=sources()), "Recipient")

    assert found.verdict is Verdict.SKIPPED
    assert "does not prove who shows it" in found.explanation


def test_an_unrelated_key_in_the_issuer_document_does_no_harm():
    world = sources(documents=issuers(key_from(3), KEY, key_from(4)))

    assert check(copy.deepcopy(signed()), at=AT, sources=world).overall is Overall.VALID
