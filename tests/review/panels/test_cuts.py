"""A study's portfolios are spread over the mean levels, and its cuts are the pure figures."""

import pytest

from review.decision.standard_setting import body_of_work, borderline_group
from review.panels import cuts
from review.panels.rules import objection_to_closing, objection_to_opening
from review.panels.spread import spread_over
from tests.factories import sample_definition

SCORES = [2.0, 2.25, 2.5, 2.75, 3.0, 3.25, 3.5]
RATINGS = [[1, 1, 2, 2, 3, 3, 3], [1, 2, 2, 3, 3, 3, 3], [1, 1, 1, 2, 2, 3, None]]
PLACES = [4, 2, 7, 1, 3, 5, 6]


def test_portfolios_are_spread_from_the_lowest_to_the_highest() -> None:
    means = {f"low{number}": 2.0 for number in range(50)}
    means |= {f"s{number}": 2 + number / 10 for number in range(1, 21)}

    chosen = spread_over(means, 11, salt="badge/1")

    heights = sorted(means[one] for one in chosen)
    assert heights == pytest.approx([2 + number / 5 for number in range(11)])
    assert [means[one] for one in chosen] != heights
    assert spread_over(means, 11, salt="badge/1") == chosen
    assert spread_over(means, 11, salt="badge/2") != chosen


def test_all_are_taken_where_there_are_fewer_and_none_twice() -> None:
    means = dict.fromkeys("abcdef", 3.0)

    assert sorted(spread_over(means, 60, salt="x")) == sorted("abcdef")
    assert spread_over({}, 20, salt="x") == []


def test_the_stored_cuts_are_those_of_the_pure_methods() -> None:
    result = cuts.result_of(SCORES, RATINGS, PLACES)

    columns = [
        [float("nan") if one is None else float(one) for one in column]
        for column in zip(*RATINGS, strict=True)
    ]
    expected = [
        borderline_group(SCORES, columns, borderline=2),
        body_of_work(SCORES, columns, boundary=2),
        body_of_work(SCORES, columns, boundary=3),
    ]
    assert [line.figure for line in cuts.lines_of(result)] == [one.cut for one in expected]
    assert [one["panel_se"] for one in result["cuts"].values()] == [
        one.panel_se for one in expected
    ]
    assert cuts.ratings_of(result)[0] == (4, 2.0, [1, 1, 1])
    assert len(cuts.drawing(result).dots) == 7


def test_the_rule_that_a_manager_would_write_is_not_rounded_up() -> None:
    result = cuts.result_of(SCORES, RATINGS, PLACES)
    cut = result["cuts"]["borderline"]["cut"]["value"]

    words = cuts.rule_words(result, sample_definition())

    assert words is not None
    needed = float(words.rsplit(" ", 1)[1])
    assert cut - 0.01 < needed <= cut
    assert words.startswith("pass_rule:\n  mode: weighted_mean\n  mean_needed: ")


def test_a_panel_that_calls_nothing_borderline_has_no_cut_and_no_rule() -> None:
    result = cuts.result_of(SCORES, [[1, 1, 1, 3, 3, 3, 3]] * 3, PLACES)

    assert cuts.lines_of(result)[0].figure.value is None
    assert cuts.rule_words(result, sample_definition()) is None


def test_too_few_portfolios_or_panellists_hear_what_is_needed() -> None:
    assert "there are 4" in (objection_to_opening(4, 9) or "")
    assert "3 committee members" in (objection_to_opening(5, 2) or "")
    assert objection_to_opening(5, 3) is None
    assert "so far none" in (objection_to_closing({}) or "")
    assert "so far 2" in (objection_to_closing({"a": 5, "b": 7, "c": 4}) or "")
    assert objection_to_closing({"a": 5, "b": 7, "c": 5}) is None
