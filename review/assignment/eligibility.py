"""Who may be asked to review a submission: hard rules only, each no with its reason.

Relaxation never touches these rules: a conflict stays a conflict and a missing qualification
stays missing, however long a learner waits (design: assignment 6; INV-05, 06, 07, 09, 10, 41).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from credentials.catalog.policy_defaults import FIT_WEIGHTS
from review.assignment.organisations import normal_organisation
from review.pool.rules import LOOK_BACK, calibration_ends, is_valid


class Code(StrEnum):
    """Why somebody may not be asked."""

    OWN_WORK = "own_work"
    ATTESTER = "attester"
    CONFLICT = "conflict"
    SAME_ORGANISATION = "same_organisation"
    OTHER_PART = "other_part"
    EARLIER_REVIEWER = "earlier_reviewer"
    TURNED_AWAY = "turned_away"
    NOT_QUALIFIED = "not_qualified"
    NOT_CALIBRATED = "not_calibrated"
    LANGUAGE = "language"
    NOT_AVAILABLE = "not_available"
    AT_CAP = "at_cap"
    RESTING = "resting"
    ON_HOLIDAY = "on_holiday"
    YEARLY_WISH = "yearly_wish"
    NOT_WANTED = "not_wanted"


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
    """A declared or derived tie: to a person, to whoever has an address, or to an organisation."""

    other_person_id: str | None = None
    other_key: str | None = None
    organisation: str | None = None
    until_at: datetime | None = None
    from_at: datetime | None = None


@dataclass(frozen=True)
class Held:
    """A qualification for one badge."""

    badge_id: str
    state: str
    valid_from: datetime
    valid_until: datetime | None
    source: str = ""
    calibrated_until: datetime | None = None


@dataclass(frozen=True)
class Candidate:
    """A possible reviewer; `open_load` counts invitations and reviews under way.

    `competencies` are those of the badges they hold or may review, by badge; `last_review_at` is
    when they last accepted or finished a review, whatever they said no to.
    """

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
    first_language: str = ""
    topics: tuple[str, ...] = ()
    competencies: tuple[tuple[str, frozenset[str]], ...] = ()
    reviews_by_badge: tuple[tuple[str, int], ...] = ()
    last_review_at: datetime | None = None


@dataclass(frozen=True)
class Matter:
    """What is to be reviewed, with every attempt of the same portfolio.

    `other_parts` are the people who are something else than a reviewer in it: who checked it at
    intake, who decided on it for the committee. `competencies`, `topics` and `weights` are those
    of the edition, `setting` is the learner's own text, `hidden` the words in it that give the
    learner away, `common` the sectors and topics that enough of the pool know for them to count,
    all of them when it is None. `calibration_from` is since when reviewers of the badge are asked
    to calibrate, if they are. `read_at` is when all this was read.
    """

    submission_id: str
    learner_id: str
    badge_id: str
    identity_keys: frozenset[str] = frozenset()
    organisations: tuple[Organisation, ...] = ()
    ties: tuple[Tie, ...] = ()
    attester_keys: frozenset[str] = frozenset()
    other_parts: frozenset[str] = frozenset()
    earlier_reviewers: frozenset[str] = frozenset()
    turned_away: frozenset[str] = frozenset()
    sector: str = ""
    language: str = "en"
    competencies: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    setting: str = ""
    hidden: tuple[str, ...] = ()
    common: frozenset[str] | None = None
    workload_hours: int = 0
    weights: Mapping[str, float] = field(default_factory=lambda: dict(FIT_WEIGHTS), hash=False)
    calibration_from: datetime | None = None
    read_at: datetime | None = None


def objection(candidate: Candidate, matter: Matter, *, at: datetime) -> Objection | None:
    """Return the first reason against asking the candidate, or None."""
    return next(_objections(candidate, matter, at), None)


def objections(candidate: Candidate, matter: Matter, *, at: datetime) -> tuple[Objection, ...]:
    """Return every reason against asking the candidate."""
    return tuple(_objections(candidate, matter, at))


def objection_but_for_ties(
    candidate: Candidate, matter: Matter, *, at: datetime
) -> Objection | None:
    """Return the first other reason against asking somebody who is known to have no tie."""
    return next(_but_for_ties(candidate, matter, at), None)


def objection_to_staying(candidate: Candidate, matter: Matter, *, at: datetime) -> Objection | None:
    """Return why somebody who holds a seat may not keep it, or None (INV-06, INV-25).

    Load, pauses, availability and languages do not count here: they only keep people from being
    asked.
    """
    return next(_against_staying(candidate, matter, at), None)


def objection_to_reading(candidate: Candidate, matter: Matter, *, at: datetime) -> Objection | None:
    """Return why somebody may not read a work apart from its review, whatever they may review.

    Ties and an own part in the matter count; the right to review the badge does not.
    """
    return next(_against_reading(candidate, matter, at), None)


def tie_between(candidate: Candidate, matter: Matter, *, at: datetime) -> Objection | None:
    """Return what ties somebody to the learner of a matter, whatever else they may do, or None."""
    return next(_about_people(candidate, matter, at), None)


def tie_counts(tie: Tie, at: datetime) -> bool:
    """Whether a tie has begun, and ended no longer ago than the look-back."""
    has_begun = tie.from_at is None or tie.from_at <= at
    return has_begun and (tie.until_at is None or tie.until_at >= at - LOOK_BACK)


def _objections(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    yield from _about_people(candidate, matter, at)
    yield from _but_for_ties(candidate, matter, at)


def _but_for_ties(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    yield from _about_history(candidate, matter)
    yield from _about_rights(candidate, matter, at)
    yield from _about_language(candidate, matter)
    yield from _about_room(candidate, at)


def _against_staying(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    yield from _against_reading(candidate, matter, at)
    yield from _about_rights(candidate, matter, at)


def _against_reading(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    yield from _about_people(candidate, matter, at)
    yield from _about_history(candidate, matter)


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
    if candidate.person_id in matter.other_parts:
        yield Objection(Code.OTHER_PART, "They have another part in this matter.")
    if candidate.person_id in matter.earlier_reviewers:
        yield Objection(Code.EARLIER_REVIEWER, "They have a part in reviewing this work already.")
    if candidate.person_id in matter.turned_away:
        yield Objection(Code.TURNED_AWAY, "They were asked before and are not asked again.")


def _about_rights(candidate: Candidate, matter: Matter, at: datetime) -> Iterator[Objection]:
    rights = [one for one in candidate.qualifications if _holds(one, matter.badge_id, at)]
    if not rights:
        yield Objection(Code.NOT_QUALIFIED, "They are not qualified for this badge today.")
    elif not any(_is_calibrated(one, matter.calibration_from, at) for one in rights):
        yield Objection(
            Code.NOT_CALIBRATED, "They have not calibrated for this badge yet, or not lately."
        )


def _about_language(candidate: Candidate, matter: Matter) -> Iterator[Objection]:
    if matter.language not in candidate.languages:
        yield Objection(Code.LANGUAGE, "They do not review in the language of this work.")


def _about_room(candidate: Candidate, at: datetime) -> Iterator[Objection]:
    is_paused = candidate.paused_until is not None and candidate.paused_until > at
    if not candidate.is_available or is_paused:
        yield Objection(Code.NOT_AVAILABLE, "They are not available now.")
    if candidate.open_load >= candidate.max_open:
        yield Objection(Code.AT_CAP, "They have as many reviews open as they wish to.")


def _holds(held: Held, badge_id: str, at: datetime) -> bool:
    return held.badge_id == badge_id and is_valid(
        held.state, valid_from=held.valid_from, valid_until=held.valid_until, at=at
    )


def _is_calibrated(held: Held, since: datetime | None, at: datetime) -> bool:
    ends = calibration_ends(held.calibrated_until, valid_from=held.valid_from, since=since)
    return ends is None or ends > at


def _is_tied(candidate: Candidate, matter: Matter, at: datetime) -> bool:
    ours = [tie for tie in candidate.ties if tie_counts(tie, at)]
    theirs = [tie for tie in matter.ties if tie_counts(tie, at)]
    return (
        _names_person(ours, matter.learner_id, matter.identity_keys)
        or _names_person(theirs, candidate.person_id, candidate.identity_keys)
        or _names_one_of(ours, _names(matter.organisations, at))
        or _names_one_of(theirs, _names(candidate.organisations, at))
    )


def _names_person(ties: list[Tie], person_id: str, keys: frozenset[str]) -> bool:
    return any(tie.other_person_id == person_id or tie.other_key in keys for tie in ties)


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
