"""A figure that says how sure it is, or why there is none: what every panel is made of.

Nothing computed for a panel is a bare number. It is a `Figure` with an interval, or a `Figure`
without a value and with the `Lack` that explains it; it is never NaN. Input that makes no sense
raises `Invalid`, naming the column.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from core.errors import Invalid

CONFIDENCE = 0.95

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


class Lack(StrEnum):
    """Why there is no figure."""

    NONE_GIVEN = "none_given"
    TOO_FEW = "too_few"
    NO_SPREAD = "no_spread"
    CONTRADICTED = "contradicted"
    NOT_REACHED = "not_reached"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Figure:
    """A value with its confidence limits and the number of cases it rests on.

    Either all three numbers are there and `lack` is None, or none of them is and `lack` says why.
    """

    value: float | None
    low: float | None
    high: float | None
    count: int
    lack: Lack | None = None


def unknown(lack: Lack, count: int = 0) -> Figure:
    """Return the figure that there is not."""
    return Figure(None, None, None, count, lack)


def known(value: float, low: float, high: float, count: int) -> Figure:
    """Return a figure whose limits enclose its value."""
    return Figure(float(value), float(min(low, value)), float(max(high, value)), int(count))


def share(hits: int, total: int, *, confidence: float = CONFIDENCE) -> Figure:
    """Return hits / total with its Wilson interval.

    Raises Invalid where the hits are fewer than none or more than all.
    """
    if not 0 <= hits <= total:
        raise Invalid("A share needs between none and all of the cases as hits.", "hits")
    if total == 0:
        return unknown(Lack.NONE_GIVEN)
    value = hits / total
    return known(value, *wilson(value, total, confidence=confidence), total)


def wilson(value: float, total: float, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the score interval of a share; `total` may be an effective number of cases.

    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
    """
    z = normal_quantile(confidence)
    spread = z * math.sqrt(value * (1 - value) / total + z * z / (4 * total * total))
    middle, scale = value + z * z / (2 * total), 1 + z * z / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def clopper_pearson(
    value: float, total: float, *, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return the exact interval of a share, conservative; `total` may be an effective number.

    Sources: Clopper & Pearson (1934), Biometrika 26, 404-413; with an effective number, Korn &
    Graubard (1998), Survey Methodology 24, 193-201.
    """
    tail, hits = (1 - checked(confidence)) / 2, value * total
    low = float(special.betaincinv(hits, total - hits + 1, tail)) if hits > 0 else 0.0
    high = float(special.betaincinv(hits + 1, total - hits, 1 - tail)) if hits < total else 1.0
    return low, high


def none_of(count: int, confidence: float) -> float:
    """Return the greatest share that a run of `count` cases without a single hit leaves open."""
    return float(1 - ((1 - checked(confidence)) / 2) ** (1 / count))


def normal_quantile(confidence: float) -> float:
    """Return how many standard errors a two-sided interval reaches to either side."""
    return float(special.ndtri(0.5 + checked(confidence) / 2))


def t_quantile(confidence: float, freedom: float) -> float:
    """Return the same where the standard error was estimated with so many degrees of freedom."""
    return float(special.stdtrit(freedom, 0.5 + checked(confidence) / 2))


def checked(confidence: float) -> float:
    """Return a level of confidence; raises Invalid unless it lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise Invalid("A level of confidence lies between 0 and 1.", "confidence")
    return confidence


def numbers(values: ArrayLike, name: str, *, may_lack: bool = False) -> Floats:
    """Return a column of finite floats; NaN stays only where values may be lacking.

    Raises Invalid, naming the column, where it is not one-dimensional or holds anything else.
    """
    try:
        column = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Invalid(f"The column {name} must hold numbers.", name) from error
    if column.ndim != 1:
        raise Invalid(f"The column {name} must have one dimension.", name)
    if np.isinf(column).any() or (not may_lack and np.isnan(column).any()):
        raise Invalid(f"The column {name} must hold finite numbers.", name)
    return column


def codes(values: ArrayLike, name: str) -> Codes:
    """Return a column of whole numbers as 0, 1, 2 and so on, in the order of their values.

    Raises Invalid, naming the column, where it holds anything else.
    """
    column = numbers(values, name)
    if (column != np.floor(column)).any():
        raise Invalid(f"The column {name} must hold whole numbers.", name)
    return np.asarray(np.unique(column, return_inverse=True)[1], dtype=np.intp)


def truths(values: ArrayLike, name: str) -> NDArray[np.bool_]:
    """Return a column of yes and no; raises Invalid, naming it, where it holds anything else."""
    column = numbers(values, name)
    if not np.isin(column, (0.0, 1.0)).all():
        raise Invalid(f"The column {name} must hold yes or no.", name)
    return np.asarray(column == 1.0, dtype=np.bool_)


def alike(**columns: Sequence[object] | NDArray[np.generic]) -> None:
    """Raise Invalid, naming the columns, unless they are of one length."""
    if len({len(column) for column in columns.values()}) > 1:
        names = ", ".join(columns)
        raise Invalid(f"The columns {names} must be of one length.", next(iter(columns)))
