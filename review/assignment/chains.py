"""Chains of people who move over so that one more seat is filled: augmenting paths."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence

from review.assignment.exclusions import Rings
from review.assignment.planning import Routing
from review.assignment.relaxation import Tier
from review.assignment.remedies import Lever, Setting


class Chains:
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
