"""What follows a sealed reading of a benchmark, and what the clock looks after."""

from core import jobs
from core.runtime import Runtime
from review.calibration import services


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
