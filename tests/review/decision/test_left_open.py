"""An elective that could not change the outcome is left open, from the decision to the badge."""

import json
from dataclasses import replace

import pytest

from credentials.issuing.models import Award
from review.assignment.states import AssignmentState
from review.decision.recomputing import recompute
from tests.credentials.awards import sign
from tests.factories import sample_definition

LEFT_OPEN = "it could not change the outcome"


@pytest.fixture
def left_open(stage, make):
    """C1 is shown by both reviewers; they straddle C2, which is an elective."""
    first, second = sample_definition().criteria
    criteria = (first, replace(second, required=False))
    edition = make.edition(sample_definition(criteria=criteria))
    return stage.under_review(edition=edition).decided([(3, 2), (4, 3)])


def test_it_is_decided_without_asking_anybody_for_its_sake(left_open, edge):
    (decision,) = left_open.decisions()
    c2 = decision.result["criteria"][1]

    with edge.database.transaction(read_only=True) as session:
        again = recompute(session, decision.id)

    assert (left_open.state(), decision.outcome) == ("released", "granted")
    assert (c2["level"], c2["is_passed"], c2["agreement"]) == (None, None, "not_settled")
    assert decision.reasons == [
        {"code": "settled", "criterion": ""},
        {"code": "left_open", "criterion": "C2"},
    ]
    assert again.is_equal


def test_learner_and_reviewers_read_that_it_is_not_settled_and_why_that_is_no_matter(
    left_open, as_person
):
    reviewer = left_open.reviewers[0]
    (mine,) = [
        one for one in left_open.in_state(AssignmentState.CLOSED) if one.reviewer_id == reviewer.id
    ]

    page = as_person(left_open.learner.id).get(f"/submissions/{left_open.submission.id}/outcome")
    others = as_person(reviewer.id).get(f"/reviews/{mine.id}/outcome")

    assert (page.status_code, others.status_code) == (200, 200)
    for text in (page.text, others.text):
        assert f"Not settled: {LEFT_OPEN}." in text
    assert "Not shown yet" not in page.text
    assert "No level yet" in page.text
    assert "Proficient" in page.text


def test_the_badge_shows_the_levels_there_are_and_says_of_the_other_that_it_was_left_open(
    left_open, as_person, client, edge
):
    (award,) = left_open.make.rows(Award)
    holder = as_person(left_open.learner.id)
    offer = holder.get(f"/awards/{award.id}/accept?visibility=unlisted")
    credential = sign(edge, award)

    page = client.get(f"/credentials/{credential.id}")
    document = json.loads(client.get(f"/credentials/{credential.id}.json").data)

    assert award.levels == {"C1": 3}
    assert "they agreed" not in award.method
    assert award.method.endswith("each without seeing the levels the others gave.")
    assert f"no level: left open by the reviewers, and {LEFT_OPEN}" in offer.text
    assert f"Left open by the reviewers: {LEFT_OPEN}." in page.text
    results = document["credentialSubject"]["result"]
    assert [one["value"] for one in results] == ["3"]


def test_a_mark_for_distinction_counts_only_levels_that_are_settled(stage, make):
    first, second = sample_definition().criteria
    usual = sample_definition(criteria=(first, replace(second, required=False)))
    edition = make.edition(replace(usual, pass_rule=replace(usual.pass_rule, distinction_count=2)))

    stage.under_review(edition=edition).decided([(4, 2), (4, 4)])

    (award,) = stage.make.rows(Award)
    assert (award.levels, award.has_distinction) == ({"C1": 4}, False)
