"""Previews are made after an upload, by the worker, and once more for any that were missed."""

from datetime import timedelta

from core import jobs
from core.runtime import Runtime
from portfolio.evidence import queries, services
from portfolio.evidence.models import Blob
from portfolio.evidence.states import PreviewState

OVERDUE = timedelta(minutes=10)


@jobs.handler("evidence_uploaded")
def evidence_uploaded(edge: Runtime, *, sha256: str) -> None:
    """Make the preview of a file, unless that was done."""
    with edge.database.transaction(read_only=True) as session:
        blob = session.get(Blob, sha256)
        if blob is None or blob.preview_state != PreviewState.PENDING.value:
            return
        media_type = blob.media_type
    # The child may take a minute; no transaction waits for it.
    made = services.make_preview(edge.storage, sha256, media_type)
    with edge.database.transaction() as session:
        services.record_preview(session, sha256, made)


@jobs.every(minutes=10, name="evidence_overdue")
def evidence_overdue(edge: Runtime) -> None:
    """Have the previews made that an event was lost for."""
    with edge.database.transaction() as session:
        for sha256 in queries.waiting_blobs(session, before=edge.clock() - OVERDUE):
            jobs.enqueue(session, "evidence_uploaded", sha256=sha256)
