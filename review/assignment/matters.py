"""Building what eligibility and affinity judge: a matter, and the people who might review it.

Conflicts and loads are read for one badge's pool in a handful of queries, whatever its size.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.addresses import identity_key
from accounts.models import EmailAddress, Employment, Person
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from portfolio.composing.models import Attestation, Portfolio
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from review.assignment.eligibility import Candidate, Held, Matter, Organisation, Tie
from review.assignment.history import experience_of
from review.assignment.leave import REST
from review.assignment.models import Assignment
from review.assignment.states import PENDING, AssignmentState
from review.pool.models import DeclaredConflict, MatterPart, Qualification, ReviewerProfile
from review.pool.states import Part

PENDING_STATES = tuple(sorted(state.value for state in PENDING))
LOOKED_STATES = tuple(
    state.value
    for state in (
        AssignmentState.SEALED,
        AssignmentState.CLOSED,
        AssignmentState.RECUSED,
        AssignmentState.VOIDED,
    )
)
DONE_STATES = (AssignmentState.SEALED.value, AssignmentState.CLOSED.value)
# Who said no, did not answer or stepped back is not asked again in the same matter, unless they
# only said "not now" and the time that they are left in peace is over.
TURNED_AWAY = (
    AssignmentState.DECLINED.value,
    AssignmentState.LAPSED.value,
    AssignmentState.RECUSED.value,
    AssignmentState.REASSIGNED.value,
    AssignmentState.VOIDED.value,
)


def matter(
    session: Session,
    submission: Submission,
    *,
    apart_from: str | None = None,
    at: datetime | None = None,
) -> Matter:
    """Return what eligibility needs to know of a submission and every attempt of its portfolio.

    `apart_from` is the assignment of somebody who holds a seat: it does not stand in their way.
    Without a time, whoever once said "not now" still counts as turned away.
    """
    apart = frozenset() if apart_from is None else frozenset({apart_from})
    return matters_of(session, [submission], apart_from=apart, at=at)[submission.id]


def matters_of(
    session: Session,
    found: Sequence[Submission],
    *,
    apart_from: Collection[str] = frozenset(),
    at: datetime | None = None,
    wide: Collection[str] = frozenset(),
) -> dict[str, Matter]:
    """Return the matters of submissions by id, in the same number of queries for one as for many.

    `wide` are the submissions for which people may be asked again sooner than they wished.
    """
    learners = [one.learner_id for one in found]
    people = people_of(session, learners)
    rows = session.execute(select(Person.id, Person.sector).where(Person.id.in_(learners)))
    sectors = {learner_id: sector for learner_id, sector in rows}
    asked = _asked(session, found, apart_from)
    parts = _parts(session, [one.portfolio_id for one in found])
    attesters = _attesters(session, learners)
    editions = {
        one.id: catalog.definition_of(one)
        for one in session.scalars(
            select(BadgeEdition).where(BadgeEdition.id.in_({one.edition_id for one in found}))
        )
    }
    return {
        one.id: Matter(
            submission_id=one.id,
            learner_id=one.learner_id,
            badge_id=one.badge_id,
            identity_keys=people.keys[one.learner_id],
            organisations=people.organisations[one.learner_id],
            ties=people.ties[one.learner_id],
            attester_keys=frozenset(attesters[one.learner_id]),
            other_parts=frozenset(parts[one.portfolio_id]),
            earlier_reviewers=frozenset(
                row.reviewer_id for row in asked[one.portfolio_id] if _has_looked(row)
            ),
            turned_away=frozenset(
                row.reviewer_id
                for row in asked[one.portfolio_id]
                if row.submission_id == one.id
                and is_turned_away(row, at=at, is_wide=one.id in wide)
            ),
            sector=context["sector"] or sectors[one.learner_id],
            language=edition.language,
            competencies=frozenset(edition.competencies),
            topics=frozenset(edition.tags),
            setting=" ".join((context["role"], context["sector"], context["context"])),
            workload_hours=edition.workload_hours,
            weights=edition.review_policy.fit_weights,
            read_at=at,
        )
        for one in found
        for edition in (editions[one.edition_id],)
        for context in (submissions.manifest_of(one)["context"],)
    }


def is_turned_away(row: Assignment, *, at: datetime | None, is_wide: bool = False) -> bool:
    """Whether what became of an invitation keeps its reviewer from being asked for it again."""
    if row.state not in TURNED_AWAY:
        return False
    if at is None or row.ask_again_at is None:
        return True
    is_soon_enough = is_wide and row.ended_at is not None and row.ended_at + REST <= at
    return row.ask_again_at > at and not is_soon_enough


def _asked(
    session: Session, found: Sequence[Submission], apart_from: Collection[str]
) -> dict[str, list[Assignment]]:
    """Return everybody who was asked in any attempt of the same portfolios, by portfolio."""
    rows = session.execute(
        select(Assignment, Submission.portfolio_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Submission.portfolio_id.in_([one.portfolio_id for one in found]))
        .execution_options(populate_existing=True)
    )
    asked: dict[str, list[Assignment]] = defaultdict(list)
    for row, portfolio_id in rows:
        if row.id not in apart_from:
            asked[portfolio_id].append(row)
    return asked


def _parts(session: Session, portfolio_ids: Sequence[str]) -> dict[str, set[str]]:
    """Return who is something else than a reviewer in some matters, by portfolio."""
    found: dict[str, set[str]] = defaultdict(set)
    for portfolio_id, person_id in session.execute(
        select(MatterPart.portfolio_id, MatterPart.person_id).where(
            MatterPart.portfolio_id.in_(portfolio_ids), MatterPart.part != Part.REVIEWER.value
        )
    ):
        found[portfolio_id].add(person_id)
    return found


def _attesters(session: Session, learner_ids: Sequence[str]) -> dict[str, set[str]]:
    """Return who was ever asked to confirm work of learners, by folded address (INV-07)."""
    found: dict[str, set[str]] = defaultdict(set)
    for learner_id, address in session.execute(
        select(Portfolio.learner_id, Attestation.address)
        .join(Portfolio, Portfolio.id == Attestation.portfolio_id)
        .where(Portfolio.learner_id.in_(learner_ids))
    ):
        found[learner_id].add(identity_key(address))
    return found


def _has_looked(row: Assignment) -> bool:
    """Whether somebody reviews, reviewed or at least opened the work, in whatever attempt."""
    return row.opened_at is not None or row.state in (*PENDING_STATES, *LOOKED_STATES)


def candidates(session: Session, person_ids: Iterable[str]) -> list[Candidate]:
    """Return people as eligibility and affinity see them."""
    ids = list(dict.fromkeys(person_ids))
    people = people_of(session, ids)
    profiles = {
        row.person_id: row
        for row in session.scalars(
            select(ReviewerProfile)
            .where(ReviewerProfile.person_id.in_(ids))
            .execution_options(populate_existing=True)
        )
    }
    persons = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    held: dict[str, list[Held]] = defaultdict(list)
    for row in session.scalars(select(Qualification).where(Qualification.person_id.in_(ids))):
        held[row.person_id].append(
            Held(row.badge_id, row.state, row.valid_from, row.valid_until, row.source)
        )
    load, done = loads_of(session, ids)
    known = experience_of(session, {one: [had.badge_id for had in held[one]] for one in ids})
    return [
        Candidate(
            person_id=one,
            identity_keys=people.keys[one],
            organisations=people.organisations[one],
            ties=people.ties[one],
            qualifications=tuple(held[one]),
            is_available=profiles[one].is_available and persons[one].disabled_at is None,
            paused_until=profiles[one].paused_until,
            max_open=profiles[one].max_open,
            open_load=load[one],
            reviews_done=done[one],
            sector=persons[one].sector,
            sectors=tuple(profiles[one].sectors),
            languages=tuple(profiles[one].languages) or (persons[one].language,),
            first_language=persons[one].language,
            topics=tuple(profiles[one].topics),
            competencies=known[one].competencies,
            reviews_by_badge=known[one].reviews_by_badge,
            last_review_at=known[one].last_review_at,
        )
        for one in ids
        if one in profiles and one in persons
    ]


class People:
    """Addresses, employers and ties of some people, by person."""

    def __init__(self) -> None:
        self.keys: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.organisations: dict[str, tuple[Organisation, ...]] = defaultdict(tuple)
        self.ties: dict[str, tuple[Tie, ...]] = defaultdict(tuple)


def people_of(session: Session, ids: list[str]) -> People:
    """Return the verified addresses, employers and ties of some people."""
    found = People()
    addresses = select(EmailAddress).where(
        EmailAddress.person_id.in_(ids), EmailAddress.verified_at.is_not(None)
    )
    for email in session.scalars(addresses):
        found.keys[email.person_id] |= {email.identity_key}
    for job in session.scalars(select(Employment).where(Employment.person_id.in_(ids))):
        found.organisations[job.person_id] += (
            Organisation(job.organisation, job.from_date, job.until_date),
        )
    ties = session.scalars(
        select(DeclaredConflict).where(
            DeclaredConflict.person_id.in_(ids) | DeclaredConflict.other_person_id.in_(ids)
        )
    )
    for tie in ties:
        for one, other in (
            (tie.person_id, tie.other_person_id),
            (tie.other_person_id, tie.person_id),
        ):
            if one is not None:
                found.ties[one] += (
                    Tie(other, tie.other_key, tie.organisation, tie.until_at, tie.from_at),
                )
    return found


def loads_of(session: Session, ids: list[str]) -> tuple[Counter[str], Counter[str]]:
    """Return how many seats each person holds now, and how many reviews each has given."""
    rows = session.execute(
        select(Assignment.reviewer_id, Assignment.state, func.count())
        .where(Assignment.reviewer_id.in_(ids))
        .group_by(Assignment.reviewer_id, Assignment.state)
    )
    load: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for reviewer, state, count in rows:
        if state in PENDING_STATES:
            load[reviewer] += count
        elif state in DONE_STATES:
            done[reviewer] += count
    return load, done
