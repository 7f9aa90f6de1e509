"""`assay simulate decisions`: what a policy costs and risks, on works whose truth is known."""

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from app.simulate_commands import simulate
from credentials.catalog import queries as catalog
from review.decision.certainty import family_of
from review.decision.consensus import Reviews, fit
from review.decision.consensus.stored import model_of
from review.decision.models import FamilyFit

FEW = ("--submissions", "50", "--known-reviews", "90")


@pytest.fixture
def run(edge, monkeypatch):
    """Run the command against the world of this test, as from its environment."""
    settings = edge.settings
    for name in ("base_url", "database_url", "store", "var", "keys", "secret_key"):
        monkeypatch.setenv(f"ASSAY_{name.upper()}", str(getattr(settings, name)))

    def invoke(*args: str) -> Result:
        return CliRunner().invoke(simulate, ["decisions", *args])

    return invoke


def test_policies_stand_side_by_side_with_todays_usual_and_a_drawing(run, tmp_path: Path) -> None:
    drawing = tmp_path / "risk.svg"

    found = run(*FEW, "--max-reviews", "3,5", "--band", ".1,.9", "--svg", str(drawing))

    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    names = [line.split("  ")[0] for line in lines if line.startswith(("2 to", "mean of"))]
    assert names == ["2 to 3, 0.1 to 0.9", "2 to 5, 0.1 to 0.9", "mean of three"]
    assert lines[0].startswith("50 made-up works")
    assert "measured elsewhere" in lines[2]
    assert "Simulating 2 to 5, 0.1 to 0.9 (2 of 2)" in found.stderr
    root = ElementTree.parse(drawing).getroot()
    assert root.tag.endswith("svg")
    assert "2 to 3, 0.1 to 0.9" in "".join(root.itertext())


def test_the_same_seed_says_the_same_and_another_does_not(run) -> None:
    first, again, other = (run(*FEW, "--seed", seed).stdout for seed in ("3", "3", "4"))

    assert first == again != other


def test_a_badge_brings_its_rule_its_policy_and_its_minutes(run, make) -> None:
    edition = make.edition()
    definition = catalog.definition_of(edition)

    found = run(definition.slug, *FEW, "--json")

    told = json.loads(found.stdout)
    assert found.exit_code == 0
    assert definition.title in told["sources"][0]
    assert "learned from 0 reviews, which are too few (30)" in told["sources"][1]
    assert len(told["setting"]["thresholds"]) == len(definition.criteria)
    first, mean = told["policies"]
    policy = definition.review_policy
    assert first["policy"].startswith(f"{policy.reviewers} to {policy.max_reviews}, ")
    assert (mean["policy"], mean["reviews"]) == ("mean of three", 3.0)


def test_a_badge_that_was_learned_from_is_tried_with_its_own_variance(run, make, edge) -> None:
    edition = make.edition()
    definition = catalog.definition_of(edition)
    values = sorted(level.value for level in definition.levels)
    levels = np.random.default_rng(1).choice(values, (90, len(definition.criteria)))
    made = fit(Reviews(np.arange(30).repeat(3), np.arange(90) % 9, levels.astype(float), 30, 9))
    with edge.database.transaction() as session:
        session.add(
            FamilyFit(
                badge_id=edition.badge_id,
                family=family_of(edition.badge_id, definition),
                model_version="consensus/1",
                fitted_at=edge.clock(),
                reviews=90,
                submissions=30,
                iterations=9,
                is_converged=True,
                hyper=model_of(made),
                reviewers={},
                sources="0" * 64,
                digest="0" * 64,
            )
        )

    told = json.loads(run(definition.slug, *FEW, "--json").stdout)

    assert told["sources"][1] == "its own reviewers' variance, from 90 reviews"
    assert told["setting"]["noise"] == pytest.approx(made.hyper["submission"] ** -0.5, rel=1e-6)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["no-such-badge"], "there is no badge “no-such-badge”"),
        (["--band", "x"], "“x” is not two numbers such as .1,.9."),
        (["--band", ".9,.1"], "must rise, from 0 at least to 1 at most"),
        (["--band", "nan,.9"], "must rise, from 0 at least to 1 at most"),
        (["--reviewers", "1"], "The rule wants two reviews at least"),
        (["--reviewers", "2.5"], "2.5 is not a whole number."),
        (["--reviewers", "5", "--max-reviews", "3"], "At most as many reviews as are asked"),
        (["--reviewers", "2,3,4,5", "--max-reviews", "5,6,7,8"], "more than 12 policies"),
        (["--submissions", "5001"], "5001 is not in the range 50<=x<=5000."),
        (["--svg", "/nowhere/at/all.svg"], "“/nowhere/at/all.svg” cannot be written."),
    ],
)
def test_what_cannot_be_is_refused_in_words(run, words: list[str], reason: str) -> None:
    found = run(*words)

    assert found.exit_code == 2
    assert reason in found.stderr
