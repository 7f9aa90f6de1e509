"""Turnaround, minutes and flips: by hand, and honest about what is not done yet."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from review.decision.durations import duration_quantiles, minutes_per_decision
from review.decision.figures import Figure, Lack, known, share, unknown
from review.decision.flips import turned

NAN = float("nan")


def test_a_median_by_hand() -> None:
    """Twenty ended after 1 to 20 days: ten are done after day 10. Greenwood's variance of log S
    at day d is d / (20 (20 - d)). The lower limit, S to the power of exp(1.96 sd / -log S), is
    .75 ** 2.410 = .49994 at day 5; the upper .3 ** (1 / 1.744) = .5014 at day 14, .4486 at 15.
    """
    (median,) = duration_quantiles(range(1, 21), quantiles=[0.5])

    assert median == known(10.0, 5.0, 15.0, 20)


def test_what_waits_still_counts_as_waiting() -> None:
    """Ten done after 1 to 10 days and thirty open for 10: a quarter is done by day 10, and not
    half of what is done by day 5.
    """
    days = [*range(1, 11), *[10] * 30]
    is_open = [False] * 10 + [True] * 30

    tenth, half = duration_quantiles(days, is_open, quantiles=[0.1, 0.5])

    assert (tenth.value, tenth.count) == (4.0, 10)
    assert half == unknown(Lack.NOT_REACHED, 10)


def test_what_all_take_alike_has_no_upper_limit_yet() -> None:
    assert duration_quantiles([5.0] * 30) == (unknown(Lack.NOT_REACHED, 30),) * 2


@pytest.mark.parametrize(
    ("days", "is_open", "lack"),
    [
        ([], [], Lack.NONE_GIVEN),
        ([3.0], [False], Lack.TOO_FEW),
        (range(9), [False] * 9, Lack.TOO_FEW),
        (range(50), [True] * 50, Lack.TOO_FEW),
    ],
)
def test_too_little_to_say_has_a_reason(days: Any, is_open: Any, lack: Lack) -> None:
    assert [each.lack for each in duration_quantiles(days, is_open)] == [lack, lack]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60),
    st.randoms(use_true_random=False),
)
def test_order_does_not_matter_and_quantiles_are_in_order(cases: Any, chance: Any) -> None:
    mixed = chance.sample(cases, len(cases))
    found, again = (
        duration_quantiles([each[0] for each in rows], [each[1] for each in rows])
        for rows in (cases, mixed)
    )

    assert found == again
    for figure in found:
        if figure.lack is None:
            assert figure.low is not None
            assert figure.value is not None
            assert figure.high is not None
            assert figure.low <= figure.value <= figure.high
    half, most = (figure.value for figure in found)
    assert half is None or most is None or half <= most


def test_limits_cover_at_about_their_level_though_some_wait() -> None:
    chance, hits, times = np.random.default_rng(5), 0, 400
    for _ in range(times):
        ends, looks = chance.exponential(size=60), chance.exponential(2.5, size=60)
        (half,) = duration_quantiles(np.minimum(ends, looks), looks < ends, quantiles=[0.5])
        hits += encloses(half, np.log(2))

    assert 0.92 < hits / times < 0.98


def encloses(figure: Figure, truth: float) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= truth <= figure.high


def test_minutes_are_summed_by_decision_and_one_with_a_gap_is_left_out() -> None:
    """Ten decisions of 30 + d minutes, d from 1 to 10: mean 35.5, sd 3.0277; t of nine 2.2622."""
    decisions = [*range(10), *range(10), 10, 10]
    minutes = [*[30.0] * 10, *range(1, 11), 500.0, NAN]

    found = minutes_per_decision(decisions, minutes)

    reach = 2.262157 * np.std(range(10), ddof=1) / np.sqrt(10)
    assert found.mean.value == 35.5
    assert found.mean.high == pytest.approx(35.5 + reach)
    assert (found.median.value, found.left_out) == (35.0, 1)


def test_minutes_that_nobody_knows_are_not_none() -> None:
    found = minutes_per_decision([1, 2, 3], [NAN] * 3)

    assert (found.mean, found.left_out) == (unknown(Lack.NONE_GIVEN), 3)
    assert minutes_per_decision([], []).median == unknown(Lack.NONE_GIVEN)


@pytest.mark.parametrize(
    ("days", "is_open", "wanted", "field"),
    [
        ([-1.0], None, [0.5], "durations"),
        ([NAN], None, [0.5], "durations"),
        ([1.0], [0.5], [0.5], "is_open"),
        ([1.0], [True, False], [0.5], "durations"),
        ([1.0], None, [1.0], "quantiles"),
    ],
)
def test_bad_input_is_named(days: Any, is_open: Any, wanted: Any, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        duration_quantiles(days, is_open, quantiles=wanted)

    assert raised.value.field == field


def test_a_hundred_thousand_take_no_time() -> None:
    chance = np.random.default_rng(1)

    began = time.process_time()
    duration_quantiles(chance.exponential(size=100_000), chance.random(100_000) < 0.2)
    minutes_per_decision(chance.integers(0, 30_000, 100_000), chance.exponential(size=100_000))

    assert time.process_time() - began < 1


def test_flips_are_counted_where_both_decided_and_by_direction() -> None:
    found = turned([1, 1, 0, 0, NAN, 1], [1, 0, 1, 0, 1, NAN])

    assert (found.either_way, found.to_granted) == (share(2, 4), share(1, 4))
    assert found.to_not_yet == share(1, 4)
    assert found.either_way.low == pytest.approx(0.15004, abs=1e-5)
    assert found.either_way.high == pytest.approx(0.84996, abs=1e-5)


def test_nothing_decided_twice_is_no_share() -> None:
    assert turned([1, NAN], [NAN, 0]).either_way == unknown(Lack.NONE_GIVEN)


def test_flips_want_yes_or_no() -> None:
    with pytest.raises(Invalid, match="second"):
        turned([1, 0], [1, 3])
    with pytest.raises(Invalid, match="one length"):
        turned([1, 0], [1])
