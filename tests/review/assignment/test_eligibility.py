"""Who may be asked: every hard rule, alone and at its edges."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.addresses import identity_key
from credentials.catalog.policy_defaults import FIT_WEIGHTS
from review.assignment.affinity import affinity
from review.assignment.eligibility import (
    Candidate,
    Code,
    Held,
    Matter,
    Organisation,
    Tie,
    objection,
    objection_to_staying,
    objections,
)
from review.assignment.organisations import normal_organisation
from review.assignment.refusals import to_reviewer
from review.pool.rules import LOOK_BACK

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HELD = Held("badge", "qualified", AT - timedelta(days=1), None)
FREE = Candidate(
    "reviewer", frozenset({"r@example.org"}), qualifications=(HELD,), languages=("en",)
)
WORK = Matter("submission", "learner", "badge", frozenset({"l@example.org"}))


def organisation(name: str, until: date | None = None) -> tuple[Organisation, ...]:
    return (Organisation(name, None, until),)


def codes(candidate: Candidate, matter: Matter) -> list[Code]:
    return [one.code for one in objections(candidate, matter, at=AT)]


def test_somebody_qualified_free_and_untied_may_be_asked() -> None:
    assert objection(FREE, WORK, at=AT) is None


@pytest.mark.parametrize(
    ("candidate", "matter", "expected"),
    [
        ({"person_id": "learner"}, {}, [Code.OWN_WORK]),
        ({"identity_keys": frozenset({"l@example.org"})}, {}, [Code.OWN_WORK]),
        ({}, {"attester_keys": frozenset({"r@example.org"})}, [Code.ATTESTER]),
        ({}, {"other_parts": frozenset({"reviewer"})}, [Code.OTHER_PART]),
        ({}, {"earlier_reviewers": frozenset({"reviewer"})}, [Code.EARLIER_REVIEWER]),
        ({}, {"turned_away": frozenset({"reviewer"})}, [Code.TURNED_AWAY]),
        ({"languages": ("de", "fr")}, {}, [Code.LANGUAGE]),
        ({"languages": ("de",)}, {"language": "de"}, []),
        ({"is_available": False}, {}, [Code.NOT_AVAILABLE]),
        ({"paused_until": AT + timedelta(seconds=1)}, {}, [Code.NOT_AVAILABLE]),
        ({"paused_until": AT}, {}, []),
        ({"open_load": 2, "max_open": 2}, {}, [Code.AT_CAP]),
        ({"open_load": 1, "max_open": 2}, {}, []),
        ({"ties": (Tie(other_person_id="learner"),)}, {}, [Code.CONFLICT]),
        ({}, {"ties": (Tie(other_person_id="reviewer"),)}, [Code.CONFLICT]),
        ({"ties": (Tie(other_key="l@example.org"),)}, {}, [Code.CONFLICT]),
        ({}, {"ties": (Tie(other_key="r@example.org"),)}, [Code.CONFLICT]),
        ({"ties": (Tie(other_key="x@example.org"),)}, {}, []),
        ({"ties": (Tie(other_person_id="somebody else"),)}, {}, []),
        (
            {"ties": (Tie(organisation="Northlight GmbH"),)},
            {"organisations": organisation("NORTHLIGHT")},
            [Code.CONFLICT],
        ),
        (
            {"organisations": organisation("Northlight")},
            {"ties": (Tie(organisation="northlight ltd"),)},
            [Code.CONFLICT],
        ),
        (
            {"organisations": organisation("Müller & Söhne AG")},
            {"organisations": organisation("Muller and Sohne")},
            [Code.SAME_ORGANISATION],
        ),
        ({"organisations": organisation("A")}, {"organisations": organisation("B")}, []),
    ],
)
def test_each_rule_objects_by_its_own_code(
    candidate: dict[str, Any], matter: dict[str, Any], expected: list[Code]
) -> None:
    found = codes(replace(FREE, **candidate), replace(WORK, **matter))

    assert found == expected


@pytest.mark.parametrize(
    ("held", "stands"),
    [
        (HELD, True),
        (replace(HELD, badge_id="another"), False),
        (replace(HELD, state="resting"), False),
        (replace(HELD, state="suspended"), False),
        (replace(HELD, state="lapsed"), False),
        (replace(HELD, valid_from=AT), True),
        (replace(HELD, valid_from=AT + timedelta(seconds=1)), False),
        (replace(HELD, valid_until=AT), False),
        (replace(HELD, valid_until=AT + timedelta(seconds=1)), True),
    ],
)
def test_a_qualification_counts_only_while_it_stands(held: Held, stands: bool) -> None:
    found = codes(replace(FREE, qualifications=(held,)), WORK)

    assert found == ([] if stands else [Code.NOT_QUALIFIED])


@pytest.mark.parametrize(
    ("ended", "is_tied"),
    [
        (AT - LOOK_BACK, True),
        (AT - LOOK_BACK - timedelta(seconds=1), False),
        (AT, True),
        (None, True),
    ],
)
def test_inv_06_a_tie_counts_for_the_look_back_after_it_ended(
    ended: datetime | None, is_tied: bool
) -> None:
    found = codes(replace(FREE, ties=(Tie("learner", until_at=ended),)), WORK)

    assert found == ([Code.CONFLICT] if is_tied else [])


@pytest.mark.parametrize(("days", "is_shared"), [(0, True), (1, False)])
def test_inv_06_an_employer_left_three_years_ago_no_longer_counts(
    days: int, is_shared: bool
) -> None:
    left = (AT - LOOK_BACK).date() - timedelta(days=days)

    found = codes(
        replace(FREE, organisations=organisation("Northlight", left)),
        replace(WORK, organisations=organisation("Northlight")),
    )

    assert found == ([Code.SAME_ORGANISATION] if is_shared else [])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada.Quill+badges@gmail.com", "adaquill@googlemail.com"),
        ("Ada@Example.org", "ada+reviews@example.org"),
        ("a.d.a@gmail.com", "ada@gmail.com"),
    ],
)
def test_inv_05_every_spelling_of_a_mailbox_is_one_person(one: str, other: str) -> None:
    reviewer = replace(FREE, identity_keys=frozenset({identity_key(one)}))
    work = replace(WORK, identity_keys=frozenset({identity_key(other)}))
    attested = replace(WORK, attester_keys=frozenset({identity_key(other)}))

    assert codes(reviewer, work) == [Code.OWN_WORK]
    assert codes(reviewer, attested) == [Code.ATTESTER]


def test_dots_count_where_mailboxes_tell_them_apart() -> None:
    assert identity_key("a.da@example.org") != identity_key("ada@example.org")


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("  The Northlight  Guild, Ltd. ", "northlight guild"),
        ("NORTHLIGHT GUILD", "northlight guild"),
        ("Müller AG", "muller"),
        ("Company", "company"),
        ("株式会社", "株式会社"),
    ],
)
def test_organisations_are_compared_without_case_marks_and_legal_form(
    name: str, normal: str
) -> None:
    assert normal_organisation(name) == normal


def test_who_holds_a_seat_keeps_it_whatever_their_load_pause_or_language() -> None:
    seated = replace(
        FREE,
        open_load=9,
        is_available=False,
        paused_until=AT + timedelta(days=9),
        languages=("de",),
    )

    assert objection_to_staying(seated, WORK, at=AT) is None


@pytest.mark.parametrize(
    ("candidate", "matter", "code"),
    [
        ({"person_id": "learner"}, {}, Code.OWN_WORK),
        ({"ties": (Tie("learner"),)}, {}, Code.CONFLICT),
        ({"qualifications": ()}, {}, Code.NOT_QUALIFIED),
        ({}, {"earlier_reviewers": frozenset({"reviewer"})}, Code.EARLIER_REVIEWER),
    ],
)
def test_a_tie_or_a_lost_right_ends_a_seat(
    candidate: dict[str, Any], matter: dict[str, Any], code: Code
) -> None:
    found = objection_to_staying(replace(FREE, **candidate), replace(WORK, **matter), at=AT)

    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("code", [Code.ATTESTER, Code.CONFLICT, Code.SAME_ORGANISATION])
def test_inv_12_a_reviewer_is_not_told_which_tie_it_is(code: Code) -> None:
    matters = {
        Code.ATTESTER: (FREE, replace(WORK, attester_keys=FREE.identity_keys)),
        Code.CONFLICT: (FREE, replace(WORK, ties=(Tie("reviewer"),))),
        Code.SAME_ORGANISATION: (
            replace(FREE, organisations=organisation("Northlight")),
            replace(WORK, organisations=organisation("Northlight")),
        ),
    }

    found = objection(*matters[code], at=AT)

    assert found is not None
    assert found.code == code
    assert to_reviewer(found) == "A conflict of interest is on record, so somebody else is asked."


@given(
    load=st.integers(0, 10),
    done=st.integers(0, 50),
    sector=st.sampled_from(["", "Health", "health", "Sport"]),
)
def test_a_fit_is_the_weighted_sum_of_its_named_terms(load: int, done: int, sector: str) -> None:
    candidate = replace(FREE, open_load=load, max_open=5, reviews_done=done, sector=sector)

    fit = affinity(candidate, replace(WORK, sector="Health"))

    assert sum(FIT_WEIGHTS.values()) == pytest.approx(1)
    assert fit.total == pytest.approx(
        sum(term.value * FIT_WEIGHTS[term.name] for term in fit.terms)
    )
    assert 0 <= fit.total <= 1
