"""Which portfolios a panel reads: some at every height, in an order that tells nothing."""

from collections.abc import Mapping

from core.digest import sha256_hex


def spread_over(means: Mapping[str, float], count: int, *, salt: str) -> list[str]:
    """Return so many ids, or all there are, spread evenly from the lowest mean to the highest.

    Each is the nearest to its height that is not taken; what is equally near, and the order in
    which they are read, goes by a digest with `salt`, so that it is the same again for one study
    and another for the next.
    """
    left = dict(means)
    low, high = min(left.values(), default=0.0), max(left.values(), default=0.0)
    taken = []
    for place in range(min(count, len(left))):
        height = low + (high - low) * place / max(count - 1, 1)
        found = min(left, key=lambda one: (abs(left[one] - height), _drawn(salt, one)))
        taken.append(found)
        del left[found]
    return sorted(taken, key=lambda one: _drawn(f"{salt}/order", one))


def _drawn(salt: str, one: str) -> str:
    return sha256_hex(f"{salt}/{one}")
