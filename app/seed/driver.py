"""Moves the demo's world through time: every step is what a person did, through its service.

A story is a generator. It says when its next step happens and in which stage of the world, and
does the step once the driver has set the clock. Steps of all stories run in the order of their
times, each followed by the jobs it brought, so that the record reads as if it had happened.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core import jobs
from core.db import Database
from core.jobs import MemoryQueue
from core.runtime import Runtime

T = TypeVar("T")


class Stage(IntEnum):
    """How far the world goes; each stage holds the ones before it."""

    EMPTY = 0
    COMPOSING = 1
    REVIEWING = 2
    DECIDED = 3
    AWARDED = 4


@dataclass(frozen=True)
class Moment:
    """When the next step of a story happens, and from which stage on."""

    stage: Stage
    at: datetime


Story = Iterator[Moment]


class World:
    """An edge whose clock goes where the stories are; its jobs run after each step."""

    def __init__(self, edge: Runtime) -> None:
        self.today = edge.clock()
        self.now = self.today
        self.queue = MemoryQueue()
        self.edge = replace(
            edge,
            database=Database(edge.settings.database_url, pool_size=2),
            jobs=self.queue,
            clock=lambda: self.now,
        )
        self.people: dict[str, str] = {}

    def ago(self, days: float, hour: int = 10, minute: int = 0) -> datetime:
        """Return a time of day so many days before today, never later than now."""
        day = self.today - timedelta(days=days)
        return min(
            day.replace(hour=hour, minute=minute, second=0, microsecond=0),
            self.today - timedelta(minutes=1),
        )

    def do(self, verb: Callable[..., T], *args: Any, by: str | None = None, **named: Any) -> T:
        """Let a person (by key) do something in one transaction, then do the jobs it brought."""
        if by is not None:
            named["by"] = self.people.get(by, by)
        with self.edge.database.transaction() as session:
            done = verb(session, *args, at=self.now, **named)
        self.drain()
        return done

    def ask(self, query: Callable[..., T], *args: Any, **named: Any) -> T:
        """Read something."""
        return self.look(lambda session: query(session, *args, **named))

    def look(self, read: Callable[[Session], T]) -> T:
        """Read something with a function of the session alone; rows stay readable after it."""
        with self.edge.database.transaction(read_only=True) as session:
            found = read(session)
            session.expunge_all()
        return found

    def drain(self) -> None:
        """Do every waiting job."""
        self.queue.drain(self.edge)

    def sweep(self, name: str) -> None:
        """Do what the worker does from time to time."""
        jobs.sweep(self.edge, name)
        self.drain()

    def close(self) -> None:
        """Give the database back."""
        self.edge.database.close()


def run(
    world: World, stories: list[Story], *, until: Stage, progress: Callable[[], None] | None = None
) -> None:
    """Run the stories in the order of time, each as far as the stage goes."""
    order = count()
    waiting: list[tuple[datetime, int, Story]] = []

    def put_back(story: Story) -> None:
        following = next(story, None)
        if following is not None and following.stage <= until:
            heapq.heappush(waiting, (following.at, next(order), story))

    world.now = datetime.min.replace(tzinfo=UTC)
    for story in stories:
        put_back(story)
    while waiting:
        at, _number, story = heapq.heappop(waiting)
        world.now = max(world.now, at)
        put_back(story)
        if progress is not None:
            progress()
    world.now = world.today
