"""Which changes are open to a pool: what ends by itself, and what a person or a manager can do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from review.assignment.eligibility import Candidate, Held, Matter, Tie
from review.assignment.leave import NO_LEAVE, Leave
from review.assignment.levers import Known, Wanting, levers
from review.assignment.planning import Free
from review.assignment.relaxation import LONGEST, Tier
from review.assignment.remedies import Kind

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
RIGHT = Held("badge", "qualified", NOW - timedelta(days=30), None)
ASH = Candidate("ash", qualifications=(RIGHT,))
WORK = Matter("work", "learner", "badge")
ROUND = Wanting("r", WORK, {}, timedelta(hours=5), Tier.MIX, 7)
SOON = NOW + timedelta(days=2)


def found(candidate=ASH, wanting=ROUND, leave=NO_LEAVE, ends=None):
    people = {candidate.person_id: Free(candidate.person_id, 2)}
    known = Known({candidate.person_id: leave}, ends or {}, LONGEST)
    return [
        (one.kind, one.until, tuple(one.opens))
        for one in levers([wanting], [candidate], people, known, at=NOW)
    ]


def test_somebody_who_is_free_needs_no_change():
    assert found() == []


def test_who_carries_all_they_wish_may_be_asked_for_one_more_or_waited_for():
    full = replace(ASH, open_load=2)

    assert found(full, ends={"ash": SOON}) == [
        (Kind.RAISE, None, ("r",)),
        (Kind.WAIT, SOON, ("r",)),
    ]
    assert found(full) == [(Kind.RAISE, None, ("r",))]


@pytest.mark.parametrize("days", [2, 30])
def test_a_pause_is_waited_for_if_it_ends_soon(days):
    until = NOW + timedelta(days=days)

    answer = found(replace(ASH, paused_until=until))

    assert answer == ([(Kind.WAIT, until, ("r",))] if days == 2 else [])


def test_who_is_away_without_an_end_is_not_waited_for():
    assert found(replace(ASH, is_available=False)) == []


def test_a_holiday_ends_on_the_day_after_it():
    leave = Leave(holidays=((date(2026, 3, 1), date(2026, 3, 4)),))

    assert found(leave=leave) == [(Kind.WAIT, datetime(2026, 3, 5, tzinfo=UTC), ("r",))]


@pytest.mark.parametrize(
    ("state", "expected"),
    [("lapsed", [(Kind.RENEW, None, ("r",))]), ("resting", [(Kind.RENEW, None, ("r",))]),
     ("suspended", [])],
)  # fmt: skip
def test_a_right_that_lapsed_or_rests_can_be_renewed_and_a_suspended_one_not(state, expected):
    assert found(replace(ASH, qualifications=(replace(RIGHT, state=state),))) == expected


def test_a_conflict_is_never_a_matter_of_waiting():
    tied = replace(ASH, open_load=2, ties=(Tie(other_person_id="learner"),))

    assert found(tied) == [(Kind.RAISE, None, ())]


def test_who_said_not_now_is_asked_for_the_same_work_when_their_time_is_over():
    about = replace(WORK, turned_away=frozenset({"ash"}))
    wanting = replace(ROUND, about=about, not_now={"ash": SOON})

    assert found(wanting=wanting) == [(Kind.WAIT, SOON, ("r",))]
    assert found(wanting=replace(wanting, not_now={})) == []
    assert found(wanting=replace(wanting, forbidden=frozenset({"ash"}))) == []


def test_the_wish_for_a_year_and_the_mix_give_way_at_a_known_time():
    leave = Leave(accepted_within_year=12, per_year=12)
    wanting = replace(ROUND, tier=Tier.NORMAL)

    assert found(wanting=wanting, leave=leave) == [
        (Kind.RELAX, NOW + timedelta(hours=43), ("r",)),
        (Kind.RELAX, NOW + timedelta(hours=19), ()),
    ]
