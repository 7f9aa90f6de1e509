"""What follows a sealed reading of a benchmark, and what the clock looks after."""

from core import jobs
from core.runtime import Runtime
from review.calibration import golds, renewals, services


@jobs.handler("calibration_sealed")
def compare_calibration(edge: Runtime, *, assignment_id: str) -> None:
    """Hold a reading for calibration against the committee's levels."""
    with edge.database.transaction() as session:
        services.compare_reading(session, assignment_id, at=edge.clock())


@jobs.handler("gold_sealed")
def compare_gold(edge: Runtime, *, assignment_id: str) -> None:
    """Hold a gold item against the committee's levels, and tell its reader what it was."""
    with edge.database.transaction() as session:
        services.compare_reading(session, assignment_id, at=edge.clock())


@jobs.every(minutes=golds.MINUTES, name="draw_gold_items")
def draw_gold_items(edge: Runtime) -> None:
    """Send some newcomers a benchmark among their invitations."""
    with edge.database.transaction() as session:
        golds.draw(session, at=edge.clock())


@jobs.every(minutes=24 * 60, name="renew_calibrations")
def renew_calibrations(edge: Runtime) -> None:
    """Remind of calibrations that run out, and ask again whoever's severity has drifted."""
    with edge.database.transaction() as session:
        renewals.ask_again_after_drift(session, at=edge.clock())
        renewals.remind_due(session, at=edge.clock())
