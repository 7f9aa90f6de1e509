"""A panel as a file: the figures as numbers, and nothing that a spreadsheet would run."""

import csv

import pytest

from core.text import plain_cell
from review.decision.figures import Lack, known, unknown
from review.panels.panel import SHARE, Line, Panel, forest_of
from review.panels.sheet import BOM, panel_sheet

LINES = (
    Line(
        '=HYPERLINK("http://evil.example","Health")', "Sector", known(0.5, 0.4, 0.6, 10), unit=SHARE
    ),
    Line("Severity", "Severity", known(-0.25, -0.5, 0.0, 7), note="-1 is kind"),
    Line("Culture", "Sector", unknown(Lack.TOO_FEW, 3)),
)


def panel() -> Panel:
    drawn = forest_of("x", LINES, "Group", "Portfolios", ends=(0, 1))
    return Panel(
        "groups", "Groups", "The share.", "Wilson.", "Group", "Portfolios", LINES, drawn, ("@a",)
    )


def test_the_file_says_what_it_is_and_holds_numbers_as_numbers() -> None:
    text = panel_sheet(
        panel(), badge="Careful Host", period="The last 12 months", made="2026-11-24"
    )

    rows = list(csv.reader(text.removeprefix(BOM).splitlines()))
    assert rows[:7] == [
        ["panel", "Groups"],
        ["badge", "Careful Host"],
        ["period", "The last 12 months"],
        ["made at", "2026-11-24"],
        ["definition", "The share."],
        ["interval", "Wilson."],
        ["counted", "Portfolios"],
    ]
    assert rows[9] == ["group", "figure", "value", "low", "high", "count", "unit", "lack", "note"]
    assert rows[11] == ["Severity", "Severity", "-0.25", "-0.5", "0", "7", "", "", "'-1 is kind"]
    assert rows[12] == ["Culture", "Sector", "", "", "", "3", "", "too few to say", ""]


def test_words_that_people_typed_never_become_a_formula() -> None:
    text = panel_sheet(panel(), badge="+1", period="-", made="2026-11-24")

    cells = [cell for row in csv.reader(text.removeprefix(BOM).splitlines()) for cell in row]
    risky = [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell and not _is_number(cell)]
    assert risky == []
    assert '\'=HYPERLINK("http://evil.example","Health")' in cells


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "＝1"])
def test_every_beginning_of_a_formula_is_made_text(cell: str) -> None:
    assert plain_cell(cell) == f"'{cell}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
