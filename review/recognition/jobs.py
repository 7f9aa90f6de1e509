"""What follows reviewing by itself: time given is credited."""

from core import jobs
from core.runtime import Runtime
from review.recognition import crediting


@jobs.every(minutes=15, name="credit_reviewing")
def credit_reviewing(edge: Runtime) -> None:
    """Credit what has ended and is not credited yet."""
    with edge.database.transaction() as session:
        crediting.credit_due(session, at=edge.clock())
