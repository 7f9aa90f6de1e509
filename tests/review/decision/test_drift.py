"""Severity by period and the test of drift: real raters, by hand, and its false alarms."""

import csv
import gzip
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from review.decision.drift import ReviewerDrift, severity_drift
from review.decision.figures import Figure, Lack

NAN = float("nan")
Rows = list[tuple[int, int, int, float]]
ROWS = st.dictionaries(
    st.tuples(st.integers(0, 12), st.integers(0, 4)),
    st.tuples(st.integers(0, 2), st.sampled_from([1.0, 2.0, 3.0, 4.0, NAN])),
    min_size=1,
    max_size=60,
).map(lambda cells: [(*where, *what) for where, what in cells.items()])


def drift_of(rows: Any, **wanted: Any) -> tuple[ReviewerDrift, ...]:
    return severity_drift(*([row[place] for row in rows] for place in range(4)), **wanted)


def rounded(one: ReviewerDrift) -> tuple[object, ...]:
    periods = [
        (each.period, each.severity.value and round(each.severity.value, 8), each.severity.lack)
        for each in one.periods
    ]
    return (periods, one.p_value and round(one.p_value, 8), one.is_flagged, one.lack)


def test_real_raters_who_drift_are_flagged_and_nobody_else(shared_data: Path) -> None:
    """Fifteen raters in four blocks of time; rater 5's second look at thirty works is left out.

    Raters 11, 12 and 13 move by more than a level: the first turns harsh at half-time, the
    second ever kinder, the third to and fro.
    """
    with gzip.open(shared_data / "aggregation/uto2022_drift.csv.gz", "rt") as lines:
        read = [
            (int(row["ExamineeID"]), int(row["RaterID"]), int(row["TimeID"]), float(row["Score"]))
            for row in csv.DictReader(lines)
        ]
    first = {(unit, rater): (unit, rater, when, score) for unit, rater, when, score in read[::-1]}

    found = drift_of(list(first.values()))

    assert [each.reviewer for each in found] == list(range(1, 16))
    assert {each.reviewer for each in found if each.is_flagged} == {11, 12, 13}
    eleventh = [each.severity.value for each in found[10].periods]
    assert eleventh == pytest.approx([-0.65, -0.62, 0.45, 0.51], abs=0.02)
    assert all(each.shift is not None and each.shift < 0.7 for each in found if not each.is_flagged)


def test_a_drift_by_hand() -> None:
    """Two reviewers see the same twelve works, six a month. In the first month the second is
    level with the first on average, half a level off to either side in turn; in the second one
    level lower.

    Differences .5, -.5 ... then 1.5, .5 ...: means 0 and 1, each with 6 * .25 = 1.5 of squares,
    weight 1/2 all: F = (1/2 * 12 * .25) / 1 over (1/2 * 3) / 10 = 1.5 / .15 = 10; p = .0101.
    """
    rows: Rows = []
    for work in range(12):
        month, off = work // 6, 0.5 if work % 2 else -0.5
        rows += [(work, 0, month, 3.0), (work, 1, month, 3.0 - off - month)]

    for one, sign in zip(drift_of(rows), (-1, 1), strict=True):
        first, second = (each.severity for each in one.periods)
        assert first.value is not None
        assert second.value is not None
        assert second.value - first.value == pytest.approx(sign * 1.0)
        assert one.shift == pytest.approx(1.0)
        assert one.p_value == pytest.approx(0.01012, abs=1e-5)
        assert one.is_flagged
        assert second.low is not None
        half_width = 2.228139 * np.sqrt(0.15 / (6 * 0.5))
        assert second.value - second.low == pytest.approx(half_width, rel=1e-5)


def test_a_shift_too_small_to_matter_is_not_flagged() -> None:
    rows: Rows = []
    for work in range(400):
        month, off = work // 200, 0.01 if work % 2 else -0.01
        rows += [(work, 0, month, 3.0), (work, 1, month, 3.0 - off - 0.2 * month)]

    assert [each.p_value is not None and each.p_value < 1e-9 for each in drift_of(rows)] == [
        True
    ] * 2
    assert [each.is_flagged for each in drift_of(rows)] == [False, False]
    assert [each.is_flagged for each in drift_of(rows, least_shift=0.1)] == [True, True]


def test_few_reviews_are_never_flagged() -> None:
    """Four works a month with a difference of three levels from one to the next."""
    rows: Rows = []
    for work in range(12):
        rows += [(work, 0, work // 4, 1.0), (work, 1, work // 4, 1.0 + 1.5 * (work // 4))]

    for one in drift_of(rows):
        assert (one.is_flagged, one.p_value, one.shift, one.lack) == (False, None, None, "too_few")
        assert [each.severity.lack for each in one.periods] == [Lack.TOO_FEW] * 3


def test_a_review_that_stands_alone_says_nothing_and_changes_nothing() -> None:
    chance = np.random.default_rng(1)
    rows = simulated(chance, drift=0.0)
    alone = [*rows, (99_999, 3, 0, 1.0)]

    assert [rounded(each)[1:] for each in drift_of(rows)] == [
        rounded(each)[1:] for each in drift_of(alone)
    ]


def test_reviewers_without_colleagues_have_no_severity() -> None:
    rows: Rows = [(work, work % 2, 0, 3.0) for work in range(40)]

    for one in drift_of(rows):
        assert (one.periods, one.lack) == ((), Lack.NONE_GIVEN)


def test_who_always_agrees_has_a_severity_without_limits_to_give() -> None:
    rows: Rows = [(work, who, work // 10, 3.0) for work in range(20) for who in (0, 1)]

    for one in drift_of(rows):
        assert (one.p_value, one.shift, one.is_flagged) == (1.0, 0.0, False)
        assert [each.severity.lack for each in one.periods] == [Lack.NO_SPREAD] * 2


@given(ROWS, st.randoms(use_true_random=False))
def test_order_and_names_do_not_matter(rows: Any, chance: Any) -> None:
    names = chance.sample(range(100), 5)
    mixed = [(1_000 - unit, names[who], when, score) for unit, who, when, score in rows]
    chance.shuffle(mixed)

    found = {each.reviewer: rounded(each) for each in drift_of(rows)}
    renamed = {each.reviewer: rounded(each) for each in drift_of(mixed)}

    assert renamed == {names[who]: one for who, one in found.items()}


@given(ROWS)
def test_no_figure_is_nan(rows: Any) -> None:
    for one in drift_of(rows):
        numbers = [one.shift, one.p_value]
        for each in one.periods:
            numbers += [each.severity.value, each.severity.low, each.severity.high]
        assert all(number is None or np.isfinite(number) for number in numbers)


def test_groups_that_never_met_are_each_measured_against_themselves() -> None:
    chance = np.random.default_rng(2)
    here, there = simulated(chance, drift=0.0), simulated(chance, drift=0.0)
    apart = [(unit + 10_000, who + 100, when, score - 3) for unit, who, when, score in there]

    both = drift_of([*here, *apart])

    assert [rounded(each)[0] for each in both[:12]] == [rounded(each)[0] for each in drift_of(here)]


def test_false_alarms_are_as_rare_as_is_said_and_drift_is_found() -> None:
    chance, times = np.random.default_rng(6), 200

    alarms = sum(
        any(each.is_flagged for each in drift_of(simulated(chance, drift=0.0)))
        for _ in range(times)
    )
    found = sum(drift_of(simulated(chance, drift=1.5))[0].is_flagged for _ in range(60))

    assert alarms / times < 0.09  # 5 %, and two standard errors and a half of 200 panels
    assert found / 60 > 0.85


def test_limits_cover_at_about_their_level() -> None:
    """Three reviewers of thirty works; the first gives .4 more than the other two."""
    chance, hits, times = np.random.default_rng(8), 0, 300
    for _ in range(times):
        rows: Rows = []
        for work in range(30):
            good = chance.normal()
            rows += [(work, who, 0, good + 0.4 * (who == 0) + chance.normal()) for who in range(3)]
        kind = drift_of(rows)[0].periods[0].severity
        hits += encloses(kind, -0.4)

    assert 0.85 < hits / times < 0.99  # it leaves out the doubt about the others' severity


def encloses(figure: Figure, truth: float) -> bool:
    return figure.low is not None and figure.high is not None and figure.low <= truth <= figure.high


def simulated(chance: Any, *, drift: float) -> Rows:
    """Twelve reviewers of unequal noise, two a work, six months; the first becomes harsher."""
    severity, noise = chance.normal(size=12) * 0.5, chance.uniform(0.4, 0.9, size=12)
    rows: Rows = []
    for work in range(450):
        good, month = chance.normal() * 0.6 + 2.5, work % 6
        for who in chance.choice(12, 2, replace=False):
            harsh = severity[who] + drift * month / 5 * (who == 0)
            score = np.round(2 * (good - harsh + noise[who] * chance.normal())) / 2
            rows.append((work, int(who), month, float(score)))
    return rows


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ((0, 0, 1, 2.0), "reviewers"),
        ((0.5, 1, 0, 2.0), "units"),
        ((1, 0, NAN, 2.0), "periods"),
        ((1, 0, 0, float("inf")), "scores"),
    ],
)
def test_bad_input_is_named(row: Any, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        drift_of([(0, 0, 0, 3.0), row])

    assert raised.value.field == field


def test_nothing_gives_nothing_and_a_hundred_thousand_reviews_little_wait() -> None:
    chance = np.random.default_rng(3)
    rows = np.column_stack(
        [
            np.repeat(np.arange(50_000), 2),
            (np.repeat(chance.integers(0, 3_000, 50_000), 2) + np.tile([0, 1], 50_000)) % 3_000,
            np.repeat(chance.integers(0, 12, 50_000), 2),
            chance.integers(1, 5, 100_000),
        ]
    )

    began = time.process_time()
    found = severity_drift(*rows.T)

    assert time.process_time() - began < 3
    assert len(found) == 3_000
    assert severity_drift([], [], [], []) == ()
