"""How likely a review is to be done in time; for one extra seat, never for who is asked.

Rates are means of a Beta prior with what was seen of one person (design: assignment 6): of ten
asked seven accept, of ten accepted reviews nine are finished. Nothing here enters a fit, an order
or a standing (INV-40).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

ACCEPTS = (7, 3)
FINISHES = (9, 1)


@dataclass(frozen=True)
class Seen:
    """What is known of one person: answers to invitations, and what became of accepted reviews."""

    accepted: int = 0
    refused: int = 0
    finished: int = 0
    failed: int = 0


NOTHING_SEEN = Seen()


def accept_rate(seen: Seen) -> float:
    """Return how likely somebody is to say yes."""
    yes, no = ACCEPTS
    return (yes + seen.accepted) / (yes + no + seen.accepted + seen.refused)


def finish_rate(seen: Seen) -> float:
    """Return how likely somebody is to finish, in time, what they accepted."""
    done, failed = FINISHES
    return (done + seen.finished) / (done + failed + seen.finished + seen.failed)


def finishes_yet(rate: float, share: float) -> float:
    """Return how likely an unfinished review is to be finished when `share` of its time is gone.

    Whoever finishes does so evenly over the time, so that waiting makes it less likely.
    """
    gone = min(max(share, 0.0), 1.0)
    return rate * (1 - gone) / (1 - rate * gone) if rate * gone < 1 else 0.0


def wants_extra(
    *, age: timedelta, chances: Iterable[float], after: timedelta, risk: float, extras: int = 0
) -> bool:
    """Whether one more person should be asked: the round is old, or one review is in doubt.

    The most doubtful review counts, and not all together: of several that have just begun one is
    likely to fail, yet there is nothing to know it by, and most extra reviews would be unneeded.
    With `extras` asked already, only age counts, and each must be half as old again as the last.
    """
    if extras:
        return age > after * (1 + extras / 2)
    return age > after or 1 - min(chances, default=1.0) > risk
