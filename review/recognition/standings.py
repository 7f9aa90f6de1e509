"""Reading where reviewers of a badge stand: the evidence since their last step, and the steps.

Only sealed reviews, known work, the model and moderators are read here, and never an invitation:
what somebody declined has no way in (INV-40).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.states import Role
from accounts.visitor import Visitor
from core.errors import NotFound
from core.waiting import Waiting
from credentials.catalog.models import Badge, BadgeEdition
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import PENDING_STATES, RoundKind
from review.calibration.models import CalibrationResult
from review.decision.models import FamilyFit
from review.pool.models import Qualification
from review.pool.states import QualificationState
from review.recognition.credits import newest_title
from review.recognition.ladder import DOUBTED, TALK_WITHIN, Evidence, reasons_in
from review.recognition.measured import (
    SEALED_AND_COUNTED,
    definitions,
    informative,
    readings,
    returned,
)
from review.recognition.models import LadderStep
from review.recognition.states import Rung
from review.scoring.models import Review

T = TypeVar("T")
CLIMBED = "system:ladder"


@dataclass(frozen=True)
class Place:
    """Where somebody stands: the open step if there is one, `since` when, and what is known.

    Without `is_active` they let their reviewing rest themselves, and the ladder waits.
    """

    person_id: str
    step: LadderStep | None
    since: datetime | None
    known: Evidence
    is_active: bool


def badges_with_reviewers(session: Session) -> list[str]:
    """Return the ids of the badges that anybody may review."""
    return list(session.scalars(select(Qualification.badge_id).distinct().order_by("badge_id")))


def places_of(session: Session, badge_id: str) -> list[Place]:
    """Return where those stand for whom a badge has reasons or an open step."""
    rights, steps = _rights(session, badge_id), _steps(session, badge_id)
    read = readings(session, CalibrationResult.badge_id == badge_id)
    back = returned(session, Submission.badge_id == badge_id)
    fits = informative(session, [badge_id]).get(badge_id, {})
    among = {
        one
        for one in rights
        if one in steps
        or (one, badge_id) in read
        or (one, badge_id) in back
        or fits.get(one, 1.0) < DOUBTED
    }
    sealed = _sealed(session, badge_id, among)
    gate, fitted_at = _gate(session, badge_id), _fitted_at(session, badge_id)
    found = []
    for person_id in sorted(among):
        right, ladder = rights[person_id], steps.get(person_id, [])
        since = _fresh_from(ladder)
        is_new = fitted_at is not None and (since is None or fitted_at > since)
        known = Evidence(
            gate=gate,
            readings=_since(
                read.get((person_id, badge_id), []),
                max(filter(None, (since, right.calibrated_at)), default=None),
            ),
            returns=_since(back.get((person_id, badge_id), []), since),
            reviews=tuple(one for one in sealed[person_id] if since is None or one > since),
            informative=fits.get(person_id) if is_new else None,
            fitted_at=fitted_at,
            reviews_ever=len(sealed[person_id]),
        )
        found.append(_place(right, ladder, known))
    return [one for one in found if one.step is not None or reasons_in(one.known)]


def _place(right: Qualification, ladder: list[LadderStep], known: Evidence) -> Place:
    last = ladder[0] if ladder else None
    is_open = last is not None and last.ended_at is None
    return Place(
        person_id=right.person_id,
        step=last if is_open else None,
        since=None if last is None else last.ended_at or last.taken_at,
        known=known,
        is_active=right.state == QualificationState.QUALIFIED.value or right.is_held,
    )


def open_steps(session: Session, badge_id: str) -> list[tuple[LadderStep, Person]]:
    """Return who stands on a rung for a badge, by rung and name."""
    rows = session.execute(
        select(LadderStep, Person)
        .join(Person, Person.id == LadderStep.person_id)
        .where(LadderStep.badge_id == badge_id, LadderStep.ended_at.is_(None))
        .order_by(LadderStep.taken_at, Person.name)
    )
    order = list(Rung)
    return sorted(
        ((row[0], row[1]) for row in rows), key=lambda one: -order.index(Rung(one[0].rung))
    )


def own_steps(session: Session, person_id: str) -> list[tuple[LadderStep, str]]:
    """Return the rungs that somebody stands on, and what was agreed with them, newest first.

    Each has the badge's title.
    """
    rows = session.execute(
        select(LadderStep, newest_title(LadderStep.badge_id))
        .where(
            LadderStep.person_id == person_id,
            LadderStep.ended_at.is_(None) | (LadderStep.end_note != ""),
        )
        .order_by(LadderStep.taken_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def step_of(session: Session, step_id: str, *, badge_id: str) -> tuple[LadderStep, Person]:
    """Return a step for a badge and who stands on it, or raise NotFound."""
    row = session.execute(
        select(LadderStep, Person)
        .join(Person, Person.id == LadderStep.person_id)
        .where(LadderStep.id == step_id, LadderStep.badge_id == badge_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def on_gold(session: Session) -> list[LadderStep]:
    """Return the open steps of those who are to read known work, the longest open first."""
    return list(
        session.scalars(
            select(LadderStep)
            .where(LadderStep.rung == Rung.GOLD.value, LadderStep.ended_at.is_(None))
            .order_by(LadderStep.taken_at, LadderStep.id)
        )
    )


def golds_since(session: Session, step: LadderStep) -> tuple[int, bool]:
    """Return how many gold items somebody was given since a step, and whether one is open."""
    states = session.scalars(
        select(Assignment.state)
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.reviewer_id == step.person_id,
            Submission.badge_id == step.badge_id,
            ReviewRound.kind == RoundKind.GOLD.value,
            Assignment.invited_at >= step.taken_at,
        )
    ).all()
    return len(states), any(one in PENDING_STATES for one in states)


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the talks that a programme manager is to have; never one about themselves."""
    if not visitor.has(Role.PROGRAMME_MANAGER):
        return []
    rows = session.execute(
        select(LadderStep, Badge.slug, newest_title(Badge.id), Person.name)
        .join(Badge, Badge.id == LadderStep.badge_id)
        .join(Person, Person.id == LadderStep.person_id)
        .where(
            LadderStep.rung == Rung.TALK.value,
            LadderStep.ended_at.is_(None),
            LadderStep.taken_at <= at,
            LadderStep.person_id != visitor.person_id,
        )
        .order_by(LadderStep.taken_at)
    )
    return [
        Waiting(
            title=f"Talk with {name} about reviewing {title}",
            body="Their reviewing rests. Hear how it goes for them, agree what comes next, and"
            " write it down.",
            path=f"/pool/{slug}/ladder/{step.id}",
            by=step.taken_at + TALK_WITHIN,
            action="See why, and note what you agreed",
        )
        for step, slug, title, name in rows
        if visitor.has(Role.PROGRAMME_MANAGER, badge=slug)
    ]


def _rights(session: Session, badge_id: str) -> dict[str, Qualification]:
    """Return the rights that stand or rest, by person."""
    states = (QualificationState.QUALIFIED.value, QualificationState.RESTING.value)
    rows = session.scalars(
        select(Qualification).where(
            Qualification.badge_id == badge_id, Qualification.state.in_(states)
        )
    )
    return {one.person_id: one for one in rows}


def gone(session: Session, badge_id: str) -> list[LadderStep]:
    """Return the open steps of those whose right to review has ended otherwise."""
    rights = _rights(session, badge_id)
    return [one for one, _ in open_steps(session, badge_id) if one.person_id not in rights]


def _steps(session: Session, badge_id: str) -> dict[str, list[LadderStep]]:
    found: dict[str, list[LadderStep]] = defaultdict(list)
    for one in session.scalars(
        select(LadderStep)
        .where(LadderStep.badge_id == badge_id)
        .order_by(LadderStep.taken_at.desc(), LadderStep.ended_at.desc().nulls_first())
    ):
        found[one.person_id].append(one)
    return found


def _fresh_from(steps: list[LadderStep]) -> datetime | None:
    """Return when the last ladder ended for good: what was known before is spoken of no more."""
    return max(
        (one.ended_at for one in steps if one.ended_at and one.ended_by != CLIMBED), default=None
    )


def _since(
    dated: Collection[tuple[T, datetime]], since: datetime | None
) -> tuple[tuple[T, datetime], ...]:
    # What was known at the very moment counts: a passed calibration is among the readings.
    return tuple(one for one in dated if since is None or one[1] >= since)


def _sealed(session: Session, badge_id: str, people: Collection[str]) -> dict[str, list[datetime]]:
    """Return by person when their counted reviews for a badge were sealed, the newest first."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for person_id, sealed_at in session.execute(
        select(Assignment.reviewer_id, Review.sealed_at)
        .join(Review, Review.assignment_id == Assignment.id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Submission.badge_id == badge_id,
            Assignment.reviewer_id.in_(people),
            *SEALED_AND_COUNTED,
        )
        .order_by(Review.sealed_at.desc())
    ):
        if sealed_at is not None:
            found[person_id].append(sealed_at)
    return found


def _gate(session: Session, badge_id: str) -> float:
    """Return the agreement with known work that the newest edition asks for."""
    newest = session.scalars(
        select(BadgeEdition.id)
        .where(BadgeEdition.badge_id == badge_id)
        .order_by(BadgeEdition.published_at.desc().nulls_last(), BadgeEdition.created_at.desc())
        .limit(1)
    ).one()
    return definitions(session, [newest])[newest].review_policy.calibration_agreement


def _fitted_at(session: Session, badge_id: str) -> datetime | None:
    return session.scalar(
        select(func.max(FamilyFit.fitted_at)).where(FamilyFit.badge_id == badge_id)
    )
