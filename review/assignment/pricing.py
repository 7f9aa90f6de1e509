"""What a pair must be worth to improve a flow: prices of the two it would join.

The price of a node is its distance to the sink over what the flow leaves. A pair that is worth no
more than its reviewer's price less the price of where it begins closes no cycle of gain, so a flow
that no pair left out exceeds is the optimum over all of them.
"""

from dataclasses import dataclass

import numpy as np

from review.assignment.candidates import Floats, Ints

FAR = 2**62
# Prices are rounded to this share when they are first looked at as floating-point numbers.
ROUNDED = 2.0**-50


@dataclass(frozen=True)
class Group:
    """Nodes between submissions and pairs: for each its first node, label and key in order."""

    label: Ints
    labels: int
    keys: Ints
    nodes: Ints


class Bound:
    """Upper bounds of pairs from the `prices` of nodes, in units of 1 / `scale` of similarity.

    `rows` and `cols` are the prices of submissions and reviewers as similarity, rounded so that
    `cols - rows` is never above the bound: what it rules out needs no nearer look.
    """

    def __init__(
        self, prices: Ints, shape: tuple[int, int], groups: list[Group], scale: float
    ) -> None:
        self.submissions, self.scale, self.groups = shape[0], scale, groups
        self.prices = _lowered(prices, groups)
        ends = self.prices[: shape[0] + shape[1]]
        near = np.abs(ends[ends < FAR // 2])
        slack = float(near.max(initial=0)) * ROUNDED * 4
        self.rows: Floats = np.divide(ends[: shape[0]], scale, dtype=np.float64)
        self.cols: Floats = np.divide(ends[shape[0] :] - slack, scale, dtype=np.float64)

    def __call__(self, row: Ints, col: Ints) -> Floats:
        """Return what pairs must exceed in similarity."""
        gain = self.prices[col + self.submissions] - self.prices[self._tails(row, col)]
        found: Floats = np.divide(gain + 0.75, self.scale, dtype=np.float64)
        return found

    def _tails(self, row: Ints, col: Ints) -> Ints:
        """Return where pairs would begin: their innermost group, or their submission."""
        found = row
        for group in self.groups:
            label = group.label[col]
            key = row * group.labels + label
            place = np.minimum(np.searchsorted(group.keys, key), len(group.keys) - 1)
            found = np.where((label >= 0) & (group.keys[place] == key), group.nodes[place], found)
        return found


def _lowered(prices: Ints, groups: list[Group]) -> Ints:
    """Return prices that put no group above its submission.

    A group whose price is higher carries nothing, since what it carries could turn back to the
    submission; so a lower price breaks no condition of the optimum, and it asks less of pairs.
    """
    made = prices.copy()
    for group in groups:
        rows = group.keys // group.labels
        made[group.nodes] = np.minimum(made[group.nodes], prices[rows])
    return made
