"""Choosing whom to ask: every seat filled that can be, soft rules kept as long as they hold."""

from datetime import timedelta
from typing import Any

from review.assignment.matching import Reason
from review.assignment.planning import Free, Mix, Offer, Routing, Seeker, plan
from review.assignment.relaxation import Tier

ACME = frozenset({"acme"})


def seeker(name: str = "r1", /, **given: Any) -> Seeker:
    base: dict[str, Any] = {
        "author": f"author of {name}",
        "slots": 1,
        "fits": {"ada": 0.9, "bo": 0.5},
        "waiting": timedelta(hours=1),
    }
    return Seeker(name, **(base | given))


def people(*names: str, places: int = 1, **given: Any) -> list[Free]:
    return [Free(name, places, **given) for name in names]


def asked(found: Routing, name: str = "r1") -> list[str]:
    return sorted(one.reviewer for one in found.offers if one.seeker == name)


def test_the_best_person_with_room_is_asked() -> None:
    found = plan([seeker()], people("ada", "bo"))

    assert found.offers == (Offer("r1", "ada", 0.9, is_new=True),)
    assert (found.withdrawn, found.short, found.total) == ((), (), 0.9)


def test_as_many_seats_are_filled_as_can_be_before_any_fits_better() -> None:
    choosy = seeker("r2", fits={"ada": 1.0})

    found = plan([seeker(), choosy], people("ada", "bo"))

    assert (asked(found, "r1"), asked(found, "r2")) == (["bo"], ["ada"])


def test_an_empty_seat_has_its_reason() -> None:
    three = [seeker("r1", slots=3), seeker("r2", fits={}), seeker("r3", fits={"ada": 0.5})]

    found = plan(three, people("ada", "bo"))

    assert {one.seeker: (one.slots, one.reason) for one in found.short} == {
        "r1": (1, Reason.TOO_FEW),
        "r2": (1, Reason.ALL_FORBIDDEN),
        "r3": (1, Reason.AT_CAP),
    }


def test_an_offer_moves_only_when_that_gains_more_than_it_costs() -> None:
    held = seeker(offered=("bo",), fits={"ada": 0.6, "bo": 0.5})
    worth_it = seeker(offered=("bo",), fits={"ada": 0.9, "bo": 0.5})

    kept, moved = plan([held], people("ada", "bo")), plan([worth_it], people("ada", "bo"))

    assert kept.offers == (Offer("r1", "bo", 0.5, is_new=False),)
    assert kept.withdrawn == ()
    assert (asked(moved), moved.withdrawn) == (["ada"], (("r1", "bo"),))


def test_who_waits_longest_comes_first_when_people_are_few() -> None:
    old = seeker("r2", fits={"ada": 0.3}, waiting=timedelta(days=14))

    found = plan([seeker(fits={"ada": 0.9}), old], people("ada"))

    assert asked(found, "r2") == ["ada"]


def test_who_is_pinned_is_asked_before_better_ones() -> None:
    assert asked(plan([seeker(pinned=frozenset({"bo"}))], people("ada", "bo"))) == ["bo"]


def test_an_extra_seat_takes_only_what_is_left() -> None:
    extra = seeker("r2", fits={"ada": 1.0}, is_extra=True, waiting=timedelta(days=9))
    only = seeker(fits={"ada": 0.1})

    assert asked(plan([extra, only], people("ada")), "r2") == []
    assert asked(plan([extra, only], people("ada", places=2)), "r2") == ["ada"]


def test_nobody_reviews_who_reviewed_them_nor_closes_a_ring_of_three() -> None:
    pair = {("author of r1", "ada")}
    ring = {("author of r1", "cy"), ("cy", "ada")}

    assert asked(plan([seeker()], people("ada", "bo"), reviewed=pair)) == ["bo"]
    assert asked(plan([seeker()], people("ada", "bo"), reviewed=ring)) == ["bo"]


def test_no_ring_is_made_within_one_plan() -> None:
    seekers = [
        seeker("r1", author="ada", fits={"bo": 0.9, "cy": 0.5}),
        seeker("r2", author="bo", fits={"ada": 0.8, "di": 0.5}),
    ]

    found = plan(seekers, people("ada", "bo", "cy", "di"))

    assert (asked(found, "r1"), asked(found, "r2")) == (["bo"], ["di"])


def test_two_of_one_organisation_do_not_share_a_portfolio_until_nobody_else_is_found() -> None:
    pool = [*people("ada", "bo", organisations=ACME), *people("cy")]
    fits = {"ada": 0.9, "bo": 0.8, "cy": 0.1}

    mixed = plan([seeker(slots=2, fits=fits)], pool)
    relaxed = plan([seeker(slots=2, fits=fits, tier=Tier.MIX)], pool)
    beside = plan([seeker(fits=fits, seated=("ada",))], pool)
    allowed = plan([seeker(slots=2, fits=fits)], pool, rules=Mix(per_organisation=2))

    assert asked(mixed) == ["ada", "cy"]
    assert asked(relaxed) == ["ada", "bo"]
    assert asked(beside) == ["cy"]
    assert asked(allowed) == ["ada", "bo"]


def test_a_portfolio_is_read_from_more_than_one_sector_when_the_policy_says_so() -> None:
    pool = [*people("ada", "bo", sector="Ships"), *people("cy", sector="Trains")]
    fits = {"ada": 0.9, "bo": 0.8, "cy": 0.1}

    assert asked(plan([seeker(slots=2, fits=fits)], pool, rules=Mix(per_sector=1))) == ["ada", "cy"]
    assert asked(plan([seeker(slots=2, fits=fits)], pool)) == ["ada", "bo"]


def test_nobody_is_asked_for_more_than_their_places() -> None:
    found = plan([seeker(f"r{number}") for number in range(5)], people("ada", "bo", places=2))

    assert len(found.offers) == 4
    assert sum(one.slots for one in found.short) == 1


def test_nothing_to_do_is_a_plan_too() -> None:
    assert plan([], []) == Routing((), (), (), 0)
    assert plan([seeker()], []).offers == ()
