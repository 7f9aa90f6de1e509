"""The document of a badge, held against the strict schema of the standard."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import timedelta

import jsonschema
import pytest

from core.errors import Invalid
from credentials.issuing.content import CredentialInput, EvidenceLink, Recipient, StatusEntry
from credentials.issuing.openbadges3 import identity_hash
from credentials.issuing.proof import add_proof
from credentials.issuing.status import list_credential
from tests.credentials.samples import (
    ACHIEVEMENT,
    AT,
    BASE,
    DID,
    EMAIL,
    INDEX,
    INPUT,
    KEY,
    LIST_URL,
    SALT,
    SHARED,
    signed,
    unsigned,
)

SCHEMA = json.loads((SHARED / "ob3" / "achievementcredential.json").read_text("utf-8"))
HERE = ACHIEVEMENT.id


def faults(document):
    """Return what the published schema finds, dates included."""
    checker = jsonschema.Draft201909Validator(
        SCHEMA, format_checker=jsonschema.Draft201909Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(document)]


def test_a_signed_badge_satisfies_the_strict_published_schema():
    assert faults(signed()) == []


def test_a_badge_with_least_content_satisfies_the_strict_published_schema():
    bare = replace(
        ACHIEVEMENT,
        criteria_url=None,
        image_url=None,
        image_caption=None,
        language=None,
        tags=(),
        alignments=(),
    )

    document = signed(achievement=bare, evidence=(), valid_until=None, shows_levels=False)

    assert faults(document) == []
    assert "evidence" not in document
    assert "validUntil" not in document
    assert "result" not in document["credentialSubject"]


def test_the_schema_in_use_does_look_at_dates_and_required_members():
    document = {**signed(), "validFrom": "yesterday"}
    del document["credentialSubject"]["achievement"]["criteria"]

    assert len(faults(document)) == 2


def test_the_subject_says_what_was_achieved_on_each_criterion():
    subject = unsigned()["credentialSubject"]

    assert subject["result"] == [
        {
            "type": ["Result"],
            "resultDescription": f"{HERE}#1.0-C1",
            "achievedLevel": f"{HERE}#1.0-C1-3",
            "value": "3",
            "status": "Completed",
        },
        {
            "type": ["Result"],
            "resultDescription": f"{HERE}#1.0-C2",
            "achievedLevel": f"{HERE}#1.0-C2-4",
            "value": "4",
            "status": "Completed",
        },
    ]


def test_each_criterion_says_its_levels_and_what_was_needed():
    description = unsigned()["credentialSubject"]["achievement"]["resultDescription"][0]

    assert description["requiredLevel"] == f"{HERE}#1.0-C1-3"
    assert description["resultType"] == "RubricCriterionLevel"
    assert [
        (level["id"], level["name"], level["level"], level["points"])
        for level in description["rubricCriterionLevel"]
    ] == [
        (f"{HERE}#1.0-C1-2", "Developing", "2", "2"),
        (f"{HERE}#1.0-C1-3", "Proficient", "3", "3"),
        (f"{HERE}#1.0-C1-4", "Exemplary", "4", "4"),
    ]


def test_the_recipient_is_a_salted_hash_of_the_lower_cased_address():
    document = unsigned(recipient=Recipient(" Rowan@Example.ORG ", SALT))

    assert document["credentialSubject"]["identifier"] == [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": "sha256$" + hashlib.sha256((EMAIL + SALT).encode()).hexdigest(),
            "identityType": "emailAddress",
            "salt": SALT,
        }
    ]
    assert EMAIL not in json.dumps(document).lower()


def test_the_hash_is_the_one_of_the_published_example():
    assert identity_hash("a@example.com", "Kosher") == (
        "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
    )


def test_the_name_and_the_did_are_there_only_when_given():
    named = unsigned(recipient=Recipient(EMAIL, SALT, name="Rowan Vale", did="did:example:rowan"))

    assert "Rowan" not in json.dumps(unsigned())
    assert named["credentialSubject"]["id"] == "did:example:rowan"
    assert named["credentialSubject"]["identifier"][1] == {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Rowan Vale",
        "identityType": "name",
    }


def test_issuer_programme_dates_and_status_are_where_others_look_for_them():
    document = unsigned()

    assert document["issuer"]["id"] == DID
    assert document["credentialSubject"]["source"] == {
        "id": f"{BASE}/badges/hybrid-session-producer/review",
        "type": ["Profile"],
        "name": "Peer review programme",
    }
    assert (document["awardedDate"], document["validFrom"], document["validUntil"]) == (
        "2026-11-01T09:30:00Z",
        "2026-11-02T08:30:00Z",
        "2029-07-29T09:30:00Z",
    )
    assert document["credentialStatus"] == {
        "id": f"{LIST_URL}#{INDEX}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(INDEX),
        "statusListCredential": LIST_URL,
    }


def test_inv_31_the_badge_shows_level_and_method_and_nothing_of_the_review_itself():
    document = unsigned()
    subject = document["credentialSubject"]

    assert subject["narrative"] == "Assessed by two qualified, independent peers who worked blind."
    assert subject["result"][1]["achievedLevel"].endswith("-4")
    assert set(document) == {
        "@context",
        "id",
        "type",
        "name",
        "issuer",
        "awardedDate",
        "validFrom",
        "validUntil",
        "credentialSubject",
        "evidence",
        "credentialStatus",
    }
    assert set(subject) == {
        "type",
        "identifier",
        "achievement",
        "narrative",
        "result",
        "source",
    }
    assert [set(link) for link in document["evidence"]] == [
        {"id", "type", "name", "description", "genre"}
    ]


def test_inv_31_there_is_no_input_for_evidence_comments_reviewers_or_attempts():
    names = {field.name for field in fields(CredentialInput)}
    names |= {field.name for field in fields(EvidenceLink)}

    assert names == {
        "achievement",
        "awarded_at",
        "consented_at",
        "description",
        "evidence",
        "genre",
        "id",
        "issuer",
        "levels",
        "method",
        "name",
        "programme",
        "recipient",
        "shows_levels",
        "status",
        "url",
        "valid_from",
        "valid_until",
    }


@pytest.mark.parametrize("url", ["data:text/plain,secret", "file:///srv/e1.pdf"])
def test_inv_31_evidence_itself_cannot_be_put_where_a_link_belongs(url):
    with pytest.raises(Invalid) as refusal:
        unsigned(evidence=(EvidenceLink(url, "E1", AT),))

    assert refusal.value.reason == f"{url!r} is not a web address."


def test_control_characters_pasted_from_elsewhere_do_not_reach_the_badge():
    document = unsigned(method="Assessed\x0b by two\x00 peers.\x7f")

    assert document["credentialSubject"]["narrative"] == "Assessed by two peers."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": INPUT.valid_from}, "valid_until"),
        ({"recipient": Recipient(EMAIL, "short")}, "salt"),
        ({"status": StatusEntry(LIST_URL, -1)}, "status"),
        ({"method": " \x00"}, "method"),
        ({"levels": {}}, "levels"),
        ({"levels": {"C1": 3, "C2": 4, "C3": 4}}, "levels"),
        ({"levels": {"C1": 3, "C2": 1}}, "levels"),
        ({"achievement": replace(ACHIEVEMENT, criteria_narrative="")}, "criteria_narrative"),
        ({"achievement": replace(ACHIEVEMENT, id="badges/1")}, None),
        ({"id": f"{BASE}/credentials/a b"}, None),
    ],
)
def test_a_badge_that_would_contradict_itself_is_not_built(changes, field):
    with pytest.raises(Invalid) as refusal:
        unsigned(**changes)

    assert refusal.value.field == field


def test_a_status_list_can_be_signed_as_it_stands():
    listing = list_credential(
        list_url=LIST_URL,
        issuer_id=DID,
        bits=bytes(16_384),
        purpose="revocation",
        at=AT,
        valid_for=timedelta(days=1),
    )

    made = add_proof(listing, KEY, at=AT)

    assert made["proof"][0]["verificationMethod"] == f"{DID}#{KEY.public_multibase}"
