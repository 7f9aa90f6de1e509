"""What the database is asked to promise: queueing writers, and an answer in time."""

import threading
import time

import pytest
from sqlalchemy import text

from core.db import CONNECT_SECONDS, Database
from core.errors import Unavailable
from core.models import Worker
from tests.engines.faulty import running_faulty, silent
from tests.engines.loopback import HOST
from tests.plugins.worlds import START

THREADS = 8
ROUNDS = 25


def test_eight_threads_that_read_and_then_write_never_fail(any_database: Database) -> None:
    barrier, failures = threading.Barrier(THREADS), []
    with any_database.transaction() as session:
        session.execute(text("CREATE TABLE core_counter (id INTEGER PRIMARY KEY, n INTEGER)"))
        session.execute(text("INSERT INTO core_counter VALUES (1, 0)"))

    def count() -> None:
        barrier.wait()
        for _ in range(ROUNDS):
            try:
                with any_database.transaction() as session:
                    lock = "" if any_database.url.startswith("sqlite") else " FOR UPDATE"
                    seen = session.scalar(text(f"SELECT n FROM core_counter WHERE id = 1{lock}"))
                    session.execute(text("UPDATE core_counter SET n = :n"), {"n": seen + 1})
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with any_database.transaction(read_only=True) as session:
        assert failures == []
        assert session.scalar(text("SELECT n FROM core_counter")) == THREADS * ROUNDS


def test_a_read_only_transaction_waits_for_no_writer_and_keeps_nothing(
    database: Database,
) -> None:
    with database.transaction() as writer:
        writer.add(Worker(worker_id="kept", seen_at=START))
        writer.flush()
        with database.transaction(read_only=True) as reader:
            assert reader.get(Worker, "kept") is None
    with database.transaction(read_only=True) as reader:
        reader.add(Worker(worker_id="dropped", seen_at=START))

    with database.transaction(read_only=True) as reader:
        assert reader.get(Worker, "kept") is not None
        assert reader.get(Worker, "dropped") is None


def test_a_server_that_says_nothing_is_given_up_within_seconds() -> None:
    with running_faulty(silent) as port:
        database = Database(f"postgresql+psycopg://assay:secret@{HOST}:{port}/assay")
        started = time.monotonic()

        with pytest.raises(Unavailable), database.transaction() as session:
            session.execute(text("SELECT 1"))

        assert time.monotonic() - started < CONNECT_SECONDS * 2 + 2
        database.close()


def test_a_statement_that_runs_too_long_is_stopped(postgres_url: str) -> None:
    database = Database(postgres_url)

    with database.transaction(read_only=True) as session:
        limits = {
            name: session.scalar(text(f"SHOW {name}"))
            for name in ("statement_timeout", "lock_timeout", "TimeZone")
        }

    assert limits == {"statement_timeout": "30s", "lock_timeout": "15s", "TimeZone": "UTC"}
    database.close()
