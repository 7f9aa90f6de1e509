"""A worker process for tests: a few sample handlers that note what they did in a table.

python -m tests.core.worker_of_samples DATABASE_URL WORKER_ID
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import text

from core import jobs
from core.db import Database
from core.errors import Unavailable
from core.jobs_dbos import DurableQueue, Worker
from core.runtime import Runtime
from core.storage import open_store

TABLE = "CREATE TABLE core_sample (note VARCHAR(80) PRIMARY KEY, runs INTEGER NOT NULL)"
NOTE = text(
    "INSERT INTO core_sample (note, runs) VALUES (:note, 1)"
    " ON CONFLICT (note) DO UPDATE SET runs = core_sample.runs + 1"
)
SWEPT = "swept"
EVERY_SECOND = "* * * * * *"
NOTES = text("SELECT note, runs FROM core_sample ORDER BY note")


def note(edge: Runtime, words: str) -> None:
    """Write down that something ran, once more."""
    with edge.database.transaction() as session:
        session.execute(NOTE, {"note": words})


def all_notes(database: Database) -> dict[str, int]:
    """Return what ran, and how often."""
    with database.transaction(read_only=True) as session:
        return {row.note: row.runs for row in session.execute(NOTES)}


@jobs.handler("sample_noted")
def do_note(edge: Runtime, *, sample_id: str) -> None:
    """Do the plain thing."""
    note(edge, sample_id)


@jobs.handler("sample_deadly")
def do_die_once(edge: Runtime, *, sample_id: str, flag: str) -> None:
    """Kill this process in the middle, the first time."""
    note(edge, f"{sample_id} begun")
    if not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    note(edge, f"{sample_id} ended")


@jobs.handler("sample_heavy", is_heavy=True)
def do_wait(edge: Runtime, *, sample_id: str, flag: str) -> None:
    """Wait until somebody says that it may end."""
    while not Path(flag).exists():
        time.sleep(0.05)
    note(edge, sample_id)


@jobs.handler("sample_failing")
def do_fail(edge: Runtime, *, sample_id: str) -> None:
    """Fail each time."""
    note(edge, sample_id)
    raise Unavailable("the sample never works")


@jobs.every(minutes=1, name="sample_sweep")
def do_sweep(edge: Runtime) -> None:
    """Do the regular thing."""
    note(edge, SWEPT)


def main(url: str, worker_id: str) -> None:
    """Work until SIGTERM."""
    database = Database(url)
    edge = Runtime({}, database, open_store(os.devnull), DurableQueue(database.engine))
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: ended.set())
    worker = Worker(edge, worker_id=worker_id, first_pause=0.02, due=lambda _minutes: EVERY_SECOND)
    worker.start()
    ended.wait()
    worker.stop(seconds=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
