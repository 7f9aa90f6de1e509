"""Which later reviews are read: the expected share is the rate, and more of it where risk is."""

import random
from dataclasses import replace
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digest import share_of
from review.moderation.risk import Facts, chance, is_drawn, scale, weight

SAFE = Facts(earlier=30, levels=(3, 4, 2, 3), words=(20, 30, 20, 25), seconds=2_700)
RISKY = {
    "few reviews": {"earlier": 9},
    "one level everywhere": {"levels": (3, 3, 3, 3)},
    "very short reasons": {"words": (5, 5, 5, 5)},
    "far too fast": {"seconds": 800},
    "could not score": {"levels": (3, None, 2, 3)},
}
WEIGHTS = st.lists(st.floats(1, 8), min_size=1, max_size=60)


def weighed(facts: Facts) -> float:
    return weight(facts, least_words=12, minutes=45)


def test_a_review_with_nothing_to_it_weighs_one() -> None:
    assert weighed(SAFE) == 1.0


@pytest.mark.parametrize("changes", RISKY.values(), ids=RISKY)
def test_each_plain_fact_adds_one(changes) -> None:
    assert weighed(replace(SAFE, **changes)) == 2.0


def test_a_writer_who_is_being_checked_adds_two_and_all_adds_up() -> None:
    assert weighed(replace(SAFE, is_checked=True)) == 3.0
    worst = Facts(
        earlier=0, levels=(3, 3, 3, None), words=(1, 1, 1, 1), seconds=10, is_checked=True
    )
    assert weighed(worst) == 8.0


def test_two_criteria_at_one_level_say_nothing() -> None:
    assert weighed(replace(SAFE, levels=(3, 3), words=(20, 20))) == 1.0


@given(WEIGHTS, st.floats(0, 1))
def test_the_expected_share_is_the_rate_whatever_the_weights(weights, rate) -> None:
    found = scale(weights, rate)

    assert fmean(min(1.0, found * one) for one in weights) == pytest.approx(rate, abs=1e-9)


@given(WEIGHTS, st.floats(0.01, 1), st.floats(1, 8), st.floats(1, 8))
def test_a_riskier_review_is_never_drawn_less_often(others, rate, one, other) -> None:
    low, high = sorted((one, other))
    found = scale([*others, low, high], rate)

    assert min(1.0, found * low) <= min(1.0, found * high)


def test_the_heavier_is_drawn_in_proportion_until_it_is_certain() -> None:
    assert chance(4.0, [1.0, 1.0, 1.0, 1.0], 0.1) == pytest.approx(4 * 0.5 / 8)
    assert chance(8.0, [1.0] * 9, 0.5) == 1.0
    assert chance(1.0, [1.0] * 8 + [8.0], 0.5) == pytest.approx(4 / 9)
    assert chance(1.0, [], 0.1) == pytest.approx(0.1)


def test_over_many_reviews_as_many_are_read_as_the_rate_says_and_more_of_the_risky() -> None:
    source = random.Random(7)
    lately: list[float] = []
    read: dict[float, list[bool]] = {1.0: [], 2.0: [], 5.0: []}
    for number in range(6_000):
        own = source.choice((1.0, 1.0, 1.0, 2.0, 5.0))
        drawn = is_drawn(f"review {number}", f"{number:064x}", chance(own, lately[-200:], 0.1))
        lately.append(own)
        read[own].append(drawn)

    everything = [one for some in read.values() for one in some]
    assert fmean(everything) == pytest.approx(0.1, abs=0.01)
    assert fmean(read[1.0]) == pytest.approx(0.05, abs=0.015)
    assert fmean(read[5.0]) == pytest.approx(0.25, abs=0.03)


def test_a_draw_is_the_same_each_time_and_even() -> None:
    assert is_drawn("one", "a" * 64, 0.5) == is_drawn("one", "a" * 64, 0.5)
    shares = [share_of({"number": number}) for number in range(4_000)]
    assert all(0 <= one < 1 for one in shares)
    assert fmean(shares) == pytest.approx(0.5, abs=0.02)
    assert not is_drawn("one", "a" * 64, 0.0)
    assert is_drawn("one", "a" * 64, 1.0)
