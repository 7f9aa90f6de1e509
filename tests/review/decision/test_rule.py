"""The outcome rule, by example (INV-17, 20, 21); `test_rule_properties` has what always holds."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from review.decision.rule import (
    Agreement,
    CriterionOutcome,
    CriterionRule,
    PassMode,
    PassRule,
    criterion_outcome,
    decide,
)
from review.decision.states import Outcome

C1 = CriterionRule("C1", pass_level=3)
ELECTIVES = tuple(CriterionRule(key, 3, is_required=False) for key in ("C2", "C3", "C4"))
TWO_OF_THREE = PassRule((C1, *ELECTIVES), PassMode.K_OF_ELECTIVES, electives_needed=2)
TWO = PassRule((C1, CriterionRule("C2", pass_level=3)))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([3, 4], CriterionOutcome("C1", 3, True, Agreement.ALL_AGREED, 2)),
        ([4, 4], CriterionOutcome("C1", 4, True, Agreement.ALL_AGREED, 2)),
        ([1, 2], CriterionOutcome("C1", 1, False, Agreement.ALL_AGREED, 2)),
        ([2, 3], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 2)),
        ([2, 3, 3], CriterionOutcome("C1", 3, True, Agreement.MAJORITY, 3)),
        ([2, 2, 4], CriterionOutcome("C1", 2, False, Agreement.MAJORITY, 3)),
        ([2, 2, 3, 3], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 4)),
        ([1, 3, 4, 4], CriterionOutcome("C1", 3, True, Agreement.MAJORITY, 4)),
        ([3], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 1)),
        ([], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 0)),
    ],
)
def test_levels_add_up_as_a_pencil_would_have_it(levels, expected):
    assert criterion_outcome(C1, levels) == expected


def test_inv_17_a_cannot_score_is_never_counted_as_the_lowest_level():
    with_a_gap = criterion_outcome(C1, [3, None, 4])
    alone = criterion_outcome(C1, [3, None])

    assert with_a_gap == CriterionOutcome("C1", 3, True, Agreement.ALL_AGREED, 2)
    assert alone.level is None


def test_inv_21_no_surplus_on_one_criterion_makes_up_for_another():
    reviews = [{"C1": 4, "C2": 2}, {"C1": 4, "C2": 2}]

    assert decide(TWO, reviews).outcome is Outcome.NOT_YET


@pytest.mark.parametrize(
    ("one", "two", "outcome"),
    [
        ((3, 3, 3, 1), (3, 3, 3, 1), Outcome.GRANTED),
        ((4, 4, 2, 1), (4, 4, 2, 1), Outcome.NOT_YET),
        # Nothing makes up for the required one.
        ((2, 4, 4, 4), (2, 4, 4, 4), Outcome.NOT_YET),
        # Two pass already, so the elective that was left out does not matter.
        ((3, 3, 3, None), (3, 3, 3, None), Outcome.GRANTED),
        ((3, 3, 3, 2), (3, 3, 3, 3), Outcome.GRANTED),
        # One passes, and one that is open would be the second.
        ((3, 3, 1, None), (3, 3, 1, None), None),
        ((3, 3, 1, 2), (3, 3, 1, 3), None),
        # One passes, and two that are open might be.
        ((3, 3, None, None), (3, 3, None, None), None),
        # None passes, and one that is open would not be enough.
        ((3, 2, 1, None), (3, 2, 1, None), Outcome.NOT_YET),
        # A required one that is open leaves everything open, and one that failed closes it.
        ((None, 3, 3, 3), (3, 3, 3, 3), None),
        ((2, 3, None, None), (2, 3, None, None), Outcome.NOT_YET),
    ],
)
def test_electives_count_beside_the_required_ones_and_wait_only_where_it_matters(one, two, outcome):
    keys = ("C1", "C2", "C3", "C4")
    reviews = [dict(zip(keys, row, strict=True)) for row in (one, two)]

    assert decide(TWO_OF_THREE, reviews).outcome is outcome


def test_an_elective_that_nothing_settles_is_still_told():
    ruling = decide(TWO_OF_THREE, [{"C1": 3, "C2": 3, "C3": 3, "C4": None}] * 2)

    assert ruling.not_settled == ("C4",)
    assert ruling.levels == {"C1": 3, "C2": 3, "C3": 3}


def test_where_all_required_pass_the_others_change_nothing():
    rule = PassRule((C1, ELECTIVES[0]), mean_needed=Fraction(4))

    assert decide(rule, [{"C1": 3, "C2": 1}] * 2).outcome is Outcome.GRANTED
    assert decide(rule, [{"C1": 3, "C2": None}] * 2).outcome is Outcome.GRANTED


@pytest.mark.parametrize(("level", "is_straddled"), [(2, True), (3, False), (None, False)])
def test_a_straddle_is_no_lack_of_levels(level, is_straddled):
    assert criterion_outcome(C1, [3, level]).is_straddled is is_straddled


def test_a_mean_just_below_the_needed_one_is_not_rounded_up():
    criteria = tuple(CriterionRule(f"C{n}", 3, is_required=False) for n in range(1, 4))
    rule = PassRule(criteria, PassMode.WEIGHTED_MEAN, mean_needed=Fraction(3))

    below = [{"C1": 4, "C2": 3, "C3": 1}] * 2
    exact = [{"C1": 4, "C2": 3, "C3": 2}] * 2

    assert decide(rule, below).outcome is Outcome.NOT_YET
    assert decide(rule, exact).outcome is Outcome.GRANTED


def test_weights_are_exact_where_floating_point_would_fall_short():
    weights = (Fraction("0.1"), Fraction("0.2"), Fraction("0.7"))
    criteria = tuple(
        CriterionRule(f"C{n}", 3, is_required=False, weight=weight)
        for n, weight in enumerate(weights, 1)
    )
    rule = PassRule(criteria, PassMode.WEIGHTED_MEAN, mean_needed=Fraction("3.3"))

    assert decide(rule, [{"C1": 4, "C2": 4, "C3": 3}] * 2).outcome is Outcome.GRANTED
    assert decide(rule, [{"C1": 3, "C2": 4, "C3": 3}] * 2).outcome is Outcome.NOT_YET


def test_a_mean_waits_for_every_level_and_never_rescues_what_is_required():
    rule = PassRule((C1, ELECTIVES[0]), PassMode.WEIGHTED_MEAN, mean_needed=Fraction(3))

    assert decide(rule, [{"C1": 3, "C2": None}] * 2).outcome is None
    assert decide(rule, [{"C1": 2, "C2": 4}] * 2).outcome is Outcome.NOT_YET
    assert decide(rule, [{"C1": 4, "C2": 2}] * 2).outcome is Outcome.GRANTED


NEEDS_CRITERIA = "A pass rule needs criteria, and each of them once."
LIGHT = replace(C1, weight=Fraction(0))


@pytest.mark.parametrize(
    ("criteria", "changes", "reason"),
    [
        ((), {}, NEEDS_CRITERIA),
        ((C1, C1), {}, NEEDS_CRITERIA),
        (
            (C1, replace(ELECTIVES[0], is_must_pass=True)),
            {},
            "A criterion that must pass is a required one.",
        ),
        (ELECTIVES, {}, "No criterion is required, so everything would pass."),
        (
            ELECTIVES,
            {"mode": PassMode.K_OF_ELECTIVES},
            "A pass rule with electives must say how many of them are needed.",
        ),
        (
            (C1,),
            {"mode": PassMode.WEIGHTED_MEAN},
            "A pass rule by mean must say which mean is needed.",
        ),
        (
            (C1, replace(LIGHT, key="C2")),
            {"mode": PassMode.WEIGHTED_MEAN, "mean_needed": Fraction(3)},
            "Every weight in a mean must be above 0.",
        ),
    ],
)
def test_a_rule_that_could_not_be_applied_is_refused(criteria, changes, reason):
    with pytest.raises(Invalid) as refusal:
        PassRule(criteria, **changes)

    assert (str(refusal.value), refusal.value.field) == (reason, "pass_rule")


def test_a_weight_counts_only_where_a_mean_does():
    assert decide(PassRule((LIGHT,)), [{"C1": 3}] * 2).outcome is Outcome.GRANTED


@pytest.mark.parametrize("level", [0, -1, 2.5, 3.0, True, float("nan"), "3"])
def test_what_is_no_level_is_refused(level):
    with pytest.raises(Invalid) as refusal:
        decide(PassRule((C1,)), [{"C1": 3}, {"C1": level}])

    assert str(refusal.value) == "A level is a whole number from 1 upwards."


def test_the_lowest_level_is_one():
    assert criterion_outcome(C1, [1, 1]).level == 1
    assert decide(PassRule((C1,)), [{"C1": 1}] * 2).outcome is Outcome.NOT_YET


def test_what_an_edition_leaves_out_is_required_by_itself_and_weighs_one():
    assert CriterionRule("C1", 3) == CriterionRule("C1", 3, True, Fraction(1), False)
    assert PassRule((C1,)) == PassRule((C1,), PassMode.ALL_REQUIRED, 0, None)


def test_the_words_that_decisions_store_never_change():
    assert [one.value for one in Agreement] == ["all_agreed", "majority", "not_settled"]
    assert [one.value for one in PassMode] == ["all_required", "k_of_electives", "weighted_mean"]


@pytest.mark.parametrize("review", [{"C1": 3}, {"C1": 3, "C2": 3, "C3": 3}, {}])
def test_a_review_that_answers_other_criteria_is_refused(review):
    with pytest.raises(Invalid) as refusal:
        decide(TWO, [review, {"C1": 3, "C2": 3}])

    assert str(refusal.value) == (
        "Every review needs a level, or a reason for none, on each criterion."
    )


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5), st.integers(1, 4))
def test_inv_20_one_more_high_level_never_turns_a_pass_into_a_fail(levels, more):
    before = criterion_outcome(C1, levels)
    after = criterion_outcome(C1, [*levels, max(more, 3)])

    assert not (before.is_passed is True and after.is_passed is False)
