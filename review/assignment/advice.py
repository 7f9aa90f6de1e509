"""The cheapest thing that would fill each seat which stays empty, proved by solving again.

Changes come in classes, the cheapest first. Class by class, each empty seat looks for a chain:
somebody whom a change sets free for it, or for a seat whose reviewer could then come over. That
is an augmenting path, so a class fills as many seats as any use of it and of those before it
could. At the end the changes are applied to a copy of the problem, which is planned again.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from math import ceil

from review.assignment.exclusions import Rings
from review.assignment.planning import Free, Mix, Routing, Seeker, plan
from review.assignment.relaxation import Tier

NEWCOMER_PLACES = 2
NEWCOMER_FIT = 0.5
ATTEMPTS = 3


class Kind(IntEnum):
    """What could be done, the cheapest first."""

    WAIT = 1
    RAISE = 2
    RENEW = 3
    RELAX = 4
    QUALIFY = 5
    LANGUAGE = 6


@dataclass(frozen=True, eq=False)
class Lever:
    """One change: `person.places` more places for them, and the rounds it opens to them, by fit.

    `until` is when it comes about by itself. With `has_room` it opens rounds alone, for somebody
    who has places already. One that drops the mix of a round has no person and names the round.
    """

    kind: Kind
    person: Free | None = None
    opens: Mapping[str, float] = field(default_factory=dict)
    until: datetime | None = None
    relaxes: str = ""
    has_room: bool = False


@dataclass(frozen=True)
class Setting:
    """What the planner is given; `unread` are languages of rounds that nobody qualified reads."""

    seekers: Sequence[Seeker]
    people: Sequence[Free]
    reviewed: Collection[tuple[str, str]] = frozenset()
    rules: Mix = field(default_factory=Mix)
    unread: Mapping[str, str] = field(default_factory=dict)

    def planned(self) -> Routing:
        """Return what the planner makes of it."""
        return plan(self.seekers, self.people, reviewed=self.reviewed, rules=self.rules)


@dataclass(frozen=True)
class Advice:
    """The cheapest change that fills one empty seat of a round."""

    seeker: str
    kind: Kind
    lever: Lever
    language: str = ""


@dataclass(frozen=True)
class Advised:
    """Advice for each empty seat, and how many newly qualified reviewers would fill them all."""

    seats: tuple[Advice, ...] = ()
    reviewers: int = 0

    def of(self, seeker: str) -> tuple[Advice, ...]:
        """Return the advice for the empty seats of one round."""
        return tuple(one for one in self.seats if one.seeker == seeker)


def advise(
    setting: Setting,
    levers: Sequence[Lever],
    *,
    routing: Routing | None = None,
    newcomer_places: int = NEWCOMER_PLACES,
) -> Advised:
    """Return what would fill the empty seats; `routing` is the plan of the setting, if known."""
    found = routing or setting.planned()
    short = Counter({one.seeker: one.slots for one in found.short})
    if not short:
        return Advised()
    usable = list(levers)
    for turn in range(ATTEMPTS):
        seats = _by_class(setting, found, short, usable)
        rest = Counter(short)
        rest.subtract(Counter(one.seeker for one in seats))
        seats += _newcomers(applied(setting, seats), +rest, newcomer_places)
        left = {one.seeker for one in applied(setting, seats).planned().short}
        if not left or not usable:
            break
        failed = {one.lever for one in seats if one.seeker in left}
        usable = [] if turn == ATTEMPTS - 2 else [one for one in usable if one not in failed]
    return Advised(
        seats=tuple(sorted(seats, key=lambda one: (one.kind, one.seeker))),
        reviewers=len({one.lever for one in _newcomers(setting, short, newcomer_places)}),
    )


def applied(setting: Setting, seats: Sequence[Advice]) -> Setting:
    """Return a copy of the setting in which the advice was followed, each change once."""
    people = {one.id: one for one in setting.people}
    opened: dict[str, dict[str, float]] = {one.id: {} for one in setting.seekers}
    relaxed = set()
    for lever in _distinct(seats):
        if lever.person is None:
            relaxed.add(lever.relaxes)
            continue
        known = people.get(lever.person.id, replace(lever.person, places=0))
        places = max(known.places, 0) + (0 if lever.has_room else lever.person.places)
        people[lever.person.id] = replace(known, places=places)
        for seeker, fit in lever.opens.items():
            opened[seeker][lever.person.id] = fit
    return replace(
        setting,
        people=tuple(people.values()),
        seekers=tuple(
            replace(
                one,
                fits={**one.fits, **opened[one.id]},
                tier=max(one.tier, Tier.MIX) if one.id in relaxed else one.tier,
            )
            for one in setting.seekers
        ),
    )


def _distinct(seats: Sequence[Advice]) -> list[Lever]:
    return list(dict.fromkeys(one.lever for one in seats))


def _by_class(
    setting: Setting, routing: Routing, short: Mapping[str, int], levers: Sequence[Lever]
) -> list[Advice]:
    """Return advice from the levers alone, class by class, those who wait longest first."""
    chains = _Chains(setting, routing)
    waiting = {one.id: one.waiting for one in setting.seekers}
    open_seats = [
        one
        for one in sorted(short, key=lambda one: (-waiting[one], one))
        for _ in range(short[one])
    ]
    found = []
    for kind in (Kind.WAIT, Kind.RAISE, Kind.RENEW, Kind.RELAX):
        ordered = sorted((one for one in levers if one.kind is kind), key=lambda one: _order(one))
        chains.begin(ordered)
        still = []
        for seat in open_seats:
            lever_used = chains.fill(seat, ordered)
            if lever_used is None:
                still.append(seat)
            else:
                found.append(Advice(seat, kind, lever_used))
        open_seats = still
    return found


def _order(lever: Lever) -> tuple[float, float, str]:
    when = 0.0 if lever.until is None else lever.until.timestamp()
    name = lever.relaxes if lever.person is None else lever.person.id
    return when, -max(lever.opens.values(), default=0.0), name


class _Chains:
    """Who is planned for which round, and the chains along which one more seat can be filled."""

    def __init__(self, setting: Setting, routing: Routing) -> None:
        self.setting = setting
        self.seekers = {one.id: one for one in setting.seekers}
        self.fits = {one.id: dict(one.fits) for one in setting.seekers}
        self.people = {one.id: one for one in setting.people}
        self.on: dict[str, set[str]] = {one.id: set() for one in setting.seekers}
        self.of: dict[str, set[str]] = {}
        self.relaxed: set[str] = set()
        self.spare: Counter[str] = Counter()
        self.left: Counter[Lever] = Counter()
        self.dead: set[str] = set()
        for one in routing.offers:
            self._seat(one.seeker, one.reviewer)
        pairs = {(one.reviewer, self.seekers[one.seeker].author) for one in routing.offers}
        self.rings = Rings({*setting.reviewed, *pairs})
        for person in setting.people:
            self.spare[person.id] = max(person.places - len(self.of.get(person.id, ())), 0)

    def begin(self, levers: Sequence[Lever]) -> None:
        """Let a class of changes be used: each opens its rounds to its person."""
        self.dead = set()
        for lever in levers:
            if lever.person is None:
                continue
            self.left[lever] = 0 if lever.has_room else lever.person.places
            self.people.setdefault(lever.person.id, lever.person)
            if not lever.has_room:
                self._open(lever, lever.person.id)

    def _open(self, lever: Lever, person: str) -> None:
        for seeker, fit in lever.opens.items():
            self.fits[seeker].setdefault(person, fit)

    def fill(self, seat: str, levers: Sequence[Lever]) -> Lever | None:
        """Fill one more seat of a round by one of these changes; return which, or None."""
        if seat in self.dead and not any(one.relaxes == seat for one in levers):
            return None
        came = self._reached(seat)
        for lever in levers:
            if lever.person is None:
                if lever.relaxes == seat and self._relax(seat):
                    return lever
            elif self._pull(lever, lever.person.id, came):
                return lever
        self.dead |= set(came)
        return None

    def _pull(self, lever: Lever, person: str, came: Mapping[str, tuple[str, str]]) -> bool:
        """Fill a seat by one change, if it has a place left."""
        if lever.has_room:
            ends = {one: came[one] for one in lever.opens if one in came}
            if self.spare[person] <= 0 or not self._use(came, person, ends):
                return False
            self._open(lever, person)
            self.spare[person] -= 1
            return True
        ends = {one: way for one, way in came.items() if person in self.fits[one]}
        if self.left[lever] <= 0 or not self._use(came, person, ends):
            return False
        self.left[lever] -= 1
        return True

    def _relax(self, seat: str) -> bool:
        """Fill a seat with somebody who is free and only the mix stood against."""
        self.relaxed.add(seat)
        came = self._reached(seat)
        for person in [one for one, room in self.spare.items() if room > 0]:
            ends = {one: way for one, way in came.items() if person in self.fits[one]}
            if self._use(came, person, ends):
                self.spare[person] -= 1
                return True
        self.relaxed.discard(seat)
        return False

    def _reached(self, seat: str) -> dict[str, tuple[str, str]]:
        """Return, by round that could give somebody up, to which round and whom; itself first."""
        came: dict[str, tuple[str, str]] = {seat: ("", "")}
        queue = deque([seat])
        while queue:
            here = queue.popleft()
            for person in self._could_take(here, leaving=came[here][1]):
                for other in self.of.get(person, ()):
                    if other not in came and other not in self.dead:
                        came[other] = (here, person)
                        queue.append(other)
        return came

    def _use(
        self,
        came: Mapping[str, tuple[str, str]],
        person: str,
        ends: Mapping[str, tuple[str, str]],
    ) -> bool:
        """Move people along the chain that ends in somebody new on one of `ends`, if one can."""
        for seeker, (_, leaving) in ends.items():
            if self._allows(seeker, person, leaving=leaving):
                self._shift(came, seeker, person)
                return True
        return False

    def _shift(self, came: Mapping[str, tuple[str, str]], seeker: str, person: str) -> None:
        while True:
            to, leaving = came[seeker]
            if leaving:
                self.on[seeker].discard(leaving)
                self.of[leaving].discard(seeker)
            self._seat(seeker, person)
            if not to:
                return
            seeker, person = to, leaving

    def _seat(self, seeker: str, person: str) -> None:
        self.on[seeker].add(person)
        self.of.setdefault(person, set()).add(seeker)

    def _could_take(self, seeker: str, *, leaving: str) -> Iterator[str]:
        return (
            person for person in self.fits[seeker] if self._allows(seeker, person, leaving=leaving)
        )

    def _allows(self, seeker: str, person: str, *, leaving: str) -> bool:
        about = self.seekers[seeker]
        return (
            person not in self.on[seeker]
            and person not in about.seated
            and person != about.author
            and not self.rings.closes(person, about.author)
            and not self._breaks_mix(seeker, person, leaving)
        )

    def _breaks_mix(self, seeker: str, person: str, leaving: str) -> bool:
        about = self.seekers[seeker]
        if about.tier >= Tier.MIX or seeker in self.relaxed:
            return False
        there = [
            self.people[one]
            for one in (*about.seated, *(self.on[seeker] - {leaving}))
            if one in self.people
        ]
        last, rules = self.people[person], self.setting.rules
        alike = Counter(name for one in there for name in one.organisations)
        if any(alike[name] >= rules.per_organisation for name in last.organisations):
            return True
        most = rules.per_sector
        of_sector = sum(one.sector == last.sector for one in there)
        return bool(most is not None and last.sector and of_sector >= most)


def _newcomers(setting: Setting, short: Mapping[str, int], places: int) -> list[Advice]:
    """Return advice to qualify the fewest new reviewers that fill these seats, per language."""
    found = []
    for language in sorted({setting.unread.get(one, "") for one in short}):
        wanted = {
            one: slots for one, slots in short.items() if setting.unread.get(one, "") == language
        }
        found += _of_language(setting, wanted, language, places)
    return found


def _of_language(
    setting: Setting, wanted: Mapping[str, int], language: str, places: int
) -> list[Advice]:
    total = sum(wanted.values())
    low, high = ceil(total / places), max(max(wanted.values()), ceil(total / places))
    while low < high:
        middle = (low + high) // 2
        if _is_enough(setting, wanted, _levers(setting, language, middle, places)):
            high = middle
        else:
            low = middle + 1
    made = _levers(setting, language, low, places)
    kind = made[0].kind
    seats = [one for one, slots in sorted(wanted.items()) for _ in range(slots)]
    return [
        Advice(seat, kind, made[number % len(made)], language) for number, seat in enumerate(seats)
    ]


def _is_enough(setting: Setting, wanted: Mapping[str, int], levers: Sequence[Lever]) -> bool:
    before = sum(one.slots for one in setting.planned().short)
    seats = [Advice("", one.kind, one) for one in levers]
    after = sum(one.slots for one in applied(setting, seats).planned().short)
    return before - after >= sum(wanted.values())


def _levers(setting: Setting, language: str, count: int, places: int) -> list[Lever]:
    """Return so many people who are new to the pool and may read whatever is in a language."""
    opens = {
        one.id: NEWCOMER_FIT
        for one in setting.seekers
        if setting.unread.get(one.id, "") == language
    }
    kind = Kind.LANGUAGE if language else Kind.QUALIFY
    return [Lever(kind, Free(f"new:{language}:{number}", places), opens) for number in range(count)]
