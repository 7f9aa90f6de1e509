"""Cuts from panels: by hand, from a real panel, and what they do when ratings cannot give one."""

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from core.errors import Invalid
from review.decision.figures import Lack
from review.decision.standard_setting import CutScore, body_of_work, borderline_group

NAN = float("nan")
LADDER = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


@pytest.fixture(name="real")
def _real(shared_data: Path) -> tuple[Any, Any]:
    path = shared_data / "aggregation/immer10_standard_setting.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    ratings = [[float(row[f"R{one:02d}"]) for one in range(1, 14)] for row in rows]
    return np.array([float(row["itemdiff"]) for row in rows]), np.array(ratings)


def numbers(found: CutScore) -> list[float | None]:
    return [found.cut.value, found.cut.low, found.cut.high, found.panel_se]


def test_a_borderline_group_by_hand() -> None:
    """Borderline: 3 and 4 for the first, 4 for the second, 2, 3, 5 for the third; medians 3.5, 4
    and 3, mean 3.5, sd .5, standard error .5 / sqrt(3) and t of 2 degrees 4.303.
    """
    ratings = np.array([[1, 1, 1], [1, 1, 2], [2, 1, 2], [2, 2, 3], [3, 3, 2], [3, 3, 3]])

    found = borderline_group(LADDER, ratings, borderline=2)

    error = 0.5 / np.sqrt(3)
    assert found.by_panellist == (3.5, 4.0, 3.0)
    assert numbers(found) == pytest.approx(
        [3.5, 3.5 - 4.302653 * error, 3.5 + 4.302653 * error, error]
    )
    assert (found.cut.count, found.portfolios, found.version) == (3, 6, "standard_setting/1")


def test_a_body_of_work_that_is_symmetric_is_cut_in_its_middle() -> None:
    """Each rating above at a score is mirrored by one below at the mirrored score, around 3.5."""
    ratings = np.array([[1, 1, 1], [1, 1, 1], [1, 1, 2], [1, 2, 2], [2, 2, 2], [2, 2, 2]])

    found = body_of_work(LADDER, ratings, boundary=2)

    assert found.cut.value == pytest.approx(3.5)
    assert found.by_panellist == (4.5, 3.5, 2.5)
    assert found.panel_se is not None
    assert found.panel_se > 0.3


def test_a_panel_of_one_mind_leaves_the_gap_open() -> None:
    ratings = np.repeat([[1], [1], [1], [2], [2], [2]], 3, axis=1)

    found = body_of_work([1, 2, 3, 5, 6, 7], ratings, boundary=2)

    assert numbers(found) == [4.0, 3.0, 5.0, 0.0]


def test_the_curve_is_that_of_maximum_likelihood(real: tuple[Any, Any]) -> None:
    score, ratings = real
    x, y = np.repeat(score / 100, 13), ratings.ravel() >= 3

    def loss(line: Any) -> float:
        fit = line[0] + line[1] * x
        return float((np.logaddexp(0, fit) - y * fit).sum())

    intercept, slope = optimize.minimize(loss, [0, 0], method="Nelder-Mead", tol=1e-12).x

    found = body_of_work(score, ratings, boundary=3)

    assert found.cut.value == pytest.approx(-100 * intercept / slope, rel=1e-5)


def test_a_real_panel_sets_two_cuts_in_order(real: tuple[Any, Any]) -> None:
    lower, upper = (body_of_work(*real, boundary=each) for each in (2, 3))
    middle = borderline_group(*real, borderline=2)

    assert lower.cut.high is not None
    assert middle.cut.value is not None
    assert upper.cut.low is not None
    assert lower.cut.high < middle.cut.value < upper.cut.low
    assert [each.cut.count for each in (lower, middle, upper)] == [13, 13, 13]
    own = np.array(middle.by_panellist, dtype=float)
    assert middle.panel_se == pytest.approx(own.std(ddof=1) / np.sqrt(13))


def test_the_order_of_panellists_and_portfolios_does_not_matter(real: tuple[Any, Any]) -> None:
    score, ratings = real
    chance = np.random.default_rng(2)
    rows, panel = chance.permutation(61), chance.permutation(13)

    mixed = score[rows], ratings[rows][:, panel]

    assert numbers(body_of_work(*mixed, boundary=2)) == pytest.approx(
        numbers(body_of_work(*real, boundary=2))
    )
    assert numbers(borderline_group(*mixed, borderline=2)) == pytest.approx(
        numbers(borderline_group(*real, borderline=2))
    )


def test_a_cut_moves_with_the_scale_of_the_scores(real: tuple[Any, Any]) -> None:
    score, ratings = real
    plain = body_of_work(score, ratings, boundary=2)
    assert plain.cut.value is not None
    assert plain.panel_se is not None

    scaled = body_of_work(score / 50 - 3, ratings, boundary=2)

    assert scaled.cut.value == pytest.approx(plain.cut.value / 50 - 3)
    assert scaled.panel_se == pytest.approx(plain.panel_se / 50)


def test_a_digest_names_the_ratings_a_cut_came_from(real: tuple[Any, Any]) -> None:
    score, ratings = real
    changed = ratings.copy()
    changed[0, 0] = 3

    found = [
        body_of_work(score, each, boundary=boundary).ratings_digest
        for each, boundary in ((ratings, 2), (ratings, 3), (changed, 2))
    ]

    assert len(set(found)) == 3
    assert found[0] == body_of_work(score, ratings, boundary=2).ratings_digest


@pytest.mark.parametrize(
    ("ratings", "body", "group"),
    [
        (np.full((6, 3), NAN), Lack.NONE_GIVEN, Lack.NONE_GIVEN),
        (np.full((6, 0), NAN), Lack.NONE_GIVEN, Lack.NONE_GIVEN),
        (np.full((6, 3), 1), Lack.NO_SPREAD, Lack.NONE_GIVEN),
        (np.repeat([[1], [1], [1], [2], [2], [2]], 2, axis=1), Lack.TOO_FEW, Lack.TOO_FEW),
        (np.repeat([[2], [2], [2], [1], [1], [1]], 3, axis=1), Lack.CONTRADICTED, None),
        (np.repeat([[2], [1], [1], [1], [1], [2]], 3, axis=1), Lack.CONTRADICTED, None),
    ],
)
def test_a_cut_that_ratings_do_not_give_has_a_reason(
    ratings: Any, body: Lack, group: Lack | None
) -> None:
    found = body_of_work(LADDER, ratings, boundary=2)

    assert numbers(found) == [None] * 4
    assert found.cut.lack == body
    assert borderline_group(LADDER, ratings, borderline=2).cut.lack == group


def test_ratings_that_are_missing_change_nothing(real: tuple[Any, Any]) -> None:
    score, ratings = real
    more = np.hstack([ratings, np.full((61, 1), NAN)])

    assert numbers(body_of_work(score, more, boundary=2)) == pytest.approx(
        numbers(body_of_work(score, ratings, boundary=2))
    )


def test_limits_cover_the_cut_that_many_panellists_would_set() -> None:
    """Twelve panellists whose own cuts lie about 3 with sd .4, over forty fixed portfolios."""
    chance, hits, times = np.random.default_rng(3), 0, 200
    scores = np.linspace(1, 5, 40)
    for _ in range(times):
        own = 3 + 0.4 * chance.normal(size=12)
        seen = scores[:, None] + 0.3 * chance.normal(size=(40, 12))
        found = body_of_work(scores, np.where(seen >= own, 2, 1), boundary=2).cut
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 3 <= found.high

    assert 0.9 < hits / times < 0.99


@pytest.mark.parametrize(
    ("scores", "ratings", "field"),
    [
        ([1, NAN], [[1], [2]], "scores"),
        ([1, 2], [[1]], "ratings"),
        ([1, 2], [1, 2], "ratings"),
        ([1, 2], [[1.5], [2]], "ratings"),
        ([1, 2], [["a"], ["b"]], "ratings"),
        ([1, 2], [[float("inf")], [2]], "ratings"),
    ],
)
def test_bad_input_is_named(scores: Any, ratings: Any, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        body_of_work(scores, ratings, boundary=2)

    assert raised.value.field == field
