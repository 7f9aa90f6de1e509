"""What a learner says of the reasons they were given: one opaque name for each of them.

The reasons come in the order of the outcome, criterion by criterion. A name is drawn from the
decision, the criterion and the id of the review, which no learner ever sees, so that the names of
one reviewer's reasons have nothing in common (BR5).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.digest import sha256_hex
from portfolio.submission.models import Submission
from review.decision import queries as decisions
from review.decision.feedback import CriterionFeedback, Reason
from review.decision.models import Decision, Release
from review.recognition.models import Helpfulness
from review.scoring.voices import voices

RATING_DAYS = 30
NAME_LENGTH = 32
PREFIX = "reason-"


@dataclass(frozen=True)
class RatedReason:
    """A reason as its learner reads it, under the name that its rating is sent by."""

    name: str
    reason: Reason
    rating: int | None


@dataclass(frozen=True)
class RatingSheet:
    """The reasons by criterion, in the order of the outcome; `until` is when rating ends."""

    criteria: tuple[tuple[CriterionFeedback, tuple[RatedReason, ...]], ...]
    until: datetime


@dataclass(frozen=True)
class Spoken:
    """One reason with its name, and whose it is; nothing of this but the name leaves the house."""

    name: str
    review_id: str
    key: str
    reason: Reason


def rating_ends(release: Release) -> datetime:
    """Return until when the reasons of an outcome can be rated."""
    return release.released_at + timedelta(days=RATING_DAYS)


def spoken_in(session: Session, found: Decision) -> list[Spoken]:
    """Return every reason that a decision's reviewers gave."""
    return [
        Spoken(
            name=name_of(found.id, voice.review_id, key),
            review_id=voice.review_id,
            key=key,
            reason=Reason(answer.rationale, answer.locator, answer.cannot_score is not None),
        )
        for voice in voices(session, decisions.digests_of(found), order=found.id)
        for key, answer in voice.answers.items()
        if answer.rationale
    ]


def name_of(decision_id: str, review_id: str, key: str) -> str:
    """Return the name of one reason; without the review's id nobody can tell whose it is."""
    return PREFIX + sha256_hex(f"reason:{decision_id}:{key}:{review_id}")[:NAME_LENGTH]


def ratings_of(session: Session, spoken: Sequence[Spoken]) -> dict[str, Helpfulness]:
    """Return what was said of reasons, by their names."""
    rows = session.scalars(
        select(Helpfulness).where(Helpfulness.review_id.in_({one.review_id for one in spoken}))
    )
    said = {(row.review_id, row.criterion_key): row for row in rows}
    return {
        one.name: said[one.review_id, one.key] for one in spoken if (one.review_id, one.key) in said
    }


def sheet_of(
    session: Session, submission: Submission, found: Decision, release: Release
) -> RatingSheet:
    """Return the page of ratings of a released outcome."""
    spoken = spoken_in(session, found)
    said = ratings_of(session, spoken)
    names: dict[tuple[str, Reason], list[str]] = defaultdict(list)
    for one in sorted(spoken, key=lambda one: one.name):
        names[one.key, one.reason].append(one.name)

    def rated(key: str, reason: Reason) -> RatedReason:
        # Two who wrote the very same have two names, in an order that is neither's.
        name = names[key, reason].pop(0)
        return RatedReason(name, reason, said[name].rating if name in said else None)

    outcome = decisions.learner_outcome_of(session, submission, found)
    return RatingSheet(
        criteria=tuple(
            (one, tuple(rated(one.key, reason) for reason in one.reasons))
            for one in outcome.criteria
            if one.reasons
        ),
        until=rating_ends(release),
    )
