"""Rounds of review: opened, filled with the best people who are free, and ended.

Two kinds of row are the locks, always in this order: the submission's, then the limits of
everybody who could be asked, by id. The unique keys (one person per seat, one seat per person and
submission) are the last word between hosts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit, jobs
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from portfolio.submission.states import SubmissionState
from review.assignment import matters, queries
from review.assignment.affinity import affinity
from review.assignment.eligibility import Candidate, Matter, objection
from review.assignment.matching import Problem, match
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import MOVES, AssignmentState, RoundKind

ROUTER = "system:router"
CLOCK = "system:clock"


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
    ask_next(session, made.id)
    return made


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

    Returns the new invitations; none when every seat is taken, the matter is no longer open, or
    nobody is eligible now (the sweep tries again).
    """
    submission_id = session.scalar(
        select(ReviewRound.submission_id).where(ReviewRound.id == round_id)
    )
    if submission_id is None:
        return []
    submission = locked_submission(session, submission_id)
    current = session.get_one(ReviewRound, round_id, populate_existing=True)
    if current.closed_at is not None or SubmissionState(submission.state) not in queries.GATHERING:
        return []
    taken = queries.seats_taken(session, current.id)
    free = [seat for seat in range(1, current.seats + 1) if seat not in taken]
    if not free:
        return []
    about = matters.matter(session, submission)
    pool = matters.pool_for_update(session, submission.badge_id)
    eligible = [one for one in pool if objection(one, about, at=at) is None]
    chosen = _best(about, eligible, len(free))
    return [
        _invite(session, current, submission, candidate, about, seat, at=at)
        for seat, candidate in zip(free, chosen, strict=False)
    ]


def refill(session: Session, *, at: datetime) -> int:
    """Start what intake passed, and ask again for every seat that is still free; return how many.

    This finds what a lost event left behind, and seats for which nobody was free before.
    """
    rows = queries.without_a_round(session)
    for submission_id in rows:
        start_review(session, submission_id, at=at)
    waiting = queries.rounds_with_free_seats(session)
    for round_id in waiting:
        ask_next(session, round_id)
    return len(rows) + len(waiting)


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
            Assignment.state.in_(matters.PENDING_STATES),
        )
        .order_by(Assignment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for found in rows.all():
        found.ended_at = at
        move(found, AssignmentState.WITHDRAWN, MOVES)
        record(session, "assignment_withdrawn", found, by=CLOCK, at=at)
        notify(
            session,
            found.reviewer_id,
            kind="submission_withdrawn",
            title="A submission you were asked to review was taken back",
            body="You need not do anything more. Thank you for being ready.",
            path="/reviews",
            at=at,
        )


def ask_next(session: Session, round_id: str) -> None:
    """Have the free seats of a round filled right after this transaction."""
    jobs.enqueue(session, "fill_round", round_id=round_id)


def definition_of(session: Session, submission: Submission) -> EditionDefinition:
    """Return what the edition of a submission demands."""
    return catalog.definition_of(catalog.edition(session, submission.edition_id))


def record(
    session: Session,
    verb: str,
    found: Assignment,
    *,
    by: str,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    """Write what happened to an assignment into the audit trail."""
    audit.record(
        session,
        verb,
        subject_kind="assignment",
        subject_id=found.id,
        by=by,
        at=at,
        detail={"submission": found.submission_id, **(detail or {})},
    )


def _best(about: Matter, eligible: Sequence[Candidate], seats: int) -> list[Candidate]:
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
) -> Assignment:
    definition = definition_of(session, submission)
    policy = definition.review_policy
    fit = affinity(candidate, about)
    made = Assignment(
        round_id=current.id,
        submission_id=submission.id,
        reviewer_id=candidate.person_id,
        seat=seat,
        explanation={"total": fit.total, "terms": [vars(term) for term in fit.terms]},
        invited_at=at,
        answer_by=at + timedelta(hours=policy.hours_to_answer),
    )
    session.add(made)
    session.flush()
    record(session, "reviewer_invited", made, by=ROUTER, at=at)
    notify(
        session,
        candidate.person_id,
        kind="invitation",
        title=f"Would you review a portfolio for {definition.title}?",
        body=f"It takes about {policy.estimated_minutes} minutes."
        f" Please answer by {made.answer_by:%d %B %Y}; a no is just as welcome as a yes.",
        path=f"/reviews/{made.id}/invitation",
        at=at,
    )
    return made
