"""What follows reviewing by itself: time given is credited, the ladder is looked at by night."""

from core import jobs
from core.runtime import Runtime
from review.calibration import golds
from review.recognition import crediting, ladder_golds, standings, steps


@jobs.every(minutes=15, name="credit_reviewing")
def credit_reviewing(edge: Runtime) -> None:
    """Credit what has ended and is not credited yet."""
    with edge.database.transaction() as session:
        crediting.credit_due(session, at=edge.clock())


@jobs.every(minutes=24 * 60, name="look_at_ladders")
def look_at_ladders(edge: Runtime) -> None:
    """Take the steps that are due, and end those that are over, one badge at a time."""
    with edge.database.transaction(read_only=True) as session:
        badges = standings.badges_with_reviewers(session)
    for badge_id in badges:
        with edge.database.transaction() as session:
            steps.look_at_badge(session, badge_id, at=edge.clock())


@jobs.every(minutes=golds.MINUTES, name="give_ladder_golds")
def give_ladder_golds(edge: Runtime) -> None:
    """Send known work to some of those whom the ladder has it for."""
    with edge.database.transaction() as session:
        ladder_golds.give_due(session, at=edge.clock())
