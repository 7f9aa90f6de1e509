"""Looking at all open seats of a badge together: empty ones are filled, unanswered offers may move.

Locks, always in this order: the badge, the submissions by id, then the limits of everybody of the
pool and of the learners by id. What was read before is read again after them, so that of two
routers at once the second sees what the first has done.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, jobs
from portfolio.submission.models import Submission
from review.assignment import escalation, openings, queries
from review.assignment.models import ReviewRound, RoutingRun
from review.assignment.offers import ROUTER, carry_out, lock_people, lock_routing
from review.assignment.openings import Openings
from review.assignment.planning import Routing
from review.assignment.rounds import start_review
from review.assignment.states import RunKind
from review.pool.models import Qualification


def begin(session: Session, *, at: datetime) -> int:
    """Start the reviews that a lost event left behind, and have each badge that lacks somebody
    looked at; return how many of both."""
    rows = queries.without_a_round(session)
    for submission_id in rows:
        start_review(session, submission_id, at=at)
    badges = queries.badges_to_route(session, at=at)
    for badge_id in badges:
        jobs.enqueue(session, "route_badge", badge_id=badge_id)
    return len(rows) + len(badges)


def route(session: Session, badge_id: str, *, at: datetime) -> RoutingRun | None:
    """Ask people for the open seats of a badge, and move offers that gain by it; safe to run twice.

    Returns the run, or None when there was nothing to change.
    """
    lock_badge(session, badge_id, at=at)
    found = openings.read(session, badge_id, at=at)
    if not found.openings:
        return None
    made = write_run(session, found, found.routed(), kind=RunKind.SWEEP, by=ROUTER, at=at)
    escalation.tell_managers(session, found, at=at)
    return made


def write_run(
    session: Session, found: Openings, routing: Routing, *, kind: RunKind, by: str, at: datetime
) -> RoutingRun | None:
    """Do what a plan says, as one run that can be undone as one; None when it changes nothing.

    The caller has locked the badge and read `found` after that.
    """
    new = [one for one in routing.offers if one.is_new]
    if not new and not routing.withdrawn:
        return None
    run = RoutingRun(
        badge_id=found.badge_id,
        kind=kind.value,
        made_at=at,
        made_by=by,
        summary={
            "offers": len(new),
            "moved": len(routing.withdrawn),
            "empty": sum(one.slots for one in routing.short),
        },
    )
    session.add(run)
    session.flush()
    carry_out(session, found, routing, run_id=run.id, by=by, at=at)
    audit.record(
        session,
        "badge_routed",
        subject_kind="routing_run",
        subject_id=run.id,
        by=by,
        at=at,
        detail={"badge": found.badge_id, **run.summary},
    )
    return run


def lock_badge(session: Session, badge_id: str, *, at: datetime) -> None:
    """Lock a badge against other routers, what lacks somebody, and all who could be asked."""
    lock_routing(session, badge_id)
    wanted = queries.rounds_to_route(session, badge_id, at=at)
    learners = session.scalars(
        select(Submission.learner_id)
        .where(
            Submission.id.in_(select(ReviewRound.submission_id).where(ReviewRound.id.in_(wanted)))
        )
        .order_by(Submission.id)
        .with_for_update()
    ).all()
    pool = session.scalars(
        select(Qualification.person_id).where(Qualification.badge_id == badge_id)
    )
    lock_people(session, {*pool, *learners})
