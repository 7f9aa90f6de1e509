"""Choosing whom to ask for many free seats at once: live routing, its preview, its simulation.

Pure: rounds and people come as plain values that every hard rule has passed already, and what
comes back says whom to ask, which unanswered offers move, and which seats stay empty and why.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from scipy import sparse

from review.assignment.matching import Plan, Problem, Reason, match
from review.assignment.relaxation import Tier
from review.assignment.rings import leads_back

PINNED = 100.0
# An hour of waiting weighs so much when there are too few people for every seat.
AGEING_PER_HOUR = 0.0025
MOST_AGEING = 50.0
# What any candidate is worth, for an entry of 0 to stay an entry.
LEAST = 1e-9

Pair = tuple[int, int]


@dataclass(frozen=True)
class Mix:
    """At most so many reviewers of one portfolio from one organisation, and from one sector."""

    per_organisation: int = 1
    per_sector: int | None = None


@dataclass(frozen=True)
class Seeker:
    """One round that wants people.

    `slots` are the seats to be filled now, those of `offered` included: live, unanswered offers
    that may move. `fits` has everybody whom each hard rule allows, from 0 to 1. `seated` are
    those on its other seats. An extra one takes only what the others leave.
    """

    id: str
    author: str
    slots: int
    fits: Mapping[str, float]
    waiting: timedelta
    offered: tuple[str, ...] = ()
    seated: tuple[str, ...] = ()
    pinned: frozenset[str] = frozenset()
    tier: Tier = Tier.NORMAL
    is_extra: bool = False


@dataclass(frozen=True)
class Free:
    """A person: how many more they can be asked for, their movable offers counted as free.

    Whoever sits on a seat already is given too, if only with no place, for the mix.
    """

    id: str
    places: int
    organisations: frozenset[str] = frozenset()
    sector: str = ""


@dataclass(frozen=True)
class Offer:
    """One person for one seat of a round; `is_new` unless they have this offer already."""

    seeker: str
    reviewer: str
    fit: float
    is_new: bool


@dataclass(frozen=True)
class Short:
    """Seats of a round that stay empty."""

    seeker: str
    slots: int
    reason: Reason


@dataclass(frozen=True)
class Routing:
    """What to do: offers to make or keep, (seeker, reviewer) offers to take back, empty seats."""

    offers: tuple[Offer, ...]
    withdrawn: tuple[tuple[str, str], ...]
    short: tuple[Short, ...]
    total: float


def plan(
    seekers: Sequence[Seeker],
    people: Sequence[Free],
    *,
    reviewed: Collection[tuple[str, str]] = (),
    rules: Mix = Mix(),
    stickiness: float = 0.15,
    seed: int | None = None,
) -> Routing:
    """Return whom to ask: as many seats filled as can be, the best total fit among those ways.

    `reviewed` are (reviewer, author) pairs of the window, offers included: nobody is asked to
    review whom they are reviewed by, nor is a ring of three closed. An offer moves only when
    that gains more than `stickiness`. Those who wait longest come first when people are few.
    """
    tables = _Tables(people, reviewed, rules, stickiness, seed)
    parts = [
        tables.solved([one for one in seekers if one.is_extra is is_extra])
        for is_extra in (False, True)
    ]
    offers = tuple(offer for part, _ in parts for offer in part)
    kept = {(one.seeker, one.reviewer) for one in offers}
    return Routing(
        offers=offers,
        withdrawn=tuple(
            (one.id, person)
            for one in seekers
            for person in one.offered
            if (one.id, person) not in kept
        ),
        short=tuple(empty for _, part in parts for empty in part),
        total=sum(one.fit for one in offers),
    )


class _Tables:
    """The people and the pairs between them, growing with each part that is solved."""

    def __init__(
        self,
        people: Sequence[Free],
        reviewed: Collection[tuple[str, str]],
        rules: Mix,
        stickiness: float,
        seed: int | None,
    ) -> None:
        self.people = {one.id: one for one in people}
        self.order = [one.id for one in people]
        self.column = {one: place for place, one in enumerate(self.order)}
        self.places = {one.id: max(one.places, 0) for one in people}
        self.reviewed: dict[str, set[str]] = defaultdict(set)
        for reviewer, author in reviewed:
            self.reviewed[reviewer].add(author)
        self.rules = rules
        self.stickiness = stickiness
        self.seed = seed

    def solved(self, seekers: Sequence[Seeker]) -> tuple[list[Offer], list[Short]]:
        """Return the offers and the empty seats of some rounds; what they use is used up."""
        if not seekers:
            return [], []
        barred = self._barred(seekers)
        while True:
            found = self._matched(seekers, barred)
            cut = self._too_much(seekers, found)
            if not cut:
                break
            barred |= cut
        return self._offers(seekers, found), [
            Short(seeker.id, one.slots, one.reason if seeker.fits else Reason.ALL_FORBIDDEN)
            for one in found.unfilled
            for seeker in (seekers[one.submission],)
        ]

    def _matched(self, seekers: Sequence[Seeker], barred: set[Pair]) -> Plan:
        pairs = [
            (row, self.column[person], self._worth(seeker, person))
            for row, seeker in enumerate(seekers)
            for person in seeker.fits
            if person in self.column
        ]
        shape = (len(seekers), len(self.order))
        rows, columns, worth = (
            (list(one) for one in zip(*pairs, strict=True)) if pairs else ([],) * 3
        )
        cut = sorted(barred)
        problem = Problem(
            similarity=sparse.csr_array((worth, (rows, columns)), shape=shape, dtype=float),
            demand=np.array([max(one.slots, 0) for one in seekers]),
            load_max=np.array([self.places[one] for one in self.order], dtype=int),
            forbidden=sparse.csr_array(
                ([True] * len(cut), ([row for row, _ in cut], [column for _, column in cut])),
                shape=shape,
                dtype=bool,
            ),
        )
        return match(problem, fair=False, seed=self.seed)

    def _worth(self, seeker: Seeker, person: str) -> float:
        """Return what asking somebody is worth, and who has waited long before others."""
        hours = max(seeker.waiting / timedelta(hours=1), 0)
        return self._rank(seeker, person) + min(hours * AGEING_PER_HOUR, MOST_AGEING) + LEAST

    def _barred(self, seekers: Sequence[Seeker]) -> set[Pair]:
        """Return the pairs that the history, or who is seated already, stands against."""
        return {
            (row, self.column[person])
            for row, seeker in enumerate(seekers)
            for person in seeker.fits
            if person in self.column
            and (
                person in seeker.seated
                or self._closes_ring(person, seeker.author)
                or self._breaks_mix(seeker, [*self._known(seeker.seated), self.people[person]])
            )
        }

    def _known(self, persons: Sequence[str]) -> list[Free]:
        return [self.people[one] for one in persons if one in self.people]

    def _closes_ring(self, reviewer: str, author: str) -> bool:
        return reviewer == author or leads_back(self.reviewed, author, reviewer)

    def _breaks_mix(self, seeker: Seeker, group: Sequence[Free]) -> bool:
        """Whether the last of a group is one too many from their organisation or sector."""
        if seeker.tier >= Tier.MIX or len(group) < 2:
            return False
        last = group[-1]
        alike = Counter(name for one in group for name in one.organisations)
        if any(alike[name] > self.rules.per_organisation for name in last.organisations):
            return True
        most = self.rules.per_sector
        of_sector = sum(one.sector == last.sector for one in group)
        return bool(most is not None and last.sector and of_sector > most)

    def _too_much(self, seekers: Sequence[Seeker], found: Plan) -> set[Pair]:
        """Return pairs of a plan to forbid: rings within it, and too many alike on a round."""
        pairs = [(int(row), int(column)) for row, column in found.pairs]
        pairs.sort(key=lambda pair: -self._rank(seekers[pair[0]], self.order[pair[1]]))
        cut: set[Pair] = set()
        groups = [self._known(one.seated) for one in seekers]
        known = {reviewer: set(authors) for reviewer, authors in self.reviewed.items()}
        before, self.reviewed = self.reviewed, defaultdict(set, known)
        for row, column in pairs:
            seeker, person = seekers[row], self.order[column]
            group = [*groups[row], self.people[person]]
            if self._closes_ring(person, seeker.author) or self._breaks_mix(seeker, group):
                cut.add((row, column))
                continue
            groups[row] = group
            self.reviewed[person].add(seeker.author)
        self.reviewed = before
        return cut

    def _rank(self, seeker: Seeker, person: str) -> float:
        return (
            seeker.fits[person]
            + self.stickiness * (person in seeker.offered)
            + PINNED * (person in seeker.pinned)
        )

    def _offers(self, seekers: Sequence[Seeker], found: Plan) -> list[Offer]:
        made = []
        for row, column in found.pairs:
            seeker, person = seekers[row], self.order[column]
            self.places[person] -= 1
            self.reviewed[person].add(seeker.author)
            made.append(Offer(seeker.id, person, seeker.fits[person], person not in seeker.offered))
        return sorted(made, key=lambda one: (one.seeker, -one.fit, one.reviewer))
