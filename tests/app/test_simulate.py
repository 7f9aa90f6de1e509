"""`assay simulate routing`: a year of arrivals before a date is promised."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app import cli

Run = Callable[..., tuple[int, str, str]]
SMALL = ("--reviewers", "12", "--arrivals-per-week", "2", "--weeks", "8")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `assay simulate routing` with these words: exit code, output, errors."""
    monkeypatch.setenv("ASSAY_VAR", str(tmp_path / "var"))

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["assay", "simulate", "routing", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        code = cli.main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_limits_are_set_side_by_side_in_words_a_plot_and_a_drawing(
    run: Run, tmp_path: Path
) -> None:
    drawing = tmp_path / "year.svg"

    code, out, err = run(*SMALL, "--limit", "1,2", "--svg", str(drawing))

    assert code == 0
    assert "12 reviewers, 2 portfolios a week for 8 weeks, 2 reviews each." in out
    assert "With a limit of 1, 19 of 20 portfolios are decided within" in out
    assert "With a limit of 2, 19 of 20 portfolios are decided within" in out
    assert "made up, from no pool: fits, 62% on average; ties, 5% of pairs;" in out
    assert "  told     portfolios of which staff are told that nobody is found" in out
    assert max(map(len, out.split("\n\n")[1].splitlines())) <= 80
    assert err.splitlines() == [
        "Simulating a limit of 1 (1 of 2) ...",
        "Simulating a limit of 2 (2 of 2) ...",
    ]
    assert len(ElementTree.fromstring(drawing.read_text()).findall(".//{*}polyline")) == 5


def test_the_figures_come_as_json_and_the_same_seed_gives_the_same(run: Run) -> None:
    first = json.loads(run(*SMALL, "--json")[1])
    again = json.loads(run(*SMALL, "--json")[1])
    another = json.loads(run(*SMALL, "--json", "--seed", "2")[1])

    assert first == again != another
    assert first["policies"][0]["outcome"]["reciprocal"] == 0
    assert first["policies"][0]["policy"]["hedges"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reviewers", "0", "--arrivals-per-week", "3"), "0 is not in the range"),
        (("--reviewers", "5", "--arrivals-per-week", "0"), "0 is not above 0"),
        (("--reviewers", "5", "--arrivals-per-week", "-1"), "-1 is not above 0"),
        (("--reviewers", "5", "--arrivals-per-week", "nan"), "nan is not above 0"),
        (("--reviewers", "5", "--arrivals-per-week", "many"), "“many” is not a number"),
        (("--reviewers", "5", "--arrivals-per-week", "1,2"), "Give one number."),
        (("--reviewers", "5"), "Name a badge, or give --reviewers and --arrivals-per-week."),
        ((*SMALL, "--limit", "1.5"), "1.5 is not a whole number"),
        ((*SMALL, "--limit", "1,2,3,4", "--answer-hours", "1,2,3,4"), "more than 12 policies"),
        ((*SMALL, "--svg", "/nowhere/at/all.svg"), "cannot be written"),
        (("--reviewers", "5000", "--arrivals-per-week", "500"), "simulate fewer weeks"),
    ],
)
def test_what_cannot_be_simulated_is_refused_at_once(
    run: Run, words: tuple[str, ...], said: str
) -> None:
    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert said in err


def test_long_names_of_policies_fit_a_narrow_terminal_too(run: Run) -> None:
    _code, out, _err = run(*SMALL, "--due-days", "5,7", "--answer-hours", "24,72")

    figures = [part.splitlines() for part in out.split("\n\n")[1:4]]
    assert figures[0][1] == "a limit of 2, 24 h to answer, 5 days to review"
    assert [max(map(len, lines)) <= 80 for lines in figures] == [True] * 3


def test_where_nothing_arrives_no_figure_is_made_of_it(run: Run) -> None:
    _code, out, _err = run("--reviewers", "3", "--arrivals-per-week", "0.01", "--weeks", "1")

    assert "0.01 portfolios a week for 1 week, 2 reviews each." in out
    assert "With a limit of 2, nothing arrived in this time. Simulate more weeks." in out
    assert "0.0 d" not in out
    assert "cannot keep up" not in out
