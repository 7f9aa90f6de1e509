"""Many submissions at once, to measure with: rows written in bulk, none of them a story.

A batch copies what was sealed in the stories, so that each page has as much to read as a real
one. Nothing here goes through a service, and nothing is recorded in the audit trail.
"""

import json
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.seed.scale_people import Reviewer, Rows, add_reviewers, person, put, seats_for
from core.digest import canonical_json, digest_of, sha256_hex
from core.errors import Conflict
from core.ids import new_id
from core.runtime import Runtime
from credentials.catalog.models import Badge, BadgeEdition
from credentials.catalog.queries import definition_of
from portfolio.composing.models import Portfolio
from portfolio.submission.models import SealedItem, SealedText, Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, RoundKind
from review.decision import families
from review.decision.jobs import learn
from review.decision.models import Decision, Release
from review.decision.policy import Reason, ReasonCode
from review.decision.record import SealedReview, inputs_of, result_of, ruling_of
from review.decision.rule import VERSION
from review.decision.states import Basis
from review.pool.models import MatterPart
from review.pool.states import Part
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState

BATCH = 500
SECTORS = ("Associations", "Health", "Education", "Public sector", "Technology", "Finance")
LANGUAGES = ("en", "en", "en", "de", "fr")
USUAL, BETWEEN, CHANCE = 3.3, 0.45, 0.4  # a level, and how far works and answers vary about it
DAYS = 700
RULE = "system:scale"
SETTLED = [asdict(Reason(ReasonCode.SETTLED))]
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
        reviewers = add_reviewers(
            session, [one.submission.badge_id for one in models], dice, at=edge.clock()
        )
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
    _learn(edge)


def _learn(edge: Runtime) -> None:
    """Fit the model to each badge family, as the nightly job does."""
    with edge.database.transaction(read_only=True) as session:
        badges = [one.id for one in session.scalars(select(Badge))]
        found = [(one, family) for one in badges for family in families.families(session, one)]
    for badge_id, family in found:
        learn(edge, badge_id, family, by=RULE)


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


def _one(
    rows: Rows,
    dice: random.Random,
    models: list[Model],
    reviewers: list[Reviewer],
    number: int,
    now: datetime,
) -> None:
    model = models[number % len(models)]
    state = _state(dice)
    at = now - timedelta(days=dice.uniform(18, DAYS) if state is S.RELEASED else dice.uniform(0, 5))
    learner = person(rows, f"learner{number}", at, language=LANGUAGES[number % len(LANGUAGES)])
    sector = SECTORS[min(int(dice.expovariate(0.7)), len(SECTORS) - 1)]
    submission = _submission(rows, model, learner, sector, state, number, at)
    if state is S.INTAKE:
        return
    _reviews(rows, dice, model, submission, seats_for(dice, reviewers), state, at, now)


def _state(dice: random.Random) -> SubmissionState:
    point = dice.random()
    for state, share in STANDING:
        if point < share:
            return state
        point -= share
    return S.RELEASED


def _submission(
    rows: Rows,
    model: Model,
    learner: str,
    sector: str,
    state: SubmissionState,
    number: int,
    at: datetime,
) -> dict[str, Any]:
    portfolio, source = new_id(), model.submission
    sealed = json.loads(source.manifest)
    sealed["context"]["sector"] = sector
    manifest = canonical_json(sealed)
    put(rows, Portfolio, id=portfolio, learner_id=learner, badge_id=source.badge_id,
         edition_id=source.edition_id, version=1, role="Lead", sector=sector,
         context="-", disclosures={}, statements={}, change_note="", created_at=at,
         saved_at=at)  # fmt: skip
    made = put(rows, Submission, id=new_id(), portfolio_id=portfolio, learner_id=learner,
         badge_id=source.badge_id, edition_id=source.edition_id, attempt=1,
         pseudonym=f"Slate {number}", manifest=manifest, digest=sha256_hex(manifest),
         supersedes_id=None, change_note="", sealed_at=at, promised_at=at + timedelta(days=21),
         state=state.value, state_since=at, withdrawn_at=None)  # fmt: skip
    for item in model.items:
        put(rows, SealedItem, id=new_id(), submission_id=made["id"], item_id=item.item_id,
             position=item.position, sha256=item.sha256)  # fmt: skip
    for text in model.texts:
        put(rows, SealedText, id=new_id(), submission_id=made["id"], prompt_key=text.prompt_key,
             html=text.html, renderer=text.renderer)  # fmt: skip
    put(rows, MatterPart, id=new_id(), portfolio_id=portfolio, person_id=learner,
         part=Part.LEARNER.value, since=at)  # fmt: skip
    return made


def _reviews(
    rows: Rows,
    dice: random.Random,
    model: Model,
    submission: dict[str, Any],
    chosen: list[Reviewer],
    state: SubmissionState,
    at: datetime,
    now: datetime,
) -> None:
    """Have two people review, or three; a third decides where two straddle a pass level."""
    seats = 2 if state is not S.RELEASED or dice.random() < 0.5 else 3
    end = at + timedelta(days=dice.uniform(4, 10)) if state is S.RELEASED else None
    opened = _round(rows, submission, 1, RoundKind.INITIAL, seats, at, end)
    worth = dice.gauss(USUAL, BETWEEN)
    sealed: list[SealedReview] = []
    for seat, reviewer in enumerate(chosen, start=1):
        if seat > seats:
            if (
                end is None
                or ruling_of(
                    definition_of(model.edition), inputs_of(model.edition.digest, sealed)
                ).outcome
            ):
                break
            at, end = end, end + timedelta(days=dice.uniform(2, 7))
            opened = _round(rows, submission, 2, RoundKind.ADJUDICATION, 1, at, end)
            seat = 1
        put(rows, MatterPart, id=new_id(), portfolio_id=submission["portfolio_id"],
             person_id=reviewer.id, part=Part.REVIEWER.value, since=at)  # fmt: skip
        assignment = _assignment(rows, opened, submission, reviewer.id, seat, state, at, end)
        if end is not None:
            worth_to = worth - reviewer.harshness((now - end) / timedelta(days=1))
            sealed.append(_review(rows, dice, model, assignment, worth_to, end))
    if end is not None:
        _decision(rows, model, submission, opened["id"], sealed, end)


def _round(
    rows: Rows,
    submission: dict[str, Any],
    number: int,
    kind: RoundKind,
    seats: int,
    at: datetime,
    end: datetime | None,
) -> dict[str, Any]:
    return put(rows, ReviewRound, id=new_id(), submission_id=submission["id"], number=number,
         kind=kind.value, seats=seats, opened_at=at, closed_at=end)  # fmt: skip


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
    made = put(rows, Assignment, id=new_id(), round_id=opened["id"],
         submission_id=submission["id"], reviewer_id=reviewer, seat=seat, state=standing.value,
         explanation={"total": 0.5, "terms": []}, invited_at=at,
         answer_by=at + timedelta(days=3), accepted_at=accepted,
         due_at=accepted and at + timedelta(days=7), opened_at=None, ended_at=end,
         decline_reason=None, decline_note="")  # fmt: skip
    return str(made["id"])


def _review(
    rows: Rows, dice: random.Random, model: Model, assignment: str, worth: float, end: datetime
) -> SealedReview:
    made = put(rows, Review, id=new_id(), assignment_id=assignment,
         state=ReviewState.SEALED.value, feedback="Clear work.", private_note="",
         seconds_spent=round(dice.gammavariate(6, 400)), version=2, saved_at=end, sealed_at=end,
         digest=sha256_hex(assignment))  # fmt: skip
    levels: dict[str, int | None] = {}
    for criterion in definition_of(model.edition).criteria:
        levels[criterion.key] = level = min(max(round(dice.gauss(worth, CHANCE)), 1), 4)
        put(rows, CriterionScore, id=new_id(), review_id=made["id"],
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
    made = put(rows, Decision, id=new_id(), submission_id=submission["id"], round_id=round_id,
         number=1, basis=Basis.AGGREGATION.value, outcome=str(ruling.outcome),
         rule_version=VERSION, inputs=inputs, inputs_digest=digest_of(inputs),
         result=result_of(ruling), reasons=SETTLED, decided_by=RULE, decided_at=end,
         release_at=end, supersedes_id=None)  # fmt: skip
    put(rows, Release, decision_id=made["id"], released_at=end, released_by=RULE)
