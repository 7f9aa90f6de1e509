"""The state of a simulated pool: its people, and for each work who is asked, reads and is done.

Works and people are rows and columns of the same arrays; times are hours since the beginning.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import Invalid
from review.assignment.arrivals import Answers
from review.assignment.chances import NOTHING_SEEN, finish_rate, finishes_yet


@dataclass(frozen=True)
class Pool:
    """What arrives and who is there.

    `fits` is works x people, from 0 to 1; `may` of the same shape says who is qualified and has
    no conflict. `author` names for each work the person who wrote it, -1 where that is nobody of
    the pool. `limits` is how many reviews each person has open at most. `away` lists (person,
    from, until).
    """

    fits: NDArray[np.float64]
    may: NDArray[np.bool_]
    author: NDArray[np.int64]
    arrives: NDArray[np.float64]
    limits: NDArray[np.int64]
    answers: Answers
    away: Sequence[tuple[int, float, float]] = ()

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        works, people = self.fits.shape
        shapes = {
            "may": (self.may.shape, (works, people)),
            "author": (self.author.shape, (works,)),
            "arrives": (self.arrives.shape, (works,)),
            "limits": (self.limits.shape, (people,)),
            "answers": (self.answers.reply.shape, (works, people)),
        }
        for name, (found, wanted) in shapes.items():
            if found != wanted:
                raise Invalid(f"“{name}” has the shape {found} instead of {wanted}.", name)


@dataclass(eq=False)
class Ask:
    """An offer that waits for an answer; the object itself is its identity."""

    work: int
    person: int
    made_at: float


@dataclass(eq=False)
class Reading:
    """A review under way."""

    work: int
    person: int
    accepted_at: float
    due_at: float


@dataclass
class Round:
    """A work from its arrival to the last review that it wants."""

    work: int
    opened_at: float
    wanted: int
    asks: dict[int, Ask] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    done: dict[int, float] = field(default_factory=dict)
    # Who said no, and from when on they may be asked again.
    refused: dict[int, float] = field(default_factory=dict)
    times_asked: Counter[int] = field(default_factory=Counter)
    extras: int = 0
    free_since: float | None = None
    accepts: int = 0
    escalated_at: float | None = None
    closed_at: float | None = None

    @property
    def free(self) -> int:
        """How many seats nobody holds."""
        held = len(self.asks) + len(self.readings) + len(self.done)
        return max(self.wanted + self.extras - held, 0)

    @property
    def needed(self) -> int:
        """How many of the wanted seats nobody holds; extra ones do not count."""
        held = len(self.asks) + len(self.readings) + len(self.done)
        return max(self.wanted - held, 0)

    def note_seats(self, at: float) -> tuple[float, float] | None:
        """Keep since when a wanted seat is free; return the span that ends now, if one does."""
        if self.needed:
            self.free_since = at if self.free_since is None else self.free_since
            return None
        since, self.free_since = self.free_since, None
        return None if since is None else (since, at)

    def barred(self, at: float) -> set[int]:
        """Return who has a part in this work already, or has said no to it."""
        refused = {person for person, again_at in self.refused.items() if again_at > at}
        return refused.union(self.readings, self.done)


def movable(rounds: Iterable[Round], made_before: float) -> dict[int, list[Ask]]:
    """Return for each work the offers that stand long enough to be moved."""
    found = {
        one.work: [ask for ask in one.asks.values() if ask.made_at <= made_before] for one in rounds
    }
    return {work: asks for work, asks in found.items() if asks}


class People:
    """Who is there, what they hold, what was seen of them, and who reviews whom."""

    def __init__(self, pool: Pool, limit: int | None) -> None:
        people = pool.fits.shape[1]
        self.pool = pool
        self.names = [f"r{person}" for person in range(people)]
        self.numbers = {name: person for person, name in enumerate(self.names)}
        self.limits = pool.limits.tolist() if limit is None else [limit] * people
        self.load, self.away = [0] * people, [0] * people
        self.rests_until = [0.0] * people
        self.seen = [NOTHING_SEEN] * people
        # (reviewer, author) pairs: all offers, reviews under way and done; and those done.
        self.standing: Counter[tuple[str, str]] = Counter()
        self.finished: set[tuple[str, str]] = set()

    def fits(self, work: int) -> dict[str, float]:
        """Return who may review a work, each with their fit."""
        author = self.author(work)
        return {
            self.names[person]: float(self.pool.fits[work, person])
            for person in np.flatnonzero(self.pool.may[work]).tolist()
            if self.names[person] != author
        }

    def author(self, work: int) -> str:
        """Return the name of who wrote a work, in the pool or not."""
        number = int(self.pool.author[work])
        return self.names[number] if number >= 0 else f"w{work}"

    def known(self, *, with_offers: bool) -> Collection[tuple[str, str]]:
        """Return the (reviewer, author) pairs that are avoided the other way round."""
        return self.standing.keys() if with_offers else self.finished

    def pair(self, person: int, work: int) -> tuple[str, str]:
        """Return (reviewer, author) by name."""
        return self.names[person], self.author(work)

    def has_room(self, person: int, at: float) -> bool:
        """Tell that somebody is here and has not as much as they wish."""
        is_here = not self.away[person] and self.rests_until[person] <= at
        return is_here and self.load[person] < self.limits[person]

    def places(self, moves: Iterable[Sequence[Ask]], at: float) -> dict[str, int]:
        """Return who has room, and how much, with the places of movable offers as free."""
        freed = Counter(ask.person for asks in moves for ask in asks)
        found = {}
        for person, name in enumerate(self.names):
            is_here = not self.away[person] and self.rests_until[person] <= at
            room = freed[person] + (self.limits[person] - self.load[person] if is_here else 0)
            if room > 0:
                found[name] = room
        return found

    def mask(self, person: int, work: int) -> bool:
        """Remember that somebody is asked to review an author; tell if they review each other."""
        name, author = self.pair(person, work)
        self.standing[name, author] += 1
        return (author, name) in self.standing

    def unmask(self, person: int, work: int) -> None:
        """Forget that somebody was asked to review an author, since they will not."""
        pair = self.pair(person, work)
        self.standing[pair] -= 1
        if not self.standing[pair]:
            del self.standing[pair]

    def note(self, person: int, what: str) -> None:
        """Count something that was seen of somebody."""
        seen = self.seen[person]
        self.seen[person] = replace(seen, **{what: getattr(seen, what) + 1})

    def finishes_yet(self, reading: Reading, at: float) -> float:
        """Return how likely a review under way is to be finished in time."""
        share = (at - reading.accepted_at) / (reading.due_at - reading.accepted_at)
        return finishes_yet(finish_rate(self.seen[reading.person]), share)
