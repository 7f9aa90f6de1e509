"""Simulating the pool of a real badge: who may be asked, what arrives, how people answered."""

import json

import pytest
from click.testing import CliRunner, Result
from time_machine import travel

from app.simulate_commands import simulate
from credentials.catalog import queries as catalog
from review.assignment.observed import observed
from review.pool.models import ReviewerProfile


@pytest.fixture
def run(edge, monkeypatch):
    """Run the command against the world of this test, as from its environment."""
    settings = edge.settings
    for name in ("base_url", "database_url", "store", "var", "keys", "secret_key"):
        monkeypatch.setenv(f"ASSAY_{name.upper()}", str(getattr(settings, name)))

    def invoke(*args: str) -> Result:
        with travel(edge.clock(), tick=False):
            return CliRunner().invoke(simulate, ["routing", *args])

    return invoke


def test_the_pool_is_whoever_may_be_asked_today(session, make, edge) -> None:
    edition = make.edition()
    people = [make.reviewer(edition) for _ in range(3)]
    session.get_one(ReviewerProfile, people[0].id).max_open = 5
    session.get_one(ReviewerProfile, people[1].id).is_available = False
    session.flush()

    seen = observed(session, edition.badge_id, at=edge.clock())

    assert sorted(seen.limits) == [2, 5]
    assert (seen.arrived, seen.answered, seen.ended, seen.per_week) == (0, 0, 0, 0.0)


def test_a_badge_brings_its_own_pool_and_says_which_rates_are_made_up(run, make) -> None:
    edition = make.edition()
    for _ in range(9):
        make.reviewer(edition)
    slug = catalog.definition_of(edition).slug

    found = run("--badge", slug, "--arrivals-per-week", "1", "--weeks", "6", "--json")

    told = json.loads(found.stdout)
    assert (found.exit_code, told["reviewers"]) == (0, 9)
    assert told["sources"][0] == "9 people may be asked today"
    assert told["sources"][1] == "arrivals as asked for, instead of what was seen"
    assert told["sources"][2].startswith("usual answers, too few were given here")
    assert told["sources"][4].startswith("made up, from no pool: fits")


def test_people_that_were_given_are_not_told_of_as_the_pool(run, make) -> None:
    edition = make.edition()
    make.reviewer(edition)
    slug = catalog.definition_of(edition).slug

    numbers = ("--reviewers", "4", "--arrivals-per-week", "1", "--weeks", "2")
    told = json.loads(run("--badge", slug, *numbers, "--json").stdout)

    assert told["sources"][0] == "4 people, as asked for, instead of the 1 of today"
    assert told["policies"][0]["policy"]["name"] == "a limit of 2"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--badge", "no-such-badge"), "there is no badge “no-such-badge”"),
        (("--badge", "{slug}"), "Nobody may review"),
        (("--badge", "{slug}", "--reviewers", "4"), "Too little has arrived"),
    ],
)
def test_a_badge_that_cannot_be_simulated_is_refused(run, make, words, said) -> None:
    slug = catalog.definition_of(make.edition()).slug

    found = run(*(word.format(slug=slug) for word in words))

    assert (found.exit_code, said in found.output) == (2, True)
