"""What an edge (request, job or command) works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import clock
from core.db import Database
from core.queue import Queue
from core.stored import Store

QUEUE = "core.queue"


@dataclass(frozen=True)
class Runtime:
    """Settings, database, files, jobs and the time; every session knows the queue from here."""

    settings: Any
    database: Database
    storage: Store
    jobs: Queue
    clock: Callable[[], datetime] = clock.now

    def __post_init__(self) -> None:
        self.database.session_info[QUEUE] = self.jobs
