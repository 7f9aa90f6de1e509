"""The worker: does the jobs and sweeps of one installation, and says that it is alive.

It goes by the name that the settings give it. Started again under that name after a crash, it
takes up what it was doing.
"""

import logging
import signal
import threading

from sqlalchemy.exc import SQLAlchemyError

from app import jobs, schema
from app.runtime import open_runtime
from config import Settings
from core.errors import AssayError, Conflict
from core.jobs_dbos import Worker
from core.models import Worker as Sign
from core.runtime import Runtime

LOG = logging.getLogger("assay.worker")

BEAT_SECONDS = 10.0
STOP_SECONDS = 10


def run(settings: Settings) -> None:
    """Work until the process is asked to end by SIGTERM or Ctrl-C."""
    edge = open_runtime(settings)
    require_schema(edge)
    LOG.info("%d rooms have jobs", len(jobs.MODULES))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    worker = Worker(edge, worker_id=settings.worker_id)
    worker.start()
    LOG.info("worker %s has started", settings.worker_id)
    try:
        while not ended.is_set():
            beat(edge)
            ended.wait(BEAT_SECONDS)
    finally:
        worker.stop(seconds=STOP_SECONDS)
        edge.database.close()
    LOG.info("worker %s has ended", settings.worker_id)


def beat(edge: Runtime) -> None:
    """Write down that this worker is alive; a database that is away is waited for."""
    try:
        with edge.database.transaction() as session:
            session.merge(Sign(worker_id=edge.settings.worker_id, seen_at=edge.clock()))
    except (AssayError, SQLAlchemyError) as error:
        LOG.warning("the database does not answer: %s", type(error).__name__)


def require_schema(edge: Runtime) -> None:
    """Raise Conflict unless the database is at the revision that this code needs."""
    if not schema.is_current(edge.database):
        raise Conflict("The database is not at this version of Assay. Run: assay db upgrade")
