"""Jobs: work that follows a change, saved with it and done after it.

A room registers what it does with `@handler`, and what it looks after from time to time with
`@every`. A job may be delivered twice and may come late, so a handler opens its own transaction,
calls one service, and is safe to run twice. The worker runs what `core.jobs_dbos` keeps in the
database; tests and the demo's seed run a `MemoryQueue` until it is empty.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from core.queue import Job, Queue
from core.runtime import QUEUE, Runtime

F = TypeVar("F", bound=Callable[..., None])

ADDED = "core.jobs"


@dataclass(frozen=True)
class Sweep:
    """Work that is done every so many minutes, whatever happened."""

    name: str
    minutes: int
    run: Callable[[Runtime], None]


_HANDLERS: dict[str, Callable[..., None]] = {}
_HEAVY: set[str] = set()
_SWEEPS: dict[str, Sweep] = {}


def handler(name: str, *, is_heavy: bool = False) -> Callable[[F], F]:
    """Register the decorated function to do the jobs of this name; each name has one.

    Jobs that compute, or wait for each other, are heavy: they have a few places of their own in
    a worker, so that they never hold up the rest.
    """

    def register(function: F) -> F:
        if is_heavy:
            _HEAVY.add(name)
        if _HANDLERS.setdefault(name, function) is not function:
            raise ValueError(f"two handlers are named {name}")
        return function

    return register


def every(*, minutes: int, name: str) -> Callable[[F], F]:
    """Register the decorated function to run every so many minutes."""
    divides_an_hour = 0 < minutes < 60 and 60 % minutes == 0
    if not divides_an_hour and minutes not in {hours * 60 for hours in (1, 2, 3, 4, 6, 8, 12, 24)}:
        raise ValueError("a sweep's minutes divide an hour, or its hours divide a day")

    def register(function: F) -> F:
        sweep = _SWEEPS.setdefault(name, Sweep(name, minutes, function))
        if sweep.run is not function:
            raise ValueError(f"two sweeps are named {name}")
        return function

    return register


def enqueue(session: Session, name: str, **ids: str) -> None:
    """Save a job in the caller's transaction; the ids are the handler's arguments."""
    wrong = [key for key, value in ids.items() if not isinstance(value, str)]
    if wrong:
        raise TypeError(f"a job carries ids, and these are none: {', '.join(wrong)}")
    queue: Queue | None = session.info.get(QUEUE)
    if queue is None:
        raise LookupError("this session has no queue: take it from the database of a Runtime")
    queue.add(session, Job(name, tuple(sorted(ids.items()))))


def is_heavy(name: str) -> bool:
    """Whether the jobs of this name have places of their own."""
    return name in _HEAVY


def run(edge: Runtime, job: Job) -> None:
    """Do one job now; raise LookupError when nobody registered for its name."""
    if job.name not in _HANDLERS:
        raise LookupError(f"no handler is registered for {job.name}")
    _HANDLERS[job.name](edge, **dict(job.ids))


def sweep(edge: Runtime, name: str) -> None:
    """Run one sweep now."""
    _SWEEPS[name].run(edge)


def sweeps() -> tuple[Sweep, ...]:
    """Return every registered sweep, by name."""
    return tuple(_SWEEPS[name] for name in sorted(_SWEEPS))


def handled() -> frozenset[str]:
    """Return the names that somebody registered for."""
    return frozenset(_HANDLERS)


@dataclass
class _Added:
    """Jobs of one session that wait for its commit, with what would undo each."""

    queue: "MemoryQueue"
    job: Job
    within: list[SessionTransaction] = field(compare=False)


class MemoryQueue:
    """A queue for one process: jobs are waiting once their transaction commits."""

    def __init__(self) -> None:
        self.waiting: deque[Job] = deque()

    def add(self, session: Session, job: Job) -> None:
        """Keep the job with the session until it commits."""
        if not session.in_transaction():
            session.begin()
        within = list(_open_transactions(session))
        session.info.setdefault(ADDED, []).append(_Added(self, job, within))

    def added(self, session: Session) -> tuple[Job, ...]:
        """Return the jobs that this session's open transaction would leave."""
        return tuple(entry.job for entry in session.info.get(ADDED, []))

    def drain(self, edge: Runtime) -> int:
        """Do every job, and those that they bring, until none waits; return how many."""
        count = 0
        while self.waiting:
            run(edge, self.waiting.popleft())
            count += 1
        return count


def _open_transactions(session: Session) -> Iterator[SessionTransaction]:
    current = session.get_nested_transaction() or session.get_transaction()
    while current is not None:
        yield current
        current = current.parent


@event.listens_for(Session, "after_commit")
def _release(session: Session) -> None:
    """Hand over what was added, once the whole transaction stands."""
    if session.in_nested_transaction():
        return
    for entry in session.info.pop(ADDED, []):
        entry.queue.waiting.append(entry.job)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    added: list[Any] = session.info.get(ADDED, [])
    added[:] = [entry for entry in added if undone not in entry.within]


@event.listens_for(Session, "after_transaction_end")
def _forget_all(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(ADDED, None)
