"""The automatic check after a hand-in, and again each minute while previews are being made."""

from core import jobs
from core.errors import NotFound
from core.runtime import Runtime
from review.intake import queries, services
from review.intake.checks import is_waiting
from review.intake.examination import examine


@jobs.handler("submission_sealed")
def check(edge: Runtime, *, submission_id: str) -> None:
    """Check a sealed submission; the long read of its files holds no lock."""
    try:
        with edge.database.transaction() as session:
            is_open = services.begin(session, submission_id, at=edge.clock())
    except NotFound:
        return
    if not is_open:
        return
    with edge.database.transaction(read_only=True) as session:
        findings = examine(session, edge.storage, submission_id, at=edge.clock())
    if is_waiting(findings):
        return
    with edge.database.transaction() as session:
        services.conclude(session, submission_id, findings=findings, at=edge.clock())


@jobs.every(minutes=1, name="look_again_at_intake")
def look_again(edge: Runtime) -> None:
    """Check what waited for a preview, or what a lost event left behind."""
    with edge.database.transaction(read_only=True) as session:
        waiting = queries.unchecked(session)
    for submission_id in waiting:
        check(edge, submission_id=submission_id)
