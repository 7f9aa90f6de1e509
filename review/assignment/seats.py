"""Who sits where while pairs change place, and what each rule says of one pair more.

Everything is a list or a set of plain numbers: a look at one pair takes a microsecond or two, and
hundreds of thousands are looked at.
"""

from collections import defaultdict

import numpy as np
from scipy import sparse

from review.assignment.candidates import Arcs, Candidates, merged
from review.assignment.limits import Limits
from review.assignment.problem import Checked
from review.assignment.rings import Ties

# How many candidates of each submission are looked at, best first, and how many seniors.
LOOKED_AT, SENIORS = 60, 40


class Seats:
    """The pairs of a plan under every rule."""

    def __init__(self, checked: Checked, table: Candidates, chosen: Arcs) -> None:
        limits = checked.limits
        self.limits = limits
        nobody = sparse.csr_array(table.shape, dtype=bool)
        self._ties = Ties(nobody, {}) if checked.rings is None else checked.rings.ties()
        self._is_senior = None if limits.senior is None else limits.senior.tolist()
        self._labels = [
            (label.tolist(), cap)
            for label, cap in (
                (limits.institution, limits.institution_cap), (limits.region, limits.region_cap)
            )
            if label is not None and cap is not None
        ]  # fmt: skip
        self._ranked = _Ranked(table, limits)
        self.room: list[int] = limits.load_max.tolist()
        self._most_room: list[int] = (limits.load_max - limits.load_min).tolist()
        self.wanted: list[int] = limits.demand.tolist()
        # Lists, so that the order of what is tried is the same each time.
        self.of: list[list[int]] = [[] for _ in self.wanted]
        self._held: dict[int, list[int]] = defaultdict(list)
        self._value: dict[tuple[int, int], float] = {}
        pairs = zip(chosen.row.tolist(), chosen.col.tolist(), chosen.value.tolist(), strict=True)
        for pair in pairs:
            self.give(*pair)

    def arcs(self) -> Arcs:
        """Return the pairs in order."""
        pairs = sorted((row, col) for row, some in enumerate(self.of) for col in some)
        row, col = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        return Arcs(row, col, np.array([self._value[pair] for pair in pairs]))

    def candidates(self, row: int) -> list[tuple[int, float]]:
        """Return the candidates of a submission that are looked at, best first."""
        return self._ranked.of(row)

    def value(self, row: int, col: int) -> float:
        """Return the similarity of a pair that sits, or sat."""
        return self._value[row, col]

    def sum_of(self, row: int) -> float:
        """Return the similarity that a submission gets."""
        return sum(self._value[row, col] for col in self.of[row])

    def give(self, row: int, col: int, value: float | None = None) -> None:
        """Seat a reviewer; `value` is how they fit, unless they sat there before."""
        if value is not None:
            self._value[row, col] = value
        self._ties.add(row, col)
        self.of[row].append(col)
        self._held[col].append(row)
        self.room[col] -= 1

    def take(self, row: int, col: int) -> None:
        """Take a reviewer from their seat."""
        self._ties.remove(row, col)
        self.of[row].remove(col)
        self._held[col].remove(row)
        self.room[col] += 1

    def has_senior(self, row: int) -> bool:
        """Whether a senior sits there, or nobody asks for one."""
        return self._is_senior is None or any(self._is_senior[one] for one in self.of[row])

    def is_senior(self, col: int) -> bool:
        """Whether a reviewer is senior."""
        return self._is_senior is None or bool(self._is_senior[col])

    def goes_with(self, row: int, col: int, gone: int | None = None) -> bool:
        """Whether a reviewer goes with those who sit there, but for one who goes.

        Nobody sits there twice, no label passes its cap, and the last senior is not replaced by
        a junior.
        """
        beside = [one for one in self.of[row] if one != gone]
        if col in beside:
            return False
        for label, cap in self._labels:
            own = label[col]
            if own >= 0 and [label[one] for one in beside].count(own) >= cap:
                return False
        old = self._is_senior
        if old is None or gone is None or not old[gone] or old[col]:
            return True
        return any(old[one] for one in beside)

    def is_open(self, row: int, col: int) -> bool:
        """Whether a reviewer has room, and would close no ring."""
        return self.room[col] > 0 and not self._ties.closes(row, col)

    def is_short(self, col: int) -> bool:
        """Whether a reviewer has less than their lower load."""
        return self.room[col] > self._most_room[col]

    def in_the_way(self, row: int, col: int) -> list[list[tuple[int, int]]] | None:
        """Return sets of pairs, one of which must go first; None when there is nothing in the way.

        There may be more in the way once one is gone; an empty list says that nothing helps.
        """
        if self.room[col] <= 0:
            return [[(other, col)] for other in self._held[col]]
        if not self._ties.closes(row, col):
            return None
        edges = self._ties.behind(row, col)[0]
        return [[(one, who) for one, who in edge if who in self.of[one]] for edge in edges]


class _Ranked:
    """The best candidates of each submission in order, as a list once somebody asks."""

    def __init__(self, table: Candidates, limits: Limits) -> None:
        arcs = table.best(LOOKED_AT)
        if limits.senior is not None:
            old = table.part(np.arange(table.shape[0]), limits.senior).best(SENIORS)
            arcs = merged(arcs, old, table.shape[1])
        order = np.lexsort((arcs.col, -arcs.value, arcs.row))
        self._col, self._value = arcs.col[order], arcs.value[order]
        self._ends = np.searchsorted(arcs.row[order], np.arange(table.shape[0] + 1)).tolist()
        self._lists: dict[int, list[tuple[int, float]]] = {}

    def of(self, row: int) -> list[tuple[int, float]]:
        """Return (reviewer, similarity) of a submission, best first."""
        if row not in self._lists:
            part = slice(self._ends[row], self._ends[row + 1])
            cols, values = self._col[part].tolist(), self._value[part].tolist()
            self._lists[row] = list(zip(cols, values, strict=True))
        return self._lists[row]
