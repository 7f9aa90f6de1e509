"""Seconds from arrival to offer, with several workers on one PostgreSQL, and what then holds.

Starts a PostgreSQL of its own, fills it with people and sealed work, starts the workers as
`assay worker` does, and lets submissions pass intake at a steady rate. Meanwhile some of those who
are asked say no, so that the next ones are asked. Times are those of the commits, as PostgreSQL
recorded them. Afterwards plain SQL, which knows nothing of the engine, looks for broken rules.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import text

from app import jobs as every_room
from app import schema
from app.runtime import opened
from bench._live_world import Size, build
from config import Settings, complete, to_environment
from core import jobs
from core.errors import AssayError
from core.jobs_dbos import migrate
from core.runtime import Runtime
from portfolio.submission.models import Submission
from review.assignment import invitations
from review.assignment.states import DeclineReason
from tests.engines.postgres import running_postgres
from tests.review.assignment.hard_rules import RULES, broken

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0
DURABLE = {"track_commit_timestamp": "on", "fsync": "on", "synchronous_commit": "on"}
ARRIVALS = "create table bench_arrival (submission_id varchar(26) primary key)"
WAITS = """
    select extract(epoch from pg_xact_commit_timestamp(e.xmin)
                            - pg_xact_commit_timestamp(b.xmin)),
           row_number() over (partition by a.submission_id order by e.seq)
    from core_audit_event e
    join review_assignment a on a.id = e.subject_id
    join bench_arrival b on b.submission_id = a.submission_id
    where e.verb = 'reviewer_invited'
"""
SEATED = """
    select count(*) from review_assignment
    where state in ('invited', 'accepted', 'in_progress', 'sealed', 'closed')
"""


def main() -> None:
    """Build the world, let it live, print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=5_000)
    parser.add_argument("--reviewers", type=int, default=1_500)
    parser.add_argument("--max-open", type=int, default=10)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--per-second", type=float, default=6.0)
    parser.add_argument("--declines", type=float, default=0.1, help="share of those asked")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_postgres(DURABLE) as server:
        settings = complete(
            Settings(var=Path(folder), database_url=server.new_database(), log_level="warning")
        )
        with opened(settings) as edge:
            schema.upgrade(edge.database)
            migrate(edge.database)
            size = Size(wanted.submissions, wanted.reviewers, wanted.max_open)
            arriving = build(edge, size)
            print(f"{size.submissions} submissions, {size.reviewers} reviewers, "
                  f"{wanted.workers} workers, {wanted.per_second:g} arrivals a second")  # fmt: skip
            with _workers(settings, wanted.workers):
                _live(edge, arriving, wanted.per_second, wanted.declines)
            _report(edge)


@contextmanager
def _workers(settings: Settings, count: int) -> Iterator[None]:
    command = [str(Path(sys.executable).with_name("assay")), "worker"]
    started = [
        subprocess.Popen(
            [*command, "--id", f"bench-{number}"],
            cwd=ROOT,
            env={**os.environ, **to_environment(replace(settings, worker_id=f"bench-{number}"))},
        )
        for number in range(count)
    ]
    try:
        time.sleep(5)
        yield
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(timeout=60)


def _live(
    edge: Runtime, arriving: list[dict[str, Any]], per_second: float, declines: float
) -> None:
    """Let everything arrive on time, answer some invitations, and wait until all is quiet."""
    assert every_room.MODULES
    dice = random.Random(5)
    seen: set[str] = {""}
    with edge.database.transaction() as session:
        session.execute(text(ARRIVALS))
    begun = time.monotonic()
    for number, row in enumerate(arriving):
        wait = begun + number / per_second - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        _arrive(edge, row)
        if number % 20 == 19:
            _answer(edge, dice, declines, seen)
        if number % 500 == 499:
            _progress(edge, number + 1, begun)
    _settle(edge, 2 * len(arriving), begun)


def _arrive(edge: Runtime, row: dict[str, Any]) -> None:
    at = edge.clock()
    with edge.database.transaction() as session:
        promised = at + timedelta(days=21)
        session.add(Submission(**row, sealed_at=at, state_since=at, promised_at=promised))
        session.flush()
        session.execute(text("insert into bench_arrival values (:id)"), {"id": row["id"]})
        jobs.enqueue(session, "intake_passed", submission_id=row["id"])


def _answer(edge: Runtime, dice: random.Random, declines: float, seen: set[str]) -> None:
    """Say no to some of the invitations that came since; each is looked at once."""
    with edge.database.transaction() as session:
        rows = session.execute(
            text("select id, reviewer_id from review_assignment where state = 'invited'")
        ).all()
    for assignment_id, reviewer in rows:
        if assignment_id in seen:
            continue
        seen.add(assignment_id)
        if dice.random() < declines:
            _decline(edge, assignment_id, reviewer)


def _decline(edge: Runtime, assignment_id: str, reviewer: str) -> None:
    try:
        with edge.database.transaction() as session:
            invitations.decline(
                session,
                assignment_id,
                reason=DeclineReason.OUTSIDE_EXPERTISE,
                by=reviewer,
                at=edge.clock(),
            )
    except AssayError:
        return  # It was moved to somebody else meanwhile.


def _settle(edge: Runtime, wanted: int, begun: float) -> None:
    last, since = -1, time.monotonic()
    while time.monotonic() - since < PATIENCE:
        count = _count(edge, SEATED)
        if count >= wanted:
            break
        if count != last:
            last, since = count, time.monotonic()
        time.sleep(1)
    _progress(edge, wanted // 2, begun)


def _progress(edge: Runtime, arrived: int, begun: float) -> None:
    gone = time.monotonic() - begun
    print(f"  {gone:6.0f} s: {arrived} arrived, {_count(edge, SEATED)} seats offered", flush=True)


def _count(edge: Runtime, statement: str) -> int:
    with edge.database.transaction() as session:
        return int(session.execute(text(statement)).scalar_one())


def _report(edge: Runtime) -> None:
    at = edge.clock() + timedelta(minutes=1)
    with edge.database.transaction() as session:
        rows = session.execute(text(WAITS)).all()
        found = broken(session, at=at, mix_holds=at)
        report: dict[str, Any] = {
            "seats offered": session.execute(text(SEATED)).scalar_one(),
            "offers made": len(rows),
        }
    for name, place in (("first offer", 1), ("second offer", 2)):
        _percentiles(name, [float(wait) for wait, number in rows if number == place])
    for name, value in report.items():
        print(f"{name:32} {value}")
    print(f"{'hard rules looked at':32} {len(RULES)}")
    print(f"{'rows that break one':32} {sum(found.values())}")
    for name, count in found.items():
        print(f"  {name}: {count}")
    if found:
        raise SystemExit(1)


def _percentiles(name: str, waits: list[float]) -> None:
    cuts = quantiles(waits, n=100)
    print(f"{name:32} p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, max {max(waits):.2f} s")


if __name__ == "__main__":
    main()
