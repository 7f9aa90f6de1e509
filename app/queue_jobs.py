"""Forgets jobs that were done a month ago, so that their table stays small."""

from datetime import timedelta

from core import jobs
from core.jobs_dbos import DurableQueue
from core.runtime import Runtime

KEPT = timedelta(days=30)


@jobs.every(minutes=1440, name="queue_sweep")
def sweep(edge: Runtime) -> None:
    """Delete what was done; what failed stays until somebody has looked at it."""
    if isinstance(edge.jobs, DurableQueue):
        edge.jobs.forget(edge.clock() - KEPT)
