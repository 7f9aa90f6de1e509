"""One list says what is missing: the meter shows it, and the hand-in obeys it."""

from dataclasses import replace

import pytest

from portfolio.composing.coverage import Contents, Part, coverage
from portfolio.composing.guide import next_section, sections
from portfolio.composing.rules import base_of, objection_to_asking
from tests.factories import sample_definition

FULL = Contents(
    role="Host",
    sector="Associations",
    context="A meeting.",
    evidence={"E1": 1},
    claims={"C1": 1, "C2": 2},
    reflections={"R1": "One two three four five."},
    disclosures={"ai_use": "None."},
    statements=frozenset({"own_work"}),
)


def missing(contents: Contents, **changes: object) -> list[str]:
    return [part.key for part in coverage(sample_definition(**changes), contents).missing]


def test_a_full_portfolio_lacks_nothing() -> None:
    assert coverage(sample_definition(), FULL).is_complete


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"role": " "}, "role"),
        ({"sector": ""}, "sector"),
        ({"context": "\n"}, "context"),
        ({"evidence": {}}, "E1"),
        ({"evidence": {"E1": 4}}, "E1"),
        ({"claims": {"C1": 1}}, "C2"),
        ({"reflections": {"R1": "One two three four."}}, "R1"),
        ({"reflections": {"R1": "word " * 201}}, "R1"),
        ({"disclosures": {}}, "ai_use"),
        ({"statements": frozenset()}, "own_work"),
    ],
)
def test_each_part_is_missed_by_itself(change: dict[str, object], key: str) -> None:
    assert missing(replace(FULL, **change)) == [key]  # type: ignore[arg-type]


def test_a_team_policy_asks_for_ones_own_share() -> None:
    assert missing(FULL, team_policy="Say what was yours.") == ["team_share"]


@pytest.mark.parametrize(
    ("wanted", "answers", "lacks"),
    [
        ("none", (), []),
        ("requested", (), ["attestation"]),
        ("requested", ("requested",), []),
        ("received", ("requested",), ["attestation"]),
        ("received", ("requested", "received"), []),
    ],
)
def test_an_attestation_is_wanted_as_far_as_the_edition_says(
    wanted: str, answers: tuple[str, ...], lacks: list[str]
) -> None:
    assert missing(replace(FULL, attestations=answers), attestation=wanted) == lacks


def test_the_walk_stops_at_the_first_section_with_something_missing() -> None:
    lacking = replace(FULL, claims={}, statements=frozenset())

    walk = sections(coverage(sample_definition(), lacking))

    found = next_section(walk)
    assert found is not None
    assert (found.key, found.done, len(found.parts)) == ("criteria", 0, 2)
    assert [one.key for one in walk] == [
        "context",
        "evidence",
        "criteria",
        "reflection",
        "disclosures",
        "statements",
    ]


def test_what_is_missing_says_what_to_do() -> None:
    lacking = coverage(sample_definition(), Contents()).missing

    assert all(isinstance(part, Part) and part.advice for part in lacking)


def test_fingerprints_tell_apart_texts_that_only_join_alike() -> None:
    assert base_of("ab", "c") != base_of("a", "bc")
    assert base_of("") != base_of("", "")


def test_a_withdrawn_request_frees_its_place() -> None:
    asked = {"address_key": "kim@example.com", "own_keys": ["ana@example.org"]}

    assert objection_to_asking(**asked, asked_keys=[]) is None  # type: ignore[arg-type]
    assert objection_to_asking(**asked, asked_keys=["kim@example.com"]) is not None  # type: ignore[arg-type]
