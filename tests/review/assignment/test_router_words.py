"""What the router refuses, with nothing changed, and what it says of slots that stay empty."""

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import Invalid
from review.assignment.matching import Reason, match
from review.assignment.reasons import Moves, Waiting
from review.assignment.router import Router


def small() -> Router:
    """Ada and Ben with room for one each, Cleo away; two works, the first begun by Ada."""
    router = Router(stickiness=0.2)
    for name, cap in (("ada", 1), ("ben", 1), ("cleo", 0)):
        router.add_reviewer(name, cap)
    router.add_submission("first", {"ada": 0.9, "ben": 0.5}, 1)
    router.lock("first", "ada")
    router.add_submission("second", {"ben": 0.8, "cleo": 0.7}, 2)
    return router


REFUSED: list[tuple[Callable[[Router], Any], str, str]] = [
    (lambda r: r.add_reviewer("ada", 1), "Reviewer 'ada' is here already", "reviewer"),
    (lambda r: r.add_reviewer("dan", -1), "cap of reviewer 'dan' is -1", "cap"),
    (lambda r: r.add_reviewer("dan", 1.5), "cap of reviewer 'dan' is 1.5", "cap"),
    (lambda r: r.add_reviewer("dan", 1, {"third": 1}), "Submission 'third' is not", "submission"),
    (
        lambda r: r.add_reviewer("dan", 1, {"second": float("nan")}),
        "submission 'second' and reviewer 'dan' is nan",
        "similarity",
    ),
    (lambda r: r.set_cap("dan", 1), "Reviewer 'dan' is not known", "reviewer"),
    (lambda r: r.set_cap("ada", True), "cap of reviewer 'ada' is True", "cap"),
    (lambda r: r.add_submission("first", {}, 1), "Submission 'first' is here", "submission"),
    (lambda r: r.add_submission("third", {}, 0), "demand of submission 'third' is 0", "demand"),
    (lambda r: r.add_submission("third", {"dan": 1}, 1), "Reviewer 'dan' is not", "reviewer"),
    (
        lambda r: r.add_submission("third", {"ada": -0.1}, 1),
        "submission 'third' and reviewer 'ada' is -0.1",
        "similarity",
    ),
    (
        lambda r: r.add_submission("third", {"ben": 0.1, "ada": float("inf")}, 1),
        "submission 'third' and reviewer 'ada' is inf",
        "similarity",
    ),
    (lambda r: r.add_submission("third", {"ada": "much"}, 1), "must be a number", "similarity"),
    (lambda r: r.add_submission("third", [1, 2], 1), "must be a mapping", "similarity"),
    (lambda r: r.set_demand("third", 1), "Submission 'third' is not known", "submission"),
    (lambda r: r.set_demand("first", -1), "demand of submission 'first' is -1", "demand"),
    (lambda r: r.remove_submission("third"), "Submission 'third' is not known", "submission"),
    (lambda r: r.add_pair("first", "ada", 1), "'ada' has submission 'first'", "reviewer"),
    (lambda r: r.add_pair("first", "cleo", -1), "'first' and 'cleo' is -1", "similarity"),
    (lambda r: r.forbid("first", "ada"), "'ada' began submission 'first'", "reviewer"),
    (lambda r: r.lock("second", "cleo"), "'cleo' does not hold submission 'second'", "reviewer"),
    (lambda r: r.offer("first", "ben"), "'ben' does not hold submission 'first'", "reviewer"),
    (lambda r: r.finish("second", "cleo"), "'cleo' does not hold", "reviewer"),
    (lambda r: r.give_back("second", "dan"), "Reviewer 'dan' is not known", "reviewer"),
]


@pytest.mark.parametrize(("act", "words", "field"), REFUSED)
def test_what_is_refused_is_named_and_changes_nothing(
    act: Callable[[Router], Any], words: str, field: str
) -> None:
    router = small()
    before = (router.pairs(), router.unfilled(), router.total, router.utilisation)

    with pytest.raises(Invalid, match=words) as caught:
        act(router)

    assert caught.value.field == field
    assert (router.pairs(), router.unfilled(), router.total, router.utilisation) == before
    assert router.resolve(match) == Moves()


def test_an_empty_slot_is_filled_as_soon_as_there_is_room() -> None:
    router = small()
    assert router.unfilled() == (Waiting("second", 1, Reason.AT_CAP),)

    moves = router.set_cap("cleo", 1)

    assert moves == Moves(added=(("second", "cleo"),))
    assert router.unfilled() == ()


def test_an_earlier_pair_moves_when_an_arrival_needs_its_reviewer_more() -> None:
    router = Router()
    router.add_reviewer("ada", 1)
    router.add_reviewer("ben", 1)
    router.add_submission("first", {"ada": 0.9, "ben": 0.8}, 1)

    moves = router.add_submission("second", {"ada": 0.5}, 1)

    assert set(moves.added) == {("first", "ben"), ("second", "ada")}
    assert moves.removed == (("first", "ada"),)
    assert router.total == pytest.approx(1.3)


def test_what_was_begun_stays_where_it_is() -> None:
    router = Router()
    router.add_reviewer("ada", 1)
    router.add_reviewer("ben", 1)
    router.add_submission("first", {"ada": 0.9, "ben": 0.8}, 1)
    router.lock("first", "ada")

    moves = router.add_submission("second", {"ada": 0.5}, 1)

    assert moves == Moves()
    assert router.pairs() == {("first", "ada"): True}
    assert router.unfilled() == (Waiting("second", 1, Reason.AT_CAP),)


@pytest.mark.parametrize(("gain", "moves"), [(0.15, False), (0.25, True)])
def test_an_offer_moves_only_for_more_than_its_stickiness(gain: float, moves: bool) -> None:
    router = Router(stickiness=0.2)
    router.add_reviewer("ada", 1)
    router.add_submission("first", {"ada": 0.5}, 1)
    router.offer("first", "ada")
    router.add_reviewer("ben", 1)

    changed = router.add_pair("first", "ben", 0.5 + gain)

    assert bool(changed.added) is moves
    assert router.total == pytest.approx(0.5 + gain * moves)


def test_every_empty_slot_has_a_reason() -> None:
    router = Router()
    for name in ("ada", "ben", "cleo"):
        router.add_reviewer(name, 1)
    router.add_submission("nobody", {}, 1)
    router.add_submission("conflicted", {"ada": 1.0}, 1)
    router.forbid("conflicted", "ada")
    router.add_submission("few", {"ben": 1.0, "cleo": 1.0}, 3)
    router.add_submission("late", {"ben": 0.1}, 1)

    assert router.unfilled() == (
        Waiting("nobody", 1, Reason.NOBODY_QUALIFIED),
        Waiting("conflicted", 1, Reason.ALL_FORBIDDEN),
        Waiting("few", 1, Reason.TOO_FEW),
        Waiting("late", 1, Reason.AT_CAP),
    )


def test_an_empty_pool_leaves_every_slot_empty() -> None:
    router = Router()
    router.add_submission("first", {}, 2)

    assert router.resolve(match) == Moves()
    assert router.unfilled() == (Waiting("first", 2, Reason.NOBODY_QUALIFIED),)
    assert (router.pairs(), router.total, router.utilisation) == ({}, 0.0, 0.0)


def test_what_arrived_for_later_waits_for_the_batch() -> None:
    router = Router()
    router.add_reviewer("ada", 1)
    assert router.add_submission("first", {"ada": 0.5}, 1, later=True) == Moves()
    assert router.is_tight
    assert router.unfilled() == (Waiting("first", 1, Reason.AT_CAP),)

    moves = router.resolve(match)

    assert moves == Moves(added=(("first", "ada"),))
    assert router.utilisation == 1.0


def test_nothing_is_kept_of_work_that_left() -> None:
    """The router's tables do not grow with what came and went."""
    router = Router(stickiness=0.1)
    router.add_reviewer("ada", 2)
    sizes = set()

    for number in range(50):
        router.add_submission(number, {"ada": 0.5}, 1)
        router.offer(number, "ada")
        router.lock(number, "ada")
        router.finish(number, "ada")
        router.remove_submission(number)
        tables = [*vars(router).values(), *vars(router._net).values()]
        tables += router._net.takers.values()
        sizes.add(sum(len(one) for one in tables if isinstance(one, dict | list)))

    assert len(sizes) == 1
