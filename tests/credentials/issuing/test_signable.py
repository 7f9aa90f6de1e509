"""What a signature would not cover is objected to before anything is signed."""

import copy
import json

import pytest

from credentials.issuing.proof import without_proof
from credentials.issuing.signable import clean_text, objection_to, objection_to_json
from tests.credentials.samples import VECTORS, unsigned

VALID_UNTIL = "https://www.w3.org/2018/credentials#validUntil"


def changed(*path, to):
    """Return the sample with one value replaced or added."""
    document = copy.deepcopy(unsigned())
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return document


def test_an_ordinary_badge_meets_no_objection():
    published = json.loads((VECTORS / "ob3_signed.json").read_text("utf-8"))

    assert objection_to(unsigned()) is None
    assert objection_to(without_proof(published)) is None


@pytest.mark.parametrize(
    ("document", "objection"),
    [
        (
            changed("credentialSubject", "achievement", "honours", to="highest"),
            "The term 'honours' is in no vocabulary that it names, so it would not be signed.",
        ),
        (
            changed("type", to=["VerifiableCredential", "OpenBadgeCredential", "Masterpiece"]),
            "The term 'Masterpiece' is in no vocabulary that it names, so it would not be signed.",
        ),
        (
            changed("credentialSubject", "result", 0, "type", to=[]),
            "The term 'achievedLevel' is in no vocabulary that it names,"
            " so it would not be signed.",
        ),
        (
            changed("evidence", 0, "id", to="evidence/1"),
            "The identifier 'evidence/1' is not a full address.",
        ),
        (
            changed("evidence", 0, "id", to="https://example.org/a b"),
            "The identifier 'https://example.org/a b' is not well formed.",
        ),
        (
            changed("evidence", 0, "id", to="https://example.org/> <urn:x> <urn:y"),
            "The identifier 'https://example.org/> <urn:x> <urn:y' is not well formed.",
        ),
        (
            changed("evidence", 0, "id", to="https://example.org/a\n"),
            "The identifier 'https://example.org/a\\n' is not well formed.",
        ),
        (
            changed("evidence", 0, "id", to="_:b0"),
            "/evidence/0/id is the name of an unnamed node, which a signature does not cover.",
        ),
        (
            changed("name", to={"@value": "Badge", "@language": "en us"}),
            "The language 'en us' is not well formed.",
        ),
        (changed("@hidden", to="word"), "/@hidden has a name that is not a plain term."),
        (
            changed(VALID_UNTIL, to="2020-01-01T00:00:00Z"),
            f"/{VALID_UNTIL[:60]} has a name that is not a plain term.",
        ),
        (
            changed("validUntil ", to="2020-01-01T00:00:00Z"),
            "/validUntil  has a name that is not a plain term.",
        ),
        (
            changed("name", to="vertical\x0btab"),
            "/name has a control character that does not survive signing.",
        ),
        (
            changed("name", to="half \ud800 of a pair"),
            "/name has a control character that does not survive signing.",
        ),
        (changed("name", to={"@value": "Badge"}), "/name is a text in an unusual wrapping."),
        (
            changed("credentialSubject", "achievement", "tag", to=[["events"]]),
            "/credentialSubject/achievement/tag has a list directly inside a list.",
        ),
        (
            changed("evidence", to=[{"id": "urn:x", "type": "Evidence"}] * 2),
            "/evidence lists the same identifier twice.",
        ),
        (
            changed(
                "credentialSubject",
                "source",
                to={"id": unsigned()["id"], "type": ["Profile"], "validUntil": "2020"},
            ),
            "/credentialSubject/source speaks for the whole document.",
        ),
        (changed("name", to=2**53), "/name is too large a whole number."),
        (changed("name", to=float("inf")), "/name is not a number that JSON knows."),
        (changed("name", to=b"bytes"), "/name is not a JSON value."),
        (changed("@context", to=None), "It names no vocabulary."),
    ],
)
def test_what_a_signature_would_not_cover_is_objected_to(document, objection):
    assert objection_to(document) == objection


def test_a_text_in_a_language_is_covered():
    document = changed("name", to={"@value": "Abzeichen", "@language": "de"})

    assert objection_to(document) is None


def test_a_document_nested_beyond_reason_is_refused_without_recursion():
    document = {"a": 1}
    for _ in range(100_000):
        document = {"a": document}

    assert objection_to_json(document) == "It is nested more than 64 levels deep."


def test_a_document_of_more_values_than_any_badge_is_refused():
    assert objection_to_json({"tag": ["x"] * 20_001}) == "It holds more than 20000 values."


def test_cleaning_keeps_what_signing_can_carry():
    text = "a\x00b\x0bc\x7fd\ufffee\ud800f\tg\nh\ri 漢字 🜚"

    assert clean_text(text) == "abcdef\tg\nh\ri 漢字 🜚"
