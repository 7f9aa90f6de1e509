"""What runs behind a sealed review and behind a decision, and what a lost event left behind."""

from core import jobs
from core.runtime import Runtime
from review.decision import queries, services


@jobs.handler("review_sealed")
def conclude(edge: Runtime, *, round_id: str) -> None:
    """See whether a round is complete, and what it adds up to."""
    with edge.database.transaction() as session:
        services.conclude_round(session, round_id, at=edge.clock())


@jobs.handler("decision_made")
def release(edge: Runtime, *, decision_id: str) -> None:
    """Release a decision, unless it is held back; the sweep does it then."""
    with edge.database.transaction() as session:
        services.release(session, decision_id, at=edge.clock())


@jobs.every(minutes=5, name="release_due")
def release_due(edge: Runtime) -> None:
    """Release what is due, and conclude the complete rounds that no event came for."""
    with edge.database.transaction(read_only=True) as session:
        complete = queries.complete_rounds(session)
        due = queries.due_for_release(session, at=edge.clock())
    for round_id in complete:
        conclude(edge, round_id=round_id)
    for decision_id in due:
        release(edge, decision_id=decision_id)
