"""Reading what people did: for their fit, who is left in peace, and who would review in a ring."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.among import among
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from credentials.issuing.models import Award
from credentials.issuing.states import AwardState
from portfolio.submission.models import Submission
from review.assignment.leave import Leave
from review.assignment.models import Assignment
from review.assignment.states import (
    DONE_STATES,
    SEATED_STATES,
    UNDER_WAY_STATES,
    AssignmentState,
    DeclineReason,
)
from review.pool.models import Holiday, ReviewerProfile

# Whoever reviewed somebody within it is not reviewed by them (design: assignment 7).
WINDOW = timedelta(days=365)
HELD = (AwardState.ACCEPTED.value, AwardState.ISSUED.value)
NOT_NOW = (AssignmentState.DECLINED.value, AssignmentState.RECUSED.value)


def leaves_of(session: Session, ids: Collection[str], *, at: datetime) -> dict[str, Leave]:
    """Return what keeps some people from being asked for anything, in four queries."""
    accepted = session.execute(
        select(Assignment.reviewer_id, func.count())
        .where(
            among(Assignment.reviewer_id, ids),
            Assignment.accepted_at > at - WINDOW,
            Assignment.is_counted,
        )
        .group_by(Assignment.reviewer_id)
    )
    counts = {person: count for person, count in accepted}
    wished = session.execute(
        select(ReviewerProfile.person_id, ReviewerProfile.per_year).where(
            among(ReviewerProfile.person_id, ids)
        )
    )
    wishes = {person: per_year for person, per_year in wished}
    said = session.execute(
        select(Assignment.reviewer_id, func.max(Assignment.ended_at))
        .where(
            among(Assignment.reviewer_id, ids),
            Assignment.state.in_(NOT_NOW),
            Assignment.decline_reason == DeclineReason.NO_TIME.value,
        )
        .group_by(Assignment.reviewer_id)
    )
    not_now = {person: ended_at for person, ended_at in said}
    away = defaultdict(list)
    for one in session.scalars(
        select(Holiday).where(among(Holiday.person_id, ids), Holiday.until_date >= at.date())
    ):
        away[one.person_id].append((one.from_date, one.until_date))
    return {
        one: Leave(not_now.get(one), tuple(away[one]), counts.get(one, 0), wishes.get(one))
        for one in ids
    }


def reviewed(
    session: Session, people: Collection[str], authors: Collection[str], *, at: datetime
) -> frozenset[tuple[str, str]]:
    """Return who reviews, or is asked to review, whose work within the window."""
    rows = session.execute(
        select(Assignment.reviewer_id, Submission.learner_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Assignment.state.in_(SEATED_STATES),
            Assignment.is_counted,
            Assignment.invited_at >= at - WINDOW,
            among(Assignment.reviewer_id, authors) | among(Submission.learner_id, people),
        )
        .distinct()
    )
    return frozenset((reviewer, author) for reviewer, author in rows)


@dataclass(frozen=True)
class Experience:
    """What speaks for somebody; what they said no to is nowhere in it (INV-40)."""

    competencies: tuple[tuple[str, frozenset[str]], ...] = ()
    reviews_by_badge: tuple[tuple[str, int], ...] = ()
    last_review_at: datetime | None = None


def experience_of(session: Session, rights: Mapping[str, Collection[str]]) -> dict[str, Experience]:
    """Return the experience of some people, who may review the badges given, in three queries."""
    badges = {one: set(held) for one, held in rights.items()}
    awards = session.execute(
        select(Award.learner_id, BadgeEdition.badge_id)
        .join(BadgeEdition, BadgeEdition.id == Award.edition_id)
        .where(among(Award.learner_id, list(rights)), Award.state.in_(HELD))
    )
    for learner_id, badge_id in awards:
        badges[learner_id].add(badge_id)
    stands_for = _competencies(session, set().union(*badges.values()) if badges else set())
    done, last = _reviews(session, list(rights))
    return {
        one: Experience(
            tuple((badge, stands_for[badge]) for badge in sorted(held) if badge in stands_for),
            tuple(sorted(done[one].items())),
            last.get(one),
        )
        for one, held in badges.items()
    }


def _competencies(session: Session, badge_ids: set[str]) -> dict[str, frozenset[str]]:
    """Return what badges stand for, in all their editions that were ever out."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    editions = select(BadgeEdition).where(
        BadgeEdition.badge_id.in_(badge_ids), BadgeEdition.published_at.is_not(None)
    )
    for edition in session.scalars(editions):
        found[edition.badge_id] |= frozenset(catalog.definition_of(edition).competencies)
    return {badge_id: names for badge_id, names in found.items() if names}


def _reviews(
    session: Session, ids: Collection[str]
) -> tuple[dict[str, Counter[str]], dict[str, datetime]]:
    """Return how many reviews people gave for each badge, and when they last began or gave one."""
    rows = session.execute(
        select(
            Assignment.reviewer_id,
            Submission.badge_id,
            Assignment.state,
            func.count(),
            func.max(Assignment.accepted_at),
            func.max(Assignment.ended_at),
        )
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            among(Assignment.reviewer_id, ids),
            Assignment.state.in_([*DONE_STATES, *UNDER_WAY_STATES]),
            Assignment.is_counted,
        )
        .group_by(Assignment.reviewer_id, Submission.badge_id, Assignment.state)
    )
    done: dict[str, Counter[str]] = defaultdict(Counter)
    last: dict[str, datetime] = {}
    for person, badge_id, state, count, accepted_at, ended_at in rows:
        if state in DONE_STATES:
            done[person][badge_id] += count
        times = [one for one in (accepted_at, ended_at, last.get(person)) if one is not None]
        last[person] = max(times)
    return done, last
