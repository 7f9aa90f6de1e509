"""What the clock does for blind audits, and what follows a sealed one."""

from core import jobs
from core.runtime import Runtime
from review.decision import auditing


@jobs.handler("audit_sealed")
def conclude(edge: Runtime, *, assignment_id: str) -> None:
    """Keep what a blind reading comes to."""
    with edge.database.transaction() as session:
        auditing.conclude(session, assignment_id, at=edge.clock())


@jobs.every(minutes=60, name="audit_decisions")
def audit_decisions(edge: Runtime) -> None:
    """Draw from what was released, and look after what was drawn, each in its own transaction."""
    with edge.database.transaction() as session:
        auditing.draw_due(session, at=edge.clock())
    with edge.database.transaction(read_only=True) as session:
        waiting = auditing.open_audits(session)
    for decision_id in waiting:
        with edge.database.transaction() as session:
            auditing.look_after(session, decision_id, at=edge.clock())
