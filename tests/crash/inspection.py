"""What must hold after a kill at any moment: nothing lost, nothing twice, nothing half."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from accounts.models import Notice
from app import store_check
from app.tables import METADATA
from core import jobs
from core.audit import verify_chain
from core.db import Database
from core.jobs_dbos import WORKFLOW, DurableQueue
from core.queue import Job
from core.runtime import Runtime
from core.storage_folder import UNFINISHED
from credentials.issuing import keys
from credentials.issuing.models import Award, Credential, SigningKey
from credentials.issuing.states import AwardState
from portfolio.evidence.models import EvidenceItem
from portfolio.submission.models import SealedItem, Submission
from review.assignment.models import Assignment, ReviewRound, RoutingRun
from review.assignment.states import AssignmentState
from review.decision.models import Decision, Release
from review.scoring.models import Review
from review.scoring.states import ReviewState

PATIENCE_SECONDS = 20
LEAVING_SECONDS = 10


def said_and_kept(edge: Runtime, said: list[tuple[str, str]]) -> Iterator[str]:
    """Yield each thing that was acknowledged and is not there exactly once."""
    with edge.database.transaction(read_only=True) as session:
        for kind, one in said:
            count = session.scalar(_KEPT[kind](one))
            if count != 1:
                yield f"{'lost' if not count else 'double'}: {kind} {one}"


_KEPT = {
    "item": lambda one: _count(EvidenceItem, EvidenceItem.id == one),
    "submission": lambda one: _count(Submission, Submission.id == one),
    "review": lambda one: _count(
        Review, Review.id == one, Review.state == ReviewState.SEALED.value
    ),
    "decision": lambda one: _count(Decision, Decision.id == one),
    "release": lambda one: _count(Release, Release.decision_id == one),
    "acceptance": lambda one: _count(Award, Award.id == one, Award.accepted_at.is_not(None)),
    "credential": lambda one: _count(Credential, Credential.id == one),
    "lapse": lambda one: _count(
        Assignment, Assignment.id == one, Assignment.state == AssignmentState.LAPSED.value
    ),
    "extra": lambda one: _count(ReviewRound, ReviewRound.id == one, ReviewRound.extra_seats > 0),
    "run": lambda one: _count(RoutingRun, RoutingRun.id == one),
    "told": lambda one: _count(
        ReviewRound, ReviewRound.id == one, ReviewRound.escalated_at.is_not(None)
    ),
}


def _count(table, *conditions):
    return select(func.count()).select_from(table).where(*conditions)


def halves(edge: Runtime) -> Iterator[str]:
    """Yield everything that is half there or does not hold together."""
    yield from _file_of_database(edge.database)
    with edge.database.transaction(read_only=True) as session:
        report = verify_chain(session)
        if report.first_broken_seq is not None:
            yield f"half: the audit trail breaks at {report.first_broken_seq}"
        yield from _submissions(session)
        yield from _reviews(session)
        yield from _routing(session)
        yield from _badges(session, edge)
    for found in store_check.check(edge):
        if found.is_loss:
            yield f"half: {found.where} names {found.sha256[:8]}, which is {found.problem}"


def _file_of_database(database: Database) -> Iterator[str]:
    if not database.url.startswith("sqlite"):
        return
    with database.transaction(read_only=True) as session:
        answer = session.scalar(text("PRAGMA integrity_check"))
        if answer != "ok":
            yield f"half: {answer}"
        for row in session.execute(text("PRAGMA foreign_key_check")):
            yield f"half: a row of {row[0]} refers to nothing"


def _submissions(session: Session) -> Iterator[str]:
    for one in session.scalars(select(Submission)):
        wanted = [item["sha256"] for item in json.loads(one.manifest)["items"]]
        kept = session.scalars(
            select(SealedItem.sha256).filter_by(submission_id=one.id).order_by(SealedItem.position)
        ).all()
        if list(kept) != wanted:
            yield f"half: submission {one.id} has {len(kept)} of {len(wanted)} items"


def _reviews(session: Session) -> Iterator[str]:
    over = {AssignmentState.SEALED.value, AssignmentState.CLOSED.value}
    rows = select(Review, Assignment).join(Assignment, Review.assignment_id == Assignment.id)
    for review, assignment in session.execute(rows):
        if (review.state == ReviewState.SEALED.value) != (assignment.state in over):
            yield f"half: review {review.id} is {review.state}, its seat {assignment.state}"
    for decision in session.scalars(select(Decision)):
        if session.get_one(ReviewRound, decision.round_id).closed_at is None:
            yield f"half: decision {decision.id} over an open round"


def _routing(session: Session) -> Iterator[str]:
    """Yield runs that made another number of offers than they say, and offers nobody heard of."""
    for run in session.scalars(select(RoutingRun)):
        made = session.scalar(_count(Assignment, Assignment.run_id == run.id))
        if made != run.summary["offers"]:
            yield f"half: run {run.id} made {made} of {run.summary['offers']} offers"
    told = Counter(session.scalars(select(Notice.path).filter_by(kind="invitation")))
    for one in session.scalars(select(Assignment)):
        if told[f"/reviews/{one.id}/invitation"] != 1:
            yield f"half: offer {one.id} was told {told[f'/reviews/{one.id}/invitation']} times"
    escalated = session.scalar(_count(ReviewRound, ReviewRound.escalated_at.is_not(None)))
    if escalated != session.scalar(_count(Notice, Notice.kind == "reviewers_missing")):
        yield f"half: {escalated} rounds were escalated, and the manager was not told once of each"


def _badges(session: Session, edge: Runtime) -> Iterator[str]:
    issued = set(session.scalars(select(Award.id).filter_by(state=AwardState.ISSUED.value)))
    signed = session.scalars(select(Credential.award_id)).all()
    if issued != set(signed):
        yield f"half: {len(issued)} awards are issued, {len(signed)} badges are signed"
    if len(signed) != len(set(signed)):
        yield "double: an award has two badges"
    for public in session.scalars(select(SigningKey.public_multibase)):
        try:
            keys.load(edge.settings.keys, public)
        except keys.KeyFileError as error:
            yield f"half: {error}"


def alone(database: Database) -> None:
    """Wait until the server has noticed that the killed process is gone."""
    if database.url.startswith("sqlite"):
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    deadline = time.monotonic() + LEAVING_SECONDS
    with database.transaction(read_only=True) as session:
        while session.scalar(others):
            assert time.monotonic() < deadline, "the killed process is still connected"
            time.sleep(0.01)
            session.rollback()


def deliver(edge: Runtime) -> None:
    """Do every job that waits in the database, and what it brings, each twice (CR7)."""
    queue = edge.jobs
    assert isinstance(queue, DurableQueue)
    done: set[str] = set()
    while True:
        waiting = queue._client.list_workflows(name=WORKFLOW, status="ENQUEUED")
        new = [one for one in waiting if one.workflow_id not in done]
        if not new:
            return
        for one in new:
            name, ids = (one.input or {})["args"]
            for _time in range(2):
                jobs.run(edge, Job(name, tuple(sorted(ids.items()))))
            done.add(one.workflow_id)


def rows(database: Database) -> dict[str, int]:
    """Return how many rows each table has, and each kind of event, notice and mail."""
    with database.transaction(read_only=True) as session:
        return {name: count for name, count in session.execute(text(_ROWS))}


_COUNTED = {"core_audit_event": "verb", "accounts_notice": "kind", "core_mail": "kind"}
_ROWS = " UNION ALL ".join(
    [f"SELECT '{table.name}', count(*) FROM {table.name}" for table in METADATA.sorted_tables]
    + [
        f"SELECT '{table} ' || {kind}, count(*) FROM {table} GROUP BY {kind}"
        for table, kind in _COUNTED.items()
    ]
)


def sweep(edge: Runtime) -> tuple[int, list[str]]:
    """Clear the store a day later; return how much went, and what should have gone as well."""
    tomorrow = edge.clock() + timedelta(hours=25)
    count = store_check.sweep(replace(edge, clock=lambda: tomorrow))
    orphans = [one.sha256 for one in store_check.check(edge)]
    with suppress(FileNotFoundError):
        orphans += [path.name for path in (edge.storage.root / UNFINISHED).iterdir()]
    return count, [f"dangling: {name} was not swept" for name in orphans]
