"""Reading rounds and assignments, and building what eligibility and affinity judge.

Conflicts and loads are read for one badge's pool in a handful of queries, whatever its size.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import EmailAddress, Employment, Person
from core.errors import NotFound
from portfolio.composing.models import Attestation
from portfolio.submission.models import Submission
from review.assignment.eligibility import (
    Candidate,
    Held,
    Matter,
    Objection,
    Organisation,
    Tie,
    objection,
    tie_between,
)
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import PENDING, AssignmentState
from review.pool.models import DeclaredConflict, Qualification, ReviewerProfile

PENDING_STATES = tuple(sorted(state.value for state in PENDING))
DONE_STATES = (AssignmentState.SEALED.value, AssignmentState.CLOSED.value)
# Who said no, did not answer or stepped back is not asked again in the same matter.
TURNED_AWAY = (
    AssignmentState.DECLINED.value,
    AssignmentState.LAPSED.value,
    AssignmentState.RECUSED.value,
    AssignmentState.REASSIGNED.value,
    AssignmentState.VOIDED.value,
)


def assignment_of(session: Session, assignment_id: str, *, reviewer_id: str) -> Assignment:
    """Return a reviewer's own assignment; somebody else's looks as if it did not exist."""
    found = session.get(Assignment, assignment_id)
    if found is None or found.reviewer_id != reviewer_id:
        raise NotFound()
    return found


def desk_of(session: Session, reviewer_id: str) -> list[tuple[Assignment, Submission]]:
    """Return a reviewer's assignments with their submissions, the soonest due first."""
    rows = session.execute(
        select(Assignment, Submission)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Assignment.reviewer_id == reviewer_id)
        .order_by(Assignment.invited_at.desc())
        .limit(100)
    )
    return [(row[0], row[1]) for row in rows]


def open_round(session: Session, submission_id: str) -> ReviewRound | None:
    """Return the round of a submission that still gathers reviews."""
    return session.scalar(
        select(ReviewRound).where(
            ReviewRound.submission_id == submission_id, ReviewRound.closed_at.is_(None)
        )
    )


def seats_taken(session: Session, round_id: str) -> dict[int, Assignment]:
    """Return who sits on which seat of a round."""
    rows = session.scalars(
        select(Assignment).where(
            Assignment.round_id == round_id, Assignment.state.in_([*PENDING_STATES, *DONE_STATES])
        )
    )
    return {row.seat: row for row in rows}


def matter(session: Session, submission: Submission) -> Matter:
    """Return what eligibility needs to know of a submission and all attempts before it."""
    attempts = select(Submission.id).where(Submission.portfolio_id == submission.portfolio_id)
    rows = session.execute(
        select(Assignment.reviewer_id, Assignment.submission_id, Assignment.state).where(
            Assignment.submission_id.in_(attempts)
        )
    ).all()
    learner = session.get_one(Person, submission.learner_id)
    people = _people(session, [learner.id])
    return Matter(
        submission_id=submission.id,
        learner_id=learner.id,
        badge_id=submission.badge_id,
        identity_keys=people.keys[learner.id],
        organisations=people.organisations[learner.id],
        ties=people.ties[learner.id],
        attester_keys=frozenset(
            session.scalars(
                select(Attestation.address).where(
                    Attestation.portfolio_id == submission.portfolio_id
                )
            )
        ),
        earlier_reviewers=frozenset(
            row.reviewer_id for row in rows if row.state in (*PENDING_STATES, *DONE_STATES)
        ),
        turned_away=frozenset(
            row.reviewer_id
            for row in rows
            if row.submission_id == submission.id and row.state in TURNED_AWAY
        ),
        sector=learner.sector,
        language=learner.language,
    )


def pool_for(session: Session, badge_id: str) -> list[Candidate]:
    """Return everybody who has, or had, a qualification for a badge."""
    ids = session.scalars(
        select(Qualification.person_id)
        .where(Qualification.badge_id == badge_id)
        .order_by(Qualification.person_id)
    ).all()
    return candidates(session, ids)


def candidates(session: Session, person_ids: Iterable[str]) -> list[Candidate]:
    """Return people as eligibility and affinity see them."""
    ids = list(dict.fromkeys(person_ids))
    people = _people(session, ids)
    profiles = {
        row.person_id: row
        for row in session.scalars(
            select(ReviewerProfile).where(ReviewerProfile.person_id.in_(ids))
        )
    }
    persons = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    held: dict[str, list[Held]] = defaultdict(list)
    for row in session.scalars(select(Qualification).where(Qualification.person_id.in_(ids))):
        held[row.person_id].append(Held(row.badge_id, row.state, row.valid_from, row.valid_until))
    load, done = _loads(session, ids)
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


def objection_now(session: Session, assignment: Assignment, *, at: datetime) -> str | None:
    """Return why the reviewer of an assignment may not go on with it today (INV-06, INV-25).

    The seat they hold is left out of the count, so their own load is no objection.
    """
    submission = session.get_one(Submission, assignment.submission_id)
    about = matter(session, submission).without(assignment.reviewer_id)
    (candidate,) = candidates(session, [assignment.reviewer_id])
    found = objection(candidate.already_seated(), about, at=at)
    return None if found is None else found.reason


def tie_of(
    session: Session, submission: Submission, person_id: str, *, at: datetime
) -> Objection | None:
    """Return what ties a person, in the reviewers' pool or not, to a learner (INV-06, 07, 11)."""
    people = _people(session, [person_id])
    somebody = Candidate(
        person_id=person_id,
        identity_keys=people.keys[person_id],
        organisations=people.organisations[person_id],
        ties=people.ties[person_id],
    )
    return tie_between(somebody, matter(session, submission), at=at)


def rounds_with_free_seats(session: Session) -> list[str]:
    """Return the open rounds that lack somebody, the oldest first."""
    taken = (
        select(Assignment.round_id, func.count().label("taken"))
        .where(Assignment.state.in_([*PENDING_STATES, *DONE_STATES]))
        .group_by(Assignment.round_id)
        .subquery()
    )
    return list(
        session.scalars(
            select(ReviewRound.id)
            .outerjoin(taken, taken.c.round_id == ReviewRound.id)
            .where(
                ReviewRound.closed_at.is_(None),
                func.coalesce(taken.c.taken, 0) < ReviewRound.seats,
            )
            .order_by(ReviewRound.opened_at)
        )
    )


def lapsed(session: Session, *, at: datetime) -> list[str]:
    """Return the invitations whose time to answer is over."""
    return list(
        session.scalars(
            select(Assignment.id).where(
                Assignment.state == AssignmentState.INVITED.value, Assignment.answer_by <= at
            )
        )
    )


class _People:
    """Addresses, employers and ties of some people, by person."""

    def __init__(self) -> None:
        self.keys: dict[str, frozenset[str]] = defaultdict(frozenset)
        self.organisations: dict[str, tuple[Organisation, ...]] = defaultdict(tuple)
        self.ties: dict[str, tuple[Tie, ...]] = defaultdict(tuple)


def _people(session: Session, ids: list[str]) -> _People:
    found = _People()
    for email in session.scalars(select(EmailAddress).where(EmailAddress.person_id.in_(ids))):
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
                    Tie(tie.kind, other, tie.organisation, tie.from_at, tie.until_at),
                )
    return found


def _loads(session: Session, ids: list[str]) -> tuple[Counter[str], Counter[str]]:
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
