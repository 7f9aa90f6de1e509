"""What the automatic check can see, as plain values."""

from typing import Any

import pytest

from portfolio.evidence.identity import needles_for
from review.intake import checks
from review.intake.checks import Finding, Verdict
from tests.factories import sample_definition

DEFINITION = sample_definition()
WHOLE: dict[str, Any] = {
    "items": [{"requirement": "E1", "position": 1}],
    "claims": [{"criterion": "C1"}, {"criterion": "C2"}],
    "reflections": [{"key": "R1", "text": "Something."}],
    "statements": [{"key": "own_work"}],
}


def test_a_whole_portfolio_is_in_order() -> None:
    assert checks.parts(DEFINITION, WHOLE) == Finding(
        "parts", Verdict.OK, "Whole portfolio", "Every part is there."
    )


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("items", "Missing: Run sheet."),
        ("claims", "Missing: a work sample for C1 Needs; a work sample for C2 Plan."),
        ("reflections", "Missing: Looking back."),
        ("statements", "Missing: agreement to “This is my own work.”."),
    ],
)
def test_each_missing_part_is_named(part: str, words: str) -> None:
    found = checks.parts(DEFINITION, {**WHOLE, part: []})

    assert found == Finding("parts", Verdict.LOOK, "Whole portfolio", words)


def test_the_learners_names_are_found_where_they_stand() -> None:
    needles = needles_for(["Lea Arner"], ["lea@firm.example"], ["Harbour Events"])

    found = checks.names(
        {"E1, work sample 1": "Run by LEA  ARNER for Harbour Events.", "E2": "Nothing."}, needles
    )

    assert found == [
        Finding(
            "identity",
            Verdict.LOOK,
            "E1, work sample 1",
            "The learner shows: “Harbour Events”, “LEA  ARNER”.",
        )
    ]


def test_a_text_without_names_is_green() -> None:
    needles = needles_for(["Lea Arner"], [], [])

    found = checks.names({"E1": "A leaf, an arnery."}, needles)

    assert checks.is_green(found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to anna@firm.example.", "“a…@firm.example”"),
        ("<Anna.B+x@Firm.Example>", "“a…@firm.example”"),
        ("lea@own.example and bo@firm.example", "“b…@firm.example”"),
        (
            "a@x.example b@x.example c@x.example d@x.example e@x.example",
            "“a…@x.example”, “b…@x.example”, “c…@x.example” and 2 more",
        ),
    ],
)
def test_addresses_of_others_are_found_and_shortened(text: str, shown: str) -> None:
    (found,) = checks.addresses({"E1": text}, frozenset({"lea@own.example"}))

    assert found == Finding("third_party", Verdict.LOOK, "E1", f"Addresses of others: {shown}.")


@pytest.mark.parametrize(
    "text", ["", "lea@own.example", "LEA@Own.Example", "a @ b", "@handle", "1@2", "user@localhost"]
)
def test_what_is_no_address_of_another_is_green(text: str) -> None:
    found = checks.addresses({"E1": text}, frozenset({"lea@own.example"}))

    assert checks.is_green(found)


def test_a_long_text_without_addresses_is_read_quickly() -> None:
    found = checks.addresses({"E1": "a." * 200_000 + "@" + "a-" * 200_000}, frozenset())

    assert checks.is_green(found)


def test_a_broken_seal_wants_a_person() -> None:
    assert checks.seal("a", "a").verdict is Verdict.OK
    assert checks.seal("a", "b").verdict is Verdict.LOOK
