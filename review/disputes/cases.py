"""The one-page summary of a matter, made from the records, with nobody's name in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from credentials.catalog import queries as catalog
from credentials.catalog.definition import Criterion, EditionDefinition
from portfolio.evidence.identity import mask
from portfolio.submission.models import Submission
from portfolio.submission.queries import sealed_items
from review.assignment.models import ReviewRound
from review.assignment.states import APART, RoundKind
from review.decision.models import Decision
from review.decision.queries import (
    digests_of,
    released_decision,
    rounds_that_count,
    sealed_reviews,
)
from review.decision.record import inputs_of, ruling_of
from review.decision.rule import Ruling
from review.disputes.models import ReconsiderationRequest
from review.scoring.anonymity import BlindSubmission
from review.scoring.queries import blind_submission, learner_needles
from review.scoring.rules import Answer
from review.scoring.voices import voices

ROUND_WORDS = {
    RoundKind.INITIAL: "Reviewers were asked",
    RoundKind.ADJUDICATION: "One more reviewer was asked",
    RoundKind.FRESH: "A fresh review by new reviewers began",
}


@dataclass(frozen=True)
class Happening:
    """One entry of the timeline; times are told to the day."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Point:
    """One criterion with what each reviewer said on it, in the order of `Case.reviewers`."""

    criterion: Criterion
    answers: tuple[Answer, ...]
    level: int | None
    is_disputed: bool


@dataclass(frozen=True)
class Case:
    """All that a committee member reads of a matter; the learner goes by the pseudonym."""

    submission_id: str
    definition: EditionDefinition
    work: BlindSubmission
    digests: Mapping[int, str]
    needles: Sequence[str]
    request: str
    reviewers: tuple[str, ...]
    remarks: tuple[str, ...]
    points: tuple[Point, ...]
    outcome: str
    timeline: tuple[Happening, ...]


def case_of(
    session: Session, submission: Submission, lodged: ReconsiderationRequest | None
) -> Case:
    """Compile the summary of a request, or of reviews that did not settle."""
    definition = catalog.definition_of(catalog.edition(session, submission.edition_id))
    needles = learner_needles(session, submission)
    decision = None if lodged is None else session.get_one(Decision, lodged.decision_id)
    digests, ruling = _said(session, submission, definition, decision)
    spoken = voices(session, digests, order=submission.id, hidden=needles)
    return Case(
        submission_id=submission.id,
        definition=definition,
        work=blind_submission(session, submission, needles=needles),
        digests={item.position: item.sha256 for item in sealed_items(session, submission.id)},
        needles=needles,
        request="" if lodged is None else mask(lodged.request, needles),
        reviewers=tuple(f"Reviewer {chr(ord('A') + place)}" for place in range(len(spoken))),
        remarks=tuple(voice.feedback for voice in spoken),
        points=tuple(
            _point(one, ruling, tuple(voice.answers.get(one.key, Answer()) for voice in spoken))
            for one in definition.criteria
        ),
        outcome="" if decision is None else decision.outcome,
        timeline=_timeline(session, submission, lodged),
    )


def _said(
    session: Session,
    submission: Submission,
    definition: EditionDefinition,
    decision: Decision | None,
) -> tuple[list[str], Ruling]:
    """Return the digests of the reviews in question, and what they add up to."""
    if decision is not None:
        return digests_of(decision), ruling_of(definition, decision.inputs)
    counted = [one.id for one in rounds_that_count(session, submission.id)]
    inputs = inputs_of("", sealed_reviews(session, counted))
    return [one["digest"] for one in inputs["reviews"]], ruling_of(definition, inputs)


def _point(criterion: Criterion, ruling: Ruling, answers: tuple[Answer, ...]) -> Point:
    settled = next(one for one in ruling.criteria if one.key == criterion.key)
    sides = {
        answer.level is not None and answer.level >= criterion.pass_level for answer in answers
    }
    return Point(
        criterion=criterion,
        answers=answers,
        level=settled.level,
        is_disputed=settled.level is None or len(sides) > 1,
    )


def _timeline(
    session: Session, submission: Submission, lodged: ReconsiderationRequest | None
) -> tuple[Happening, ...]:
    found = [Happening(submission.sealed_at, "The portfolio was handed in")]
    rounds = session.scalars(
        select(ReviewRound)
        .where(ReviewRound.submission_id == submission.id, ReviewRound.kind.not_in(APART))
        .order_by(ReviewRound.number)
    )
    for one in rounds:
        found.append(Happening(one.opened_at, ROUND_WORDS[RoundKind(one.kind)]))
        if one.closed_at is not None:
            found.append(Happening(one.closed_at, "All reviews of that round were sealed"))
    told = released_decision(session, submission.id)
    if told is not None:
        found.append(Happening(told[1].released_at, "The learner read the outcome"))
    if lodged is not None:
        found.append(Happening(lodged.lodged_at, "The learner asked for reconsideration"))
    ordered = sorted(found, key=lambda one: one.at)
    return tuple(
        replace(one, at=one.at.replace(hour=12, minute=0, second=0, microsecond=0))
        for one in ordered
    )
