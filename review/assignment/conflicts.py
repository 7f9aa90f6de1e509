"""Who has a conflict of interest with whom, from indexes that are kept as facts come and go.

Two people are tied by what `eligibility.tie_between` says: it is their own work, one confirmed the
other's, one declared a tie, or they share an employer within the look-back. Here the same answer
comes from inverted indexes by address, person and organisation, so that adding a person, an
employer, an attester or a declared tie touches the rows of that fact alone, and asking who is tied
to somebody reads the rows that name them, however many people there are.
Times count when asked, not when indexed: an answer is right for any `at`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import TypeVar

from review.assignment.eligibility import (
    Candidate,
    Code,
    Matter,
    Objection,
    Organisation,
    Tie,
    tie_between,
    tie_counts,
)
from review.assignment.organisations import normal_organisation
from review.pool.rules import LOOK_BACK

Day = date | datetime | None
Fact = TypeVar("Fact", str, Organisation, Tie)


@dataclass
class _Person:
    """The facts about one person, each as often as it was added."""

    keys: Counter[str] = field(default_factory=Counter)
    organisations: Counter[Organisation] = field(default_factory=Counter)
    ties: Counter[Tie] = field(default_factory=Counter)
    attesters: Counter[str] = field(default_factory=Counter)


class _Rows:
    """From what is named to who names it, with the times from and until which that counts."""

    def __init__(self) -> None:
        self._rows: dict[str, Counter[tuple[str, Day, datetime | None]]] = defaultdict(Counter)
        self.touched = 0

    def put(
        self, name: str, person: str, until: Day = None, *, begins: datetime | None = None
    ) -> None:
        self.touched += 1
        self._rows[name][person, until, begins] += 1

    def take(
        self, name: str, person: str, until: Day = None, *, begins: datetime | None = None
    ) -> None:
        self.touched += 1
        rows = self._rows[name]
        rows[person, until, begins] -= 1
        if not rows[person, until, begins]:
            del rows[person, until, begins]
        if not rows:
            del self._rows[name]

    def of(self, name: str, since: Day = None, *, at: datetime | None = None) -> Iterator[str]:
        """Yield who names it, up to `since` at least, and has begun to by `at`."""
        for person, until, begins in self._rows.get(name, ()):
            has_begun = begins is None or at is None or begins <= at
            if has_begun and (until is None or since is None or until >= since):
                yield person


class Conflicts:
    """The index. Addresses are folded ones, as `accounts.addresses.identity_key` gives them."""

    def __init__(self) -> None:
        self._people: dict[str, _Person] = {}
        self._by_key, self._by_attester, self._by_organisation = _Rows(), _Rows(), _Rows()
        self._person_ties, self._key_ties, self._organisation_ties = _Rows(), _Rows(), _Rows()

    @property
    def touched(self) -> int:
        """How many rows were written since the beginning."""
        rows = (one for one in vars(self).values() if isinstance(one, _Rows))
        return sum(one.touched for one in rows)

    def __contains__(self, person: str) -> bool:
        return person in self._people

    def add_person(
        self,
        person: str,
        *,
        keys: Iterable[str] = (),
        organisations: Iterable[Organisation] = (),
        ties: Iterable[Tie] = (),
        attesters: Iterable[str] = (),
    ) -> None:
        """Add a person, or more facts about them."""
        self._people.setdefault(person, _Person())
        for key in keys:
            self.add_key(person, key)
        for organisation in organisations:
            self.add_organisation(person, organisation)
        for tie in ties:
            self.add_tie(person, tie)
        for key in attesters:
            self.add_attester(person, key)

    def remove_person(self, person: str) -> None:
        """Remove a person with every fact about them; ties that others declared to them stay.

        Like every removal, it raises KeyError for what is not here, and has changed nothing then.
        """
        facts = self._people[person]
        for key in list(facts.keys.elements()):
            self.remove_key(person, key)
        for organisation in list(facts.organisations.elements()):
            self.remove_organisation(person, organisation)
        for tie in list(facts.ties.elements()):
            self.remove_tie(person, tie)
        for key in list(facts.attesters.elements()):
            self.remove_attester(person, key)
        del self._people[person]

    def add_key(self, person: str, key: str) -> None:
        """Note that somebody has an address."""
        self._note(person).keys[key] += 1
        self._by_key.put(key, person)

    def remove_key(self, person: str, key: str) -> None:
        """Note that somebody has an address no longer."""
        self._forget(self._people[person].keys, key)
        self._by_key.take(key, person)

    def add_organisation(self, person: str, organisation: Organisation) -> None:
        """Note where somebody works or worked."""
        self._note(person).organisations[organisation] += 1
        self._by_organisation.put(
            normal_organisation(organisation.name), person, organisation.until_date
        )

    def remove_organisation(self, person: str, organisation: Organisation) -> None:
        """Take back where somebody works or worked."""
        self._forget(self._people[person].organisations, organisation)
        self._by_organisation.take(
            normal_organisation(organisation.name), person, organisation.until_date
        )

    def add_tie(self, person: str, tie: Tie) -> None:
        """Note a tie that somebody declared."""
        self._note(person).ties[tie] += 1
        for rows, name in self._named(tie):
            rows.put(name, person, tie.until_at, begins=tie.from_at)

    def remove_tie(self, person: str, tie: Tie) -> None:
        """Take a declared tie back."""
        self._forget(self._people[person].ties, tie)
        for rows, name in self._named(tie):
            rows.take(name, person, tie.until_at, begins=tie.from_at)

    def add_attester(self, learner: str, key: str) -> None:
        """Note that whoever has an address was asked to confirm a learner's work."""
        self._note(learner).attesters[key] += 1
        self._by_attester.put(key, learner)

    def remove_attester(self, learner: str, key: str) -> None:
        """Take back that whoever has an address was asked to confirm a learner's work."""
        self._forget(self._people[learner].attesters, key)
        self._by_attester.take(key, learner)

    def tied_to(self, learner: str, *, at: datetime) -> dict[str, Code]:
        """Return who may not review a learner's work, each with the first reason."""
        facts = self._people[learner]
        return self._tied(learner, facts, self._holders_of(facts.attesters), at)

    def against(self, matter: Matter, *, at: datetime) -> dict[str, Code]:
        """Return who here may not review a matter, whose learner need not be here."""
        facts = _Person(
            Counter(matter.identity_keys), Counter(matter.organisations), Counter(matter.ties)
        )
        return self._tied(matter.learner_id, facts, self._holders_of(matter.attester_keys), at)

    def ties_of(self, reviewer: str, *, at: datetime) -> dict[str, Code]:
        """Return whose work a reviewer may not review, each with the first reason."""
        facts = self._people[reviewer]
        attested = (one for key in facts.keys for one in self._by_attester.of(key))
        return self._tied(reviewer, facts, attested, at)

    def why(self, reviewer: str, learner: str, *, at: datetime) -> Objection | None:
        """Return what ties a reviewer to a learner, in the words of eligibility."""
        ours, theirs = self._people[reviewer], self._people[learner]
        candidate = Candidate(
            reviewer, frozenset(ours.keys), tuple(ours.organisations), tuple(ours.ties)
        )
        matter = Matter(
            submission_id="",
            learner_id=learner,
            badge_id="",
            identity_keys=frozenset(theirs.keys),
            organisations=tuple(theirs.organisations),
            ties=tuple(theirs.ties),
            attester_keys=frozenset(theirs.attesters),
        )
        return tie_between(candidate, matter, at=at)

    def _tied(
        self, person: str, facts: _Person, attested: Iterable[str], at: datetime
    ) -> dict[str, Code]:
        since = at - LOOK_BACK
        names = {
            normal_organisation(one.name)
            for one in facts.organisations
            if one.until_date is None or one.until_date >= since.date()
        }
        found: dict[str, Code] = {}
        for code, others in (
            (Code.OWN_WORK, chain([person], self._holders_of(facts.keys))),
            (Code.ATTESTER, attested),
            (Code.CONFLICT, self._declared_by(facts, at)),
            (Code.CONFLICT, self._declared_to(person, facts, names, at)),
            (Code.SAME_ORGANISATION, self._colleagues(names, since)),
        ):
            for other in others:
                if other in self._people:
                    found.setdefault(other, code)
        return found

    def _holders_of(self, keys: Iterable[str]) -> Iterator[str]:
        for key in keys:
            yield from self._by_key.of(key)

    def _declared_by(self, facts: _Person, at: datetime) -> Iterator[str]:
        since = at - LOOK_BACK
        for tie in facts.ties:
            if not tie_counts(tie, at):
                continue
            if tie.other_person_id is not None:
                yield tie.other_person_id
            if tie.other_key is not None:
                yield from self._by_key.of(tie.other_key)
            if tie.organisation:
                yield from self._colleagues({normal_organisation(tie.organisation)}, since)

    def _declared_to(
        self, person: str, facts: _Person, names: Iterable[str], at: datetime
    ) -> Iterator[str]:
        since = at - LOOK_BACK
        yield from self._person_ties.of(person, since, at=at)
        for key in facts.keys:
            yield from self._key_ties.of(key, since, at=at)
        for name in names:
            yield from self._organisation_ties.of(name, since, at=at)

    def _colleagues(self, names: Iterable[str], since: datetime) -> Iterator[str]:
        for name in names:
            yield from self._by_organisation.of(name, since.date())

    def _named(self, tie: Tie) -> Iterator[tuple[_Rows, str]]:
        if tie.other_person_id is not None:
            yield self._person_ties, tie.other_person_id
        if tie.other_key is not None:
            yield self._key_ties, tie.other_key
        if tie.organisation:
            yield self._organisation_ties, normal_organisation(tie.organisation)

    def _note(self, person: str) -> _Person:
        return self._people.setdefault(person, _Person())

    @staticmethod
    def _forget(facts: Counter[Fact], fact: Fact) -> None:
        if not facts[fact]:
            raise KeyError(fact)
        facts[fact] -= 1
        if not facts[fact]:
            del facts[fact]


def index_of(candidates: Iterable[Candidate]) -> Conflicts:
    """Return an index of these people."""
    index = Conflicts()
    for one in candidates:
        index.add_person(
            one.person_id, keys=one.identity_keys, organisations=one.organisations, ties=one.ties
        )
    return index


def conflicts_of(
    candidates: Iterable[Candidate], matters: Iterable[Matter], *, at: datetime
) -> dict[str, dict[str, Code]]:
    """Return by submission id who is tied to its learner, and how, without asking of each pair."""
    index = index_of(candidates)
    return {matter.submission_id: index.against(matter, at=at) for matter in matters}
