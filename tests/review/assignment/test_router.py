"""The incremental engine: the batch's optimum after every operation, whatever the order."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from scipy import sparse
from scipy.optimize import linprog

from core.errors import Invalid
from review.assignment.matching import Plan, Problem, match
from review.assignment.reasons import Moves
from review.assignment.residual import EMPTY
from review.assignment.router import Router

FITS = st.one_of(
    st.integers(0, 4).map(lambda quarters: quarters / 4),
    st.integers(0, 3),
    st.floats(0, 1, allow_subnormal=False),
)
STICKINESS = 0.25


class Mirror:
    """The state as plain tables, kept beside the router and solved from nothing each time."""

    def __init__(self) -> None:
        self.caps: dict[str, int] = {}
        self.slots: dict[str, int] = {}
        self.fits: dict[tuple[str, str], float] = {}
        self.locked: set[tuple[str, str]] = set()
        self.done: set[tuple[str, str]] = set()
        self.offered: set[tuple[str, str]] = set()

    def room(self, reviewer: str) -> int:
        return max(0, self.caps[reviewer] - sum(one == reviewer for _, one in self.locked))

    def problem(self) -> Problem:
        """Return everything that is open as a batch problem; offers count their stickiness."""
        works, people = list(self.slots), list(self.caps)
        listed = [
            (works.index(work), people.index(one), fit + STICKINESS * ((work, one) in self.offered))
            for (work, one), fit in self.fits.items()
        ]
        rows, columns, values = zip(*listed, strict=True) if listed else ((), (), ())
        return Problem(
            sparse.coo_array(
                (np.array(values, dtype=float), (rows, columns)), (len(works), len(people))
            ),
            demand=[self.slots[work] for work in works],
            load_max=[self.room(one) for one in people],
        )


def best_by_programme(problem: Problem) -> tuple[int, float]:
    """Return how many slots can be filled and the best total then, by HiGHS."""
    rows, columns, values = problem.similarity.row, problem.similarity.col, problem.similarity.data
    if not len(values):
        return 0, 0.0
    height = sum(problem.similarity.shape)
    table = np.zeros((height, len(values)))
    table[rows, np.arange(len(values))] = 1
    table[problem.similarity.shape[0] + columns, np.arange(len(values))] = 1
    limits = np.concatenate([problem.demand, problem.load_max])
    filled = linprog(-np.ones(len(values)), A_ub=table, b_ub=limits, bounds=(0, 1))
    count = round(-filled.fun)
    fitted = linprog(
        -values,
        A_ub=table,
        b_ub=limits,
        A_eq=np.ones((1, len(values))),
        b_eq=[count],
        bounds=(0, 1),
    )
    return count, -fitted.fun


def breaches_of_prices(router: Router) -> list[tuple[int, int]]:
    """Return the pairs at which the router's own proof of its optimum fails."""
    net = router._net
    wrong = [(0, r) for r, room in net.room.items() if room < 0 or (room and net.price[r])]
    wrong += [(s, 0) for s, empty in net.empty.items() if empty and net.value[s] != -EMPTY]
    for work, order in net.order.items():
        for reviewer in order:
            is_held = reviewer in net.held[work]
            weight = net.held[work].get(reviewer, net.takers[reviewer][work])
            gain = weight - net.price[reviewer] - net.value[work]
            if (gain < 0) if is_held else (gain > 0):
                wrong.append((work, reviewer))
    return wrong


class Routing(RuleBasedStateMachine):
    """Any operation in any order, against tables that are solved from nothing after each."""

    def __init__(self) -> None:
        super().__init__()
        self.router, self.mirror = Router(stickiness=STICKINESS), Mirror()
        self.pairs: dict[Any, bool] = {}
        self.count = 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def follow(self, moves: Moves) -> None:
        """The moves are exactly the difference between before and after."""
        after = self.router.pairs()
        assert set(moves.added) == set(after) - set(self.pairs)
        assert set(moves.removed) == set(self.pairs) - set(after)
        assert len(set(moves.added)) == len(moves.added)
        self.pairs = after
        self.mirror.offered &= set(self.mirror.fits)
        self.is_the_optimum()
        self.mirror.offered &= set(after)

    @rule(cap=st.integers(0, 3), fits=st.lists(st.none() | FITS, max_size=8))
    @precondition(lambda self: len(self.mirror.caps) < 7)
    def add_reviewer(self, cap: int, fits: list[float | None]) -> None:
        name = self.name("r")
        given = {
            work: fit for work, fit in zip(self.mirror.slots, fits, strict=False) if fit is not None
        }
        self.mirror.caps[name] = cap
        self.mirror.fits |= {(work, name): fit for work, fit in given.items()}
        self.follow(self.router.add_reviewer(name, cap, given))

    @rule(
        demand=st.integers(1, 3), fits=st.lists(st.none() | FITS, max_size=7), later=st.booleans()
    )
    @precondition(lambda self: len(self.mirror.slots) < 8)
    def add_submission(self, demand: int, fits: list[float | None], later: bool) -> None:
        name = self.name("s")
        given = {
            one: fit for one, fit in zip(self.mirror.caps, fits, strict=False) if fit is not None
        }
        self.mirror.slots[name] = demand
        self.mirror.fits |= {(name, one): fit for one, fit in given.items()}
        moves = self.router.add_submission(name, given, demand, later=later)
        if later:
            assert moves == Moves()
            moves = self.router.resolve(match)
        self.follow(moves)

    @rule(choice=st.randoms(use_true_random=False), cap=st.integers(0, 4))
    @precondition(lambda self: self.mirror.caps)
    def set_cap(self, choice: random.Random, cap: int) -> None:
        name = choice.choice(list(self.mirror.caps))
        self.mirror.caps[name] = cap
        self.follow(self.router.set_cap(name, cap))

    @rule(choice=st.randoms(use_true_random=False), demand=st.integers(0, 4))
    @precondition(lambda self: self.mirror.slots)
    def set_demand(self, choice: random.Random, demand: int) -> None:
        name = choice.choice(list(self.mirror.slots))
        self.mirror.slots[name] = demand
        self.follow(self.router.set_demand(name, demand))

    @rule(choice=st.randoms(use_true_random=False))
    @precondition(lambda self: self.mirror.slots)
    def remove_submission(self, choice: random.Random) -> None:
        name = choice.choice(list(self.mirror.slots))
        del self.mirror.slots[name]
        self.mirror.fits = {pair: fit for pair, fit in self.mirror.fits.items() if pair[0] != name}
        self.mirror.locked = {pair for pair in self.mirror.locked if pair[0] != name}
        self.follow(self.router.remove_submission(name))

    @rule(choice=st.randoms(use_true_random=False), fit=FITS)
    @precondition(lambda self: self.mirror.slots and self.mirror.caps)
    def add_pair(self, choice: random.Random, fit: float) -> None:
        pair = choice.choice(list(self.mirror.slots)), choice.choice(list(self.mirror.caps))
        if pair in self.pairs or pair in self.mirror.done:
            with pytest.raises(Invalid):
                self.router.add_pair(*pair, fit)
            return
        self.mirror.fits[pair] = fit
        self.follow(self.router.add_pair(*pair, fit))

    @rule(choice=st.randoms(use_true_random=False))
    @precondition(lambda self: self.mirror.fits)
    def forbid(self, choice: random.Random) -> None:
        pair = choice.choice(sorted(self.mirror.fits))
        del self.mirror.fits[pair]
        self.follow(self.router.forbid(*pair))

    @rule(choice=st.randoms(use_true_random=False), how=st.sampled_from(["offer", "lock"]))
    @precondition(lambda self: not all(self.pairs.values()))
    def offer_or_lock(self, choice: random.Random, how: str) -> None:
        pair = choice.choice(sorted(one for one, locked in self.pairs.items() if not locked))
        if how == "offer":
            self.mirror.offered.add(pair)
            self.router.offer(*pair)
        else:
            self.router.lock(*pair)
            self.begin(pair)
        self.pairs = self.router.pairs()

    def begin(self, pair: tuple[str, str]) -> None:
        del self.mirror.fits[pair]
        self.mirror.slots[pair[0]] -= 1
        self.mirror.offered.discard(pair)
        self.mirror.locked.add(pair)

    @rule(choice=st.randoms(use_true_random=False), how=st.sampled_from(["finish", "give_back"]))
    @precondition(lambda self: self.pairs)
    def end(self, choice: random.Random, how: str) -> None:
        pair = choice.choice(sorted(self.pairs))
        if not self.pairs[pair]:
            self.begin(pair)
        self.mirror.locked.discard(pair)
        if how == "finish":
            self.mirror.done.add(pair)
        else:
            self.mirror.slots[pair[0]] += 1
        self.follow(getattr(self.router, how)(*pair))

    @rule()
    def resolve(self) -> None:
        self.follow(self.router.resolve(match))

    @rule(choice=st.randoms(use_true_random=False))
    def take_over_a_poor_plan(self, choice: random.Random) -> None:
        def poor(problem: Problem, *, fair: bool) -> Plan:
            plan = match(problem, fair=fair)
            kept = [pair for pair in plan.pairs.tolist() if choice.random() < 0.5]
            return replace(plan, pairs=np.array(kept, dtype=np.int64).reshape(-1, 2))

        self.follow(self.router.resolve(poor))

    @invariant()
    def nobody_has_more_than_they_may(self) -> None:
        free = [pair for pair, is_locked in self.pairs.items() if not is_locked]
        locked = {pair for pair, is_locked in self.pairs.items() if is_locked}

        assert locked == self.mirror.locked
        assert set(free) <= set(self.mirror.fits)
        assert all(
            count <= self.mirror.room(one) for one, count in Counter(one for _, one in free).items()
        )

    @invariant()
    def it_is_what_the_batch_and_a_programme_find(self) -> None:
        self.is_the_optimum()
        assert breaches_of_prices(self.router) == []

    def is_the_optimum(self) -> None:
        """Also with the stickiness of offers that were given up just now."""
        problem = self.mirror.problem()
        plan, best = match(problem, fair=False), best_by_programme(problem)
        free = [pair for pair, is_locked in self.pairs.items() if not is_locked]
        worth = sum(
            self.mirror.fits[pair] + STICKINESS * (pair in self.mirror.offered) for pair in free
        )

        assert (len(free), worth) == (len(plan.pairs), pytest.approx(plan.total, abs=1e-9))
        assert (len(free), worth) == (best[0], pytest.approx(best[1], abs=1e-6))

    @invariant()
    def empty_slots_are_counted(self) -> None:
        held = Counter(work for (work, _), is_locked in self.pairs.items() if not is_locked)
        empty = {work: slots - held[work] for work, slots in self.mirror.slots.items()}

        assert {one.submission: one.slots for one in self.router.unfilled()} == {
            work: count for work, count in empty.items() if count
        }


TestRouting = Routing.TestCase
TestRouting.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
