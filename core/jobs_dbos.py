"""Jobs kept in the application's own database by DBOS Transact, and the worker that does them.

A web process only adds jobs: `DurableQueue` writes them in the caller's transaction. A worker
launches DBOS under a name that stays the same over restarts, so that it takes up again what it
was doing when it died. Each job is one workflow with one step, tried five times; then it is set
aside, where `failures` finds it and `try_again` gives it another chance.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from dbos import error as dbos_error
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core import jobs
from core.db import Database, make_engine
from core.queue import Job
from core.runtime import Runtime

LOG = logging.getLogger("assay.jobs")

NAME = "assay"
QUEUE = "assay"
HEAVY_QUEUE = "assay-heavy"
WORKFLOW = "assay.job"
SWEEP = "assay.sweep"
# Raised when jobs already saved could no longer be done by the code that follows.
JOBS_VERSION = "1"
TRIES = 5
FIRST_PAUSE_SECONDS = 2.0
PAUSE_GROWS = 4.0
ERROR_LENGTH = 500
BATCH = 500
AT_ONCE = 8
HEAVY_AT_ONCE = 4
POLLING_SECONDS = 0.5


@dataclass(frozen=True)
class Failure:
    """A job that was given up: what it was, since when, and what it said last."""

    id: str
    job: str
    at: datetime
    error: str


class GivenUp(Exception):
    """The job failed at every try; the words are those of the last one."""


class DurableQueue:
    """A queue in the database: a job is a row saved in the caller's own transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def _client(self) -> DBOSClient:
        return DBOSClient(
            system_database_engine=self._engine,
            serializer=DBOSPortableJSONSerializer(),
            application_name=NAME,
            lazy=True,
            retry_connection_errors=False,
        )

    def add(self, session: Session, job: Job) -> None:
        """Save the job in the session's transaction."""
        queue = HEAVY_QUEUE if jobs.is_heavy(job.name) else QUEUE
        self._client.enqueue_in_transaction(
            session,
            {"workflow_name": WORKFLOW, "queue_name": queue, "app_version": JOBS_VERSION},
            job.name,
            dict(job.ids),
        )

    def waiting_count(self) -> int:
        """Return how many jobs are saved and not yet done or given up."""
        return len(self._client.list_workflows(name=WORKFLOW, status=["ENQUEUED", "PENDING"]))

    def failures(self) -> list[Failure]:
        """Return the jobs that were given up after their last try, oldest first."""
        found = self._client.list_workflows(
            name=[WORKFLOW, SWEEP], status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
        )
        return [
            Failure(
                one.workflow_id,
                _words(one.input),
                datetime.fromtimestamp((one.updated_at or one.created_at or 0) / 1000, UTC),
                str(one.error or "It stopped the worker each time."),
            )
            for one in found
        ]

    def try_again(self, failure_id: str) -> None:
        """Put a job that was given up back into the queue, with all its tries before it."""
        self._client.rewind_workflow(failure_id, application_version=JOBS_VERSION, queue_name=QUEUE)

    def forget(self, before: datetime) -> int:
        """Delete what was done before then, a batch at a time; return how much it was."""
        count = 0
        while found := self._client.list_workflows(
            status="SUCCESS",
            completed_before=before.isoformat(),
            limit=BATCH,
            load_input=False,
            load_output=False,
        ):
            self._client.delete_workflows([one.workflow_id for one in found])
            count += len(found)
        return count

    def take_over(self, worker_id: str) -> int:
        """Give what a worker that will not come back was doing to the others; return how much."""
        found = self._client.list_workflows(status="PENDING", executor_id=worker_id)
        for one in found:
            self._client.resume_workflow(one.workflow_id, queue_name=QUEUE)
        return len(found)


def cron(minutes: int) -> str:
    """Return the crontab line of "every so many minutes", on the hour where that can be."""
    if minutes < 60:
        return f"*/{minutes} * * * *"
    hours = minutes // 60
    return f"0 */{hours} * * *" if hours < 24 else "0 3 * * *"


class Worker:
    """Does the jobs of one installation in this process, several at once, until it is stopped."""

    def __init__(
        self,
        edge: Runtime,
        *,
        worker_id: str,
        first_pause: float = FIRST_PAUSE_SECONDS,
        due: Callable[[int], str] = cron,
    ) -> None:
        self._edge = edge
        self._worker_id = worker_id
        self._first_pause = first_pause
        self._due = due
        self._engine: Engine | None = None

    def start(self) -> None:
        """Begin: take up what was left half-way, then what waits, then what is due."""
        url = self._edge.database.url
        config: DBOSConfig = {
            "name": NAME,
            "serializer": DBOSPortableJSONSerializer(),
            "application_version": JOBS_VERSION,
            "executor_id": self._worker_id,
            "run_migrations": False,
            "log_level": "WARNING",
            "enable_otlp": False,
            "system_database_url": url,
            "scheduler_polling_interval_sec": 5.0,
        }
        if not url.startswith("sqlite"):
            self._engine = make_engine(url)
            config["system_database_engine"] = self._engine
        DBOS(config=config)
        do_sweep = _register(self._edge, self._first_pause)
        DBOS.launch()
        for queue, at_once in ((QUEUE, AT_ONCE), (HEAVY_QUEUE, HEAVY_AT_ONCE)):
            DBOS.register_queue(
                queue, worker_concurrency=at_once, polling_interval_sec=POLLING_SECONDS
            )
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": sweep.name,
                    "workflow_fn": do_sweep,
                    "schedule": self._due(sweep.minutes),
                    "context": sweep.name,
                    "queue_name": QUEUE,
                }
                for sweep in jobs.sweeps()
            ]
        )
        LOG.info("worker %s does %s", self._worker_id, ", ".join(sorted(jobs.handled())))

    def stop(self, *, seconds: int = 10) -> None:
        """End: let what is being done finish for so long; what does not is taken up later."""
        DBOS.destroy(workflow_completion_timeout_sec=seconds)
        if self._engine is not None:
            self._engine.dispose()


def migrate(database: Database) -> None:
    """Bring the tables of the job engine to the version that this code needs."""
    _quiet()
    DBOS.migrate(database.url)


def _quiet() -> None:
    logging.getLogger("dbos").setLevel(logging.WARNING)


def _register(edge: Runtime, first_pause: float) -> Callable[[datetime, Any], None]:
    """Tell DBOS what a job and a sweep are, and return the sweep, which is scheduled."""

    @DBOS.step(
        name="assay.run",
        retries_allowed=True,
        max_attempts=TRIES,
        interval_seconds=first_pause,
        backoff_rate=PAUSE_GROWS,
    )
    def run(name: str, ids: dict[str, str]) -> None:
        jobs.run(edge, Job(name, tuple(sorted(ids.items()))))

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=TRIES)
    def do_job(name: str, ids: dict[str, str]) -> None:
        try:
            run(name, ids)
        except dbos_error.DBOSMaxStepRetriesExceeded as error:
            last = error.errors[-1]
            raise GivenUp(f"{type(last).__name__}: {last}"[:ERROR_LENGTH]) from None

    @DBOS.step(name="assay.run_sweep")
    def run_sweep(name: str) -> None:
        jobs.sweep(edge, name)

    @DBOS.workflow(name=SWEEP, max_recovery_attempts=TRIES)
    def do_sweep(_due_at: datetime, name: Any) -> None:
        run_sweep(str(name))

    return do_sweep


def _words(given: Any) -> str:
    """Return a job as "name(id=…)" from what DBOS kept of its arguments."""
    arguments = tuple((given or {}).get("args", ()))
    if len(arguments) == 2 and isinstance(arguments[1], dict):
        return str(Job(str(arguments[0]), tuple(sorted(arguments[1].items()))))
    return str(arguments[-1]) if arguments else "unknown"
