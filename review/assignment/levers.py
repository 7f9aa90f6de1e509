"""What could be changed about a pool so that an empty seat is filled, person by person.

Only what a manager or the person can do, or what comes by itself, is a lever: a conflict, an
earlier part in the matter and a suspended right are none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from review.assignment.affinity import affinity
from review.assignment.eligibility import Candidate, Code, Matter, objection, objections
from review.assignment.exclusions import Rule, ends_at
from review.assignment.leave import NO_LEAVE, Leave, objection_to_asking
from review.assignment.planning import Free
from review.assignment.relaxation import SHARES, Tier
from review.assignment.remedies import Kind, Lever
from review.pool.states import QualificationState

# Nobody is advised to wait longer than this.
PATIENCE = timedelta(days=7)
SUSPENDED = QualificationState.SUSPENDED.value
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Wanting:
    """One round as levers see it; `fits` are those whom nothing stands against now.

    `not_now` is until when people are left in peace about this work, `waiting` how long it has
    looked for people.
    """

    id: str
    about: Matter
    fits: Mapping[str, float]
    waiting: timedelta
    tier: Tier
    review_days: int
    forbidden: frozenset[str] = frozenset()
    not_now: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What is known of the people: their leave, when a review or offer of theirs ends, the pace.

    `staff_after` is how long a seat is empty when the last of the soft rules gives way.
    """

    leaves: Mapping[str, Leave]
    ends: Mapping[str, datetime]
    staff_after: timedelta


def levers(
    rounds: Sequence[Wanting],
    pool: Sequence[Candidate],
    people: Mapping[str, Free],
    known: Known,
    *,
    at: datetime,
) -> list[Lever]:
    """Return every change that could put somebody on a seat of these rounds."""
    found = [
        lever
        for one in pool
        if rounds and one.person_id in people
        for lever in _of_person(one, people[one.person_id], rounds, known, at)
    ]
    return found + [
        Lever(Kind.RELAX, relaxes=one.id, until=_tier_begins(one, Tier.MIX, known, at))
        for one in rounds
        if one.tier < Tier.MIX
    ]


def _of_person(
    candidate: Candidate, free: Free, rounds: Sequence[Wanting], known: Known, at: datetime
) -> Iterator[Lever]:
    leave = known.leaves.get(candidate.person_id, NO_LEAVE)
    against = _whatever_the_work(candidate, rounds[0], leave, at)
    room = max(candidate.max_open - candidate.open_load, 0)
    opens = _opened(candidate, rounds, at) if against else {}
    if not against:
        yield from _after_not_now(candidate, free, rounds, at)
    elif against == {Rule.AT_CAP}:
        yield Lever(Kind.RAISE, replace(free, places=1), opens)
        until = known.ends.get(candidate.person_id)
        if until is not None and at < until <= at + PATIENCE:
            yield Lever(Kind.WAIT, replace(free, places=1), opens, until)
    elif kind := _right_to_regain(candidate, rounds[0].about.badge_id, against):
        yield Lever(kind, replace(free, places=room), opens)
    elif against == {Rule.YEARLY_WISH}:
        yield from _once_the_wish_gives_way(free, opens, rounds, known, at)
    elif against <= {Rule.NOT_AVAILABLE, Rule.RESTING, Rule.ON_HOLIDAY}:
        until = _back_at(candidate, leave, against, rounds[0].review_days, at)
        if until is not None and until <= at + PATIENCE:
            yield Lever(Kind.WAIT, replace(free, places=room), opens, until)


def _whatever_the_work(
    candidate: Candidate, one: Wanting, leave: Leave, at: datetime
) -> frozenset[Rule]:
    """Return the rules against somebody that do not depend on whose work it is."""
    nobodys = Matter(
        "",
        "",
        badge_id=one.about.badge_id,
        language=_any(candidate),
        calibration_from=one.about.calibration_from,
    )
    found = {Rule(no.code.value) for no in objections(candidate, nobodys, at=at)}
    peace = objection_to_asking(leave, review_days=one.review_days, tier=Tier.NORMAL, at=at)
    return frozenset(found if peace is None else found | {Rule(peace.code.value)})


def _any(candidate: Candidate) -> str:
    return next(iter(candidate.languages), "en")


def _opened(candidate: Candidate, rounds: Sequence[Wanting], at: datetime) -> dict[str, float]:
    """Return the rounds that somebody could be asked for: free, qualified and calibrated."""
    lifted = _lifted(candidate, rounds[0].about.badge_id, at)
    return {
        one.id: affinity(lifted, one.about).total
        for one in rounds
        if candidate.person_id not in one.forbidden
        and candidate.person_id not in one.not_now
        and objection(lifted, one.about, at=at) is None
    }


def _lifted(candidate: Candidate, badge_id: str, at: datetime) -> Candidate:
    held = tuple(
        replace(
            one,
            state=QualificationState.QUALIFIED.value,
            valid_from=at,
            valid_until=None,
            calibrated_until=FOR_EVER,
        )
        if one.badge_id == badge_id
        else one
        for one in candidate.qualifications
    )
    return replace(
        candidate,
        qualifications=held,
        is_available=True,
        paused_until=None,
        max_open=max(candidate.max_open, candidate.open_load + 1),
    )


def _right_to_regain(candidate: Candidate, badge_id: str, against: frozenset[Rule]) -> Kind | None:
    """Return what would give somebody their right back, if its lack is all that keeps them."""
    if against == {Rule.NOT_CALIBRATED}:
        return Kind.CALIBRATE
    is_lost = against == {Rule.NOT_QUALIFIED} and _can_renew(candidate, badge_id)
    return Kind.RENEW if is_lost else None


def _can_renew(candidate: Candidate, badge_id: str) -> bool:
    return any(
        one.badge_id == badge_id and one.state != SUSPENDED for one in candidate.qualifications
    )


def _back_at(
    candidate: Candidate, leave: Leave, against: frozenset[Rule], review_days: int, at: datetime
) -> datetime | None:
    """Return when somebody is back from all that keeps them away; None where nobody can say."""
    ends = [
        ends_at(leave, rule, review_days=review_days, at=at)
        for rule in against - {Rule.NOT_AVAILABLE}
    ]
    if Rule.NOT_AVAILABLE in against:
        ends.append(candidate.paused_until if candidate.is_available else None)
    known = [one for one in ends if one is not None]
    return max(known) if len(known) == len(ends) else None


def _after_not_now(
    candidate: Candidate, free: Free, rounds: Sequence[Wanting], at: datetime
) -> Iterator[Lever]:
    """Yield, by round, when somebody with room may be asked for it again."""
    person = candidate.person_id
    for one in rounds:
        until = one.not_now.get(person)
        if until is None or until > at + PATIENCE or person in one.forbidden:
            continue
        others = {no.code for no in objections(candidate, one.about, at=at)}
        if others <= {Code.TURNED_AWAY}:
            fit = affinity(candidate, one.about).total
            yield Lever(Kind.WAIT, replace(free, places=1), {one.id: fit}, until, has_room=True)


def _once_the_wish_gives_way(
    free: Free, opens: Mapping[str, float], rounds: Sequence[Wanting], known: Known, at: datetime
) -> Iterator[Lever]:
    for one in rounds:
        if one.id in opens and one.tier < Tier.LOAD and free.places > 0:
            until = _tier_begins(one, Tier.LOAD, known, at)
            yield Lever(
                Kind.RELAX,
                replace(free, places=1),
                {one.id: opens[one.id]},
                until,
                has_room=True,
            )


def _tier_begins(one: Wanting, tier: Tier, known: Known, at: datetime) -> datetime:
    return at - one.waiting + known.staff_after * SHARES[tier]
