"""Demand against capacity: what is carried over, what is left out, and the first short week."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.assignment.forecast import (
    WEEKS,
    Demand,
    Reviewer,
    expected,
    forecast,
    presence,
    words,
)

MONDAY = date(2026, 1, 5)
DAY = timedelta(days=1)


def test_a_calm_badge_lets_nobody_wait() -> None:
    found = forecast(Demand(per_week=1), [Reviewer(2), Reviewer(2)], today=MONDAY)

    assert found.first_short is None
    assert found.more == 0
    assert words(found) == "As things stand, nobody waits for a reviewer in the coming 8 weeks."


def test_what_nobody_has_room_for_is_carried_and_named_in_words() -> None:
    found = forecast(Demand(seats=6), [Reviewer(2, days=7)], today=MONDAY)

    assert [round(one.waiting) for one in found.weeks[:4]] == [4, 2, 0, 0]
    assert found.first_short is not None
    assert words(found) == (
        "From the week of 5 January about 4 reviews would wait; qualify 2 more reviewers, or ask"
        " those of the pool whether they can take on more."
    )


def test_an_empty_pool_says_how_many_are_needed() -> None:
    found = forecast(Demand(seats=4), [], today=MONDAY)

    assert [one.capacity for one in found.weeks] == [0] * WEEKS
    assert found.more == 2


def test_more_than_anybody_could_qualify_is_said_so() -> None:
    found = forecast(Demand(seats=10_000), [], today=MONDAY)

    assert found.more is None
    assert "many more reviewers" in words(found)


@pytest.mark.parametrize(
    ("who", "share"),
    [
        (Reviewer(1), 1.0),
        (Reviewer(1, away=((MONDAY, MONDAY + DAY),)), 5 / 7),
        (Reviewer(1, away=((MONDAY - DAY, MONDAY + 30 * DAY),)), 0.0),
        (Reviewer(1, paused_until=MONDAY + 3 * DAY), 4 / 7),
        (Reviewer(1, until=MONDAY + DAY), 1 / 7),
    ],
)
def test_days_off_pauses_and_ended_rights_leave_less_of_a_week(who: Reviewer, share: float) -> None:
    assert presence(who, MONDAY) == pytest.approx(share)


def test_the_yearly_wish_is_a_bound_on_everything_taken_on() -> None:
    found = forecast(Demand(seats=9), [Reviewer(3, days=7, left_this_year=4)], today=MONDAY)

    assert found.weeks[-1].waiting == pytest.approx(5)


def test_what_is_near_its_hand_in_is_not_counted_twice() -> None:
    assert expected(Demand(nearing=4, per_week=3), 1) == pytest.approx(6)
    assert expected(Demand(nearing=8, per_week=3), 1) == pytest.approx(8)
    assert expected(Demand(nearing=8, per_week=3, third_share=0.5), 2) == pytest.approx(7.5)


@given(
    seats=st.integers(0, 40),
    rate=st.floats(0, 20),
    places=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8),
)
def test_nothing_is_lost_and_one_more_reviewer_never_makes_it_worse(
    seats: int, rate: float, places: list[tuple[int, int]]
) -> None:
    demand = Demand(seats=seats, per_week=rate)
    people = [Reviewer(free, busy) for free, busy in places]

    found = forecast(demand, people, today=MONDAY)
    better = forecast(demand, [*people, Reviewer(2)], today=MONDAY)

    before = 0.0
    for one in found.weeks:
        assert one.waiting == pytest.approx(max(before + one.demand - one.capacity, 0), abs=1e-6)
        before = one.waiting
    assert better.weeks[-1].waiting <= found.weeks[-1].waiting + 1e-6


@pytest.mark.parametrize("people", [[], [Reviewer(2, until=MONDAY)]])
def test_a_calm_badge_that_nobody_can_review_is_not_called_safe(people: list[Reviewer]) -> None:
    found = forecast(Demand(), people, today=MONDAY)

    assert (found.has_nobody, found.first_short) == (True, None)
    assert words(found).startswith("Nobody can take on a review in the coming 8 weeks")


def test_what_is_begun_and_what_waits_are_all_that_is_wanted() -> None:
    found = forecast(Demand(seats=6, per_week=1), [Reviewer(2, days=7)], today=MONDAY)

    for before, week in zip((None, *found.weeks), found.weeks, strict=False):
        carried = before.waiting if before else 0
        assert week.begun + week.waiting == pytest.approx(carried + week.demand)
        assert week.begun <= week.capacity
