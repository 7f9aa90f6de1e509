"""Bettering a plan by exchanges, where rules are more than a flow can hold.

A submission takes a better reviewer. Who is in the way gives way: a work that holds the reviewer
while they have no room, or a pair that would close a ring. Those works take the next best who may,
and the exchange stands if all of it together gains. Every rule is asked for every pair, so a plan
that keeps them still does. On authors who review one another this gains what cutting rings from
whole plans never found, since it weighs the two sides of a ring against each other.
"""

import time
from heapq import heapify, heappop, heappush

import numpy as np

from review.assignment.candidates import Arcs, Candidates
from review.assignment.moves import TINY, Moves
from review.assignment.problem import Checked
from review.assignment.seats import Seats

# How deep others give way in turn, for a slot or a senior that is worth any similarity. Deeper
# than once takes a minute for a thousand submissions.
DEPTH = 1
# How often all submissions are gone through at most, and below which share of the total a round
# is the last.
ROUNDS, WORTH_A_ROUND = 6, 1e-3
# Up to how many pairs others give way in turn for similarity too. Beyond, it gains .2 % of the
# total and takes twice as long.
SMALL = 300
# How many exchanges are tried at most for each slot: a limit that is the same on every machine.
PATIENCE = 40


def bettered(checked: Checked, table: Candidates, chosen: Arcs, deadline: float) -> Arcs:
    """Return a plan of at least as many slots and seniors, and then of at least the similarity.

    `deadline` is a time of `time.monotonic`.
    """
    exchanges = Exchanges(Seats(checked, table, chosen), deadline)
    for depth in range(DEPTH + 1):
        exchanges.fill(depth)
    for depth in range(DEPTH + 1):
        exchanges.seat_seniors(depth)
    for depth in range(2 if len(chosen) <= SMALL else 1):
        exchanges.better(depth)
    return exchanges.seats.arcs()


def lifted(checked: Checked, chosen: Arcs, budget: float, deadline: float) -> Arcs:
    """Return a plan whose worst-off submission has at least as much, for the budget at most."""
    exchanges = Exchanges(Seats(checked, checked.candidates, chosen), deadline)
    exchanges.lift(budget)
    return exchanges.seats.arcs()


class Exchanges:
    """Exchanges on the seats of a plan."""

    def __init__(self, seats: Seats, deadline: float) -> None:
        self.seats, self.deadline = seats, deadline
        self._moves = Moves(seats)
        # More than any exchange can cost.
        self._all = 1.0 + sum(abs(seats.sum_of(row)) for row in range(len(seats.of)))

    def fill(self, depth: int) -> None:
        """Fill empty slots where somebody may sit there, at whatever cost of similarity."""
        seats = self.seats
        for row, wanted in enumerate(seats.wanted):
            while len(seats.of[row]) < wanted and not self._is_over():
                if not any(
                    self._moves.exchange(row, None, col, value, self._all, depth=depth)
                    for col, value in seats.candidates(row)
                ):
                    break

    def seat_seniors(self, depth: int) -> None:
        """Seat a senior where there is none, at whatever cost of similarity."""
        seats = self.seats
        for row, some in enumerate(seats.of):
            if some and not seats.has_senior(row) and not self._is_over():
                old = [one for one in seats.candidates(row) if seats.is_senior(one[0])]
                self._first_of(row, old, self._all, depth=depth)

    def lift(self, budget: float) -> None:
        """Raise the worst-off submission while it can be, at the cost of the budget at most.

        Those who give way keep more than the worst-off had.
        """
        seats = self.seats
        waiting = [(seats.sum_of(row), row) for row, wanted in enumerate(seats.wanted) if wanted]
        heapify(waiting)
        while waiting and not self._is_over():
            had, worst = heappop(waiting)
            if had != seats.sum_of(worst):
                continue
            budget = self._first_of(worst, seats.candidates(worst), budget, floor=had + TINY)
            if not budget:
                return
            for row in self._moves.touched:
                heappush(waiting, (seats.sum_of(row), row))

    def better(self, depth: int) -> None:
        """Go through the submissions until a round gains little."""
        for _ in range(ROUNDS):
            gained = 0.0
            for row in range(len(self.seats.of)):
                if self._is_over():
                    return
                gained += self._better(row, depth)
            if gained <= WORTH_A_ROUND * self._all:
                return

    def _better(self, row: int, depth: int) -> float:
        """Return what exchanges for one submission gained."""
        gained = 0.0
        # A slot may be bettered more than once, since what was in its way may be gone.
        for _ in range(2 * len(self.seats.of[row])):
            found = self._first_of(row, self.seats.candidates(row), 0.0, depth=depth)
            if not found:
                break
            gained += found
        return gained

    def _first_of(
        self,
        row: int,
        candidates: list[tuple[int, float]],
        more: float,
        floor: float = -np.inf,
        depth: int = 0,
    ) -> float:
        """Return what is left of a gain, and of `more`, after the first exchange that stands."""
        seats = self.seats
        slots = sorted((seats.value(row, one), one) for one in seats.of[row])
        # Where a floor is asked for, the submission itself must rise.
        least = 0.0 if np.isfinite(floor) else -more
        for col, value in candidates:
            if not slots or value - slots[0][0] <= least + TINY:
                break
            if col in seats.of[row]:
                continue
            for old, gone in slots:
                if value - old <= least + TINY:
                    break
                gain = value - old + more
                found = self._moves.exchange(row, gone, col, value, gain, floor, depth)
                if found:
                    return found
        return 0.0

    def _is_over(self) -> bool:
        most = PATIENCE * sum(self.seats.wanted)
        return self._moves.tried > most or time.monotonic() > self.deadline
