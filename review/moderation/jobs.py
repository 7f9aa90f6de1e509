"""What the clock does for moderation: it tells, and never passes anything."""

from core import jobs
from core.runtime import Runtime
from review.moderation import services


@jobs.every(minutes=15, name="moderation_late")
def tell_of_late(edge: Runtime) -> None:
    """Tell managers of the reviews that no moderator read in time."""
    with edge.database.transaction() as session:
        services.escalate_late(session, at=edge.clock())
