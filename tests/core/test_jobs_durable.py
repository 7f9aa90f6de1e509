"""Jobs in the database: they follow their transaction, survive a killed worker, and end."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core import jobs, jobs_dbos
from core.clock import now
from core.db import Database
from core.jobs_dbos import DurableQueue
from core.queue import Job
from core.runtime import Runtime
from core.storage import open_store
from tests.core.worker_of_samples import SWEPT, TABLE, all_notes
from tests.engines.loopback import stop

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@pytest.fixture
def durable(any_database: Database, tmp_path: Path) -> Runtime:
    """A world whose jobs are kept in the database."""
    jobs_dbos.migrate(any_database)
    with any_database.transaction() as session:
        session.execute(text(TABLE))
    queue = DurableQueue(any_database.engine)
    return Runtime({}, any_database, open_store(str(tmp_path)), queue)


@contextmanager
def working(edge: Runtime, worker_id: str = "worker-1") -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the samples in a process of its own."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.core.worker_of_samples", edge.database.url, worker_id],
        cwd=ROOT,
    )
    try:
        yield child
    finally:
        stop(child, 15)


def notes(database: Database) -> dict[str, int]:
    """Return which jobs ran, and how often."""
    return {words: runs for words, runs in all_notes(database).items() if words != SWEPT}


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def test_a_job_exists_when_its_transaction_commits_and_only_then(durable: Runtime) -> None:
    with durable.database.transaction() as session:
        jobs.enqueue(session, "sample_noted", sample_id="kept")
    with suppress(ZeroDivisionError), durable.database.transaction() as session:
        jobs.enqueue(session, "sample_noted", sample_id="rolled back")
        raise ZeroDivisionError
    with durable.database.transaction() as session:
        with suppress(ZeroDivisionError), session.begin_nested():
            jobs.enqueue(session, "sample_noted", sample_id="undone")
            raise ZeroDivisionError
        jobs.enqueue(session, "sample_noted", sample_id="kept too")

    with working(durable):
        wait_for(lambda: durable.jobs.waiting_count() == 0)

    assert notes(durable.database) == {"kept": 1, "kept too": 1}


def test_a_killed_worker_goes_on_when_it_is_started_under_its_name(
    durable: Runtime, tmp_path: Path
) -> None:
    with durable.database.transaction() as session:
        jobs.enqueue(session, "sample_deadly", sample_id="job", flag=str(tmp_path / "killed"))
    with working(durable) as first:
        assert first.wait(PATIENCE_SECONDS) == -9
    assert notes(durable.database) == {"job begun": 1}

    with working(durable):
        wait_for(lambda: "job ended" in notes(durable.database))
        wait_for(lambda: durable.jobs.waiting_count() == 0)

    assert notes(durable.database) == {"job begun": 2, "job ended": 1}


def test_another_worker_takes_over_when_it_is_told_to(durable: Runtime, tmp_path: Path) -> None:
    with durable.database.transaction() as session:
        jobs.enqueue(session, "sample_deadly", sample_id="job", flag=str(tmp_path / "killed"))
    with working(durable, "gone") as first:
        first.wait(PATIENCE_SECONDS)

    # On the full minute a sweep may have been under way as well.
    assert durable.jobs.take_over("gone") >= 1
    with working(durable, "here"):
        wait_for(lambda: "job ended" in notes(durable.database))

    assert notes(durable.database) == {"job begun": 2, "job ended": 1}


def test_heavy_jobs_never_hold_up_the_others(durable: Runtime, tmp_path: Path) -> None:
    flag = tmp_path / "may end"
    heavy = [f"heavy {number}" for number in range(2 * jobs_dbos.AT_ONCE)]
    with durable.database.transaction() as session:
        for one in heavy:
            jobs.enqueue(session, "sample_heavy", sample_id=one, flag=str(flag))
        jobs.enqueue(session, "sample_noted", sample_id="light")

    with working(durable):
        wait_for(lambda: "light" in notes(durable.database))
        assert notes(durable.database) == {"light": 1}
        flag.touch()
        wait_for(lambda: durable.jobs.waiting_count() == 0)

    assert notes(durable.database) == {"light": 1, **dict.fromkeys(heavy, 1)}


def test_a_job_delivered_twice_is_done_twice_without_harm(durable: Runtime) -> None:
    with durable.database.transaction() as session:
        for _ in range(2):
            jobs.enqueue(session, "sample_noted", sample_id="same")

    with working(durable):
        wait_for(lambda: durable.jobs.waiting_count() == 0)

    assert notes(durable.database) == {"same": 2}
    assert durable.jobs.failures() == []


def test_a_job_that_fails_is_set_aside_after_five_tries_and_can_be_tried_again(
    durable: Runtime,
) -> None:
    with durable.database.transaction() as session:
        jobs.enqueue(session, "sample_failing", sample_id="poison")
        jobs.enqueue(session, "sample_noted", sample_id="another")

    with working(durable):
        wait_for(lambda: len(durable.jobs.failures()) == 1)
        (failed,) = durable.jobs.failures()
        first = notes(durable.database)
        durable.jobs.try_again(failed.id)
        wait_for(lambda: notes(durable.database)["poison"] > 5)

    assert first == {"another": 1, "poison": 5}
    assert failed.job == str(Job("sample_failing", (("sample_id", "poison"),)))
    assert "the sample never works" in failed.error


def test_what_was_done_long_ago_is_forgotten(durable: Runtime) -> None:
    with durable.database.transaction() as session:
        jobs.enqueue(session, "sample_noted", sample_id="done")
    with working(durable):
        wait_for(lambda: durable.jobs.waiting_count() == 0)
    with durable.database.transaction() as session:
        jobs.enqueue(session, "sample_noted", sample_id="waits")

    yesterday = durable.jobs.forget(now() - timedelta(days=1))
    tomorrow = durable.jobs.forget(now() + timedelta(days=1))

    assert yesterday == 0
    assert tomorrow >= 1
    assert durable.jobs.forget(now() + timedelta(days=1)) == 0
    assert durable.jobs.waiting_count() == 1


def test_a_sweep_runs_by_itself(durable: Runtime) -> None:
    with working(durable):
        wait_for(lambda: all_notes(durable.database).get(SWEPT, 0) >= 2)


@pytest.mark.parametrize(
    ("minutes", "line"),
    [(1, "*/1 * * * *"), (15, "*/15 * * * *"), (60, "0 */1 * * *"), (1440, "0 3 * * *")],
)
def test_a_sweep_is_due_at_round_times(minutes: int, line: str) -> None:
    assert jobs_dbos.cron(minutes) == line
