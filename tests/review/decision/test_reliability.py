"""The reliability diagram and its errors by hand, recalibration, and audits of a sample."""

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from core.errors import Invalid
from review.decision.figures import Figure, Lack
from review.decision.reliability import (
    Bin,
    brier_score,
    expected_calibration_error,
    recalibrate,
    recalibrated,
    reliability_diagram,
)

NAN = float("nan")
CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def columns(cases: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [p for p, _ in cases], [passed for _, passed in cases]


def test_a_diagram_by_hand() -> None:
    """Of two bins the lower has P .2 and .4, one passed; the upper P .5 and 1, both passed.

    Wilson for 1 of 2: (1/2 +- ...) by the formula, .0945 to .9055; for 2 of 2: .3424 to 1.
    """
    lower, upper = reliability_diagram([0.2, 0.4, 0.5, 1.0], [0, 1, 1, 1], bins=2)

    assert lower.predicted == pytest.approx(0.3)
    assert lower.passed.value == 0.5
    assert lower.passed.low == pytest.approx(0.0945, abs=1e-4)
    assert lower.passed.high == pytest.approx(0.9055, abs=1e-4)
    assert (upper.low, upper.high, upper.predicted) == (0.5, 1.0, 0.75)
    assert upper.passed.low == pytest.approx(0.3424, abs=1e-4)
    assert (upper.passed.value, upper.passed.high, upper.passed.count) == (1.0, 1.0, 2)


def test_an_empty_bin_says_so() -> None:
    first, *_ = reliability_diagram([0.95], [True])

    assert first == Bin(0.0, 0.1, None, Figure(None, None, None, 0, Lack.NONE_GIVEN))


def test_errors_by_hand() -> None:
    """Ten cases at P .25 of which four passed, ten at .75 of which six did.

    Each bin is .15 off its diagonal. Squares: .0625 six and .5625 four times of ten in each.
    """
    predicted, passed = [0.25] * 10 + [0.75] * 10, [1] * 4 + [0] * 6 + [1] * 6 + [0] * 4

    calibration = expected_calibration_error(predicted, passed)

    assert calibration.error.value == pytest.approx(0.15)
    assert calibration.error.low == 0
    assert calibration.by_chance == pytest.approx(np.sqrt(2 / np.pi) * np.sqrt(0.1875 / 10))
    assert brier_score(predicted, passed).value == pytest.approx(0.6 * 0.0625 + 0.4 * 0.5625)


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter(cases: Any, chance: Any) -> None:
    mixed = chance.sample(cases, len(cases))

    for figure in (brier_score, lambda *each: expected_calibration_error(*each).error):
        one, other = figure(*columns(cases)), figure(*columns(mixed))
        assert one.lack == other.lack
        assert one.value == pytest.approx(other.value)


@given(CASES)
def test_a_case_of_weight_two_is_two_cases_to_every_value(cases: Any) -> None:
    twice = [case for case in cases for _ in range(2)]
    weights = [2.0] * len(cases)

    weighted = reliability_diagram(*columns(cases), weights=weights)

    assert [each.passed.value for each in weighted] == pytest.approx(
        [each.passed.value for each in reliability_diagram(*columns(twice))]
    )


@given(CASES)
def test_no_figure_is_nan_and_limits_enclose_the_value(cases: Any) -> None:
    line = recalibrate(*columns(cases))
    bins = [each.passed for each in reliability_diagram(*columns(cases))]
    error = expected_calibration_error(*columns(cases)).error

    for figure in (*bins, error, brier_score(*columns(cases)), line.slope, line.intercept):
        if figure.lack is None:
            assert figure.low is not None
            assert figure.value is not None
            assert figure.high is not None
            assert figure.low <= figure.value <= figure.high
        else:
            assert (figure.value, figure.low, figure.high) == (None, None, None)


@pytest.mark.parametrize(
    ("predicted", "passed", "lack"),
    [
        ([], [], Lack.NONE_GIVEN),
        ([0.9], [1], Lack.TOO_FEW),
        ([0.9] * 29, [1, 0] * 14 + [1], Lack.TOO_FEW),
        ([0.9] * 40, [1] * 40, Lack.NO_SPREAD),
        ([0.9] * 20 + [0.1] * 20, [0] * 20 + [1] * 20, Lack.CONTRADICTED),
        ([0.9] * 20 + [0.1] * 20, [1] * 20 + [0] * 20, None),
    ],
)
def test_there_is_no_line_where_cases_cannot_carry_one(
    predicted: Any, passed: Any, lack: Lack | None
) -> None:
    line = recalibrate(predicted, passed)

    assert line.lack == lack
    if lack is not None:
        assert list(recalibrated([0.0, 0.3, 1.0], line)) == [0.0, 0.3, 1.0]


def test_recalibration_keeps_the_order_and_finds_what_was_done_to_p() -> None:
    chance = np.random.default_rng(5)
    predicted = chance.beta(2, 1, size=20_000)
    truth = special.expit(0.3 + 0.7 * special.logit(predicted))

    line = recalibrate(predicted, chance.random(truth.size) < truth)

    mended = recalibrated(predicted, line)
    assert np.abs(mended - truth).max() < 0.02
    assert (np.diff(mended[np.argsort(predicted)]) >= 0).all()


def test_limits_cover_at_about_their_level() -> None:
    chance, times = np.random.default_rng(9), 200
    predicted, passed = shifted(chance, 300_000)
    error = expected_calibration_error(predicted, passed).error.value
    brier = brier_score(predicted, passed).value
    hits = np.zeros(4)

    for _ in range(times):
        drawn = shifted(chance, 150)
        line = recalibrate(*drawn)
        hits += [
            encloses(expected_calibration_error(*drawn).error, error),
            encloses(brier_score(*drawn), brier),
            encloses(line.intercept, 0.3),
            encloses(line.slope, 0.7),
        ]

    assert (hits / times > 0.91).all()


def shifted(chance: Any, count: int) -> tuple[Any, Any]:
    predicted = chance.beta(2, 1, size=count)
    truth = special.expit(0.3 + 0.7 * special.logit(predicted))
    return predicted, chance.random(count) < truth


def encloses(figure: Figure, truth: float | None) -> bool:
    if figure.low is None or figure.high is None or truth is None:
        return False
    return figure.low <= truth <= figure.high


@pytest.mark.parametrize(
    ("predicted", "passed", "weights", "field"),
    [
        ([1.1], [1], None, "predicted"),
        ([NAN], [1], None, "predicted"),
        ([0.5], [2], None, "passed"),
        ([0.5], [NAN], None, "passed"),
        ([0.5, 0.5], [1], None, "predicted"),
        ([0.5], [1], [0.0], "weights"),
    ],
)
def test_bad_input_is_named(predicted: Any, passed: Any, weights: Any, field: str) -> None:
    for figure in (reliability_diagram, expected_calibration_error, brier_score, recalibrate):
        with pytest.raises(Invalid) as raised:
            figure(predicted, passed, weights=weights)
        assert raised.value.field == field


def test_a_hundred_thousand_cases_take_no_time() -> None:
    drawn = shifted(np.random.default_rng(1), 100_000)

    began = time.process_time()
    for figure in (reliability_diagram, expected_calibration_error, brier_score, recalibrate):
        figure(*drawn)

    assert time.process_time() - began < 2
