"""Numbers from outside as the incremental engine counts them: checked, named, and whole."""

import math
from collections.abc import Callable, Hashable, Mapping
from numbers import Integral, Real

from core.errors import Invalid

UNIT = 2**40
LARGEST = 1_000_000


def weight(given: object, field: str, what: str) -> int:
    """Return a similarity in units of 2**-40; raise Invalid for what is no number from 0 up."""
    if not isinstance(given, Real) or isinstance(given, bool):
        raise Invalid(f"{what} must be a number, not {given!r}.", field)
    number = float(given)
    if not math.isfinite(number) or not 0 <= number <= LARGEST:
        raise Invalid(f"{what} is {number}; it must be a number from 0 to {LARGEST}.", field)
    return round(number * UNIT)


def weights(
    given: Mapping[Hashable, float], pair: Callable[[Hashable], str]
) -> dict[Hashable, int]:
    """Return the similarities by id in whole units; `pair` names one for the words of a refusal."""
    if not isinstance(given, Mapping):
        raise Invalid("The similarity must be a mapping from ids to numbers.", "similarity")
    return {
        one: weight(value, "similarity", f"The similarity of {pair(one)}")
        for one, value in given.items()
    }


def whole(given: object, field: str, what: str, *, least: int) -> int:
    """Return a whole number from `least` up, or raise Invalid."""
    if not isinstance(given, Integral) or isinstance(given, bool) or given < least:
        raise Invalid(f"{what} is {given!r}; it must be a whole number from {least} up.", field)
    return int(given)
