"""The audit trail: every state change writes one event in its own transaction.

`record` only queues an event on the session. When the transaction commits, the queued events
are appended to a chain in which each event seals the hash of the one before. A single row, the
head, says where the chain ends; whoever appends holds its lock, and takes it last, so that
transactions wait for one another only while they end. What is rolled back leaves no event.

`verify_chain` walks the chain and finds any row that was edited, inserted or removed, the last
ones included. To notice that the whole table and its head were replaced, keep the last hash
somewhere else from time to time: `ChainReport.last_hash` is there for that.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, event, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, SessionTransaction

from core.digest import canonical_json, digest_of
from core.ids import new_id
from core.models import AuditEvent, AuditHead

GENESIS = "0" * 64
SYSTEM = "system:"
QUEUE = "core.audit"
DIGEST = re.compile(r"[0-9a-f]{64}")
COLUMNS = AuditEvent.__table__.columns
SEALED = tuple(column.name for column in COLUMNS if column.name != "hash")


@dataclass(frozen=True)
class ChainReport:
    """What a walk along the chain found; `first_broken_seq` is None when all of it holds."""

    count: int
    first_broken_seq: int | None = None
    reason: str | None = None
    last_hash: str = GENESIS


@dataclass(frozen=True)
class _Queued:
    """An event that waits for the commit, and the transactions whose end would undo it."""

    values: dict[str, Any]
    within: list[SessionTransaction] = field(compare=False)


def record(
    session: Session,
    verb: str,
    *,
    subject_kind: str,
    subject_id: str,
    by: str | None,
    at: datetime,
    rule: str | None = None,
    reason: str | None = None,
    before: Any = None,
    after: Any = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Queue one event for the commit of this transaction.

    `by` is a person's id, or `system:<rule>` for an automatic act, whose rule may also be named
    with `rule` and `by=None`. `before` and `after` are kept by their digest only: any value that
    JSON can hold, or 64 hexadecimal digits, which are taken as the digest itself. `detail` is
    kept as it is, so it must not carry evidence or secrets.
    """
    if by is not None and by.startswith(SYSTEM):
        rule, by = by.removeprefix(SYSTEM), None
    if (by is None) == (rule is None):
        raise ValueError("an event needs either a person or a rule that acted")
    if at.tzinfo is None:
        raise ValueError("a time must carry its zone")
    values = {
        "id": new_id(),
        "at": at.astimezone(UTC),
        "actor_id": by,
        "rule": rule,
        "verb": verb,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "before_digest": _digest(before),
        "after_digest": _digest(after),
        "reason": reason,
        "detail": json.loads(canonical_json(detail or {})),
    }
    if not session.in_transaction():
        session.begin()
    within = list(_open_transactions(session))
    session.info.setdefault(QUEUE, []).append(_Queued(values, within))


def verify_chain(session: Session) -> ChainReport:
    """Walk the chain from its first event and report where it breaks first, if it does.

    Rows are streamed, so any length fits in memory; events appended meanwhile are left alone.
    """
    head = session.execute(
        select(AuditHead.seq, AuditHead.hash, select(func.max(AuditEvent.seq)).scalar_subquery())
    ).one_or_none()
    last_seq, last_hash, top = head or (0, GENESIS, session.scalar(func.max(AuditEvent.seq)))
    count, previous = 0, GENESIS
    rows = session.execute(
        select(*COLUMNS)
        .where(AuditEvent.seq <= last_seq)
        .order_by(AuditEvent.seq)
        .execution_options(yield_per=1000)
    )
    for row in rows:
        objection = _objection(row, count + 1, previous)
        if objection:
            rows.close()
            return ChainReport(count, min(row.seq, count + 1), objection)
        count, previous = count + 1, row.hash
    if count < last_seq:
        return ChainReport(count, count + 1, "An event is missing.")
    if previous != last_hash:
        return ChainReport(count, count, "The head does not agree with the last event.")
    if (top or 0) > last_seq:
        return ChainReport(count, last_seq + 1, "There is an event after the end of the chain.")
    return ChainReport(count, last_hash=previous)


def _objection(row: Row[Any], seq: int, previous: str) -> str | None:
    """Return what is wrong with this row at this place of the chain, if anything is."""
    if row.seq != seq:
        return "An event is missing."
    if row.previous_hash != previous:
        return "The event does not follow from the one before."
    if row.hash != _seal(row._asdict()):
        return "The event was changed."
    return None


def _seal(values: dict[str, Any]) -> str:
    """Return the hash of an event: every column but the hash itself, as canonical JSON."""
    sealed = {name: values[name] for name in SEALED}
    return digest_of({**sealed, "at": sealed["at"].isoformat(timespec="microseconds")})


def _digest(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and DIGEST.fullmatch(value)):
        return value
    return digest_of(value)


def _open_transactions(session: Session) -> Iterator[SessionTransaction]:
    current = session.get_nested_transaction() or session.get_transaction()
    while current is not None:
        yield current
        current = current.parent


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    """Write what was queued, last of all, under the lock of the head."""
    if session.in_nested_transaction() or not session.info.get(QUEUE):
        return
    session.flush()
    queued: list[_Queued] = session.info.pop(QUEUE)
    seq, previous = _locked_head(session)
    rows = []
    for entry in queued:
        seq += 1
        row = {"seq": seq, **entry.values, "previous_hash": previous}
        previous = row["hash"] = _seal(row)
        rows.append(row)
    session.execute(insert(AuditEvent), rows)
    session.execute(update(AuditHead).values(seq=seq, hash=previous))


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    """Drop what was queued inside a transaction, or a savepoint, that was rolled back."""
    queue: list[_Queued] = session.info.get(QUEUE, [])
    queue[:] = [entry for entry in queue if undone not in entry.within]


@event.listens_for(Session, "after_transaction_end")
def _forget_all(session: Session, ended: SessionTransaction) -> None:
    """Start the next transaction with nothing queued, however this one ended."""
    if ended.parent is None:
        session.info.pop(QUEUE, None)


def _locked_head(session: Session) -> tuple[int, str]:
    """Return where the chain ends, locked until this transaction is over."""
    head = select(AuditHead.seq, AuditHead.hash).with_for_update()
    found = session.execute(head).one_or_none()
    if found is None:
        dialect = session.get_bind().dialect.name
        insert_once = postgres_insert if dialect == "postgresql" else sqlite_insert
        session.execute(
            insert_once(AuditHead).values(id=1, seq=0, hash=GENESIS).on_conflict_do_nothing()
        )
        found = session.execute(head).one()
    return found.seq, found.hash
