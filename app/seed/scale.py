"""Many submissions at once, to measure with: rows written in bulk, none of them a story.

A batch copies what was sealed in the stories, so that each page has as much to read as a real
one. Nothing here goes through a service, and nothing is recorded in the audit trail.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accounts.models import EmailAddress, Person
from core.db import Base
from core.digest import sha256_hex
from core.errors import Conflict
from core.ids import new_id
from core.runtime import Runtime
from credentials.catalog.models import BadgeEdition
from credentials.catalog.queries import definition_of
from portfolio.composing.models import Portfolio
from portfolio.submission.models import SealedItem, SealedText, Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, RoundKind
from review.decision.models import Decision, Release
from review.decision.record import SealedReview, inputs_of, result_of, ruling_of
from review.decision.rule import VERSION
from review.decision.states import Basis
from review.pool.models import MatterPart, Qualification, ReviewerProfile
from review.pool.states import Part, QualificationSource, QualificationState
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState

BATCH = 500
REVIEWERS = 400
DAYS = 700
RULE = "system:scale"
Rows = dict[type[Base], list[dict[str, Any]]]
S = SubmissionState
# What share of submissions stands where; the rest was released.
STANDING = ((S.UNDER_REVIEW, 0.03), (S.AWAITING_REVIEWERS, 0.01), (S.INTAKE, 0.005))


@dataclass(frozen=True)
class Model:
    """A submission of the stories that the many are copied from."""

    edition: BadgeEdition
    submission: Submission
    items: tuple[SealedItem, ...]
    texts: tuple[SealedText, ...]


def add(
    edge: Runtime, count: int, *, seed: int = 7, progress: Callable[[int], object] | None = None
) -> None:
    """Add `count` submissions, each with two reviews or three; the world must be seeded."""
    dice = random.Random(seed)  # noqa: S311 - figures to measure with, not a secret
    with edge.database.transaction() as session:
        models = _models(session)
        reviewers = _add_reviewers(session, models, at=edge.clock())
    numbers = iter(range(count))
    while batch := list(islice(numbers, BATCH)):
        rows: Rows = {}
        for number in batch:
            _one(rows, dice, models, reviewers, number, edge.clock())
        with edge.database.transaction() as session:
            for table, values in rows.items():
                session.execute(insert(table), values)
        if progress is not None:
            progress(len(batch))


def _models(session: Session) -> list[Model]:
    found: dict[str, Model] = {}
    for submission in session.scalars(select(Submission).order_by(Submission.sealed_at)):
        if submission.badge_id not in found:
            of_it = Submission.id == submission.id
            items = select(SealedItem).join(Submission).where(of_it)
            texts = select(SealedText).join(Submission).where(of_it)
            found[submission.badge_id] = Model(
                session.get_one(BadgeEdition, submission.edition_id),
                submission,
                tuple(session.scalars(items)),
                tuple(session.scalars(texts)),
            )
    if not found:
        raise Conflict("There is no submission to copy. Seed the stage “reviewing” or later first.")
    return list(found.values())


def _add_reviewers(session: Session, models: list[Model], *, at: datetime) -> list[str]:
    rows: Rows = {}
    reviewers = [_person(rows, f"reviewer{number}", at) for number in range(REVIEWERS)]
    for person_id in reviewers:
        _put(rows, ReviewerProfile, person_id=person_id, is_available=True, max_open=9,
             languages=["en"], sectors=[], joined_at=at)  # fmt: skip
        for model in models:
            _put(rows, Qualification, id=new_id(), person_id=person_id,
                 badge_id=model.submission.badge_id, state=QualificationState.QUALIFIED.value,
                 source=QualificationSource.GRANTED.value, granted_by=RULE, reason="-",
                 valid_from=at, valid_until=None)  # fmt: skip
    for table, values in rows.items():
        session.execute(insert(table), values)
    return reviewers


def _one(
    rows: Rows,
    dice: random.Random,
    models: list[Model],
    reviewers: list[str],
    number: int,
    now: datetime,
) -> None:
    model = models[number % len(models)]
    state = _state(dice)
    at = now - timedelta(days=dice.uniform(8, DAYS) if state is S.RELEASED else dice.uniform(0, 5))
    learner = _person(rows, f"learner{number}", at)
    submission = _submission(rows, model, learner, state, number, at)
    if state is S.INTAKE:
        return
    count = 2 if dice.random() < 0.5 else 3
    chosen = dice.sample(reviewers, count)
    _reviews(rows, dice, model, submission, chosen, state, at)


def _state(dice: random.Random) -> SubmissionState:
    point = dice.random()
    for state, share in STANDING:
        if point < share:
            return state
        point -= share
    return S.RELEASED


def _submission(
    rows: Rows, model: Model, learner: str, state: SubmissionState, number: int, at: datetime
) -> dict[str, Any]:
    portfolio, source = new_id(), model.submission
    _put(rows, Portfolio, id=portfolio, learner_id=learner, badge_id=source.badge_id,
         edition_id=source.edition_id, version=1, role="Lead", sector="Associations",
         context="-", disclosures={}, statements={}, change_note="", created_at=at,
         saved_at=at)  # fmt: skip
    made = _put(rows, Submission, id=new_id(), portfolio_id=portfolio, learner_id=learner,
         badge_id=source.badge_id, edition_id=source.edition_id, attempt=1,
         pseudonym=f"Slate {number}", manifest=source.manifest, digest=source.digest,
         supersedes_id=None, change_note="", sealed_at=at, promised_at=at + timedelta(days=21),
         state=state.value, state_since=at, withdrawn_at=None)  # fmt: skip
    for item in model.items:
        _put(rows, SealedItem, id=new_id(), submission_id=made["id"], item_id=item.item_id,
             position=item.position, sha256=item.sha256)  # fmt: skip
    for text in model.texts:
        _put(rows, SealedText, id=new_id(), submission_id=made["id"], prompt_key=text.prompt_key,
             html=text.html, renderer=text.renderer)  # fmt: skip
    _put(rows, MatterPart, id=new_id(), portfolio_id=portfolio, person_id=learner,
         part=Part.LEARNER.value, since=at)  # fmt: skip
    return made


def _reviews(
    rows: Rows,
    dice: random.Random,
    model: Model,
    submission: dict[str, Any],
    chosen: list[str],
    state: SubmissionState,
    at: datetime,
) -> None:
    done = state is S.RELEASED
    end = at + timedelta(days=7) if done else None
    seats = len(chosen) if done else 2
    opened = _put(rows, ReviewRound, id=new_id(), submission_id=submission["id"], number=1,
         kind=RoundKind.INITIAL.value, seats=seats, opened_at=at, closed_at=end)  # fmt: skip
    sealed = []
    for seat, reviewer in enumerate(chosen[:seats], start=1):
        _put(rows, MatterPart, id=new_id(), portfolio_id=submission["portfolio_id"],
             person_id=reviewer, part=Part.REVIEWER.value, since=at)  # fmt: skip
        assignment = _assignment(rows, opened, submission, reviewer, seat, state, at, end)
        if end is not None:
            sealed.append(_review(rows, dice, model, assignment, end))
    if end is not None:
        _decision(rows, model, submission, opened["id"], sealed, end)


def _assignment(
    rows: Rows,
    opened: dict[str, Any],
    submission: dict[str, Any],
    reviewer: str,
    seat: int,
    state: SubmissionState,
    at: datetime,
    end: datetime | None,
) -> str:
    standing = {
        S.RELEASED: AssignmentState.CLOSED,
        S.UNDER_REVIEW: AssignmentState.ACCEPTED,
    }.get(state, AssignmentState.INVITED)
    accepted = None if standing is AssignmentState.INVITED else at
    made = _put(rows, Assignment, id=new_id(), round_id=opened["id"],
         submission_id=submission["id"], reviewer_id=reviewer, seat=seat, state=standing.value,
         explanation={"total": 0.5, "terms": []}, invited_at=at,
         answer_by=at + timedelta(days=3), accepted_at=accepted,
         due_at=accepted and at + timedelta(days=7), opened_at=None, ended_at=end,
         decline_reason=None, decline_note="")  # fmt: skip
    return str(made["id"])


def _review(
    rows: Rows, dice: random.Random, model: Model, assignment: str, end: datetime
) -> SealedReview:
    made = _put(rows, Review, id=new_id(), assignment_id=assignment,
         state=ReviewState.SEALED.value, feedback="Clear work.", private_note="",
         seconds_spent=1_800, version=2, saved_at=end, sealed_at=end,
         digest=sha256_hex(assignment))  # fmt: skip
    levels: dict[str, int | None] = {}
    for criterion in definition_of(model.edition).criteria:
        levels[criterion.key] = level = 3 if dice.random() < 0.9 else 4
        _put(rows, CriterionScore, id=new_id(), review_id=made["id"],
             criterion_key=criterion.key, level=level, cannot_score=None,
             rationale="It shows in the second sample, with owners and times.",
             locator="E1, page 1")  # fmt: skip
    return SealedReview(made["id"], assignment, made["digest"], levels)


def _decision(
    rows: Rows,
    model: Model,
    submission: dict[str, Any],
    round_id: str,
    sealed: list[SealedReview],
    end: datetime,
) -> None:
    inputs = inputs_of(model.edition.digest, sealed)
    ruling = ruling_of(definition_of(model.edition), inputs)
    made = _put(rows, Decision, id=new_id(), submission_id=submission["id"], round_id=round_id,
         number=1, basis=Basis.AGGREGATION.value, outcome=str(ruling.outcome),
         rule_version=VERSION, inputs=inputs, inputs_digest=sha256_hex(round_id),
         result=result_of(ruling), reasons=[], decided_by=RULE, decided_at=end,
         release_at=end, supersedes_id=None)  # fmt: skip
    _put(rows, Release, decision_id=made["id"], released_at=end, released_by=RULE)


def _person(rows: Rows, name: str, at: datetime) -> str:
    made = _put(rows, Person, id=new_id(), name=f"Scale {name}", password_hash=None,
         password_changed_at=None, time_zone="UTC", language="en", theme="auto",
         sector="Associations", created_at=at, disabled_at=None)  # fmt: skip
    address = f"{name}@scale.example.org"
    _put(rows, EmailAddress, id=new_id(), person_id=made["id"], address=address,
         identity_key=address, is_primary=True, created_at=at, verified_at=at)  # fmt: skip
    return str(made["id"])


def _put(rows: Rows, table: type[Base], **values: Any) -> dict[str, Any]:
    rows.setdefault(table, []).append(values)
    return values
