"""What a queue promises, whichever kind it is: a job is saved with the change it follows."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Job:
    """A named piece of work and the ids it is about."""

    name: str
    ids: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value}' for key, value in self.ids)})"


class Queue(Protocol):
    """Takes jobs inside a transaction: they exist when it commits, and only then."""

    def add(self, session: Session, job: Job) -> None:
        """Save the job in the session's transaction."""
        ...
