"""The cheapest thing that would fill each seat which stays empty, proved by solving again.

Changes come in classes, the cheapest first. Class by class, each empty seat looks for a chain:
somebody whom a change sets free for it, or for a seat whose reviewer could then come over. That
is an augmenting path, so a class fills as many seats as any use of it and of those before it
could. At the end the changes are applied to a copy of the problem, which is planned again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil

from review.assignment.chains import Chains
from review.assignment.planning import Free, Routing
from review.assignment.remedies import Advice, Advised, Kind, Lever, Setting, applied

NEWCOMER_PLACES = 2
NEWCOMER_FIT = 0.5
ATTEMPTS = 3


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


def _by_class(
    setting: Setting, routing: Routing, short: Mapping[str, int], levers: Sequence[Lever]
) -> list[Advice]:
    """Return advice from the levers alone, class by class, those who wait longest first."""
    chains = Chains(setting, routing)
    waiting = {one.id: one.waiting for one in setting.seekers}
    open_seats = [
        one
        for one in sorted(short, key=lambda one: (-waiting[one], one))
        for _ in range(short[one])
    ]
    found = []
    for kind in (Kind.WAIT, Kind.RAISE, Kind.RENEW, Kind.CALIBRATE, Kind.RELAX):
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
