"""The greatest few of each row, of a table or of a list."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# By what share of the greatest similarity equals are told apart, and the turn from row to row.
TIE, GOLDEN = 1e-12, 0.6180339887498949


def strongest(row: Ints, value: Floats, most: int) -> Ints:
    """Return where the `most` greatest values of each row stand; ties go to the first."""
    order = np.lexsort((-value, row))
    ordered = row[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(row) else ordered
    sizes = np.diff(np.r_[starts, len(ordered)])
    rank = np.arange(len(ordered)) - np.repeat(starts, sizes)
    return order[rank < most]


def foremost(matrix: Floats, count: int, first: int, top: float) -> Ints:
    """Return where the `count` greatest of each row stand, for rows from `first` on.

    Which of many equals come to the fore differs from row to row: were they the same for all, the
    few that all rows want would be taken at once, and nobody else be known to be there.
    """
    rows, columns = matrix.shape
    # Too small to put anything before what is greater by more than the rounding of a flow.
    ramp = np.tile(np.arange(columns) / columns, 2) * (TIE * max(top, 0.0))
    turned = np.lib.stride_tricks.sliding_window_view(ramp, columns)
    offset = ((np.arange(first, first + rows) * GOLDEN) % 1 * columns).astype(np.int64)
    place = np.argpartition(matrix + turned[offset], columns - count, axis=1)[:, columns - count :]
    found: Ints = (np.arange(rows)[:, None] * columns + place).ravel()
    return found
