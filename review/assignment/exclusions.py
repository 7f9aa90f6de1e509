"""Why these people, and why not the others: everybody of a pool seen from one submission.

Whoever could be asked has a fit and a rank; whoever could not has each rule that stands against
them, hard or soft. Somebody who was free and not asked learns by how much others fit better.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from review.assignment.affinity import Affinity
from review.assignment.eligibility import Candidate, Code, Matter, objections
from review.assignment.leave import NO_LEAVE, REST, Leave, back_on, objection_to_asking
from review.assignment.planning import Free, Mix
from review.assignment.relaxation import Tier
from review.assignment.rings import leads_back


class Rule(StrEnum):
    """The rules that keep somebody from a seat, the hard ones first."""

    CONFLICT = "conflict"
    SAME_ORGANISATION = "same_organisation"
    OTHER_PART = "other_part"
    EARLIER_REVIEWER = "earlier_reviewer"
    TURNED_AWAY = "turned_away"
    NOT_WANTED = "not_wanted"
    RECIPROCITY = "reciprocity"
    NOT_QUALIFIED = "not_qualified"
    NOT_CALIBRATED = "not_calibrated"
    LANGUAGE = "language"
    NOT_NOW = "not_now"
    ON_HOLIDAY = "on_holiday"
    NOT_AVAILABLE = "not_available"
    RESTING = "resting"
    AT_CAP = "at_cap"
    YEARLY_WISH = "yearly_wish"
    MIX_ORGANISATION = "mix_organisation"
    MIX_SECTOR = "mix_sector"


# How the people whom one rule keeps away are called, together.
NAMES: dict[Rule, str] = {
    Rule.CONFLICT: "Conflict of interest",
    Rule.SAME_ORGANISATION: "Same organisation as the learner",
    Rule.OTHER_PART: "Another part in this matter",
    Rule.EARLIER_REVIEWER: "A part in reviewing it already",
    Rule.TURNED_AWAY: "Asked before, and not asked again",
    Rule.NOT_WANTED: "A programme manager wants somebody else",
    Rule.RECIPROCITY: "Would review one another, or in a ring",
    Rule.NOT_QUALIFIED: "Not qualified today",
    Rule.NOT_CALIBRATED: "Not calibrated for this badge",
    Rule.LANGUAGE: "Does not review in this language",
    Rule.NOT_NOW: "Said “not now”",
    Rule.ON_HOLIDAY: "On holiday",
    Rule.NOT_AVAILABLE: "Not available now",
    Rule.RESTING: "Said “not now” elsewhere these days",
    Rule.AT_CAP: "As many reviews open as they wish",
    Rule.YEARLY_WISH: "As many reviews this year as they wish",
    Rule.MIX_ORGANISATION: "Same organisation as somebody who is asked",
    Rule.MIX_SECTOR: "Same sector as others who are asked",
}

# What tells whose work it is, and what else ties somebody to it.
TELLING = frozenset({Code.OWN_WORK, Code.ATTESTER})
TYING = frozenset({Code.CONFLICT, Code.SAME_ORGANISATION, Code.OTHER_PART})

# What ends by itself, or by the person's own answer, and so may be waited or asked for.
PASSING = frozenset({Rule.NOT_NOW, Rule.ON_HOLIDAY, Rule.NOT_AVAILABLE, Rule.RESTING, Rule.AT_CAP})


@dataclass(frozen=True)
class Against:
    """One rule against asking somebody, in words; `until` is when it ends by itself."""

    rule: Rule
    words: str
    until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """One person seen from one submission.

    Without `against` they could be asked: `rank` counts from 1, the best fit. `behind` is how
    much better the weakest of those who were asked fits; None when nobody is asked.
    """

    person_id: str
    fit: Affinity | None
    against: tuple[Against, ...] = ()
    rank: int | None = None
    behind: float | None = None


@dataclass(frozen=True)
class Around:
    """What stands around a submission beside the hard rules, by person where it is about one.

    `not_now` is until when they are left in peace about this work, `leave` what keeps them from
    any. `forbidden` has a manager's reason. `seated` are those on its seats, `people` what the mix
    needs to know of everybody, `reviewed` the (reviewer, author) pairs of the window.
    """

    not_now: Mapping[str, datetime] = field(default_factory=dict)
    leave: Mapping[str, Leave] = field(default_factory=dict)
    review_days: int = 7
    forbidden: Mapping[str, str] = field(default_factory=dict)
    seated: Sequence[str] = ()
    people: Mapping[str, Free] = field(default_factory=dict)
    reviewed: Collection[tuple[str, str]] = frozenset()
    rules: Mix = field(default_factory=Mix)
    tier: Tier = Tier.NORMAL


def standings(
    pool: Sequence[Candidate],
    matter: Matter,
    around: Around,
    *,
    fit: Callable[[Candidate], Affinity],
    weakest: float | None = None,
    at: datetime,
) -> list[Standing]:
    """Return everybody of a pool who holds no seat: the best fit first, the excluded after them.

    `weakest` is the lowest fit among those who were asked.
    """
    ring = Rings(around.reviewed)
    able: list[tuple[Candidate, Affinity]] = []
    barred: list[Standing] = []
    for one in pool:
        if one.person_id in around.seated:
            continue
        against = tuple(_against(one, matter, around, ring, at))
        if against:
            barred.append(Standing(one.person_id, None, against))
        else:
            able.append((one, fit(one)))
    able.sort(key=lambda pair: (-pair[1].total, pair[0].person_id))
    free = [
        Standing(
            one.person_id,
            found,
            rank=rank,
            behind=None if weakest is None else weakest - found.total,
        )
        for rank, (one, found) in enumerate(able, start=1)
    ]
    return free + sorted(barred, key=lambda one: (len(one.against), one.person_id))


def counted(found: Sequence[Standing]) -> list[tuple[Rule, int]]:
    """Return how many people each rule keeps away, by their first one, the most first."""
    counts = Counter(one.against[0].rule for one in found if one.against)
    order = list(Rule)
    return sorted(counts.items(), key=lambda pair: (-pair[1], order.index(pair[0])))


class Rings:
    """Who reviewed whom in the window, and whether one more review would close a ring."""

    def __init__(self, reviewed: Collection[tuple[str, str]]) -> None:
        self._of: dict[str, set[str]] = defaultdict(set)
        for reviewer, author in reviewed:
            self._of[reviewer].add(author)

    def closes(self, reviewer: str, author: str) -> bool:
        """Whether they would review one another, or three people in a ring."""
        return leads_back(self._of, author, reviewer)


def _against(
    candidate: Candidate, matter: Matter, around: Around, rings: Rings, at: datetime
) -> Iterator[Against]:
    """Yield every rule against somebody, in the order of `Rule`."""
    order = list(Rule)
    found = [
        *_hard(candidate, matter, around, at),
        *_wished(candidate, around, at),
        *_mixed(candidate, around),
    ]
    if rings.closes(candidate.person_id, matter.learner_id):
        found.append(
            Against(Rule.RECIPROCITY, "They and the learner would review one another's work.")
        )
    yield from sorted(found, key=lambda one: order.index(one.rule))


def _hard(candidate: Candidate, matter: Matter, around: Around, at: datetime) -> Iterator[Against]:
    """Yield the hard rules; what has an end in sight says when.

    That somebody made or attested the work would tell a manager whose it is, so they are said to
    have a conflict, and nothing else that ties them.
    """
    person = candidate.person_id
    found = objections(candidate, matter, at=at)
    if any(one.code in TELLING for one in found):
        yield Against(Rule.CONFLICT, "A conflict of interest is on record.")
        found = tuple(one for one in found if one.code not in TELLING | TYING)
    for one in found:
        until = around.not_now.get(person)
        if one.code is Code.TURNED_AWAY and until is not None:
            yield Against(Rule.NOT_NOW, "They said “not now” to this work.", until)
        elif one.code is Code.NOT_AVAILABLE:
            yield _away(candidate, at)
        else:
            yield Against(Rule(one.code.value), one.reason)


def _away(candidate: Candidate, at: datetime) -> Against:
    paused = candidate.paused_until
    if candidate.is_available and paused is not None and paused > at:
        return Against(Rule.NOT_AVAILABLE, "They paused reviewing.", paused)
    return Against(Rule.NOT_AVAILABLE, "They are not available now.")


def _wished(candidate: Candidate, around: Around, at: datetime) -> Iterator[Against]:
    """Yield what a manager, or the person, wants beside the hard rules."""
    person = candidate.person_id
    if person in around.forbidden:
        yield Against(Rule.NOT_WANTED, f"A programme manager wrote: “{around.forbidden[person]}”")
    leave = around.leave.get(person, NO_LEAVE)
    found = objection_to_asking(leave, review_days=around.review_days, tier=around.tier, at=at)
    if found is not None:
        rule = Rule(found.code.value)
        ends = ends_at(leave, rule, review_days=around.review_days, at=at)
        yield Against(rule, found.reason, ends)


def ends_at(leave: Leave, rule: Rule, *, review_days: int, at: datetime) -> datetime | None:
    """Return when a rest or a holiday ends by itself; None where nobody can say."""
    if rule is Rule.RESTING and leave.said_not_now_at is not None:
        return leave.said_not_now_at + REST
    if rule is Rule.ON_HOLIDAY:
        back = back_on(leave.holidays, review_days=review_days, today=at.date())
        return datetime.combine(back, time.min, at.tzinfo)
    return None


def _mixed(candidate: Candidate, around: Around) -> Iterator[Against]:
    """Yield whose organisation or sector is on the seats often enough."""
    person = around.people.get(candidate.person_id)
    if around.tier >= Tier.MIX or person is None:
        return
    group = [around.people[one] for one in around.seated if one in around.people]
    alike = Counter(name for one in group for name in one.organisations)
    if any(alike[name] >= around.rules.per_organisation for name in person.organisations):
        yield Against(
            Rule.MIX_ORGANISATION, "Somebody of their organisation holds a seat here already."
        )
    most = around.rules.per_sector
    if most is None or not person.sector:
        return
    if sum(one.sector == person.sector for one in group) >= most:
        yield Against(Rule.MIX_SECTOR, "Enough people of their sector hold a seat here already.")
