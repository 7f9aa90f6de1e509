"""Numbers as they are handed in: each one checked, and the row named that is wrong."""

from typing import Any

import numpy as np
from scipy import sparse

from core.errors import Invalid
from review.assignment.candidates import Ints

LARGEST = 1e9


def counts(given: Any, length: int, name: str, noun: str) -> Ints:
    """Return whole numbers from 0 up, one for each row; raise Invalid naming the row."""
    try:
        made = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Invalid(f"The {name} must be whole numbers.", name) from error
    if made.shape != (length,):
        raise Invalid(f"The {name} must have one number for each {noun}, {length} in all.", name)
    wrong = ~((made >= 0) & (made <= LARGEST) & (np.floor(made) == made))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise Invalid(
            f"The {name} of {noun} {row} is {made[row]:g}; it must be a whole number from 0 up.",
            name,
        )
    return made.astype(np.int64)


def labels(given: Any, length: int, name: str) -> Ints | None:
    """Return whole numbers from -1 up, one for each row, or None where there are none."""
    if given is None:
        return None
    try:
        made = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Invalid(f"The {name} must be whole numbers.", name) from error
    if made.shape != (length,):
        raise Invalid(f"The {name} must have one label for each row, {length} in all.", name)
    wrong = ~((made >= -1) & (made <= LARGEST) & (np.floor(made) == made))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise Invalid(
            f"The {name} of row {row} is {made[row]:g}; it must be a whole number, or -1 for none.",
            name,
        )
    return made.astype(np.int64)


def share(given: Any) -> float | None:
    """Return a probability above 0, or None where there is none."""
    if given is None:
        return None
    found = number(given, "pair_cap")
    if not 0 < found <= 1:
        raise Invalid(f"The pair_cap is {found:g}; it must be a probability above 0.", "pair_cap")
    return found


def number(given: Any, name: str) -> float:
    """Return a number from 0 up."""
    try:
        found = float(given)
    except (TypeError, ValueError) as error:
        raise Invalid(f"The {name} must be a number.", name) from error
    if not 0 <= found <= LARGEST:
        raise Invalid(f"The {name} is {found:g}; it must be a number from 0 up.", name)
    return found


def mask(given: Any, shape: tuple[int, int], name: str) -> Any:
    """Return marks in the shape of the similarity, or None where there are none."""
    if given is None:
        return None
    made = given if sparse.issparse(given) else np.asarray(given)
    if made.shape != shape:
        raise Invalid(f"{name.title()} must be {shape[0]} x {shape[1]}, as the similarity.", name)
    return made if sparse.issparse(made) else made.astype(bool)


def pairs_of(given: Any, shape: tuple[int, int], name: str) -> Ints:
    """Return pairs as n x 2 whole numbers within the shape, from a list or a mask."""
    if given is None:
        return np.zeros((0, 2), dtype=np.int64)
    if sparse.issparse(given) or (
        np.asarray(given).shape == shape and np.asarray(given).dtype == bool
    ):
        return np.column_stack(mask(given, shape, name).nonzero()).astype(np.int64)
    made = np.asarray(given, dtype=np.float64).reshape(-1, 2)
    wrong = ~((made >= 0) & (made < np.array(shape)) & (np.floor(made) == made)).all(axis=1)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise Invalid(f"Row {row} of {name} names a pair that is not there.", name)
    return made.astype(np.int64)
