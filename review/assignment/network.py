"""The matching problem as a flow network, solved exactly, with the prices that prove it.

Every review slot is a unit of flow from its submission over a pair to a reviewer and on to the
sink; a slot that stays empty goes straight to the sink at a price above anything that similarity
can weigh. Limits on institutions and regions, and the wish for a senior, are nodes between a
submission and its pairs; nested limits keep the network a tree there, so that the flow stays whole.

Costs are whole numbers: similarities times a power of two chosen from the sizes, so that the
solver cannot overflow and rounding stays below one part in a hundred million. The prices are
shortest distances to the sink in the residual network. That they exist proves that no cycle
could improve the flow (complementary slackness), and they price pairs that were left out.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from review.assignment.candidates import Arcs, Bools, Ints
from review.assignment.limits import Limits
from review.assignment.pricing import FAR, Bound, Group

# Whole numbers that the solver can hold, with room for its own scaling by the number of nodes.
LARGEST = 2.0**61
LONGEST_SCALE = 40
# How long a path of changes is allowed for at first.
PATIENT = 6


@dataclass
class Solution:
    """A flow over pairs, and the network it lives in."""

    arcs: Arcs
    flow: Ints
    unfilled: Ints
    network: "_Network"

    @property
    def chosen(self) -> Arcs:
        """The pairs that carry a whole slot."""
        return self.arcs.where(self.flow > 0)

    @property
    def is_met(self) -> bool:
        """Whether every slot is filled and every lower load is met."""
        return not self.unfilled.any() and not self.short.any()

    @property
    def short(self) -> Ints:
        """How much each reviewer lacks to their lower load, in units."""
        return self.network.short()

    @cached_property
    def bound(self) -> Bound:
        """What pairs must exceed to improve this; raise ArithmeticError if it is no optimum."""
        net = self.network
        shape = (net.submissions, net.reviewers)
        return Bound(net.distances(), shape, net.groups, net.scale)


class _Network:
    """Arrays of the network; nodes are submissions, reviewers, the sink, then groups."""

    def __init__(self, arcs: Arcs, limits: Limits, top: float, longest: int) -> None:
        self.limits = limits
        self.longest = longest
        self.submissions, self.reviewers = len(limits.demand), len(limits.load_max)
        self.sink = self.submissions + self.reviewers
        self.nodes = self.sink + 1
        self.groups: list[Group] = []
        self.arcs, self.pairs = arcs, len(arcs)
        self.extra: list[tuple[Any, Any, Any, Any]] = []
        self._weigh(top)
        tail = self._grouped(arcs)
        self._close()
        self._assemble(arcs, tail)

    def _weigh(self, top: float) -> None:
        """Choose the scale, and prices so far apart that none can outweigh the next."""
        limits = self.limits
        longest = self.longest
        most = max(top, 1e-12)
        spread = float(np.ptp(limits.empty)) if limits.empty is not None else 0.0
        self.no_senior = most * max(int(limits.demand.max(initial=1)), 1)
        worth = most + (self.no_senior if limits.senior is not None else 0.0)
        minimum = worth * longest if limits.load_min.any() else 0.0
        self.minimum = minimum
        self.empty = (worth + minimum) * longest + spread
        largest = (self.empty + spread + minimum) * (self.nodes + 4 * self.submissions + 8)
        power = int(np.floor(np.log2(LARGEST / largest)))
        self.scale = 2.0 ** min(power, LONGEST_SCALE)

    def whole(self, value: Any) -> Any:
        """Return an amount of similarity in whole units of cost."""
        return np.rint(np.asarray(value, dtype=np.float64) * self.scale).astype(np.int64)

    def _grouped(self, arcs: Arcs) -> Ints:
        """Put groups between submissions and pairs where a limit can bind; return pairs' tails."""
        limits, tail = self.limits, arcs.row
        if limits.region_cap is not None and limits.region is not None:
            tail = self._group(arcs, tail, limits.region, limits.region_cap)
        if limits.institution_cap is not None and limits.institution is not None:
            label = limits.institution
            if limits.region_cap is not None and limits.region is not None:
                # An institution in two regions is one in each here; the rest is cut afterwards.
                label = _paired(label, limits.region)
            tail = self._group(arcs, tail, label, limits.institution_cap)
        if limits.senior is not None and not limits.has_groups:
            tail = self._juniors(arcs, tail, limits.senior)
        return tail

    def _group(self, arcs: Arcs, tail: Ints, label: Ints, cap: Any) -> Ints:
        found = self._needed(arcs, label, cap)
        if found is None:
            return tail
        group, place, first = found
        caps = np.broadcast_to(np.asarray(cap), (self.submissions,))
        rows = group.keys // group.labels
        self.extra.append((tail[first], group.nodes, caps[rows] * self.limits.units, 0))
        return np.where(place >= 0, group.nodes[np.maximum(place, 0)], tail)

    def _juniors(self, arcs: Arcs, tail: Ints, senior: Bools) -> Ints:
        """All slots but one may go to juniors; the last one too, at the price of no senior."""
        cap = np.maximum(self.limits.demand - 1, 0)
        label = np.where(senior, -1, 0)
        found = self._needed(arcs, label, cap)
        if found is None:
            return tail
        group, place, first = found
        rows = group.keys
        units = self.limits.units
        self.extra.append((tail[first], group.nodes, cap[rows] * units, 0))
        self.extra.append((tail[first], group.nodes, units, self.whole(self.no_senior)))
        return np.where(place >= 0, group.nodes[np.maximum(place, 0)], tail)

    def _needed(self, arcs: Arcs, label: Ints, cap: Any) -> tuple[Group, Ints, Ints] | None:
        """Return nodes for the groups that are larger than their cap, and each pair's place."""
        labels = int(label.max(initial=-1)) + 1
        of_pair = label[arcs.col]
        listed = of_pair >= 0
        keys, first, inverse, sizes = np.unique(
            arcs.row[listed] * max(labels, 1) + of_pair[listed],
            return_index=True, return_inverse=True, return_counts=True,
        )  # fmt: skip
        caps = np.broadcast_to(np.asarray(cap), (self.submissions,))
        binds = sizes > caps[keys // max(labels, 1)]
        if not binds.any():
            return None
        number = np.cumsum(binds) - 1
        place = np.full(len(arcs), -1)
        place[listed] = np.where(binds[inverse], number[inverse], -1)
        nodes = self.nodes + np.arange(binds.sum())
        self.nodes += len(nodes)
        group = Group(label, max(labels, 1), keys[binds], nodes)
        self.groups.append(group)
        return group, place, np.flatnonzero(listed)[first[binds]]

    def _close(self) -> None:
        """Lead reviewers and empty slots to the sink."""
        limits, units = self.limits, self.limits.units
        reviewers = self.submissions + np.arange(self.reviewers)
        self.extra.append((reviewers, self.sink, (limits.load_max - limits.load_min) * units, 0))
        if limits.load_min.any():
            price = -self.whole(self.minimum)
            self.extra.append((reviewers, self.sink, limits.load_min * units, price))
        empty = np.full(self.submissions, self.empty)
        if limits.empty is not None and len(limits.empty):
            empty = empty + (limits.empty - limits.empty.min())
        cost = self.whole(empty)
        # One more than is wanted, so that every submission has a price.
        self.extra.append((np.arange(self.submissions), self.sink, limits.demand * units + 1, cost))

    def _assemble(self, arcs: Arcs, tail: Ints) -> None:
        units = self.limits.pair
        parts = [(tail, arcs.col + self.submissions, units, -self.whole(arcs.value)), *self.extra]
        sizes = [np.broadcast(tail, head).size for tail, head, _, _ in parts]
        table = np.empty((4, sum(sizes)), dtype=np.int64)
        start = 0
        for part, size in zip(parts, sizes, strict=True):
            for line, value in zip(table, part, strict=True):
                line[start : start + size] = value
            start += size
        self.tail, self.head, self.room, self.cost = table

    def solve(self) -> Ints:
        """Return the flow over every arc."""
        solver = min_cost_flow.SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(
            self.tail.astype(np.int32), self.head.astype(np.int32), self.room, self.cost
        )
        supply = self.limits.demand * self.limits.units
        solver.set_nodes_supplies(np.arange(self.submissions, dtype=np.int32), supply)
        solver.set_node_supply(self.sink, -int(supply.sum()))
        status = solver.solve()
        if status != solver.OPTIMAL:
            raise ArithmeticError(f"the flow could not be solved: {status}")
        flow: Ints = solver.flows(np.arange(len(self.tail), dtype=np.int32)).astype(np.int64)
        self.flow = flow
        return flow

    def distances(self) -> Ints:
        """Return each node's distance to the sink over what the flow leaves (Bellman-Ford)."""
        ahead, back = self.flow < self.room, self.flow > 0
        tail = np.concatenate([self.tail[ahead], self.head[back]])
        head = np.concatenate([self.head[ahead], self.tail[back]])
        cost = np.concatenate([self.cost[ahead], -self.cost[back]])
        order = np.argsort(tail, kind="stable")
        tail, head, cost = tail[order], head[order], cost[order]
        starts = np.flatnonzero(np.r_[True, tail[1:] != tail[:-1]])
        nodes = tail[starts]
        far = np.full(self.nodes, FAR)
        far[self.sink] = 0
        for _ in range(self.nodes + 1):
            nearest = np.minimum.reduceat(np.minimum(far[head], FAR // 2) + cost, starts)
            so_far = far[nodes]
            if (nearest >= so_far).all():
                return far
            far[nodes] = np.minimum(so_far, nearest)
        raise ArithmeticError("the flow is not an optimum: a cycle would improve it")

    def short(self) -> Ints:
        """Return how much each reviewer lacks to their lower load, in units."""
        if not self.limits.load_min.any():
            return np.zeros(self.reviewers, dtype=np.int64)
        end = len(self.flow) - self.submissions
        met = self.flow[end - self.reviewers : end]
        found: Ints = self.limits.load_min * self.limits.units - met
        return found


def solve(arcs: Arcs, limits: Limits, *, top: float) -> Solution:
    """Return the flow that fills most slots, then is worth most; `top` bounds similarity.

    With lower loads, most of them are met among all such flows.
    """
    longest = min(len(limits.demand), len(limits.load_max)) + 2
    # Low prices are solved sooner; where nothing had to pay one, they were high enough.
    found = _solved(_Network(arcs, limits, top, min(longest, PATIENT)))
    if longest > PATIENT and not found.is_met:
        found = _solved(_Network(arcs, limits, top, longest))
    return found


def _solved(network: _Network) -> Solution:
    flow = network.solve()
    return Solution(
        arcs=network.arcs,
        flow=flow[: network.pairs],
        unfilled=flow[len(flow) - network.submissions :],
        network=network,
    )


def _paired(one: Ints, other: Ints) -> Ints:
    """Return one label for each pair of labels; no label stays none."""
    made = one * (int(other.max(initial=-1)) + 2) + other + 1
    return np.where(one >= 0, made, -1)
