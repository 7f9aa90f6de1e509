"""Between the two engines: the network as a batch problem, and the batch's pairs as the network.

The batch gives pairs, and the incremental engine needs prices that prove them. The least such
prices are a fixed point, found here by repeated relaxation over all candidates at once; pairs
that are not optimal by a rounding are sought afresh, so that what is taken over is exact whatever
the batch gave.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from review.assignment.problem import Problem
from review.assignment.residual import EMPTY, Residual
from review.assignment.weights import UNIT

Ints = NDArray[np.int64]
ROUNDS = 500
# An empty slot in 64 bits: above every price of whole paths of similarities.
BIG = 2**61


def as_problem(net: Residual, later: dict[int, int]) -> tuple[Problem, list[int], list[int]]:
    """Return the network as a batch problem, with its rows and columns by number.

    The bonus of an offer that stands is part of its similarity.
    """
    works, people = list(net.held), list(net.price)
    column = {one: at for at, one in enumerate(people)}
    columns = [column[one] for work in works for one in net.order[work]]
    starts = np.cumsum([0, *(len(net.order[work]) for work in works)])
    problem = Problem(
        sparse.csr_array((_worth(net) / UNIT, columns, starts), shape=(len(works), len(people))),
        demand=[len(net.held[work]) + net.empty[work] + later[work] for work in works],
        load_max=[max(0, net.room[one] + len(net.holders[one])) for one in people],
    )
    return problem, works, people


def take_over(net: Residual, pairs: set[tuple[int, int]], later: dict[int, int]) -> None:
    """Let the network hold these pairs, with `later` slots more, or what is better than them."""
    slots = {s: len(held) + net.empty[s] + later[s] for s, held in net.held.items()}
    net.replace(pairs)
    prices = _least_prices(net, slots)
    for reviewer in net.price:
        net.price[reviewer] = 0 if net.room[reviewer] > 0 else prices.get(reviewer, 0)
    weak = {work: net.settle(work, wanted) for work, wanted in slots.items()}
    for work in weak:
        for _ in range(slots[work] - len(net.held[work]) - net.empty[work]):
            net.open_slot(work)
    for freed in weak.values():
        for reviewer in freed:
            net.open_room(reviewer)


def _least_prices(net: Residual, slots: dict[int, int]) -> dict[int, int]:
    """Return the least prices under which no held pair is worth less than another candidate."""
    works, people = list(net.held), list(net.price)
    column = {one: at for at, one in enumerate(people)}
    row = np.repeat(np.arange(len(works)), [len(net.order[work]) for work in works])
    col = np.array([column[one] for work in works for one in net.order[work]], dtype=np.int64)
    worth = _worth(net)
    held = np.array([one in net.held[work] for work in works for one in net.order[work]], bool)
    lacking = np.array([slots[work] > len(net.held[work]) for work in works], dtype=bool)
    price = np.zeros(len(people), dtype=np.int64)
    for _ in range(ROUNDS):
        value = np.where(lacking, -BIG, BIG)
        np.minimum.at(value, row[held], worth[held] - price[col[held]])
        value[lacking] = -BIG
        wanting = ~held & (value[row] < BIG)
        higher = price.copy()
        np.maximum.at(higher, col[wanting], worth[wanting] - value[row[wanting]])
        if (higher == price).all():
            break
        price = higher
    return {
        one: int(found) if found < BIG // 2 else int(found) - BIG + EMPTY
        for one, found in zip(people, price, strict=True)
    }


def _worth(net: Residual) -> Ints:
    """Return the weight of every candidate, with its bonus where it is held."""
    return np.array(
        [
            held.get(reviewer, weight)
            for work, held in net.held.items()
            for reviewer, weight in zip(net.order[work], net.weights[work], strict=True)
        ],
        dtype=np.int64,
    )
