"""Changes that could fill an empty seat, and what the planner is given with and without them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum

from review.assignment.planning import Free, Mix, Routing, Seeker, plan
from review.assignment.relaxation import Tier


class Kind(IntEnum):
    """What could be done, the cheapest first."""

    WAIT = 1
    RAISE = 2
    RENEW = 3
    CALIBRATE = 4
    RELAX = 5
    QUALIFY = 6
    LANGUAGE = 7


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

    @property
    def is_for_anybody(self) -> bool:
        """Tell that it asks for somebody new, and names nobody."""
        return self.kind in (Kind.QUALIFY, Kind.LANGUAGE)


@dataclass(frozen=True)
class Advised:
    """Advice for each empty seat, and how many newly qualified reviewers would fill them all."""

    seats: tuple[Advice, ...] = ()
    reviewers: int = 0

    def of(self, seeker: str) -> tuple[Advice, ...]:
        """Return the advice for the empty seats of one round."""
        return tuple(one for one in self.seats if one.seeker == seeker)

    def by_seeker(self) -> dict[str, tuple[tuple[Advice, int], ...]]:
        """Return, by round, each different advice and how many of its seats it is for."""
        found: dict[str, dict[object, list[Advice]]] = {}
        for one in self.seats:
            person = one.lever.person and one.lever.person.id
            # A newcomer is nobody yet: two of them are the same advice, twice.
            same = (one.kind, one.language, one.lever.until, None if one.is_for_anybody else person)
            found.setdefault(one.seeker, {}).setdefault(same, []).append(one)
        return {
            seeker: tuple((many[0], len(many)) for many in kinds.values())
            for seeker, kinds in found.items()
        }


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
