"""The ladder's rule: slow, one rung at a time, on evidence beyond chance, and never for a no."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.recognition.ladder import (
    LEAST_DAYS,
    Evidence,
    Trigger,
    has_recovered,
    next_rung,
    reasons_in,
)
from review.recognition.quality import Reading
from review.recognition.states import Rung

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)


def ago(days):
    return NOW - timedelta(days=days)


def evidence(**changes):
    return replace(Evidence(gate=0.8), **changes)


def triggers(known):
    return [one.trigger for one in reasons_in(known)]


BACK = tuple((is_back, ago(day)) for day, is_back in enumerate([True, True, True] + [False] * 7))
NEW = tuple(ago(day) for day in (1, 2, 3))
SLIPS = evidence(returns=BACK, reviews=NEW)


@pytest.mark.parametrize(
    ("agreed", "speaks"), [((2, 1, 2), True), ((0,), True), ((3, 3, 3), False), ((5, 5, 5), False)]
)
def test_known_work_speaks_only_where_even_the_upper_limit_is_below_the_gate(agreed, speaks):
    """Three readings of five criteria with 60 % could still be the 80 % that the gate asks for."""
    known = evidence(readings=tuple((Reading(one, 5), ago(9)) for one in agreed))

    assert triggers(known) == ([Trigger.KNOWN_WORK] if speaks else [])


def test_the_model_needs_ten_reviews_of_which_three_are_new():
    doubted = evidence(informative=0.49, fitted_at=ago(1), reviews=NEW, reviews_ever=10)

    assert triggers(doubted) == [Trigger.MODEL]
    assert triggers(replace(doubted, informative=0.5)) == []
    assert triggers(replace(doubted, reviews_ever=9)) == []
    assert triggers(replace(doubted, reviews=NEW[:2])) == []
    assert triggers(replace(doubted, fitted_at=None)) == []


def test_three_returns_of_the_last_ten_speak_and_older_ones_do_not():
    older = tuple((True, ago(40)) for _ in range(5))
    fine = tuple((False, ago(2)) for _ in range(8))

    assert triggers(evidence(returns=BACK)) == [Trigger.RETURNED]
    assert triggers(evidence(returns=BACK[1:])) == []
    assert triggers(evidence(returns=fine + older)) == []


def test_a_first_note_needs_no_wait():
    assert next_rung(None, None, SLIPS, at=NOW) is Rung.NOTE


@pytest.mark.parametrize(
    ("current", "then"),
    [(None, Rung.NOTE), (Rung.NOTE, Rung.GOLD), (Rung.GOLD, Rung.PAUSE), (Rung.PAUSE, Rung.TALK)],
)
def test_rungs_come_one_at_a_time_two_weeks_apart(current, then):
    assert next_rung(current, NOW - LEAST_DAYS, SLIPS, at=NOW) is then
    a_little_early = NOW - LEAST_DAYS + timedelta(minutes=1)
    assert next_rung(current, a_little_early, SLIPS, at=NOW) is None


@pytest.mark.parametrize("current", [None, Rung.NOTE, Rung.GOLD])
def test_three_new_reviews_lie_between_two_rungs(current):
    few = replace(SLIPS, reviews=NEW[:2])

    assert next_rung(current, ago(20), few, at=NOW) is None


def test_after_a_pause_the_days_are_enough_since_nobody_is_asked():
    assert next_rung(Rung.PAUSE, ago(15), replace(SLIPS, reviews=()), at=NOW) is Rung.TALK


def test_nobody_is_paused_for_what_was_known_when_the_gold_items_were_sent():
    old = replace(SLIPS, returns=tuple((is_back, ago(30)) for is_back, _ in BACK))

    assert next_rung(Rung.NOTE, ago(20), old, at=NOW) is Rung.GOLD
    assert next_rung(Rung.GOLD, ago(20), old, at=NOW) is None


def test_nothing_comes_after_a_talk_and_only_a_person_ends_it():
    assert next_rung(Rung.TALK, ago(200), SLIPS, at=NOW) is None
    assert not has_recovered(Rung.TALK, evidence())


@pytest.mark.parametrize("rung", [Rung.NOTE, Rung.GOLD, Rung.PAUSE])
def test_a_step_ends_by_itself_when_nothing_speaks_for_it_any_more(rung):
    assert has_recovered(rung, evidence(returns=BACK[2:]))
    assert not has_recovered(rung, SLIPS)
    assert next_rung(rung, ago(99), evidence(), at=NOW) is None


def test_inv_40_there_is_no_place_to_say_that_somebody_declined_paused_or_rested():
    names = {one.name for one in fields(Evidence)}

    assert names == {
        "gate",
        "readings",
        "returns",
        "reviews",
        "informative",
        "fitted_at",
        "reviews_ever",
    }


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60)), max_size=6),
    st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=12),
    st.floats(0, 1),
    st.sampled_from([None, *Rung]),
    st.integers(0, 60),
)
def test_a_step_is_never_skipped_and_never_taken_without_a_reason(
    readings, returns, informative, current, days
):
    known = evidence(
        readings=tuple((Reading(agreed, 5), ago(day)) for agreed, day in readings),
        returns=tuple((is_back, ago(day)) for is_back, day in returns),
        informative=informative,
        fitted_at=ago(1),
        reviews=NEW,
        reviews_ever=12,
    )

    rung = next_rung(current, ago(days), known, at=NOW)

    if rung is not None:
        assert reasons_in(known)
        assert list(Rung).index(rung) == (0 if current is None else list(Rung).index(current) + 1)
        assert days >= LEAST_DAYS.days
        assert not (current and has_recovered(current, known))
