"""Building what eligibility and affinity judge: a matter, and the people who might review it.

Conflicts and loads are read for one badge's pool in a handful of queries, whatever its size.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from accounts.addresses import identity_key
from accounts.models import Person
from core.among import among
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from portfolio.composing.models import Attestation, Portfolio
from portfolio.evidence.identity import needles_for
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from review.assignment.eligibility import Candidate, Held, Matter
from review.assignment.history import experience_of
from review.assignment.leave import REST
from review.assignment.models import Assignment
from review.assignment.persons import People, loads_of, people_of
from review.assignment.states import PENDING_STATES, AssignmentState
from review.pool import queries as pool
from review.pool.models import MatterPart, Qualification, ReviewerProfile
from review.pool.states import Part

LOOKED_STATES = tuple(
    state.value
    for state in (
        AssignmentState.SEALED,
        AssignmentState.CLOSED,
        AssignmentState.RECUSED,
        AssignmentState.VOIDED,
    )
)
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
    persons = {
        row.id: row
        for row in session.execute(
            select(Person.id, Person.name, Person.sector).where(Person.id.in_(learners))
        )
    }
    asked = _asked(session, found, apart_from)
    parts = _parts(session, [one.portfolio_id for one in found])
    attesters = _attesters(session, learners)
    since = pool.calibration_from(session, {one.badge_id for one in found})
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
            attester_keys=frozenset(
                identity_key(address) for _, address in attesters[one.learner_id]
            ),
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
            sector=context["sector"] or persons[one.learner_id].sector,
            language=edition.language,
            competencies=frozenset(edition.competencies),
            topics=frozenset(edition.tags),
            setting=" ".join((context["role"], context["sector"], context["context"])),
            hidden=_telling(persons[one.learner_id], people, attesters[one.learner_id]),
            workload_hours=edition.workload_hours,
            weights=edition.review_policy.fit_weights,
            calibration_from=since.get(one.badge_id),
            read_at=at,
        )
        for one in found
        for edition in (editions[one.edition_id],)
        for context in (submissions.manifest_of(one)["context"],)
    }


def is_turned_away(row: Assignment, *, at: datetime | None, is_wide: bool = False) -> bool:
    """Whether what became of an invitation keeps its reviewer from being asked for it again."""
    if row.state not in TURNED_AWAY or not row.is_counted:
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


def _attesters(session: Session, learner_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Return who was ever asked to confirm work of learners, by name and address (INV-07)."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for learner_id, name, address in session.execute(
        select(Portfolio.learner_id, Attestation.name, Attestation.address)
        .join(Portfolio, Portfolio.id == Attestation.portfolio_id)
        .where(Portfolio.learner_id.in_(learner_ids))
        .order_by(Attestation.id)
    ):
        found[learner_id].append((name, address))
    return found


def _telling(
    learner: Row[str, str, str], people: People, attesters: Sequence[tuple[str, str]]
) -> tuple[str, ...]:
    """Return the words that give a learner away, which no reason may rest on (INV-12)."""
    return tuple(
        needles_for(
            [learner.name, *(name for name, _ in attesters)],
            [*people.addresses[learner.id], *(address for _, address in attesters)],
            [one.name for one in people.organisations[learner.id]],
        )
    )


def _has_looked(row: Assignment) -> bool:
    """Whether somebody reviews, reviewed or at least opened the work, in whatever attempt.

    Reading it apart counts too: whoever saw the committee's levels of one attempt must not judge
    another (INV-16).
    """
    return row.opened_at is not None or row.state in (*PENDING_STATES, *LOOKED_STATES)


def words_of_pool(session: Session, badge_id: str) -> list[tuple[str, ...]]:
    """Return the sectors and topics that each person of a badge's pool knows."""
    rows = session.execute(
        select(Person.sector, ReviewerProfile.sectors, ReviewerProfile.topics)
        .join(ReviewerProfile, ReviewerProfile.person_id == Person.id)
        .join(Qualification, Qualification.person_id == Person.id)
        .where(Qualification.badge_id == badge_id)
    )
    return [(sector, *sectors, *topics) for sector, sectors, topics in rows]


def candidates(session: Session, person_ids: Iterable[str]) -> list[Candidate]:
    """Return people as eligibility and affinity see them."""
    ids = list(dict.fromkeys(person_ids))
    people = people_of(session, ids)
    # Columns, not rows of the mapping: a pool can be thousands of people.
    limits = {row.person_id: row for row in session.execute(_limits(ids))}
    held: dict[str, list[Held]] = defaultdict(list)
    for row in session.execute(_held(ids)):
        held[row.person_id].append(
            Held(
                row.badge_id,
                row.state,
                row.valid_from,
                row.valid_until,
                row.source,
                row.calibrated_until,
            )
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
            is_available=limits[one].is_available and limits[one].disabled_at is None,
            paused_until=limits[one].paused_until,
            max_open=limits[one].max_open,
            open_load=load[one],
            reviews_done=done[one],
            sector=limits[one].sector,
            sectors=tuple(limits[one].sectors),
            languages=tuple(limits[one].languages) or (limits[one].language,),
            first_language=limits[one].language,
            topics=tuple(limits[one].topics),
            competencies=known[one].competencies,
            reviews_by_badge=known[one].reviews_by_badge,
            last_review_at=known[one].last_review_at,
        )
        for one in ids
        if one in limits
    ]


def _limits(ids: list[str]) -> Any:
    return (
        select(
            ReviewerProfile.person_id,
            ReviewerProfile.is_available,
            ReviewerProfile.paused_until,
            ReviewerProfile.max_open,
            ReviewerProfile.sectors,
            ReviewerProfile.languages,
            ReviewerProfile.topics,
            Person.disabled_at,
            Person.sector,
            Person.language,
        )
        .join(Person, Person.id == ReviewerProfile.person_id)
        .where(among(ReviewerProfile.person_id, ids))
    )


def _held(ids: list[str]) -> Any:
    return select(
        Qualification.person_id,
        Qualification.badge_id,
        Qualification.state,
        Qualification.valid_from,
        Qualification.valid_until,
        Qualification.source,
        Qualification.calibrated_until,
    ).where(among(Qualification.person_id, ids))
