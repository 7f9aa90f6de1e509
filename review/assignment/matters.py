"""Building what eligibility and affinity judge: a matter, and the people who might review it.

Conflicts and loads are read for one badge's pool in a handful of queries, whatever its size.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.addresses import identity_key
from accounts.models import EmailAddress, Employment, Person
from credentials.catalog import queries as catalog
from portfolio.composing.models import Attestation, Portfolio
from portfolio.submission import queries as submissions
from portfolio.submission.models import Submission
from review.assignment.eligibility import Candidate, Held, Matter, Organisation, Tie
from review.assignment.models import Assignment
from review.assignment.states import PENDING, AssignmentState
from review.pool.models import DeclaredConflict, Qualification, ReviewerProfile
from review.pool.parts import parts_in
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
# Who said no, did not answer or stepped back is not asked again in the same matter.
TURNED_AWAY = (
    AssignmentState.DECLINED.value,
    AssignmentState.LAPSED.value,
    AssignmentState.RECUSED.value,
    AssignmentState.REASSIGNED.value,
    AssignmentState.VOIDED.value,
)


def matter(session: Session, submission: Submission, *, apart_from: str | None = None) -> Matter:
    """Return what eligibility needs to know of a submission and every attempt of its portfolio.

    `apart_from` is the assignment of somebody who holds a seat: it does not stand in their way.
    """
    attempts = select(Submission.id).where(Submission.portfolio_id == submission.portfolio_id)
    rows = session.scalars(select(Assignment).where(Assignment.submission_id.in_(attempts)))
    others = [row for row in rows if row.id != apart_from]
    learner = session.get_one(Person, submission.learner_id)
    people = people_of(session, [learner.id])
    parts = parts_in(session, submission.portfolio_id)
    context = submissions.manifest_of(submission)["context"]
    edition = catalog.edition(session, submission.edition_id)
    return Matter(
        submission_id=submission.id,
        learner_id=learner.id,
        badge_id=submission.badge_id,
        identity_keys=people.keys[learner.id],
        organisations=people.organisations[learner.id],
        ties=people.ties[learner.id],
        attester_keys=_attesters(session, learner.id),
        other_parts=frozenset(one for one, part in parts.items() if part is not Part.REVIEWER),
        earlier_reviewers=frozenset(row.reviewer_id for row in others if _has_looked(row)),
        turned_away=frozenset(
            row.reviewer_id
            for row in others
            if row.submission_id == submission.id and row.state in TURNED_AWAY
        ),
        sector=context["sector"] or learner.sector,
        language=catalog.definition_of(edition).language,
    )


def _attesters(session: Session, learner_id: str) -> frozenset[str]:
    """Return who was ever asked to confirm work of a learner, by folded address (INV-07)."""
    rows = session.scalars(
        select(Attestation.address)
        .join(Portfolio, Portfolio.id == Attestation.portfolio_id)
        .where(Portfolio.learner_id == learner_id)
    )
    return frozenset(identity_key(address) for address in rows)


def _has_looked(row: Assignment) -> bool:
    """Whether somebody reviews, reviewed or at least opened the work, in whatever attempt."""
    return row.opened_at is not None or row.state in (*PENDING_STATES, *LOOKED_STATES)


def pool_for_update(session: Session, badge_id: str) -> list[Candidate]:
    """Return everybody who has, or had, a qualification for a badge, their limits locked.

    The locks keep two routers from counting the same free place twice (INV-41). They are taken
    in the order of ids, so that routers of different badges cannot block each other for good.
    """
    ids = session.scalars(
        select(ReviewerProfile.person_id)
        .join(Qualification, Qualification.person_id == ReviewerProfile.person_id)
        .where(Qualification.badge_id == badge_id)
        .order_by(ReviewerProfile.person_id)
        .with_for_update(of=ReviewerProfile)
    ).all()
    return candidates(session, ids)


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
        held[row.person_id].append(Held(row.badge_id, row.state, row.valid_from, row.valid_until))
    load, done = loads_of(session, ids)
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
                found.ties[one] += (Tie(other, tie.other_key, tie.organisation, tie.until_at),)
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
