"""How an edition says when an outcome is sure enough, and when people are asked instead."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from credentials.catalog import wording
from credentials.catalog.definition import PassRule, ReviewPolicy, parse, to_mapping
from credentials.catalog.lint import advice_on, errors_in
from credentials.catalog.policy_defaults import ABSENT
from credentials.catalog.schema import SCHEMA_FILE
from tests.factories import sample_definition

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "badge-files.md"
BOUNDS = {
    "max_reviews": 7,
    "grant_above": 0.8,
    "deny_below": 0.2,
    "small_family": 50,
    "small_grant_above": 0.97,
    "small_deny_below": 0.03,
}
NAMES = {one.name for one in fields(ReviewPolicy)}


def with_policy(**changes):
    """Return the sample badge under a changed policy, as a mapping."""
    policy = replace(sample_definition().review_policy, **changes)
    return to_mapping(sample_definition(review_policy=policy))


def faults_in(**changes):
    return [(one.field, one.reason) for one in errors_in(with_policy(**changes))]


def test_bounds_left_at_their_default_are_not_in_the_digest():
    mapping = with_policy()

    assert set(BOUNDS) <= set(ABSENT)
    assert not set(BOUNDS) & set(mapping["review_policy"])
    assert {name: getattr(ReviewPolicy(), name) for name in ABSENT} == ABSENT
    assert parse(mapping).digest == sample_definition().digest


def test_bounds_that_an_edition_sets_are_kept_and_change_its_digest():
    mapping = json.loads(json.dumps(with_policy(**BOUNDS)))

    found = parse(mapping)

    assert errors_in(mapping) == []
    assert {name: getattr(found.review_policy, name) for name in BOUNDS} == BOUNDS
    assert found.digest != sample_definition().digest


def test_the_schema_and_the_manual_know_every_field_of_the_policy():
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    known = set(schema["properties"]["review_policy"]["properties"])
    manual = MANUAL.read_text("utf-8")

    assert known == NAMES
    assert {name for name in NAMES if f"`{name}`" not in manual} == set()


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        (
            {"reviewers": 4, "max_reviews": 3},
            "max_reviews",
            "This is fewer than the 4 reviewers who are asked at first.",
        ),
        ({"deny_below": 0.9}, "deny_below", "This must be less than grant_above."),
        (
            {"small_deny_below": 0.05, "small_grant_above": 0.05, "grant_above": 0.04,
             "deny_below": 0.03},
            "small_deny_below",
            "This must be less than small_grant_above.",
        ),
        (
            {"small_deny_below": 0.11},
            "small_deny_below",
            "With few reviews known this cannot be more than deny_below.",
        ),
        (
            {"small_grant_above": 0.89},
            "small_grant_above",
            "With few reviews known this cannot be less than grant_above.",
        ),
        ({"max_reviews": 1, "reviewers": 2}, "max_reviews", "This must be at least 2."),
        ({"max_reviews": 10}, "max_reviews", "This must be at most 9."),
        ({"grant_above": 1.1}, "grant_above", "This must be at most 1."),
        ({"deny_below": -0.1}, "deny_below", "This must be at least 0."),
        ({"small_family": -1}, "small_family", "This must be at least 0."),
    ],
)  # fmt: skip
def test_bounds_that_contradict_each_other_are_refused(changes, field, reason):
    assert (f"review_policy.{field}", reason) in faults_in(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"reviewers": 3, "max_reviews": 3},
        {"deny_below": 0, "small_deny_below": 0, "grant_above": 1, "small_grant_above": 1},
        {"small_deny_below": 0.1, "small_grant_above": 0.9},
        {"small_family": 0},
    ],
)
def test_bounds_at_the_end_of_what_is_possible_are_taken(changes):
    assert faults_in(**changes) == []


def test_an_even_number_of_reviews_is_advised_against():
    even, odd = (advice_on(with_policy(max_reviews=count)) for count in (6, 7))

    assert [(one.field, one.reason) for one in even] == [
        (
            "review_policy.max_reviews",
            "An even number of levels can end in a tie; the last of an odd number ends it.",
        )
    ]
    assert odd == advice_on(with_policy()) == []


def test_a_criterion_that_must_pass_is_no_elective():
    first, second = sample_definition().criteria
    criteria = (first, replace(second, required=False, must_pass=True))
    rule = PassRule(mode="k_of_electives", electives_needed=1)

    found = errors_in(to_mapping(sample_definition(criteria=criteria, pass_rule=rule)))

    assert [one.reason for one in found] == [
        "electives_needed must be between 1 and the 0 electives there are."
    ]


def test_a_mean_is_said_to_rescue_nothing_that_is_required():
    mean = PassRule(mode="weighted_mean", mean_needed=3.5)
    first, second = (replace(one, required=False) for one in sample_definition().criteria)
    gated = replace(first, must_pass=True)

    def sentence(*criteria):
        return wording.pass_rule(sample_definition(criteria=criteria, pass_rule=mean))

    alone = "The weighted mean of all levels must reach 3.5."
    both = (
        "Every required criterion must pass by itself, and the weighted mean of all levels must"
        " reach 3.5."
    )
    assert sentence(first, second) == alone
    assert sentence(gated, second) == sentence(replace(first, required=True), second) == both


@pytest.mark.parametrize(
    ("known", "start"), [(30, "Once 30 reviews of this badge are known, an"), (0, "An")]
)
def test_a_badge_page_says_what_happens_when_an_outcome_is_not_sure_enough(
    client, make, known, start
):
    policy = replace(sample_definition().review_policy, confidence_from=known)
    make.edition(sample_definition(review_policy=policy))

    page = client.get("/badges/careful-host").text

    assert (
        f"{start} outcome that is not sure enough, held against all of them, waits for one more"
        " reviewer and in the end for the committee; no figure ever changes an outcome."
    ) in page


def test_a_badge_page_says_how_many_read_a_work_at_most(client, make):
    policy = replace(sample_definition().review_policy, **BOUNDS)
    make.edition(sample_definition(review_policy=policy))

    page = client.get("/badges/careful-host").text

    assert "At most seven people read it; what they leave open, a committee answers." in page
