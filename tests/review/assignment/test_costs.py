"""What a rule costs: the seats and the fit that there would be without it, and nothing made up."""

from datetime import timedelta
from typing import Any

import pytest

from review.assignment.costs import Cost, Priced, costs
from review.assignment.planning import Free, Mix, Seeker, plan
from review.assignment.relaxation import Tier

ACME = frozenset({"acme"})
ONE_EACH = Mix()


def seeker(name: str = "r1", /, **given: Any) -> Seeker:
    base: dict[str, Any] = {
        "author": f"author of {name}",
        "slots": 1,
        "fits": {"ada": 0.9, "bo": 0.5},
        "waiting": timedelta(hours=1),
    }
    return Seeker(name, **(base | given))


def priced(
    seekers: list[Seeker],
    people: list[Free],
    reviewed: frozenset[tuple[str, str]] = frozenset(),
    rules: Mix = ONE_EACH,
) -> dict[Priced, tuple[int, float]]:
    """Return seats and fit by rule, the fit to two places."""
    routing = plan(seekers, people, reviewed=reviewed, rules=rules)
    found = costs(seekers, people, reviewed=reviewed, rules=rules, routing=routing)
    assert all(isinstance(one, Cost) for one in found)
    return {one.rule: (one.seats, round(one.fit, 2)) for one in found}


def test_a_mix_that_leaves_a_seat_empty_costs_the_seat_and_its_fit() -> None:
    colleagues = [Free("ada", 1, ACME), Free("bo", 1, ACME)]

    assert priced([seeker(slots=2)], colleagues) == {Priced.MIX: (1, 0.5)}


def test_a_mix_that_somebody_else_keeps_costs_the_better_fit_alone() -> None:
    people = [Free("ada", 1, ACME), Free("bo", 1, ACME), Free("cy", 1)]
    wanting = seeker(slots=2, fits={"ada": 0.9, "bo": 0.8, "cy": 0.6})

    assert priced([wanting], people) == {Priced.MIX: (0, 0.2)}


def test_a_sector_that_fills_a_work_costs_too() -> None:
    people = [Free("ada", 1, sector="Ships"), Free("bo", 1, sector="Ships")]

    assert priced([seeker(slots=2)], people, rules=Mix(per_sector=1)) == {Priced.MIX: (1, 0.5)}


def test_a_ring_that_is_not_closed_costs_the_seat_it_keeps_empty() -> None:
    reviewed = frozenset({("author of r1", "ada")})

    found = priced([seeker(fits={"ada": 0.9})], [Free("ada", 1)], reviewed)

    assert found == {Priced.MIX: (0, 0.0), Priced.RINGS: (1, 0.9)}


def test_a_pin_costs_what_the_best_fit_had_over_the_wanted_one() -> None:
    wanting = seeker(pinned=frozenset({"bo"}))

    found = priced([wanting], [Free("ada", 1), Free("bo", 1)])

    assert found == {Priced.MIX: (0, 0.0), Priced.PINS: (0, 0.4)}


def test_what_is_not_at_work_is_not_priced() -> None:
    given_way = [seeker(tier=Tier.MIX), seeker("r2", tier=Tier.STAFF)]

    assert priced(given_way, [Free("ada", 1)]) == {}
    assert priced([], []) == {}


@pytest.mark.parametrize("seats", [1, 2])
def test_no_rule_ever_costs_less_than_nothing(seats: int) -> None:
    people = [Free("ada", 1, ACME), Free("bo", 2, ACME, "Ships"), Free("cy", 1, sector="Ships")]
    works = [
        seeker("r1", slots=seats, fits={"ada": 0.9, "bo": 0.2}, pinned=frozenset({"bo"})),
        seeker("r2", slots=seats, fits={"ada": 0.3, "cy": 0.8}, offered=("ada",)),
    ]

    found = priced(works, people, frozenset({("author of r2", "cy")}), Mix(per_sector=1))

    assert set(found) == set(Priced)
    assert all(more >= 0 and fit >= 0 for more, fit in found.values())
