"""Which soft rules still hold for a seat, by how long it has been free.

Soft rules give way one after the other, so that nobody waits for ever; conflicts, qualifications
and people's own limits never do (design: assignment 6).
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import IntEnum
from statistics import median

LONGEST = timedelta(hours=96)
MEDIANS = 3
ENOUGH_HISTORY = 5


class Tier(IntEnum):
    """How far the soft rules have given way; each tier includes those before it."""

    NORMAL = 0
    MIX = 1
    LOAD = 2
    WIDE = 3
    STAFF = 4


# The share of the time until staff are told after which each tier begins.
SHARES = {Tier.STAFF: 1.0, Tier.WIDE: 0.75, Tier.LOAD: 0.5, Tier.MIX: 0.25}


def told_after(history: Sequence[timedelta]) -> timedelta:
    """Return how long a seat may be free before staff are told that nobody can be found.

    `history` is how long seats of the badge took to fill; from five on it counts, and three times
    their median is then the latest moment.
    """
    if len(history) < ENOUGH_HISTORY:
        return LONGEST
    usual = timedelta(seconds=median(one.total_seconds() for one in history))
    return min(LONGEST, MEDIANS * usual)


def tier_of(waiting: timedelta, *, staff_after: timedelta = LONGEST) -> Tier:
    """Return the tier of a seat that has been free so long."""
    for tier, share in SHARES.items():
        if waiting >= staff_after * share:
            return tier
    return Tier.NORMAL
