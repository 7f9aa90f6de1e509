"""What is plainly missing from a review, and notes that would tell a reviewer their level."""

import pytest

from core.errors import Invalid
from review.moderation.rules import Closeness, check_return, hints, level_named
from review.moderation.states import ReturnReason
from review.pool.states import Part
from review.scoring.rules import Answer
from tests.factories import sample_definition

DEFINITION = sample_definition()
NOTE = "Say what in the sheet shows it, so that the learner can follow."


@pytest.mark.parametrize(
    "note",
    [
        "This reads like Proficient to me, please look again.",
        "I would have said not evident here, given the sheet.",
        "Please look again, C1 should be a 3.",
        "Please make it level 2 and say why.",
        "Surely this is 4/4, is it not?",
        "Give it ３ instead of what you gave.",
        "The level of three would fit better.",
        "Three of four is what I would give.",
        "A score two is too harsh for this work.",
        "Your rating should be a four in my view.",
    ],
)
def test_a_note_that_names_a_level_is_refused(note) -> None:
    assert level_named(DEFINITION, note) is not None
    with pytest.raises(Invalid, match="reads like a level") as refused:
        check_return(DEFINITION, reasons=[ReturnReason.TONE], criteria=[], note=note)
    assert refused.value.field == "note"


@pytest.mark.parametrize(
    "note",
    [
        NOTE,
        "C1 and C2 give no reason. Point to the place, such as E1, page 3 or 0:04.",
        "Two or three sentences on C2 would do, with the part on pages 2 and 3.",
        "Please write 3 sentences, and leave the person out of it.",
        "The tone hurts: speak of the plan, not of the planner. One of the reasons is unkind.",
        "See slide 4, row 2 and minute 3 of the recording.",
        "What is proficiently planned? Say what you saw.",
    ],
)
def test_a_note_about_words_and_places_is_taken(note) -> None:
    assert level_named(DEFINITION, note) is None
    check_return(DEFINITION, reasons=[ReturnReason.TONE], criteria=[], note=note)


def test_a_return_wants_a_reason_its_criteria_and_a_note() -> None:
    missing = ReturnReason.MISSING_RATIONALE
    for field, values in {
        "reasons": {"reasons": [], "criteria": [], "note": NOTE},
        "criteria": {"reasons": [missing], "criteria": [], "note": NOTE},
        "note": {"reasons": [missing], "criteria": ["C1"], "note": "Too short."},
    }.items():
        with pytest.raises(Invalid) as refused:
            check_return(DEFINITION, **values)
        assert refused.value.field == field
    with pytest.raises(Invalid, match="no such criterion"):
        check_return(DEFINITION, reasons=[missing], criteria=["C9"], note=NOTE)


def test_hints_say_what_is_short_or_missing_and_nothing_of_levels() -> None:
    found = hints(
        DEFINITION,
        {"C1": Answer(level=2, rationale="Too thin.", locator=""), "C2": Answer(level=3)},
    )

    assert [(one.criterion, one.words) for one in found] == [
        ("C1", "The reason has 2 words; 3 are asked for."),
        ("C1", "Below the pass level, and no place in the evidence is named."),
        ("C2", "No reason is given."),
    ]
    assert (
        hints(DEFINITION, {key: Answer(3, None, "As it should be.", "E1") for key in ("C1", "C2")})
        == ()
    )


def test_what_is_too_close_is_hidden_and_another_part_is_named() -> None:
    assert Closeness(Part.LEARNER).is_hidden
    assert Closeness(Part.REVIEWER).is_hidden
    assert Closeness(was_asked=True).is_hidden
    assert Closeness(is_tied=True).is_hidden
    assert not Closeness(Part.CHECKER).is_hidden
    assert "at intake" in (Closeness(Part.CHECKER).objection or "")
    assert Closeness(Part.MODERATOR).objection is None
    assert Closeness().objection is None
