"""Editions: what may be published (INV-28), and that it is frozen from then on."""

from dataclasses import replace

import pytest

from core.errors import Conflict, Invalid
from credentials.catalog import queries, services
from credentials.catalog.definition import Criterion, EvidenceRequirement, to_mapping
from credentials.catalog.lint import errors_in
from credentials.catalog.models import BadgeEdition
from credentials.catalog.states import EditionState
from tests.factories import LEVELS, sample_definition

GAP = Criterion("C1", "Needs", {1: "None.", 2: "Some.", 4: "All."})
SEAT = Criterion("C1", "Attended the session", {1: "a", 2: "b", 3: "c", 4: "d"})
COURSE = EvidenceRequirement("E1", "Quiz", "From the course.", ("pdf",), applied_work=False)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"evidence_requirements": ()}, "This needs at least 1 entry."),
        (
            {"evidence_requirements": (COURSE,)},
            "At least one required sample must be applied work.",
        ),
        ({"criteria": ()}, "This needs at least 1 entry."),
        ({"criteria": (GAP,)}, "The text for level 3 is missing."),
        (
            {"criteria": (SEAT,)},
            "Being there is not a criterion. Make it a prerequisite, and ask here for work.",
        ),
        ({"levels": LEVELS[:1]}, "This needs at least 2 entries."),
    ],
)
def test_inv_28_an_edition_without_applied_work_criteria_and_all_descriptors_stays_a_draft(
    session, make, changes, reason
):
    draft = make.edition(sample_definition(**changes), is_published=False)

    with pytest.raises(Invalid) as refusal:
        services.publish(session, draft.id, by="system:test", at=make.edge.clock())

    assert reason in refusal.value.reason
    assert draft.state == EditionState.DRAFT.value


def test_inv_28_attendance_may_be_a_prerequisite():
    definition = sample_definition(prerequisites=("Attendance at the autumn lab",))

    assert errors_in(to_mapping(definition)) == []


def test_inv_28_a_pass_rule_under_which_everything_would_pass_is_an_error():
    electives = tuple(replace(one, required=False) for one in sample_definition().criteria)

    found = errors_in(to_mapping(sample_definition(criteria=electives)))

    assert [one.reason for one in found] == ["No criterion is required, so everything would pass."]


def test_weights_of_which_none_counts_are_an_error():
    policy = sample_definition().review_policy
    none = replace(policy, fit_weights=dict.fromkeys(policy.fit_weights, 0.0))
    one = replace(none, fit_weights={**none.fit_weights, "sector": 0.1})

    found = errors_in(to_mapping(sample_definition(review_policy=none)))

    assert [(fault.place, fault.reason) for fault in found] == [
        (
            ("review_policy", "fit_weights"),
            "At least one weight must be above 0, or nobody fits better.",
        )
    ]
    assert errors_in(to_mapping(sample_definition(review_policy=one))) == []


def test_a_published_version_never_changes(session, make):
    published = make.edition()
    changed = sample_definition(claim="Hosts anything.")

    with pytest.raises(Conflict) as refusal:
        make.edition(changed)

    assert refusal.value.reason == (
        "Version 1.0.0 of careful-host is published and cannot change."
        " Give the file a higher version."
    )
    assert queries.definition_of(published) == sample_definition()


def test_importing_the_same_again_changes_nothing(session, make):
    first = make.edition()

    again = make.edition()

    assert (again.id, again.published_at) == (first.id, first.published_at)
    assert len(make.rows(BadgeEdition)) == 1


def test_a_draft_may_be_corrected_until_it_is_published(session, make):
    draft = make.edition(is_published=False)

    corrected = make.edition(sample_definition(claim="Hosts anything."), is_published=False)

    assert corrected.id == draft.id
    assert queries.definition_of(corrected).claim == "Hosts anything."


def test_publishing_the_next_version_closes_the_one_before(session, make, clock):
    make.edition()
    clock.advance(days=1)
    second = make.edition(sample_definition(version="1.1.0"))

    badge, open_one = queries.latest_edition(session, "careful-host")

    assert open_one.id == second.id
    assert [(one.version, one.state) for one in queries.editions_of(session, badge.id)] == [
        ("1.1.0", "published"),
        ("1.0.0", "retired"),
    ]
