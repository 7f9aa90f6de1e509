"""Thin handlers: seats are filled, taken back and looked after without a button pressed."""

from core import jobs
from core.runtime import Runtime
from review.assignment import deadlines, hedging, rounds, sweep


@jobs.handler("intake_passed")
def start_review(edge: Runtime, *, submission_id: str) -> None:
    """Open the first round of a submission that passed intake."""
    with edge.database.transaction() as session:
        rounds.start_review(session, submission_id, at=edge.clock())


@jobs.handler("fill_round", is_heavy=True)
def fill_round(edge: Runtime, *, round_id: str) -> None:
    """Ask people for the free seats of a round."""
    with edge.database.transaction() as session:
        rounds.fill_round(session, round_id, at=edge.clock())


@jobs.handler("route_badge", is_heavy=True)
def route_badge(edge: Runtime, *, badge_id: str) -> None:
    """Look at all open seats of a badge together."""
    with edge.database.transaction() as session:
        sweep.route(session, badge_id, at=edge.clock())


@jobs.handler("submission_withdrawn")
def submission_withdrawn(edge: Runtime, *, submission_id: str) -> None:
    """Thank everybody who was asked to review what its learner took back."""
    with edge.database.transaction() as session:
        rounds.end_all(session, submission_id, at=edge.clock())


@jobs.every(minutes=5, name="lapse_invitations")
def lapse_invitations(edge: Runtime) -> None:
    """End the invitations that nobody answered in time."""
    with edge.database.transaction() as session:
        deadlines.lapse_due(session, at=edge.clock())


@jobs.every(minutes=15, name="refill_rounds")
def refill_rounds(edge: Runtime) -> None:
    """Start what was left behind, and have each badge that lacks somebody looked at."""
    with edge.database.transaction() as session:
        sweep.begin(session, at=edge.clock())


@jobs.every(minutes=15, name="hedge_rounds")
def hedge_rounds(edge: Runtime) -> None:
    """Open one extra seat where a round may miss its end."""
    with edge.database.transaction() as session:
        hedging.hedge_due(session, at=edge.clock())


@jobs.every(minutes=15, name="remind_reviewers")
def remind_reviewers(edge: Runtime) -> None:
    """Remind reviewers of what is due."""
    with edge.database.transaction() as session:
        deadlines.remind_due(session, at=edge.clock())


@jobs.every(minutes=15, name="rescue_reviews")
def rescue_reviews(edge: Runtime) -> None:
    """Pass on what is overdue by two days, and end the readings for calibration that are over."""
    with edge.database.transaction() as session:
        deadlines.rescue_overdue(session, at=edge.clock())
        deadlines.end_calibrations(session, at=edge.clock())
