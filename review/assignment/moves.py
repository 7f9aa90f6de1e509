"""One exchange: somebody takes a seat, those in the way give way, and it gains or is undone.

Who gives way takes the next best who may sit there; where nobody is free to, others may give way to
them in turn. Every rule is asked for every pair, so seats that keep the rules still do.
"""

import numpy as np

from review.assignment.seats import Seats

TINY = 1e-9
# How many pairs may give way to one.
GIVING_WAY = 3


class Moves:
    """Exchanges on the seats of a plan; `tried` counts them."""

    def __init__(self, seats: Seats) -> None:
        self.seats, self.tried = seats, 0
        # What the exchange under way did, in order, and who had a senior before they gave way.
        self._done: list[tuple[bool, int, int]] = []
        self._had_senior: dict[int, bool] = {}

    @property
    def touched(self) -> set[int]:
        """The submissions that the last exchange changed."""
        return {row for _, row, _ in self._done}

    def exchange(
        self,
        row: int,
        gone: int | None,
        col: int,
        value: float,
        gain: float,
        floor: float = -np.inf,
        depth: int = 0,
    ) -> float:
        """Return what is left of the gain once all are seated, or undo everything and return 0.

        The reviewer `col` takes a seat at `row`, that of `gone` if there is one. Those who give
        way keep the `floor` at least, and others give way to them up to `depth` times.
        """
        self.tried += 1
        if not self.seats.goes_with(row, col, gone):
            return 0.0
        self._done.clear()
        self._had_senior.clear()
        if gone is not None:
            self._take(row, gone)
        left = self._enter(row, col, value, gain, floor, depth)
        if left <= TINY or self._leaves_short():
            self._back_to(0)
            return 0.0
        return left

    def _enter(
        self, row: int, col: int, value: float, gain: float, floor: float, depth: int
    ) -> float:
        """Seat a reviewer in place of those in the way, and those elsewhere."""
        given_up = self._make_way(row, col)
        if given_up is None:
            return 0.0
        self.seats.give(row, col, value)
        self._done.append((True, row, col))
        for other, who in given_up:
            gain = self._settle(other, who, gain, floor, depth)
            if gain <= TINY:
                return 0.0
        return gain

    def _make_way(self, row: int, col: int) -> list[tuple[int, int]] | None:
        """Take away what is in the way of a pair; None where that is too much, or impossible."""
        given_up: list[tuple[int, int]] = []
        while (ways := self.seats.in_the_way(row, col)) is not None:
            way = min(ways, key=self._worth, default=None)
            if way is None or len(given_up) + len(way) > GIVING_WAY:
                return None
            for pair in way:
                self._had_senior.setdefault(pair[0], self.seats.has_senior(pair[0]))
                self._take(*pair)
            given_up += way
        return given_up

    def _worth(self, pairs: list[tuple[int, int]]) -> float:
        return sum(self.seats.value(*pair) for pair in pairs)

    def _settle(self, row: int, who: int, gain: float, floor: float, depth: int) -> float:
        """Give a submission the next best in place of who gave way; return what is left."""
        seats, lost = self.seats, self.seats.value(row, who)
        least = max(lost - gain, floor - seats.sum_of(row)) + TINY
        needs_senior = self._had_senior[row] and not seats.has_senior(row)
        taken = []
        for col, value in seats.candidates(row):
            if value < least:
                break
            if (needs_senior and not seats.is_senior(col)) or not seats.goes_with(row, col):
                continue
            if seats.is_open(row, col):
                seats.give(row, col, value)
                self._done.append((True, row, col))
                return gain - lost + value
            taken.append((col, value))
        return self._settle_deeper(row, taken, gain - lost, floor, depth)

    def _settle_deeper(
        self, row: int, taken: list[tuple[int, float]], gain: float, floor: float, depth: int
    ) -> float:
        """Try the same with others giving way in turn."""
        for col, value in taken if depth else ():
            self.tried += 1
            mark = len(self._done)
            left = self._enter(row, col, value, gain + value, floor, depth - 1)
            if left > TINY:
                return left
            self._back_to(mark)
        return 0.0

    def _take(self, row: int, col: int) -> None:
        self.seats.take(row, col)
        self._done.append((False, row, col))

    def _leaves_short(self) -> bool:
        """Whether somebody who was taken from a seat has less than their lower load."""
        return any(not is_given and self.seats.is_short(col) for is_given, _, col in self._done)

    def _back_to(self, mark: int) -> None:
        """Undo what was done since, the last first."""
        while len(self._done) > mark:
            is_given, row, col = self._done.pop()
            (self.seats.take if is_given else self.seats.give)(row, col)
