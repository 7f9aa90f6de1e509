"""Minimum-cost flow between submissions and reviewers, one review slot at a time.

Each slot is sent along a shortest augmenting path, found by Dijkstra's algorithm over reduced
costs, so that the flow is optimal after every slot (successive shortest paths). Two priorities
stand above similarity, as costs so large that no gain in similarity can outweigh them: a slot
left unfilled, and a reviewer below their minimum load.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf


@dataclass(frozen=True)
class Network:
    """Candidate reviewers of each submission with their similarity, demands and loads.

    `edges[s]` is a sequence of (reviewer, similarity), each reviewer at most once.
    """

    edges: Sequence[Sequence[tuple[int, float]]]
    demand: Sequence[int]
    load_max: Sequence[int]
    load_min: Sequence[int]


@dataclass(frozen=True)
class Flow:
    """Who reviews what, the loads that follow, and the price of one more review by each.

    The price is the dual variable of a reviewer's maximum: one more review by them would add at
    most that much similarity, or fill a slot that is empty now when it is infinite.
    """

    chosen: tuple[tuple[int, ...], ...]
    loads: tuple[int, ...]
    prices: tuple[float, ...]


def solve(network: Network) -> Flow:
    """Return the flow that fills most slots, then meets most minimum loads, then fits best."""
    solver = _Solver(network)
    for submission, slots in enumerate(network.demand):
        # More slots than candidates can never be filled; they cost the same wherever they wait.
        for _ in range(min(slots, len(network.edges[submission]))):
            solver.send(submission)
    return solver.flow()


class _Solver:
    """The residual network; nodes are submissions 0… and reviewers after them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.first_reviewer = len(network.demand)
        best = max((s for row in network.edges for _, s in row), default=0.0)
        # No alternating path is longer, so no sum of gains along one reaches `priority`.
        longest = min(len(network.demand), len(network.load_max)) + 2
        self.priority = (best or 1.0) * longest
        self.cost = [{r: best - s for r, s in row} for row in network.edges]
        self.chosen: list[set[int]] = [set() for _ in network.demand]
        self.holders: list[set[int]] = [set() for _ in network.load_max]
        self.price = [0.0] * (self.first_reviewer + len(network.load_max))

    def send(self, submission: int) -> None:
        """Send one slot of a submission along the cheapest path to the sink."""
        distance, before, last, total = self._search(submission)
        for node, far in distance.items():
            if far < total:
                self.price[node] += far - total
        self._augment(before, last)

    def flow(self) -> Flow:
        """Return what was sent."""
        prices = [max(0.0, -one - self.priority) for one in self.price[self.first_reviewer :]]
        fills = self.priority / 2
        return Flow(
            chosen=tuple(tuple(sorted(row)) for row in self.chosen),
            loads=tuple(len(row) for row in self.holders),
            prices=tuple(inf if price > fills else price for price in prices),
        )

    def _search(self, source: int) -> tuple[dict[int, float], dict[int, int], int, float]:
        """Return settled distances, each node's predecessor, the last node, and its distance."""
        distance: dict[int, float] = {}
        reached = {source: 0.0}
        before: dict[int, int] = {}
        end, last = inf, source
        queue = [(0.0, source)]
        while queue:
            far, node = heappop(queue)
            if far >= end:
                break
            if node in distance:
                continue
            distance[node] = far
            out = self._cost_to_sink(node)
            if out is not None:
                arrival = far + max(0.0, out + self.price[node])
                if arrival < end:
                    end, last = arrival, node
            for other, cost in self._onward(node):
                step = far + max(0.0, cost + self.price[node] - self.price[other])
                if step < reached.get(other, end):
                    reached[other], before[other] = step, node
                    heappush(queue, (step, other))
        return distance, before, last, end

    def _cost_to_sink(self, node: int) -> float | None:
        """Return what ending here costs: an unfilled slot, or one more review for a reviewer."""
        if node < self.first_reviewer:
            return 2 * self.priority
        reviewer = node - self.first_reviewer
        load = len(self.holders[reviewer])
        if load < self.network.load_min[reviewer]:
            return 0.0
        return self.priority if load < self.network.load_max[reviewer] else None

    def _onward(self, node: int) -> list[tuple[int, float]]:
        """Return the arcs onward: to reviewers not chosen yet, or back to who holds one."""
        first = self.first_reviewer
        if node < first:
            chosen = self.chosen[node]
            return [(first + r, cost) for r, cost in self.cost[node].items() if r not in chosen]
        reviewer = node - first
        return [(s, -self.cost[s][reviewer]) for s in sorted(self.holders[reviewer])]

    def _augment(self, before: dict[int, int], last: int) -> None:
        """Turn every step of the path round: choose where it goes on, free where it goes back."""
        node = last
        while node in before:
            earlier = before[node]
            if node >= self.first_reviewer:
                reviewer = node - self.first_reviewer
                self.chosen[earlier].add(reviewer)
                self.holders[reviewer].add(earlier)
            else:
                reviewer = earlier - self.first_reviewer
                self.chosen[node].discard(reviewer)
                self.holders[reviewer].discard(node)
            node = earlier
