"""Who may be asked to review a submission: hard rules only, each no with its reason.

Relaxation never touches these rules: a conflict stays a conflict and a missing qualification
stays missing, however long a learner waits (design: assignment 6; INV-05, 06, 07, 09, 10, 41).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

LOOK_BACK = timedelta(days=3 * 365 + 1)
LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "as", "bv", "co", "corp", "corporation", "gmbh", "group", "inc", "kg", "limited",
        "llc", "llp", "ltd", "nv", "oy", "plc", "pty", "sa", "sarl", "se", "srl", "spa", "the", "und",
        "and", "company",
    }
)  # fmt: skip


class Code(StrEnum):
    """Why somebody may not be asked."""

    OWN_WORK = "own_work"
    ATTESTER = "attester"
    CONFLICT = "conflict"
    SAME_ORGANISATION = "same_organisation"
    EARLIER_REVIEWER = "earlier_reviewer"
    TURNED_AWAY = "turned_away"
    NOT_QUALIFIED = "not_qualified"
    LANGUAGE = "language"
    NOT_AVAILABLE = "not_available"
    AT_CAP = "at_cap"


@dataclass(frozen=True)
class Objection:
    """One reason against asking somebody."""

    code: Code
    reason: str


@dataclass(frozen=True)
class Organisation:
    """Where somebody works or worked; open ends mean "as far as we know"."""

    name: str
    from_date: date | None = None
    until_date: date | None = None


@dataclass(frozen=True)
class Tie:
    """A declared or derived tie to a person or an organisation."""

    kind: str
    other_person_id: str | None
    organisation: str | None
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True)
class Held:
    """A qualification for one badge."""

    badge_id: str
    state: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True)
class Candidate:
    """A possible reviewer; `open_load` counts invitations and reviews under way."""

    person_id: str
    identity_keys: frozenset[str] = frozenset()
    organisations: tuple[Organisation, ...] = ()
    ties: tuple[Tie, ...] = ()
    qualifications: tuple[Held, ...] = ()
    is_available: bool = True
    paused_until: datetime | None = None
    max_open: int = 2
    open_load: int = 0
    reviews_done: int = 0
    sector: str = ""
    sectors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)

    def already_seated(self) -> "Candidate":
        """Return the candidate for a seat they hold: neither load nor a pause counts then."""
        return replace(self, open_load=0, max_open=1, is_available=True, paused_until=None)


@dataclass(frozen=True)
class Matter:
    """What is to be reviewed, with every attempt of the same portfolio before it."""

    submission_id: str
    learner_id: str
    badge_id: str
    identity_keys: frozenset[str] = frozenset()
    organisations: tuple[Organisation, ...] = ()
    ties: tuple[Tie, ...] = ()
    attester_keys: frozenset[str] = frozenset()
    earlier_reviewers: frozenset[str] = frozenset()
    turned_away: frozenset[str] = frozenset()
    sector: str = ""
    language: str = "en"

    def without(self, person_id: str) -> "Matter":
        """Return the matter as if this person had not been part of it yet."""
        return replace(self, earlier_reviewers=self.earlier_reviewers - {person_id})


def objection(candidate: Candidate, matter: Matter, *, at: datetime) -> Objection | None:
    """Return the first reason against asking the candidate, or None."""
    return next(_objections(candidate, matter, at), None)


def objections(candidate: Candidate, matter: Matter, *, at: datetime) -> tuple[Objection, ...]:
    """Return every reason against asking the candidate."""
    return tuple(_objections(candidate, matter, at))


def tie_between(candidate: Candidate, matter: Matter, *, at: datetime) -> Objection | None:
    """Return what ties somebody to the learner of a matter, whatever else they may do, or None."""
    return next(_about_people(candidate, matter, at), None)


def normal_organisation(name: str) -> str:
    """Return an organisation's name without case, marks and legal form, for comparing."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"\w+", "".join(c for c in folded if not unicodedata.combining(c)))
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)


def _objections(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    yield from _about_people(candidate, matter, at)
    yield from _about_history(candidate, matter)
    yield from _about_rights(candidate, matter, at)
    yield from _about_room(candidate, at)


def _about_people(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    if candidate.person_id == matter.learner_id or candidate.identity_keys & matter.identity_keys:
        yield Objection(Code.OWN_WORK, "This is their own work.")
    if candidate.identity_keys & matter.attester_keys:
        yield Objection(Code.ATTESTER, "They confirmed the learner's part in this work.")
    if _is_tied(candidate, matter, at):
        yield Objection(Code.CONFLICT, "A conflict of interest is on record.")
    if _shares_organisation(candidate, matter, at):
        yield Objection(
            Code.SAME_ORGANISATION, "They work, or lately worked, for the same organisation."
        )


def _about_history(candidate: Candidate, matter: Matter) -> Iterator[Objection]:
    if candidate.person_id in matter.earlier_reviewers:
        yield Objection(Code.EARLIER_REVIEWER, "They have a part in reviewing this work already.")
    if candidate.person_id in matter.turned_away:
        yield Objection(Code.TURNED_AWAY, "They were asked before and are not asked again.")


def _about_rights(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    if not any(_holds(one, matter.badge_id, at) for one in candidate.qualifications):
        yield Objection(Code.NOT_QUALIFIED, "They are not qualified for this badge today.")
    if matter.language not in candidate.languages:
        yield Objection(Code.LANGUAGE, "They do not review in the language of this work.")


def _about_room(candidate: Candidate, at: datetime) -> Iterator[Objection]:
    is_paused = candidate.paused_until is not None and candidate.paused_until > at
    if not candidate.is_available or is_paused:
        yield Objection(Code.NOT_AVAILABLE, "They are not available now.")
    if candidate.open_load >= candidate.max_open:
        yield Objection(Code.AT_CAP, "They have as many reviews open as they wish to.")


def _holds(held: Held, badge_id: str, at: datetime) -> bool:
    return (
        held.badge_id == badge_id
        and held.state == "qualified"
        and held.valid_from <= at
        and (held.valid_until is None or held.valid_until > at)
    )


def _is_tied(candidate: Candidate, matter: Matter, at: datetime) -> bool:
    ours = [tie for tie in candidate.ties if _counts(tie.until_at, at)]
    theirs = [tie for tie in matter.ties if _counts(tie.until_at, at)]
    return (
        any(tie.other_person_id == matter.learner_id for tie in ours)
        or any(tie.other_person_id == candidate.person_id for tie in theirs)
        or _names_one_of(ours, _names(matter.organisations, at))
        or _names_one_of(theirs, _names(candidate.organisations, at))
    )


def _names_one_of(ties: list[Tie], names: frozenset[str]) -> bool:
    return any(tie.organisation and normal_organisation(tie.organisation) in names for tie in ties)


def _shares_organisation(candidate: Candidate, matter: Matter, at: datetime) -> bool:
    return bool(_names(candidate.organisations, at) & _names(matter.organisations, at))


def _names(organisations: tuple[Organisation, ...], at: datetime) -> frozenset[str]:
    since = (at - LOOK_BACK).date()
    return frozenset(
        normal_organisation(one.name)
        for one in organisations
        if one.until_date is None or one.until_date >= since
    )


def _counts(until_at: datetime | None, at: datetime) -> bool:
    return until_at is None or until_at >= at - LOOK_BACK
