"""Gold items: benchmarks that come to new reviewers as any other invitation does.

Each is drawn by chance, at no fixed time after a qualification, within the reader's own limits,
and never two at once. What comes of a no or of silence is what comes of it anywhere: nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from core.digest import sha256_hex
from credentials.catalog.definition import EditionDefinition
from portfolio.submission.models import Submission
from review.assignment import offers
from review.assignment.affinity import affinity
from review.assignment.eligibility import Candidate, objection
from review.assignment.history import leaves_of
from review.assignment.leave import NO_LEAVE, objection_to_asking
from review.assignment.matters import candidates, matters_of, words_of_pool
from review.assignment.models import Assignment, ReviewRound
from review.assignment.relaxation import Tier
from review.assignment.rounds import open_apart
from review.assignment.states import DONE_STATES, PENDING_STATES, AssignmentState, RoundKind
from review.assignment.terms import commonly_known
from review.calibration import queries
from review.calibration.rules import NEW_UNTIL
from review.pool.models import Benchmark, Qualification
from review.pool.states import BenchmarkState, QualificationState

# One look in so many draws a newcomer: with a look every quarter of an hour, when the router looks
# too, one every other day.
LOOKS = 192
MINUTES = 15


@dataclass(frozen=True)
class Newcomer:
    """Somebody new to a badge, as the draw sees them; `golds` were ever given to them."""

    candidate: Candidate
    reviews: int
    golds: int
    has_pending: bool


def draw(session: Session, *, at: datetime) -> list[Assignment]:
    """Invite newcomers to a benchmark each, those whom this look's chance falls on."""
    badges = session.scalars(
        select(Benchmark.badge_id)
        .where(Benchmark.state == BenchmarkState.ACTIVE.value)
        .distinct()
        .order_by(Benchmark.badge_id)
    ).all()
    return [made for badge_id in badges for made in _draw_for(session, badge_id, at=at)]


def is_drawn(person_id: str, badge_id: str, *, at: datetime) -> bool:
    """Whether the chance of a look falls on somebody; the same look always says the same."""
    look = int(at.timestamp()) // (60 * MINUTES)
    drawn = int(sha256_hex(f"gold:{person_id}:{badge_id}:{look}")[:8], 16)
    return drawn % LOOKS == 0


def _draw_for(session: Session, badge_id: str, *, at: datetime) -> Iterator[Assignment]:
    for one in newcomers(session, badge_id):
        person = one.candidate.person_id
        if one.has_pending or not is_drawn(person, badge_id, at=at):
            continue
        offers.lock_people(session, [person])
        made = give(session, badge_id, one, at=at)
        if made is not None:
            yield made


def give(session: Session, badge_id: str, newcomer: Newcomer, *, at: datetime) -> Assignment | None:
    """Invite a newcomer to a benchmark that is new to them, if they could be asked for a review."""
    person = newcomer.candidate.person_id
    leave = leaves_of(session, [person], at=at).get(person, NO_LEAVE)
    # The limits are locked by now: what stands in the database counts.
    (candidate,) = candidates(session, [person])
    for found, submission in queries.fresh_for(session, badge_id, person, at=at):
        definition = queries.definition_of(session, found)
        policy = definition.review_policy
        about = matters_of(session, [submission], at=at)[submission.id]
        peace = objection_to_asking(leave, review_days=policy.review_days, tier=Tier.NORMAL, at=at)
        if newcomer.golds >= policy.gold_items or peace is not None:
            return None
        if objection(candidate, about, at=at) is None:
            common = commonly_known(words_of_pool(session, badge_id))
            fit = affinity(candidate, replace(about, common=common))
            terms = {"total": fit.total, "terms": [vars(term) for term in fit.terms]}
            return _invite(session, submission, definition, person, terms, at=at)
    return None


def newcomers(session: Session, badge_id: str) -> list[Newcomer]:
    """Return who has the right to review a badge and gave few reviews for it, by id."""
    ids = session.scalars(
        select(Qualification.person_id)
        .join(Person, Person.id == Qualification.person_id)
        .where(
            Qualification.badge_id == badge_id,
            Qualification.state == QualificationState.QUALIFIED.value,
            Person.disabled_at.is_(None),
        )
        .order_by(Qualification.person_id)
    ).all()
    given = _given(session, badge_id)
    golds, pending = _golds(session, badge_id)
    return [
        Newcomer(one, given.get(person, 0), golds.get(person, 0), person in pending)
        for one in candidates(session, [who for who in ids if given.get(who, 0) < NEW_UNTIL])
        for person in (one.person_id,)
    ]


def _invite(
    session: Session,
    submission: Submission,
    definition: EditionDefinition,
    person_id: str,
    why: dict[str, object],
    *,
    at: datetime,
) -> Assignment:
    policy = definition.review_policy
    made = open_apart(
        session,
        submission.id,
        person_id,
        kind=RoundKind.GOLD,
        state=AssignmentState.INVITED,
        answer_by=at + timedelta(hours=policy.hours_to_answer),
        due_at=None,
        explanation={**why, "tier": "normal", "rank": 1, "eligible": 1, "is_extra": False},
        by=offers.ROUTER,
        at=at,
    )
    offers.tell_invited(session, made, definition, at=at)
    return made


def _given(session: Session, badge_id: str) -> dict[str, int]:
    rows = session.execute(
        select(Assignment.reviewer_id, func.count())
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Submission.badge_id == badge_id,
            Assignment.is_counted,
            Assignment.state.in_(DONE_STATES),
        )
        .group_by(Assignment.reviewer_id)
    )
    return {person: count for person, count in rows}


def _golds(session: Session, badge_id: str) -> tuple[dict[str, int], set[str]]:
    """Return how many gold items each person was given for a badge, and who has one open."""
    rows = session.execute(
        select(Assignment.reviewer_id, Assignment.state, func.count())
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Submission.badge_id == badge_id, ReviewRound.kind == RoundKind.GOLD.value)
        .group_by(Assignment.reviewer_id, Assignment.state)
    )
    counts: dict[str, int] = {}
    pending: set[str] = set()
    for person, state, count in rows:
        counts[person] = counts.get(person, 0) + count
        if state in PENDING_STATES:
            pending.add(person)
    return counts, pending
