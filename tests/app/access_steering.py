"""What the world of the access tests has for those who steer routing."""

from core.runtime import Runtime
from review.assignment.models import RoutingRun, RoutingWish
from review.assignment.states import RunKind, WishKind
from tests.review.stages import Stage


def steer(edge: Runtime, asked: Stage, *, manager: str, unwanted: str) -> dict[str, str]:
    """Have a run listed, and a manager's wish stand; return their ids by name."""
    at = edge.clock()
    with edge.database.transaction() as session:
        run = RoutingRun(
            badge_id=asked.edition.badge_id,
            kind=RunKind.MANUAL.value,
            made_at=at,
            made_by=manager,
        )
        wish = RoutingWish(
            submission_id=asked.submission.id,
            reviewer_id=unwanted,
            kind=WishKind.FORBID.value,
            reason="Knows the learner's field too little.",
            made_by=manager,
            made_at=at,
        )
        session.add_all([run, wish])
        session.flush()
        return {"run_id": run.id, "wish_id": wish.id}
