"""Reading rounds and assignments."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, false, func, or_, select, true
from sqlalchemy.orm import Session

from accounts.addresses import identity_key
from core.errors import NotFound
from portfolio.composing.models import Attestation, Portfolio
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.eligibility import (
    Candidate,
    Matter,
    Objection,
    objection_to_reading,
    objection_to_staying,
    tie_between,
)
from review.assignment.matters import candidates, matter
from review.assignment.models import Assignment, ReviewRound
from review.assignment.persons import People, people_of
from review.assignment.refusals import to_reviewer
from review.assignment.states import (
    DONE_STATES,
    SEATED_STATES,
    UNDER_WAY_STATES,
    RoundKind,
)

# While a submission is here, people may be asked to review it, and may answer.
GATHERING = frozenset(
    {
        SubmissionState.AWAITING_REVIEWERS,
        SubmissionState.UNDER_REVIEW,
        SubmissionState.IN_ADJUDICATION,
    }
)
# While a submission is here, it may be read apart: for calibration, as gold, for an audit.
READ_APART = GATHERING | {
    SubmissionState.IN_COMMITTEE,
    SubmissionState.DECIDED,
    SubmissionState.RELEASED,
    SubmissionState.CLOSED,
}
# Readings apart that come to somebody as any other invitation does.
LIKE_ANY_OTHER = (RoundKind.GOLD.value,)


def assignment_of(
    session: Session, assignment_id: str, *, reviewer_id: str | None = None
) -> Assignment:
    """Return an assignment; with a reviewer, only their own, as if others did not exist."""
    found = session.get(Assignment, assignment_id)
    if found is None or reviewer_id not in (None, found.reviewer_id):
        raise NotFound()
    return found


def kind_of(session: Session, assignment: Assignment) -> RoundKind:
    """Return why an assignment was made."""
    return RoundKind(session.get_one(ReviewRound, assignment.round_id).kind)


def goes_on(assignment: Assignment, submission: Submission) -> bool:
    """Whether a submission stands where this assignment may be answered, worked on and sealed."""
    where = GATHERING if assignment.is_counted else READ_APART
    return SubmissionState(submission.state) in where


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
            Assignment.round_id == round_id, Assignment.state.in_(SEATED_STATES)
        )
    )
    return {row.seat: row for row in rows}


def objection_now(session: Session, assignment: Assignment, *, at: datetime) -> str | None:
    """Return why the reviewer of an assignment may not go on with it today (INV-06, INV-25).

    The words are for the reviewer, and never say whose work it is. To read for calibration or an
    audit nobody needs the right to review the badge.
    """
    submission = session.get_one(Submission, assignment.submission_id)
    about = matter(session, submission, apart_from=assignment.id)
    # Whoever was asked again after a "not now" is welcome to say yes this time.
    about = replace(about, turned_away=about.turned_away - {assignment.reviewer_id})
    if assignment.is_counted or kind_of(session, assignment).value in LIKE_ANY_OTHER:
        (candidate,) = candidates(session, [assignment.reviewer_id])
        found = objection_to_staying(candidate, about, at=at)
    else:
        if kind_of(session, assignment) is RoundKind.AUDIT:
            # Whoever reads for an audit took the committee's part for it.
            about = replace(about, other_parts=about.other_parts - {assignment.reviewer_id})
        reader = _somebody(people_of(session, [assignment.reviewer_id]), assignment.reviewer_id)
        found = objection_to_reading(reader, about, at=at)
    return None if found is None else to_reviewer(found)


def ties_to(
    session: Session, submissions: Sequence[Submission], person_id: str, *, at: datetime
) -> dict[str, Objection]:
    """Return what ties a person, in the reviewers' pool or not, to the learners of submissions.

    By submission id, and only where there is a tie (INV-06, 07, 11).
    """
    people = people_of(session, [person_id, *(one.learner_id for one in submissions)])
    attesters: dict[str, set[str]] = defaultdict(set)
    for learner_id, address in session.execute(
        select(Portfolio.learner_id, Attestation.address)
        .join(Portfolio, Portfolio.id == Attestation.portfolio_id)
        .where(Portfolio.learner_id.in_([one.learner_id for one in submissions]))
    ):
        attesters[learner_id].add(identity_key(address))
    somebody = _somebody(people, person_id)
    found = {
        one.id: tie_between(
            somebody,
            Matter(
                submission_id=one.id,
                learner_id=one.learner_id,
                badge_id=one.badge_id,
                identity_keys=people.keys[one.learner_id],
                organisations=people.organisations[one.learner_id],
                ties=people.ties[one.learner_id],
                attester_keys=frozenset(attesters[one.learner_id]),
            ),
            at=at,
        )
        for one in submissions
    }
    return {key: tie for key, tie in found.items() if tie is not None}


def _somebody(people: People, person_id: str) -> Candidate:
    """Return a person as far as ties are concerned, in the reviewers' pool or not."""
    return Candidate(
        person_id=person_id,
        identity_keys=people.keys[person_id],
        organisations=people.organisations[person_id],
        ties=people.ties[person_id],
    )


def rounds_with_free_seats(session: Session) -> list[str]:
    """Return the open rounds that lack somebody, the oldest first."""
    taken = (
        select(Assignment.round_id, func.count().label("taken"))
        .where(Assignment.state.in_(SEATED_STATES))
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


def rounds_to_route(
    session: Session,
    badge_id: str,
    *,
    at: datetime,
    only: Collection[str] | None = None,
    held: bool = False,
) -> list[str]:
    """Return the open rounds of a badge that want somebody yet, those held for a person left out.

    A round wants somebody until each of its seats, the extra ones included, was accepted. `only`
    narrows them to some rounds; with `held`, for a person who steers, those held are among them.
    """
    wanted = _to_route(at, held=held).where(Submission.badge_id == badge_id)
    if only is not None:
        wanted = wanted.where(ReviewRound.id.in_(only))
    return list(session.scalars(wanted))


def lacks_somebody(session: Session, round_id: str, *, at: datetime) -> bool:
    """Whether a round has a free seat among those that are wanted, and is not held for a person."""
    free = _to_route(at).where(
        ReviewRound.id == round_id, _count(SEATED_STATES) < ReviewRound.seats
    )
    return session.scalar(free) is not None


def badge_and_submission_of(session: Session, round_id: str) -> tuple[str, str] | None:
    """Return of what badge and submission a round is."""
    row = session.execute(
        select(Submission.badge_id, Submission.id)
        .join(ReviewRound, ReviewRound.submission_id == Submission.id)
        .where(ReviewRound.id == round_id)
    ).first()
    return None if row is None else (row[0], row[1])


def with_free_seats(session: Session, badge_id: str, *, most: int, at: datetime) -> set[str]:
    """Return rounds of a badge with a free seat, their submissions locked, from both ends.

    The oldest have waited longest, but may be those that nobody can fill; the newest are not
    held up by these. Those that are locked elsewhere are left out, so that nobody waits.
    """
    wanted = (
        _to_route(at)
        .add_columns(Submission.id)
        .where(Submission.badge_id == badge_id, _count(SEATED_STATES) < ReviewRound.seats)
        .order_by(None)
        .limit(most // 2)
        .with_for_update(of=Submission, skip_locked=True)
    )
    ends = (ReviewRound.opened_at.asc(), ReviewRound.opened_at.desc())
    return {row[0] for end in ends for row in session.execute(wanted.order_by(end, ReviewRound.id))}


def badges_to_route(session: Session, *, at: datetime) -> list[str]:
    """Return the badges of which a round wants somebody."""
    badges = _to_route(at).with_only_columns(Submission.badge_id).order_by(None)
    return sorted(set(session.scalars(badges)))


def _to_route(at: datetime, *, held: bool = False) -> Select[str]:
    accepted = _count([*UNDER_WAY_STATES, *DONE_STATES])
    return (
        select(ReviewRound.id)
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(
            ReviewRound.closed_at.is_(None),
            or_(
                true() if held else false(),
                ReviewRound.held_until.is_(None),
                ReviewRound.held_until <= at,
            ),
            Submission.state.in_(sorted(GATHERING)),
            accepted < ReviewRound.seats + ReviewRound.extra_seats,
        )
        .order_by(ReviewRound.opened_at, ReviewRound.id)
    )


def _count(states: Collection[str]) -> ScalarSelect[int]:
    """Return how many people a round has in some states, read through its seats' index."""
    return (
        select(func.count(Assignment.id))
        .where(Assignment.round_id == ReviewRound.id, Assignment.state.in_(states))
        .correlate(ReviewRound)
        .scalar_subquery()
    )


def without_a_round(session: Session) -> list[str]:
    """Return the submissions that wait for reviewers, and for which none was opened yet."""
    opened = select(ReviewRound.submission_id).where(ReviewRound.closed_at.is_(None))
    return list(
        session.scalars(
            select(Submission.id)
            .where(
                Submission.state == SubmissionState.AWAITING_REVIEWERS.value,
                Submission.id.not_in(opened),
            )
            .order_by(Submission.id)
        )
    )
