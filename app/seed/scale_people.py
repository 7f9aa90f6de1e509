"""The people of a large world, and the rows that are gathered before they are written."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from accounts.models import EmailAddress, Person
from core.db import Base
from core.ids import new_id
from review.pool.models import Qualification, ReviewerProfile
from review.pool.states import QualificationSource, QualificationState

REVIEWERS = 400
BUSY = 24  # so many of them do half of all reviews
SEVERITY, DRIFT = 0.2, 0.15
RULE = "system:scale"
Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(frozen=True)
class Reviewer:
    """Somebody of the pool, and by how many levels they are harsher than others.

    `drift` is by how much more for each hundred days that something lies back.
    """

    id: str
    severity: float
    drift: float = 0.0

    def harshness(self, days_ago: float) -> float:
        """Return by how many levels they were harsher then."""
        return self.severity + self.drift * days_ago / 100


def add_reviewers(
    session: Session, badges: Sequence[str], dice: random.Random, *, at: datetime
) -> list[Reviewer]:
    """Add the pool: everybody may review for each of these badges."""
    rows: Rows = {}
    reviewers = [
        Reviewer(
            person(rows, f"reviewer{number}", at),
            dice.gauss(0, SEVERITY),
            DRIFT if number == 0 else 0.0,
        )
        for number in range(REVIEWERS)
    ]
    for person_id in (one.id for one in reviewers):
        put(rows, ReviewerProfile, person_id=person_id, is_available=True, max_open=9,
             languages=["en"], sectors=[], joined_at=at)  # fmt: skip
        for badge_id in badges:
            put(rows, Qualification, id=new_id(), person_id=person_id,
                 badge_id=badge_id, state=QualificationState.QUALIFIED.value,
                 source=QualificationSource.GRANTED.value, granted_by=RULE, reason="-",
                 valid_from=at, valid_until=None)  # fmt: skip
    for table, values in rows.items():
        session.execute(insert(table), values)
    return reviewers


def seats_for(dice: random.Random, pool: Sequence[Reviewer]) -> list[Reviewer]:
    """Return three people to ask, from the busy ones as often as from all."""
    return dice.sample(pool[:BUSY] if dice.random() < 0.5 else pool, 3)


def person(rows: Rows, name: str, at: datetime, *, language: str = "en") -> str:
    """Add somebody with an address, and return their id."""
    made = put(rows, Person, id=new_id(), name=f"Scale {name}", password_hash=None,
         password_changed_at=None, time_zone="UTC", language=language, theme="auto",
         sector="Associations", created_at=at, disabled_at=None)  # fmt: skip
    address = f"{name}@scale.example.org"
    put(rows, EmailAddress, id=new_id(), person_id=made["id"], address=address,
         identity_key=address, is_primary=True, created_at=at, verified_at=at)  # fmt: skip
    return str(made["id"])


def put(rows: Rows, table: type[Base], **values: Any) -> dict[str, Any]:
    """Add a row to be written later, and return it."""
    rows.setdefault(table, []).append(values)
    return values
