"""Decisions that exist compute again to the same bytes, whoever reviewed (INV-19, 27)."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from credentials.catalog.definition import PassRule
from review.decision import rule
from review.decision.record import (
    SealedReview,
    fingerprint,
    inputs_of,
    pass_rule_of,
    result_of,
    ruling_of,
)
from tests.factories import sample_definition
from tests.review.decision.drawn import LEVELS

# As the database holds a decision that was made when the rule was first in force.
STORED_INPUTS = json.loads("""{
    "edition": "4ad5318dcc4a41ec6b69a6b582bb8596751d027e4d611329b9400ba10be659bd",
    "reviews": [
        {"digest": "a1", "levels": {"C1": 4, "C2": 3}},
        {"digest": "b2", "levels": {"C1": null, "C2": 3}},
        {"digest": "c3", "levels": {"C1": 3, "C2": 2}}
    ]
}""")
STORED_RESULT = json.loads("""{
    "outcome": "granted",
    "criteria": [
        {"key": "C1", "level": 3, "is_passed": true, "agreement": "all_agreed",
         "levels_given": 2},
        {"key": "C2", "level": 3, "is_passed": true, "agreement": "majority",
         "levels_given": 3}
    ]
}""")
FINGERPRINT = "44107ddb7dd55785bacdd8aeb539af598d07b4e9eb0b52929199ecf0586e748f"
REVIEWS = st.lists(st.fixed_dictionaries({"C1": LEVELS, "C2": LEVELS}), max_size=5)


def sealed(levels):
    """Return sealed reviews that say these levels, each under a digest of its own."""
    return [SealedReview(f"r{n}", f"a{n}", f"d{n}", one) for n, one in enumerate(levels)]


def test_inv_27_a_decision_of_the_first_rule_still_has_its_fingerprint():
    definition = sample_definition()

    result = result_of(ruling_of(definition, STORED_INPUTS))

    assert definition.digest == STORED_INPUTS["edition"]
    assert result == STORED_RESULT
    assert rule.VERSION == "rule/1"
    assert fingerprint(STORED_INPUTS, STORED_RESULT, "rule/1") == FINGERPRINT
    assert fingerprint(STORED_INPUTS, result, rule.VERSION) == FINGERPRINT


@pytest.mark.parametrize(
    "changed",
    [
        fingerprint(STORED_INPUTS, STORED_RESULT, "rule/2"),
        fingerprint({**STORED_INPUTS, "edition": "-"}, STORED_RESULT, "rule/1"),
        fingerprint(STORED_INPUTS, {**STORED_RESULT, "outcome": "not_yet"}, "rule/1"),
    ],
)
def test_a_fingerprint_covers_inputs_result_and_version(changed):
    assert changed != FINGERPRINT


@given(REVIEWS, st.randoms(use_true_random=False))
def test_inv_19_neither_who_reviewed_nor_who_was_first_goes_in(levels, chance):
    reviews = sealed(levels)
    others = [replace(one, review_id="x", assignment_id="y") for one in reviews]
    chance.shuffle(others)

    assert inputs_of("edition", others) == inputs_of("edition", reviews)


@given(REVIEWS)
def test_inv_27_what_the_database_gives_back_computes_to_the_same_bytes(levels):
    definition = sample_definition()
    inputs = inputs_of(definition.digest, sealed(levels))
    first = result_of(ruling_of(definition, inputs))

    stored = json.loads(json.dumps(inputs))
    again = result_of(ruling_of(definition, stored))

    assert fingerprint(stored, again, rule.VERSION) == fingerprint(inputs, first, rule.VERSION)


def test_an_edition_gives_its_rule_with_exact_fractions():
    first, second = sample_definition().criteria
    definition = sample_definition(
        criteria=(
            replace(first, pass_level=2, required=False, must_pass=True, weight=0.1),
            replace(second, required=False, weight=2),
        ),
        pass_rule=PassRule(mode="weighted_mean", mean_needed=3.3),
    )

    assert pass_rule_of(definition) == rule.PassRule(
        criteria=(
            rule.CriterionRule("C1", 2, weight=Fraction(1, 10), is_must_pass=True),
            rule.CriterionRule("C2", 3, is_required=False, weight=Fraction(2)),
        ),
        mode=rule.PassMode.WEIGHTED_MEAN,
        electives_needed=0,
        mean_needed=Fraction(33, 10),
    )


def test_an_edition_gives_how_many_electives_it_wants():
    first, second = sample_definition().criteria
    criteria = (first, replace(second, required=False))
    wants = PassRule(mode="k_of_electives", electives_needed=1)

    found = pass_rule_of(sample_definition(criteria=criteria, pass_rule=wants))

    assert (found.mode, found.electives_needed) == (rule.PassMode.K_OF_ELECTIVES, 1)
    with pytest.raises(Invalid, match="how many of them"):
        pass_rule_of(sample_definition(pass_rule=PassRule(mode="k_of_electives")))
