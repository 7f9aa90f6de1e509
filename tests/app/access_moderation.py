"""What the world of the access tests has for moderators and for blind readings."""

from datetime import timedelta

from core.runtime import Runtime
from review.decision.models import Decision, DecisionAudit
from review.moderation.models import Moderation
from review.moderation.states import ModerationReason
from review.scoring.models import Review
from tests.factories import Factory
from tests.review.stages import Stage


def moderate(edge: Runtime, make: Factory, stage: Stage) -> dict[str, str]:
    """Seal one of two reviews, and have it wait for a moderator; return its id by name."""
    first = stage.accept_all()[0]
    stage.seal(first, (3, 3))
    (review,) = make.rows(Review, assignment_id=first.id)
    at = edge.clock()
    with edge.database.transaction() as session:
        waits = Moderation(
            review_id=review.id,
            round_id=first.round_id,
            reason=ModerationReason.FIRST_REVIEWS.value,
            sealed_at=at,
            opened_at=at,
            due_at=at + timedelta(days=2),
        )
        session.add(waits)
        session.flush()
        return {"moderation_id": waits.id}


def draw(edge: Runtime, make: Factory, submission_id: str) -> dict[str, str]:
    """Have the decision on a submission wait for a blind reading; return its id by name."""
    (decision,) = make.rows(Decision, submission_id=submission_id)
    at = edge.clock()
    with edge.database.transaction() as session:
        session.add(
            DecisionAudit(
                decision_id=decision.id, drawn_at=at, chance=0.05, due_at=at + timedelta(days=28)
            )
        )
    return {"decision_id": decision.id}
