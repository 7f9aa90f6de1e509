"""Values are drawn with their intervals, below zero too, and what is lacking is not drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import Limit, Series, Spot, drawing, forest, spots, standalone
from core.errors import Invalid

TABLE = (("Who", "Severity"), (("07", "0.5"),))
NUMBERS = st.floats(-5, 5)


def test_a_dot_stands_between_the_ends_of_its_interval_on_a_scale_that_holds_zero() -> None:
    made = spots("x", ["a"], [("s", [Spot(-1.0, -2.0, 0.5)])], table=TABLE)

    assert [(rule.y, rule.text) for rule in made.rules] == [
        (100.0, "-2"),
        *((66.67, "-1"), (33.33, "0"), (0.0, "1")),
    ]
    assert [path.points for path in made.dots] == ["53.5,66.67 53.5,66.67"]
    assert [path.points for path in made.spans] == ["53.5,100.00 53.5,16.67"]


def test_what_is_lacking_is_not_drawn_and_its_row_stays_in_the_table() -> None:
    rows = (("C1", "0.7"), ("C2", "too few yet"))
    made = forest(
        "x",
        [("C1", Spot(0.7, 0.6, 0.8), "0.70"), ("C2", Spot(), "too few yet")],
        table=(("Criterion", "Alpha"), rows),
        ends=(0, 1),
    )

    assert [path.points for path in made.dots] == ["70.0,33.93 70.0,33.93"]
    assert [label.text for label in made.lines] == ["C1", "0.70", "C2", "too few yet"]
    assert made.rows == rows
    assert made.height == 112


def test_the_dots_of_several_series_stand_beside_each_other_with_their_names() -> None:
    values = [Spot(1.0, 0.5, 1.5), Spot(2.0, 1.5, 2.5)]
    made = spots("x", ["a", "b"], [("s", values), ("t", values)], table=TABLE, are_joined=True)

    assert len({path.points.split(",")[0] for path in made.dots}) == 4
    assert [name.text for name in made.names] == ["s", "t"]
    assert len(made.paths) == 2


def test_a_chart_of_lacking_values_alone_is_empty_and_says_so() -> None:
    made = forest("x", [("C1", Spot(), "none yet")], table=TABLE, ends=(0, 1))

    assert made.is_empty
    assert "There is nothing to show yet." in drawing(made)
    assert "height=" not in drawing(made)


def test_the_foot_is_named_where_it_is_not_zero() -> None:
    made = spots("x", ["a"], [("s", [Spot(-1.0, -2.0, 0.5)])], table=TABLE)

    assert ">-2</text>" in drawing(made)


@pytest.mark.parametrize(
    "values", [[Spot(1.0)], [Spot(1.0, float("nan"), 2.0), Spot(1.0)]], ids=["short", "nan"]
)
def test_what_cannot_be_drawn_is_refused(values: list[Spot]) -> None:
    with pytest.raises(Invalid):
        spots("x", ["a", "b"], [("s", values)], table=TABLE)


def test_a_row_beyond_the_axis_is_refused() -> None:
    with pytest.raises(Invalid, match="beyond the ends"):
        forest("x", [("C1", Spot(1.2, 1.0, 1.3), "")], table=TABLE, ends=(0, 1))


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=40))
def test_everything_lies_within_the_drawing(values: list[tuple[float, float, float]]) -> None:
    row = [Spot(middle, low, high) for low, middle, high in map(sorted, values)]
    made = spots(
        "x", ["t"] * len(row), [("s", row)], table=TABLE, limit=Limit("zero", 0),
        lines=[Series("p", [one.value for one in row])],
    )  # fmt: skip

    places = [
        point.split(",") for path in (*made.spans, *made.dots) for point in path.points.split()
    ]
    assert all(0 <= float(x) <= 100 and -0.01 <= float(y) <= 100.01 for x, y in places)
    assert "style=" not in drawing(made).split("</title>")[1]
    assert standalone(made).count("<svg") >= 2
