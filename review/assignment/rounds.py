"""Rounds of review: opened, filled with the best people who are free, and ended.

Three kinds of row are the locks, always in this order: the badge's, the submission's, then the
limits of those who are about to be asked, by id. The unique keys (one person per seat, one seat
per person and submission) are the last word between hosts.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit, jobs
from portfolio.submission.queries import locked_submission
from portfolio.submission.states import SubmissionState
from review.assignment import offers, openings, queries
from review.assignment.models import Assignment, ReviewRound
from review.assignment.offers import CLOCK, ROUTER, definition_of
from review.assignment.openings import Openings
from review.assignment.states import APART, PENDING_STATES, AssignmentState, RoundKind

# How many rounds are filled together, the one that was asked for among them.
AT_ONCE = 24


def open_round(
    session: Session, submission_id: str, *, kind: RoundKind, seats: int, by: str, at: datetime
) -> ReviewRound:
    """Open a round of review with its free seats; the router fills it right after the commit."""
    made = ReviewRound(
        submission_id=submission_id,
        number=_next_number(session, submission_id),
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
    ask_next(session, made.id)
    return made


def open_apart(
    session: Session,
    submission_id: str,
    person_id: str,
    *,
    kind: RoundKind,
    state: AssignmentState,
    answer_by: datetime,
    due_at: datetime | None,
    explanation: Mapping[str, Any],
    by: str,
    at: datetime,
) -> Assignment:
    """Give one person a submission to read apart from every decision: calibration, gold, audit.

    The round is closed from the start, so that the router never fills it and nothing is ever
    concluded from it (INV-22). `state` is invited, or accepted for somebody who took it.
    """
    if kind not in APART or state not in (AssignmentState.INVITED, AssignmentState.ACCEPTED):
        raise ValueError("a reading apart is invited or accepted, in a round of its own kind")
    locked_submission(session, submission_id)
    made = ReviewRound(
        submission_id=submission_id,
        number=_next_number(session, submission_id),
        kind=kind.value,
        seats=1,
        opened_at=at,
        closed_at=at,
    )
    session.add(made)
    session.flush()
    is_taken = state is AssignmentState.ACCEPTED
    reading = Assignment(
        round_id=made.id,
        submission_id=submission_id,
        reviewer_id=person_id,
        seat=1,
        state=state.value,
        is_counted=False,
        explanation=dict(explanation),
        invited_at=at,
        answer_by=answer_by,
        accepted_at=at if is_taken else None,
        due_at=due_at,
    )
    session.add(reading)
    session.flush()
    audit.record(
        session,
        "reading_apart_opened",
        subject_kind="assignment",
        subject_id=reading.id,
        by=by,
        at=at,
        detail={"submission": submission_id, "kind": kind.value},
    )
    return reading


def start_review(session: Session, submission_id: str, *, at: datetime) -> ReviewRound | None:
    """Open the first round of a submission that passed intake; safe to run twice."""
    submission = locked_submission(session, submission_id)
    if submission.state != SubmissionState.AWAITING_REVIEWERS.value:
        return None
    existing = queries.open_round(session, submission_id)
    if existing is not None:
        return existing
    return open_round(
        session,
        submission_id,
        kind=RoundKind.INITIAL,
        seats=definition_of(session, submission).review_policy.reviewers,
        by=ROUTER,
        at=at,
    )


def fill_round(session: Session, round_id: str, *, at: datetime) -> list[Assignment]:
    """Invite the best eligible people for the free seats of a round; safe to run twice.

    Other rounds of the badge that lack somebody are filled along with it, the oldest and the
    newest, since reading the pool costs more than choosing from it. Returns the new invitations;
    none when every seat is taken, the matter is no longer open or is held for a person, or nobody
    is eligible now (the sweep tries again). Only the limits of those who come first, and of the
    learners, are locked; what stands then decides.
    """
    found = queries.badge_and_submission_of(session, round_id)
    if found is None or not queries.lacks_somebody(session, round_id, at=at):
        return []
    badge_id, submission_id = found
    offers.lock_routing(session, badge_id)
    locked_submission(session, submission_id)
    if not queries.lacks_somebody(session, round_id, at=at):
        return []
    only = {round_id} | queries.with_free_seats(session, badge_id, most=AT_ONCE, at=at)
    seen = openings.read(session, badge_id, at=at, only=only, moves=False)
    chosen = seen.routed().offers
    if not chosen:
        return []
    learners = {one.submission.learner_id for one in seen.openings}
    locked = offers.lock_people(
        session, {*_first_choices(seen), *learners} | {one.reviewer for one in chosen}
    )
    held = openings.read(session, badge_id, at=at, only=only, among=locked, moves=False)
    made = offers.carry_out(session, held, held.routed(), at=at)
    missed = Counter(one.seeker for one in chosen) - Counter(one.round_id for one in made)
    for one in missed:
        ask_next(session, one)
    return made


def _first_choices(found: Openings) -> set[str]:
    """Return those who fit each round best, should somebody be taken meanwhile."""
    return {
        person
        for one in found.openings
        for person in sorted(one.seeker.fits, key=lambda who: (-one.seeker.fits[who], who))[
            : 2 * one.seeker.slots
        ]
    }


def end_all(session: Session, submission_id: str, *, at: datetime) -> None:
    """Take back every open invitation and review of a withdrawn submission, with thanks."""
    submission = locked_submission(session, submission_id)
    if submission.state != SubmissionState.WITHDRAWN.value:
        return
    current = queries.open_round(session, submission_id)
    if current is not None:
        current.closed_at = at
    rows = session.scalars(
        select(Assignment)
        .where(
            Assignment.submission_id == submission_id,
            Assignment.state.in_(PENDING_STATES),
        )
        .order_by(Assignment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for found in rows.all():
        offers.end_offer(session, found, by=CLOCK, at=at)
        notify(
            session,
            found.reviewer_id,
            kind="submission_withdrawn",
            title="A submission you were asked to review was taken back",
            body="You need not do anything more. Thank you for being ready.",
            path="/reviews",
            at=at,
        )


def _next_number(session: Session, submission_id: str) -> int:
    last = session.scalar(
        select(func.max(ReviewRound.number)).where(ReviewRound.submission_id == submission_id)
    )
    return (last or 0) + 1


def ask_next(session: Session, round_id: str) -> None:
    """Have the free seats of a round filled right after this transaction."""
    jobs.enqueue(session, "fill_round", round_id=round_id)
