"""Alpha and ICC: the oracles to their digits, by hand, and what they must not depend on."""

import csv
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from review.decision.agreement import intraclass_correlation, krippendorff_alpha
from review.decision.figures import Figure, Lack

NAN = float("nan")
TABLES = st.lists(
    st.lists(st.sampled_from([1.0, 2.0, 3.0, 4.0, NAN]), min_size=1, max_size=4),
    min_size=10,
    max_size=25,
)


def flat(table: Sequence[Sequence[float]]) -> tuple[list[int], list[float]]:
    """Return one row per review of a table with one row per submission."""
    rows = [(unit, level) for unit, levels in enumerate(table) for level in levels]
    return [unit for unit, _ in rows], [level for _, level in rows]


def rounded(figure: Figure) -> tuple[object, ...]:
    numbers = (figure.value, figure.low, figure.high)
    return (*(each if each is None else round(each, 8) for each in numbers), figure.count)


def oracle(shared: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((shared / "aggregation/oracles.json").read_text())[name])


def test_alpha_is_krippendorffs_own_to_the_digits_of_the_oracle(shared_data: Path) -> None:
    known = oracle(shared_data, "krippendorff_canonical")
    raters = np.array(known["data"], dtype=float)

    alpha = krippendorff_alpha(np.tile(np.arange(raters.shape[1]), len(raters)), raters.ravel())

    assert alpha.value is not None
    assert round(alpha.value, 4) == known["alpha"]["ordinal"] == 0.8154
    assert alpha.count == 11


def test_where_packages_differ_alpha_is_the_one_that_was_chosen(shared_data: Path) -> None:
    path = shared_data / "aggregation/sirt_ratings3_writing.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    levels = [float(row["crit2"]) if row["crit2"] not in ("", "NA") else NAN for row in rows]

    alpha = krippendorff_alpha([int(row["idstud"]) for row in rows], levels)

    assert alpha.value is not None
    assert round(alpha.value, 3) == 0.544  # and not .498, as another package has it


def test_alpha_by_hand() -> None:
    """Ten pairs: four at 1-1, four at 2-2, two at 1-2; ten 1s and ten 2s of twenty levels.

    Coincidences off the diagonal: 2 each way, so 4 of 20 disagree; by chance 2 * 10 * 10 / 19 of
    20 would. With two levels the metric is a constant: alpha = 1 - 4 * 19 / 200 = 0.62.
    """
    units, levels = flat([[1, 1]] * 4 + [[2, 2]] * 4 + [[1, 2]] * 2)

    alpha = krippendorff_alpha(units, levels)

    assert alpha.value == pytest.approx(0.62)
    assert alpha.low is not None
    assert alpha.high is not None
    assert -1 < alpha.low < 0.62 < alpha.high < 1


def test_icc_is_that_of_shrout_and_fleiss(shared_data: Path) -> None:
    known = oracle(shared_data, "shrout_fleiss_1979")
    units, scores = flat(known["data"])

    one = intraclass_correlation(units, scores)
    four = intraclass_correlation(units, scores, reviewers=4)

    assert one.value is not None
    assert four.value is not None
    assert round(one.value, 4) == known["ICC"]["1,1"]
    assert round(four.value, 4) == known["ICC"]["1,k"]
    assert rounded(one)[1:] == (-0.13293232, 0.72256006, 6)  # published: -.13 to .72
    assert four.low is not None
    assert round(four.low, 4) == -0.8844  # published: -.88


def test_icc_by_hand_from_unequal_numbers() -> None:
    """Scores (1, 3), (4, 4, 7), and a lone 9 that says nothing: means 2 and 5, grand mean 3.8.

    Between: 2 * 1.8^2 + 3 * 1.2^2 = 10.8 over 1; within: 2 + 6 = 8 over 3; the adjusted size is
    5 - 13 / 5 = 2.4. ICC(1) = (10.8 - 8/3) / (10.8 + 1.4 * 8/3) = 0.55952.
    """
    icc = intraclass_correlation(*flat([[1, 3], [4, 4, 7], [9]]))

    assert icc.value == pytest.approx((10.8 - 8 / 3) / (10.8 + 1.4 * 8 / 3))
    assert icc.count == 2


@given(TABLES, st.randoms(use_true_random=False))
def test_order_and_names_of_submissions_do_not_matter(table: Any, chance: Any) -> None:
    units, levels = flat(table)
    mixed = list(zip(units, levels, strict=True))
    chance.shuffle(mixed)
    names = dict(zip(range(len(table)), chance.sample(range(9_000), len(table)), strict=True))

    for figure in (krippendorff_alpha, intraclass_correlation):
        renamed = figure([names[unit] for unit, _ in mixed], [level for _, level in mixed])
        assert rounded(figure(units, levels)) == rounded(renamed)


@given(TABLES, st.sampled_from([1.0, 4.0, NAN]))
def test_a_submission_with_a_single_level_changes_nothing(table: Any, level: float) -> None:
    for figure in (krippendorff_alpha, intraclass_correlation):
        assert figure(*flat(table)) == figure(*flat([*table, [level]]))


@given(TABLES)
def test_nothing_is_ever_nan_and_limits_enclose_the_value(table: Any) -> None:
    for figure in (krippendorff_alpha, intraclass_correlation):
        found = figure(*flat(table))
        if found.lack is not None:
            assert (found.value, found.low, found.high) == (None, None, None)
            continue
        assert found.low is not None
        assert found.value is not None
        assert found.high is not None
        assert -1.1 <= found.low <= found.value <= found.high <= 1


@given(TABLES)
def test_alpha_knows_only_the_order_of_the_levels(table: Any) -> None:
    units, levels = flat(table)

    stretched = krippendorff_alpha(units, [level**3 - 7 for level in levels])

    assert rounded(stretched) == rounded(krippendorff_alpha(units, levels))


@pytest.mark.parametrize(
    ("table", "alpha", "icc"),
    [
        ([], Lack.NONE_GIVEN, Lack.NONE_GIVEN),
        ([[3]], Lack.NONE_GIVEN, Lack.NONE_GIVEN),
        ([[NAN, NAN]] * 30, Lack.NONE_GIVEN, Lack.NONE_GIVEN),
        ([[3, NAN]] * 30, Lack.NONE_GIVEN, Lack.NONE_GIVEN),
        ([[1, 4]], Lack.TOO_FEW, Lack.TOO_FEW),
        ([[3, 3, 3]] * 30, Lack.NO_SPREAD, Lack.NO_SPREAD),
        ([[3, 3]] * 30 + [[2, 3]], Lack.TOO_FEW, None),
    ],
)
def test_too_little_to_say_has_a_reason(table: Any, alpha: Lack, icc: Lack | None) -> None:
    assert krippendorff_alpha(*flat(table)).lack == alpha
    assert intraclass_correlation(*flat(table)).lack == icc


def test_agreement_without_exception_still_leaves_doubt() -> None:
    units, levels = flat([[2, 2], [3, 3]] * 10)

    for figure in (krippendorff_alpha, intraclass_correlation):
        perfect = figure(units, levels)
        assert (perfect.value, perfect.high) == (1.0, 1.0)
        assert perfect.low == pytest.approx(1 - (1 - 0.025 ** (1 / 20)))


@pytest.mark.parametrize(
    ("units", "levels", "field"),
    [
        ([0, 0], [1.0], "units"),
        ([0.5, 1], [1, 2], "units"),
        ([NAN, 1], [1, 2], "units"),
        ([0, 1], [1, float("inf")], "levels"),
        ([0, 1], ["good", "bad"], "levels"),
        ([[0, 1]], [1, 2], "units"),
        (list(range(60)) * 2, list(range(120)), "levels"),
    ],
)
def test_bad_input_is_named(units: Any, levels: Any, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        krippendorff_alpha(units, levels)

    assert raised.value.field == field


def test_a_hundred_thousand_reviews_take_no_time() -> None:
    chance = np.random.default_rng(3)
    units = np.repeat(np.arange(33_334), 3)
    levels = chance.integers(1, 5, size=units.size)

    began = time.process_time()
    alpha, icc = krippendorff_alpha(units, levels), intraclass_correlation(units, levels)

    assert time.process_time() - began < 3
    assert alpha.value == pytest.approx(0, abs=0.02)
    assert icc.value == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("correlation", [0.1, 0.5, 0.85])
def test_intervals_cover_at_about_their_level(correlation: float) -> None:
    chance, times = np.random.default_rng(11), 250
    truth = krippendorff_alpha(*simulated(chance, 100_000, correlation, True)).value
    hits = {"alpha": 0, "icc": 0}

    for _ in range(times):
        alpha = krippendorff_alpha(*simulated(chance, 30, correlation, True))
        hits["alpha"] += encloses(alpha, truth)
        icc = intraclass_correlation(*simulated(chance, 30, correlation, False))
        hits["icc"] += encloses(icc, correlation)

    assert hits["alpha"] / times > 0.91
    assert 0.92 < hits["icc"] / times < 0.98


def simulated(chance: Any, count: int, correlation: float, is_level: bool) -> tuple[Any, Any]:
    units = np.repeat(np.arange(count), chance.integers(1, 4, size=count))
    ability = chance.normal(size=count) * correlation**0.5
    scores = ability[units] + chance.normal(size=units.size) * (1 - correlation) ** 0.5
    return units, np.digitize(scores, [-1.2, -0.2, 0.9]) if is_level else scores


def encloses(figure: Figure, truth: float | None) -> bool:
    if figure.low is None or figure.high is None or truth is None:
        return False
    return figure.low <= truth <= figure.high
