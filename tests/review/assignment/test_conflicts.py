"""The index of conflicts: the same answer as eligibility's, at the cost of what changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.assignment.conflicts import Conflicts, conflicts_of
from review.assignment.eligibility import (
    Candidate,
    Code,
    Matter,
    Objection,
    Organisation,
    Tie,
    objection,
    objection_but_for_ties,
    tie_between,
)
from review.pool.rules import LOOK_BACK

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EDGE = (AT - LOOK_BACK).date()
PEOPLE = [f"p{number}" for number in range(5)]
KEYS = [f"k{number}@example.org" for number in range(4)]
NAMES = ["Northlight GmbH", "NORTHLIGHT", "Müller & Söhne AG", "muller sohne", "The Group", "!?"]

days = st.sampled_from([None, EDGE - timedelta(days=1), EDGE, AT.date()])
moments = st.sampled_from([None, AT - LOOK_BACK - timedelta(seconds=1), AT - LOOK_BACK, AT])
organisations = st.builds(Organisation, st.sampled_from(NAMES), st.none(), days)
ties = st.one_of(
    st.builds(Tie, st.sampled_from(PEOPLE), st.none(), st.none(), moments),
    st.builds(Tie, st.none(), st.sampled_from(KEYS), st.none(), moments),
    st.builds(Tie, st.none(), st.none(), st.sampled_from([*NAMES, ""]), moments),
    st.builds(Tie, st.sampled_from(PEOPLE), st.sampled_from(KEYS), st.sampled_from(NAMES), moments),
)
facts = st.one_of(
    st.tuples(st.just("key"), st.sampled_from(PEOPLE), st.sampled_from(KEYS)),
    st.tuples(st.just("organisation"), st.sampled_from(PEOPLE), organisations),
    st.tuples(st.just("tie"), st.sampled_from(PEOPLE), ties),
    st.tuples(st.just("attester"), st.sampled_from(PEOPLE), st.sampled_from(KEYS)),
)
times = st.sampled_from(
    [AT, AT + timedelta(seconds=1), AT - timedelta(days=400), AT + timedelta(days=2000)]
)


def sides(known: list[tuple], person: str) -> tuple[Candidate, Matter]:
    """Return somebody as a reviewer, and as the learner of a matter of the same name."""

    def of(kind: str) -> list:
        return [fact for one, whose, fact in known if one == kind and whose == person]

    keys, jobs, declared = frozenset(of("key")), tuple(of("organisation")), tuple(of("tie"))
    return Candidate(person, keys, jobs, declared), Matter(
        submission_id=person,
        learner_id=person,
        badge_id="b",
        identity_keys=keys,
        organisations=jobs,
        ties=declared,
        attester_keys=frozenset(of("attester")),
    )


def by_pairs(
    candidates: list[Candidate], matters: list[Matter], at: datetime
) -> dict[tuple[str, str], Objection]:
    """Return what ties whom to whom, by asking eligibility about every pair."""
    return {
        (one.person_id, matter.learner_id): tie
        for one in candidates
        for matter in matters
        if (tie := tie_between(one, matter, at=at)) is not None
    }


def check(index: Conflicts, known: list[tuple], people: list[str], at: datetime) -> None:
    everybody = [sides(known, one) for one in people]
    candidates, matters = [one for one, _ in everybody], [one for _, one in everybody]
    expected = by_pairs(candidates, matters, at)
    codes = {pair: tie.code for pair, tie in expected.items()}

    to = {(one, x): code for x in people for one, code in index.tied_to(x, at=at).items()}
    of = {(x, one): code for x in people for one, code in index.ties_of(x, at=at).items()}
    why = {(x, y): index.why(x, y, at=at) for x in people for y in people}

    at_once = conflicts_of(candidates, matters, at=at)
    all_at_once = {(one, x): code for x, tied in at_once.items() for one, code in tied.items()}

    for one in candidates:
        for matter in matters:
            is_tied = one.person_id in at_once[matter.submission_id]
            judge = objection if is_tied else objection_but_for_ties
            assert judge(one, matter, at=at) == objection(one, matter, at=at)
    assert to == codes
    assert all_at_once == codes
    assert of == codes
    assert {pair: tie for pair, tie in why.items() if tie is not None} == expected


@settings(max_examples=200, deadline=None)
@given(
    changes=st.lists(st.tuples(st.just(True), facts) | st.tuples(st.just(False), st.integers(0))),
    leaver=st.sampled_from([None, *PEOPLE]),
    at=times,
)
def test_the_index_agrees_with_eligibility_whatever_came_and_went(
    changes: list[tuple], leaver: str | None, at: datetime
) -> None:
    index, known = Conflicts(), []
    for person in PEOPLE:
        index.add_person(person)

    for is_new, change in changes:
        if is_new:
            known.append(change)
            getattr(index, f"add_{change[0]}")(*change[1:])
        elif known:
            gone = known.pop(change % len(known))
            getattr(index, f"remove_{gone[0]}")(*gone[1:])
    check(index, known, PEOPLE, at)

    if leaver is not None:
        index.remove_person(leaver)
        known = [fact for fact in known if fact[1] != leaver]
        check(index, known, [one for one in PEOPLE if one != leaver], at)
        index.add_person(leaver)
        check(index, known, PEOPLE, at)


def test_the_same_fact_noted_twice_stands_until_taken_back_twice() -> None:
    index = Conflicts()
    index.add_person("ada", keys=["a@example.org"])
    for _ in range(2):
        index.add_attester("ben", "a@example.org")

    index.remove_attester("ben", "a@example.org")
    assert index.tied_to("ben", at=AT) == {"ben": Code.OWN_WORK, "ada": Code.ATTESTER}

    index.remove_attester("ben", "a@example.org")
    assert index.tied_to("ben", at=AT) == {"ben": Code.OWN_WORK}


def test_taking_back_what_is_not_there_is_an_error_and_changes_nothing() -> None:
    index = Conflicts()
    tie = Tie(organisation="Northlight")
    index.add_person("ada", ties=[tie])
    index.add_person("ben", organisations=[Organisation("Northlight")])

    with pytest.raises(KeyError):
        index.remove_tie("ada", replace(tie, until_at=AT))

    assert index.tied_to("ben", at=AT) == {"ben": Code.OWN_WORK, "ada": Code.CONFLICT}


def crowd(size: int) -> Conflicts:
    """People who all work for one of ten organisations, with an address each."""
    index = Conflicts()
    for number in range(size):
        index.add_person(
            f"x{number}",
            keys=[f"x{number}@example.org"],
            organisations=[Organisation(f"Works {number % 10}", None, date(2026, 1, 1))],
        )
    return index


@pytest.mark.parametrize("size", [10, 2000])
def test_a_change_touches_its_own_rows_however_many_people_there_are(size: int) -> None:
    index = crowd(size)
    touched = [index.touched]

    index.add_person(
        "ada",
        keys=["a@example.org"],
        organisations=[Organisation("Works 1"), Organisation("Works 2")],
        ties=[Tie("x1"), Tie(organisation="Works 3")],
    )
    touched.append(index.touched)
    index.add_attester("x1", "a@example.org")
    touched.append(index.touched)
    index.add_organisation("x2", Organisation("Works 1"))
    touched.append(index.touched)
    index.add_tie("x3", Tie(other_key="a@example.org"))
    touched.append(index.touched)
    index.remove_person("ada")
    touched.append(index.touched)

    assert [after - before for before, after in pairwise(touched)] == [
        5, 1, 1, 1, 5,
    ]  # fmt: skip


def test_a_learner_who_reviews_counts_with_the_facts_of_each_side() -> None:
    """What is known of a learner in their matter says nothing of them as a reviewer."""
    ada = Candidate("ada", frozenset({"a@example.org"}), (Organisation("Northlight"),))
    ben = Candidate("ben", organisations=(Organisation("Southdark"),))
    works = [
        Matter("one", "ada", "b", organisations=(Organisation("Southdark"),)),
        Matter("two", "cleo", "b", organisations=(Organisation("Northlight"),)),
    ]

    assert conflicts_of([ada, ben], works, at=AT) == {
        "one": {"ada": Code.OWN_WORK, "ben": Code.SAME_ORGANISATION},
        "two": {"ada": Code.SAME_ORGANISATION},
    }
