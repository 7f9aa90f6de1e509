"""Asking reviewers: rounds, invitations and answers, with the next one asked by itself.

The submission's row and each reviewer's profile row are the locks, always in that order; the unique keys (one person per
seat, one seat per person and submission) are the last word between hosts.
"""

from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit, jobs
from core.errors import Conflict, Invalid, NotFound, Refused
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from portfolio.submission.services import move_to
from portfolio.submission.states import OPEN, SubmissionState
from review.assignment import queries
from review.assignment.affinity import affinity
from review.assignment.eligibility import Candidate, Matter, objection
from review.assignment.matching import Problem, match
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import (
    MOVES,
    PENDING,
    AssignmentState,
    DeclineReason,
    RoundKind,
)
from review.pool.models import ReviewerProfile
from review.pool.services import declare_conflict
from review.pool.states import ConflictKind

ROUTER = "system:router"
CLOCK = "system:clock"
TIES = {
    DeclineReason.CONFLICT: ConflictKind.OTHER,
    DeclineReason.RECOGNISED_AUTHOR: ConflictKind.RECOGNISED,
}


def open_round(
    session: Session, submission_id: str, *, kind: RoundKind, seats: int, by: str, at: datetime
) -> ReviewRound:
    """Open a round of review with its free seats; the router fills it right after the commit."""
    last = session.scalar(
        select(func.max(ReviewRound.number)).where(ReviewRound.submission_id == submission_id)
    )
    made = ReviewRound(
        submission_id=submission_id,
        number=(last or 0) + 1,
        kind=kind.value,
        seats=seats,
        opened_at=at,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "round_opened",
        subject_kind="round",
        subject_id=made.id,
        by=by,
        at=at,
        detail={"submission": submission_id, "kind": kind.value, "seats": seats},
    )
    jobs.enqueue(session, "fill_round", round_id=made.id)
    return made


def start_review(session: Session, submission_id: str, *, at: datetime) -> ReviewRound | None:
    """Open the first round of a submission that passed intake; safe to run twice."""
    submission = _submission(session, submission_id)
    if submission.state != SubmissionState.AWAITING_REVIEWERS.value:
        return None
    existing = queries.open_round(session, submission_id)
    if existing is not None:
        return existing
    policy = _definition(session, submission).review_policy
    return open_round(
        session,
        submission_id,
        kind=RoundKind.INITIAL,
        seats=policy.reviewers,
        by=ROUTER,
        at=at,
    )


def fill_round(session: Session, round_id: str, *, at: datetime) -> list[Assignment]:
    """Invite the best eligible people for the free seats of a round; safe to run twice.

    Returns the new invitations; none when every seat is taken, the matter is no longer open, or
    nobody is eligible now (the sweep tries again).
    """
    submission_id = session.scalar(
        select(ReviewRound.submission_id).where(ReviewRound.id == round_id)
    )
    if submission_id is None:
        return []
    submission = _submission(session, submission_id)
    current = session.get_one(ReviewRound, round_id, populate_existing=True)
    if current.closed_at is not None or SubmissionState(submission.state) not in OPEN:
        return []
    taken = queries.seats_taken(session, current.id)
    free = [seat for seat in range(1, current.seats + 1) if seat not in taken]
    if not free:
        return []
    about = queries.matter(session, submission)
    pool = queries.pool_for(session, submission.badge_id)
    eligible = [one for one in pool if objection(one, about, at=at) is None]
    chosen = _best(about, eligible, len(free))
    invited = []
    for seat, candidate in zip(free, chosen, strict=False):
        made = _invite(session, current, submission, candidate, about, seat, at=at)
        if made is not None:
            invited.append(made)
    return invited


def accept(session: Session, assignment_id: str, *, by: str, at: datetime) -> Assignment:
    """Accept an invitation, having declared that no conflict is known (INV-06, INV-41)."""
    found = _locked(session, assignment_id, by)
    if AssignmentState(found.state) is AssignmentState.ACCEPTED:
        return found
    if AssignmentState(found.state) is AssignmentState.INVITED and found.answer_by <= at:
        raise Conflict("The time to answer is over; somebody else is being asked.")
    reason = queries.objection_now(session, found, at=at)
    if reason is not None:
        raise Refused(reason)
    submission = _submission(session, found.submission_id)
    policy = _definition(session, submission).review_policy
    found.accepted_at = at
    found.due_at = at + timedelta(days=policy.review_days)
    move(found, AssignmentState.ACCEPTED, MOVES)
    session.flush()
    _record(session, "invitation_accepted", found, by=by, at=at)
    _note_all_seats_accepted(session, submission, found.round_id, at=at)
    return found


def decline(
    session: Session,
    assignment_id: str,
    *,
    reason: DeclineReason,
    note: str = "",
    by: str,
    at: datetime,
) -> Assignment:
    """Say no, before starting; the next person is asked at once, and it counts against nobody."""
    found = _locked(session, assignment_id, by)
    if AssignmentState(found.state) is AssignmentState.IN_PROGRESS:
        return recuse(session, assignment_id, reason=reason, note=note, by=by, at=at)
    _end(session, found, AssignmentState.DECLINED, reason, note, by=by, at=at)
    return found


def recuse(
    session: Session,
    assignment_id: str,
    *,
    reason: DeclineReason,
    note: str = "",
    by: str,
    at: datetime,
) -> Assignment:
    """Step back from a review that was begun; what was scored so far counts for nothing."""
    found = _locked(session, assignment_id, by)
    _end(session, found, AssignmentState.RECUSED, reason, note, by=by, at=at)
    return found


def lapse_due(session: Session, *, at: datetime) -> int:
    """End the invitations that nobody answered in time, and ask the next; return how many."""
    count = 0
    for assignment_id in queries.lapsed(session, at=at):
        found = session.scalar(
            select(Assignment)
            .where(Assignment.id == assignment_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if found is None or found.state != AssignmentState.INVITED.value:
            continue
        found.ended_at = at
        move(found, AssignmentState.LAPSED, MOVES)
        _record(session, "invitation_lapsed", found, by=CLOCK, at=at)
        jobs.enqueue(session, "fill_round", round_id=found.round_id)
        notify(
            session,
            found.reviewer_id,
            kind="invitation_lapsed",
            title="An invitation to review has lapsed",
            body="The time to answer is over and somebody else is asked. Nothing is held"
            " against you; pause whenever you like.",
            path="/reviewing",
            at=at,
        )
        count += 1
    return count


def end_all(session: Session, submission_id: str, *, at: datetime) -> None:
    """Take back every open invitation and review of a withdrawn submission, with thanks."""
    current = queries.open_round(session, submission_id)
    if current is None:
        return
    current.closed_at = at
    rows = session.scalars(
        select(Assignment)
        .where(Assignment.round_id == current.id, Assignment.state.in_(queries.PENDING_STATES))
        .with_for_update()
    )
    for found in rows:
        found.ended_at = at
        move(found, AssignmentState.WITHDRAWN, MOVES)
        _record(session, "assignment_withdrawn", found, by=CLOCK, at=at)
        notify(
            session,
            found.reviewer_id,
            kind="submission_withdrawn",
            title="A submission you were asked to review was taken back",
            body="You need not do anything more. Thank you for being ready.",
            path="/reviews",
            at=at,
        )


def _best(about: Matter, eligible: list[Candidate], seats: int) -> list[Candidate]:
    if not eligible:
        return []
    similarity = np.array([[affinity(one, about).total for one in eligible]])
    plan = match(
        Problem(
            similarity=similarity,
            demand=np.array([seats]),
            load_max=np.array([one.max_open - one.open_load for one in eligible]),
        )
    )
    order = sorted(plan.pairs[:, 1].tolist(), key=lambda column: -similarity[0, column])
    return [eligible[column] for column in order]


def _invite(
    session: Session,
    current: ReviewRound,
    submission: Submission,
    candidate: Candidate,
    about: Matter,
    seat: int,
    *,
    at: datetime,
) -> Assignment | None:
    if not _has_room(session, candidate):
        return None
    definition = _definition(session, submission)
    fit = affinity(candidate, about)
    made = Assignment(
        round_id=current.id,
        submission_id=submission.id,
        reviewer_id=candidate.person_id,
        seat=seat,
        explanation={"total": fit.total, "terms": [vars(term) for term in fit.terms]},
        invited_at=at,
        answer_by=at + timedelta(days=definition.review_policy.invitation_days),
    )
    session.add(made)
    session.flush()
    _record(session, "reviewer_invited", made, by=ROUTER, at=at)
    notify(
        session,
        candidate.person_id,
        kind="invitation",
        title=f"Would you review a portfolio for {definition.title}?",
        body=f"It takes about {definition.review_policy.estimated_minutes} minutes."
        f" Please answer by {made.answer_by:%d %B %Y}; a no is just as welcome as a yes.",
        path=f"/reviews/{made.id}/invitation",
        at=at,
    )
    return made


def _has_room(session: Session, candidate: Candidate) -> bool:
    """Whether a person has room still, with their row locked against another router (INV-41)."""
    profile = session.scalars(
        select(ReviewerProfile)
        .where(ReviewerProfile.person_id == candidate.person_id)
        .with_for_update()
    ).one()
    load = session.scalar(
        select(func.count())
        .select_from(Assignment)
        .where(
            Assignment.reviewer_id == candidate.person_id,
            Assignment.state.in_(queries.PENDING_STATES),
        )
    )
    return (load or 0) < profile.max_open


def _end(
    session: Session,
    found: Assignment,
    to: AssignmentState,
    reason: DeclineReason,
    note: str,
    *,
    by: str,
    at: datetime,
) -> None:
    if reason is DeclineReason.OTHER and not note.strip():
        raise Invalid("Say in a few words why.", "note")
    found.decline_reason, found.decline_note, found.ended_at = reason.value, note.strip(), at
    move(found, to, MOVES)
    session.flush()
    _record(session, f"assignment_{to.value}", found, by=by, at=at, detail={"reason": reason.value})
    submission = _submission(session, found.submission_id)
    if reason in TIES:
        declare_conflict(
            session,
            found.reviewer_id,
            kind=TIES[reason],
            other_person_id=submission.learner_id,
            by=by,
            at=at,
            is_derived=True,
        )
    if submission.state == SubmissionState.UNDER_REVIEW.value:
        move_to(session, submission, SubmissionState.AWAITING_REVIEWERS, by=ROUTER, at=at)
    jobs.enqueue(session, "fill_round", round_id=found.round_id)


def _note_all_seats_accepted(
    session: Session, submission: Submission, round_id: str, *, at: datetime
) -> None:
    seated = queries.seats_taken(session, round_id).values()
    current = session.get_one(ReviewRound, round_id)
    accepted = [one for one in seated if one.state != AssignmentState.INVITED.value]
    if len(accepted) < current.seats:
        return
    if submission.state == SubmissionState.AWAITING_REVIEWERS.value:
        move_to(session, submission, SubmissionState.UNDER_REVIEW, by=ROUTER, at=at)
        notify(
            session,
            submission.learner_id,
            kind="reviewers_found",
            title="Reviewers have been found for your portfolio",
            body="They are reading your work now. You need not do anything.",
            path=f"/submissions/{submission.id}",
            at=at,
        )


def _locked(session: Session, assignment_id: str, by: str) -> Assignment:
    found = queries.assignment_of(session, assignment_id, reviewer_id=by)
    session.scalars(
        select(Submission).where(Submission.id == found.submission_id).with_for_update()
    ).one()
    locked = session.scalars(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if AssignmentState(locked.state) not in PENDING:
        raise Conflict("This invitation is no longer open.")
    return locked


def _submission(session: Session, submission_id: str) -> Submission:
    found = session.scalar(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def _definition(session: Session, submission: Submission) -> EditionDefinition:
    return catalog.definition_of(catalog.edition(session, submission.edition_id))


def _record(
    session: Session,
    verb: str,
    found: Assignment,
    *,
    by: str,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        session,
        verb,
        subject_kind="assignment",
        subject_id=found.id,
        by=by,
        at=at,
        detail={"submission": found.submission_id, **(detail or {})},
    )
