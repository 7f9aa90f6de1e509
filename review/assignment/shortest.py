"""Shortest paths to the nearest of many ends, in a graph that the caller unfolds as it goes."""

from collections.abc import Iterator
from heapq import heappop, heappush

# Farther than any end: costs stay far below it.
FAR = 2**116


class Search:
    """Dijkstra's algorithm towards the nearest end, whose nodes others supply."""

    __slots__ = ("before", "end", "last", "queue", "reached", "settled", "start")

    def __init__(self, start: int) -> None:
        self.start = self.last = start
        self.end = FAR
        self.reached = {start: 0}
        self.settled: dict[int, int] = {}
        self.before: dict[int, int] = {}
        self.queue = [(0, start)]

    def settle(self) -> Iterator[tuple[int, int]]:
        """Yield each node nearer than the nearest end with its distance, the nearest first."""
        while self.queue:
            far, node = heappop(self.queue)
            if far >= self.end:
                return
            if node not in self.settled:
                self.settled[node] = far
                yield far, node

    def reach(self, far: int, node: int, before: int) -> None:
        """Note a nearer way to a node."""
        self.reached[node] = far
        self.before[node] = before
        heappush(self.queue, (far, node))

    def finish(self, far: int, node: int) -> None:
        """Note an end, if it is nearer than the last."""
        if far < self.end:
            self.end, self.last = far, node

    def path(self) -> Iterator[tuple[int, int]]:
        """Yield the steps from the end back to the start, each as where from and where to."""
        node = self.last
        while node != self.start:
            earlier = self.before[node]
            yield earlier, node
            node = earlier
