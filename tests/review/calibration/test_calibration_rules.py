"""How a reading is held against a benchmark, and when the gate opens."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from credentials.catalog.definition import Criterion
from review.calibration.rules import compare, gating, lasts_until, next_try_from
from review.pool.rules import calibration_ends

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
FIVE = tuple(Criterion(f"C{number}", "Name", {}) for number in range(1, 6))
EXPECTED = {"C1": 3, "C2": 2, "C3": 4, "C4": 3, "C5": 3}


def read(criteria=FIVE, wanted=0.8, **given):
    return compare(criteria, EXPECTED, {**EXPECTED, **given}, wanted=wanted)


def with_gate(*keys):
    return tuple(replace(one, must_pass=one.key in keys) for one in FIVE)


def test_the_same_levels_pass():
    found = read()

    assert (found.agreed, found.misses, found.is_passed) == (5, 0, True)


def test_four_of_five_are_eighty_per_cent():
    assert read(C3=3).is_passed
    assert not read(C3=3, C1=4).is_passed


@pytest.mark.parametrize(("share", "passes"), [(0.6, True), (0.8, False), (1.0, False)])
def test_the_edition_says_how_much_agreement_is_enough(share, passes):
    assert read(wanted=share, C3=3, C1=4).is_passed is passes


def test_a_pass_fail_miss_on_a_criterion_that_gates_does_not_pass_however_much_agrees():
    missed = read(C2=3)

    assert (missed.agreed, missed.misses, missed.is_passed) == (4, 1, False)


def test_must_pass_criteria_gate_and_all_required_ones_where_there_is_none():
    elective = (replace(FIVE[0], required=False), *FIVE[1:])

    assert gating(with_gate("C4")) == {"C4"}
    assert gating(elective) == {"C2", "C3", "C4", "C5"}
    assert read(with_gate("C4"), C2=3).is_passed
    assert not read(with_gate("C2"), C2=3).is_passed


def test_what_could_not_be_scored_does_not_agree_and_is_on_no_side_of_the_line():
    found = read(with_gate("C1"), C5=None)
    gate = read(with_gate("C5"), C5=None)

    assert (found.agreed, found.misses, found.is_passed) == (4, 0, True)
    assert (gate.agreed, gate.misses, gate.is_passed) == (4, 1, False)
    assert found.differences == {"C1": 0, "C2": 0, "C3": 0, "C4": 0, "C5": None}


def test_differences_are_what_was_given_less_the_committees():
    assert read(C3=1, C2=3).differences == {"C1": 0, "C2": 1, "C3": -3, "C4": 0, "C5": 0}


def test_a_calibration_holds_for_the_months_that_the_edition_says():
    assert lasts_until(NOW, 12) - NOW == 365 * DAY
    assert lasts_until(NOW, 6) - NOW == 182 * DAY


def test_after_three_tries_within_thirty_days_the_next_waits():
    tries = [NOW - 29 * DAY, NOW - 10 * DAY, NOW - DAY]

    assert next_try_from(tries[1:], at=NOW) is None
    assert next_try_from(tries, at=NOW) == NOW + DAY
    assert next_try_from(tries, at=NOW + DAY) is None


@pytest.mark.parametrize(
    ("until", "valid_from", "since", "ends"),
    [
        (None, NOW, None, None),
        (NOW + DAY, NOW, None, None),
        (None, NOW - DAY, NOW, NOW + 30 * DAY),
        (None, NOW, NOW, NOW),
        (None, NOW + DAY, NOW, NOW + DAY),
        (NOW + 3 * DAY, NOW - DAY, NOW, NOW + 3 * DAY),
        (NOW - DAY, NOW - 9 * DAY, NOW, NOW - DAY),
    ],
)
def test_who_reviewed_before_the_first_benchmark_has_thirty_days_and_newcomers_none(
    until, valid_from, since, ends
):
    assert calibration_ends(until, valid_from=valid_from, since=since) == ends
