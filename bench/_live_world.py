"""The world of bench/live_routing.py: people and sealed work, written in bulk.

Two in three reviewers are learners too, so that pairs who could review one another abound. One
person in four has a second employer of the last years, one in ten has a declared tie, and each
portfolio in five has an attester who reviews as well.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from accounts.models import EmailAddress, Employment, Person
from core.db import Base
from core.ids import new_id
from core.runtime import Runtime
from portfolio.composing.models import Attestation, Portfolio
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.pool.models import DeclaredConflict, MatterPart, Qualification, ReviewerProfile
from tests.factories import Factory

SECTORS = ("Associations", "Health", "Education", "Energy", "Public service", "Retail")
ORGANISATIONS = 200
BATCH = 2_000
Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(frozen=True)
class Size:
    """How many of each there are."""

    submissions: int
    reviewers: int
    max_open: int


def build(edge: Runtime, size: Size, *, seed: int = 11) -> list[dict[str, Any]]:
    """Fill an empty database and return the rows of the submissions that are to arrive."""
    dice = random.Random(seed)
    model = _model(edge)
    at = edge.clock() - timedelta(days=1)
    rows: Rows = {}
    reviewers = [_reviewer(rows, dice, model, number, size, at) for number in range(size.reviewers)]
    learners = reviewers[: size.reviewers * 2 // 3]
    more = size.submissions - len(learners)
    learners = learners[: size.submissions] + [
        _person(rows, dice, f"learner{number}", at) for number in range(max(0, more))
    ]
    for person in dice.sample(reviewers, len(reviewers) // 10):
        _put(rows, DeclaredConflict, id=new_id(), person_id=person, is_derived=False, note="",
             other_person_id=dice.choice(learners), other_key=None, organisation=None,
             kind="other", from_at=at, until_at=None)  # fmt: skip
    dice.shuffle(learners)
    made = [_submission(rows, dice, model, one, number, at) for number, one in enumerate(learners)]
    for person in dice.sample(learners, size.submissions // 5):
        _attester(rows, dice, person, reviewers, at)
    with edge.database.transaction() as session:
        _write(session, rows)
    return made


def _model(edge: Runtime) -> dict[str, Any]:
    make = Factory(edge, None)
    learner, edition = make.person(), make.edition()
    with edge.database.transaction() as session:
        found = session.get_one(Submission, make.submission(learner, edition).id)
        return {
            "badge_id": found.badge_id,
            "edition_id": found.edition_id,
            "manifest": found.manifest,
            "digest": found.digest,
        }


def _person(rows: Rows, dice: random.Random, name: str, at: datetime) -> str:
    made = new_id()
    _put(rows, Person, id=made, name=f"Bench {name}", password_hash=None, time_zone="UTC",
         language="en", theme="auto", sector=dice.choice(SECTORS), created_at=at,
         password_changed_at=None, disabled_at=None)  # fmt: skip
    address = f"{name}@bench.example.org"
    _put(rows, EmailAddress, id=new_id(), person_id=made, address=address, identity_key=address,
         is_primary=True, created_at=at, verified_at=at)  # fmt: skip
    for _ in range(2 if dice.random() < 0.25 else 1):
        house = f"House {dice.randrange(ORGANISATIONS)}{dice.choice(('', ' Ltd', ' GmbH'))}"
        gone = dice.choice((None, date(2019, 6, 30), (at - timedelta(days=400)).date()))
        _put(rows, Employment, id=new_id(), person_id=made, organisation=house, from_date=None,
             until_date=gone)  # fmt: skip
    return made


def _reviewer(
    rows: Rows, dice: random.Random, model: dict[str, Any], number: int, size: Size, at: datetime
) -> str:
    made = _person(rows, dice, f"reviewer{number}", at)
    _put(rows, ReviewerProfile, person_id=made, is_available=True, paused_until=None,
         max_open=size.max_open, languages=["en"], sectors=[dice.choice(SECTORS)], topics=[],
         per_year=50, joined_at=at)  # fmt: skip
    _put(rows, Qualification, id=new_id(), person_id=made, badge_id=model["badge_id"],
         state="qualified", source="granted", granted_by="system:bench", reason="-",
         valid_from=at, valid_until=None)  # fmt: skip
    return made


def _submission(
    rows: Rows,
    dice: random.Random,
    model: dict[str, Any],
    learner: str,
    number: int,
    at: datetime,
) -> dict[str, Any]:
    portfolio = new_id()
    _put(rows, Portfolio, id=portfolio, learner_id=learner, badge_id=model["badge_id"],
         edition_id=model["edition_id"], version=1, role="Lead", sector=dice.choice(SECTORS),
         context="-", disclosures={}, statements={}, change_note="", created_at=at,
         saved_at=at)  # fmt: skip
    _put(rows, MatterPart, id=new_id(), portfolio_id=portfolio, person_id=learner,
         part="learner", since=at)  # fmt: skip
    return {
        **model,
        "id": new_id(),
        "portfolio_id": portfolio,
        "learner_id": learner,
        "attempt": 1,
        "pseudonym": f"Slate {number}",
        "change_note": "",
        "state": SubmissionState.AWAITING_REVIEWERS.value,
    }


def _attester(
    rows: Rows, dice: random.Random, learner: str, reviewers: list[str], at: datetime
) -> None:
    portfolio = next(one["id"] for one in rows[Portfolio] if one["learner_id"] == learner)
    person = dice.choice(reviewers)
    address = next(one["address"] for one in rows[EmailAddress] if one["person_id"] == person)
    _put(rows, Attestation, id=new_id(), portfolio_id=portfolio, name="Boss", address=address,
         relation="", token_hash=new_id(), state="received",
         confirmed={}, remark="", requested_at=at, expires_at=at + timedelta(days=30),
         answered_at=at)  # fmt: skip


def _write(session: Session, rows: Rows) -> None:
    for table, values in rows.items():
        for start in range(0, len(values), BATCH):
            session.execute(insert(table), values[start : start + BATCH])
        session.flush()


def _put(rows: Rows, table: type[Base], **values: Any) -> None:
    rows.setdefault(table, []).append(values)
