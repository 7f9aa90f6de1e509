"""Drawing a whole plan from a flow in parts, so that each pair comes up as often as its part.

A slot of 2^k parts is halved k times. Each time the arcs with an odd number of parts form
cycles, since every node passes on what it gets; along each cycle the parts are shifted by one, up
or down by the toss of a coin, until all are even (Euler splitting of dyadic flows). Every limit
of the network holds in what is drawn, and the chance of a pair is its share of the flow.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from review.assignment.candidates import Ints


def draw(tail: Ints, head: Ints, flow: Ints, halvings: int, dice: np.random.Generator) -> Ints:
    """Return a flow in whole slots from one in 2^halvings parts of a slot."""
    found = flow.copy()
    for _ in range(halvings):
        odd = np.flatnonzero(found & 1)
        for cycle, direction in _cycles(tail, head, odd):
            found[cycle] += direction if dice.random() < 0.5 else -direction
        found //= 2
    return found


def _cycles(tail: Ints, head: Ints, odd: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield cycles that use each odd arc once: its arcs, and 1 or -1 as they point along or not."""
    at_node: dict[int, list[int]] = defaultdict(list)
    ends = {arc: (int(tail[arc]), int(head[arc])) for arc in odd.tolist()}
    for arc, (one, other) in ends.items():
        at_node[one].append(arc)
        at_node[other].append(arc)
    used: set[int] = set()
    for first, (start, _) in ends.items():
        if first in used:
            continue
        node, arcs, directions = start, [], []
        while True:
            arc = _unused(at_node[node], used)
            if arc is None:
                break
            used.add(arc)
            is_along = ends[arc][0] == node
            arcs.append(arc)
            directions.append(1 if is_along else -1)
            node = ends[arc][1 if is_along else 0]
        yield np.array(arcs, dtype=np.int64), np.array(directions, dtype=np.int64)


def _unused(arcs: list[int], used: set[int]) -> int | None:
    """Return an arc of a node that was not used yet, and forget the others."""
    while arcs:
        arc = arcs.pop()
        if arc not in used:
            return arc
    return None
