"""Charts are laid out from plain numbers, drawn without a style attribute, and lose none."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import Limit, Series, chart, drawing, histogram, number, standalone
from core.errors import Invalid

SVG = "{http://www.w3.org/2000/svg}"
AMOUNTS = st.lists(st.floats(0, 1e9) | st.none(), min_size=1, max_size=60)


def test_a_line_runs_from_the_left_edge_to_the_right_on_a_round_scale() -> None:
    made = chart("Days", ["a", "b", "c"], lines=[Series("Median", (0, 4, 8))])

    assert [path.points for path in made.paths] == ["7.00,100.00 53.50,50.00 100.00,0.00"]
    assert [(rule.y, rule.text) for rule in made.rules] == [
        *((100.0, "0"), (75.0, "2"), (50.0, "4"), (25.0, "6"), (0.0, "8"))
    ]


def test_bars_stand_upon_each_other_and_never_leave_the_drawing() -> None:
    made = chart("Reviews", ["a", "b"], bars=[Series("On time", (2, 0)), Series("Late", (6, 4))])

    assert [(box.y, box.height, box.kind) for box in made.boxes] == [
        *((75.0, 25.0, 0), (0.0, 75.0, 1), (50.0, 50.0, 1))
    ]
    assert made.key == ((0, "On time"), (1, "Late"))


def test_nothing_is_not_zero() -> None:
    made = chart("Days", ["a", "b", "c", "d"], lines=[Series("Median", (1, None, 2, 2))])

    assert [path.points for path in made.paths] == [
        "7.00,50.00 7.00,50.00",
        "69.00,0.00 100.00,0.00",
    ]
    assert [row[1] for row in made.rows] == ["1", "–", "2", "2"]


def test_the_names_at_the_ends_of_lines_keep_apart() -> None:
    made = chart("x", ["a", "b"], lines=[Series(f"s{n}", (n, 9 + n / 10)) for n in range(4)])

    heights = [name.y for name in made.names]
    assert min(b - a for a, b in pairwise(heights)) >= 10


def test_the_name_of_a_line_stands_above_all_of_its_end() -> None:
    made = chart("x", list("abcde"), lines=[Series("s", (8, 0, 0, 4, 2))])

    assert [(name.x, name.y) for name in made.names] == [(100.0, 50.0)]


def test_a_limit_lies_within_the_drawing_even_above_every_number() -> None:
    made = chart("x", ["a", "b"], lines=[Series("s", (1, 2))], limit=Limit("Promised", 15))

    assert made.limit is not None
    assert (made.limit.text, made.limit.y) == (
        "Promised 15",
        0.0 if made.rules[-1].text == "15" else 25.0,
    )


def test_a_year_of_weeks_has_no_more_ticks_than_a_phone_has_room_for() -> None:
    weeks = [f"week {place}" for place in range(52)]

    made = chart("x", weeks, lines=[Series("s", [1] * 52)])

    assert sum(len(tick.text) + 1 for tick in made.below) <= 52
    assert len(made.rows) == 52


def test_a_histogram_counts_every_value_once_and_marks_the_promise() -> None:
    made = histogram(
        "Days", [0, 0.5, 2, 9.9], name="Portfolios", mark=Limit("Promised", 12), bins=6
    )

    assert made.rows == (
        *(("0", "2"), ("2", "1"), ("4", "0"), ("6", "0"), ("8", "1"), ("10", "0"), ("12", "0")),
    )
    assert made.mark is not None
    assert (made.mark.x, made.mark.anchor) == (86.71, "end")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((1, 2, 3), "“s” has 3 numbers for 2 ticks."),
        ((1, -1), "A chart takes finite numbers from zero upwards."),
        ((1, float("nan")), "A chart takes finite numbers from zero upwards."),
        ((1, float("inf")), "A chart takes finite numbers from zero upwards."),
    ],
)
def test_numbers_that_cannot_be_drawn_are_refused(values: tuple[float, ...], words: str) -> None:
    with pytest.raises(Invalid) as refused:
        chart("x", ["a", "b"], lines=[Series("s", values)])

    assert refused.value.reason == words


def test_more_series_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(Invalid):
        chart("x", ["a"], lines=[Series(str(n), (1,)) for n in range(7)])


@given(AMOUNTS, AMOUNTS)
def test_whatever_the_numbers_every_shape_lies_within_the_drawing(
    line: list[float | None], bar: list[float | None]
) -> None:
    size = min(len(line), len(bar))

    made = chart(
        "x",
        [str(n) for n in range(size)],
        lines=[Series("l", line[:size])],
        bars=[Series("b", bar[:size])],
    )

    points = [
        float(n) for path in made.paths for pair in path.points.split() for n in pair.split(",")
    ]
    edges = [n for box in made.boxes for n in (box.x, box.y, box.x + box.width, box.y + box.height)]
    assert all(-0.011 <= n <= 100.011 for n in points + edges)


@given(st.lists(st.floats(0, 1e7), max_size=80), st.integers(1, 40))
def test_a_histogram_loses_no_value(values: list[float], bins: int) -> None:
    made = histogram("x", values, name="n", bins=bins)

    counted = sum(float(row[1].replace(",", "")) for row in made.rows if row[1] != "–")
    assert counted == len(values)


def test_a_file_is_well_formed_whatever_the_names_and_styles_nothing_inline() -> None:
    made = chart(
        '<b>"&', ["<"], lines=[Series("<s>&", (1,))], bars=[Series("b'", (2,))], limit=Limit("<", 1)
    )

    root = ElementTree.fromstring(standalone(made))

    assert [root.find(f"{SVG}title").text, root.tag] == ['<b>"&', f"{SVG}svg"]
    assert [one for one in root.iter() if "style" in one.attrib] == []
    assert {"<s>&", "b'", "< 1"} <= {one.text for one in root.iter(f"{SVG}text")}


def test_a_drawing_says_in_words_what_it_shows() -> None:
    made = chart("Days", ["a", "b"], lines=[Series("Median", (3, 5))], unit="days")

    assert "<title>Days</title><desc>Median: from 3 to 5, at most 5 (days).</desc>" in drawing(made)
    assert 'role="img"' in drawing(made)


def test_an_empty_chart_says_so() -> None:
    made = chart("Days", [], lines=[Series("Median", ())])

    assert made.is_empty
    assert "There is nothing to show yet." in drawing(made)
    assert ElementTree.fromstring(standalone(made)).tag == f"{SVG}svg"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), (0, "0"), (3.0, "3"), (0.125, "0.12"), (2.46, "2.5"), (1234.6, "1,235")],
)
def test_numbers_are_said_with_no_more_places_than_mean_something(
    value: float | None, words: str
) -> None:
    assert number(value) == words
