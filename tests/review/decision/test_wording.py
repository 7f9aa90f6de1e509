"""Words about agreement are true of what happened, and name nobody."""

import pytest

from review.decision.policy import ReasonCode
from review.decision.rule import Agreement
from review.decision.wording import (
    agreement_sentence,
    committee_sentence,
    method_sentence,
    one_more_sentence,
    readers_sentence,
)

A, R = Agreement, ReasonCode


@pytest.mark.parametrize(
    ("agreement", "given", "reviews", "sentence"),
    [
        (A.ALL_AGREED, 2, 2, "Both reviewers agreed."),
        (A.ALL_AGREED, 3, 3, "All three reviewers agreed."),
        (A.ALL_AGREED, 5, 5, "All five reviewers agreed."),
        (A.MAJORITY, 3, 3, "Two of the three reviewers agreed."),
        (A.MAJORITY, 4, 4, "Three of the four reviewers agreed."),
        (A.MAJORITY, 5, 5, "Most of the five reviewers agreed."),
        (A.ALL_AGREED, 2, 3, "Two of the three reviewers gave a level, and they agreed."),
        (A.MAJORITY, 3, 4, "Three of the four reviewers gave a level, and most of them agreed."),
        (A.NOT_SETTLED, 2, 2, "Not settled: it could not change the outcome."),
    ],
)
def test_a_criterion_says_how_many_agreed(agreement, given, reviews, sentence):
    assert agreement_sentence(agreement, given, reviews) == sentence


@pytest.mark.parametrize(
    ("reviews", "first", "reasons", "sentence"),
    [
        (2, 2, (), "Two reviewers read your work, each without seeing the other's levels."),
        (3, 3, (), "Three reviewers read your work, each without seeing the others' levels."),
        (
            3,
            2,
            (R.STRADDLE, R.TOO_FEW_LEVELS),
            "The first reviewers saw part of your work differently, so a third reviewer was asked,"
            " without seeing the others' levels.",
        ),
        (
            3,
            2,
            (R.CONTESTED_CANNOT_SCORE,),
            "Part of your work did not get a level from each of the first reviewers, so a third"
            " reviewer was asked, without seeing the others' levels.",
        ),
        (
            5,
            2,
            (),
            "The first reviewers came to one outcome, but it was too near the line, or not sure"
            " enough, to be given at once, so five reviewers read it in all, each without seeing"
            " the others' levels.",
        ),
    ],
)
def test_an_outcome_says_who_read_the_work_and_why_more_did(reviews, first, reasons, sentence):
    assert readers_sentence(reviews, first, reasons) == sentence


@pytest.mark.parametrize(
    ("reasons", "start"),
    [
        ((R.STRADDLE,), "Your reviewers saw part of your work differently, so"),
        ((R.FAR_APART, R.NEAR_THE_LINE), "Your reviewers saw part of your work differently, so"),
        ((R.TOO_FEW_LEVELS,), "Part of your work did not get a level from each of your"),
        ((R.NEAR_THE_LINE,), "The outcome is too near the line between granted and not yet"),
        ((R.TOO_FEW_CREDIBLE, R.NEAR_THE_LINE), "The outcome is too near the line"),
        ((R.MODEL_DISAGREES,), "The outcome is not sure enough yet"),
        ((R.TOO_FEW_CREDIBLE,), "The outcome is not sure enough yet"),
        ((R.TOO_FEW_REVIEWS,), "The outcome is not sure enough yet"),
    ],
)
def test_one_more_is_asked_for_the_reason_there_was(reasons, start):
    sentence = one_more_sentence(reasons)

    assert sentence.startswith(start)
    assert sentence.endswith("without knowing what the others said.")


def test_people_are_called_for_the_reason_there_was():
    open_point = committee_sentence([R.STRADDLE, R.NO_MORE_REVIEWERS])
    unsure = committee_sentence([R.NEAR_THE_LINE, R.NO_MORE_REVIEWERS])

    assert open_point == "The reviewers could not settle every point."
    assert unsure == (
        "The reviewers came to an outcome that is not sure enough to be given as it is."
    )


def test_the_public_sentence_says_no_more_than_what_was_done():
    usual = method_sentence(2, is_double_blind=True, have_all_agreed=True)
    more = method_sentence(4, is_double_blind=True, have_all_agreed=False)
    known = method_sentence(3, is_double_blind=False, have_all_agreed=True)

    assert usual == (
        "Assessed by two qualified, independent peers who did not know whose work it was;"
        " they agreed on every criterion."
    )
    assert more == (
        "Assessed by four qualified, independent peers who did not know whose work it was, each"
        " without seeing the levels the others gave."
    )
    assert known == (
        "Assessed by three qualified, independent peers; they agreed on every criterion."
    )
