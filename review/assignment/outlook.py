"""Reading what the forecasts of badges need, in as many queries for many of them as for one."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Person
from accounts.states import Role
from accounts.visitor import Visitor
from core.waiting import Waiting
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge, BadgeEdition
from credentials.catalog.states import EditionState
from portfolio.composing.models import Portfolio, Reflection
from portfolio.submission.models import Submission
from review.assignment import pool_lines
from review.assignment.forecast import WEEK, Demand, Forecast, Reviewer, forecast, words
from review.assignment.history import leaves_of
from review.assignment.models import Assignment, ReviewRound
from review.assignment.persons import loads_of
from review.assignment.states import DONE_STATES, RoundKind
from review.pool.models import Qualification, ReviewerProfile
from review.pool.rules import is_valid

# How far back arrivals, and how far back the pace of reviews, are looked at.
ARRIVALS = timedelta(weeks=8)
PACE = timedelta(days=365)
LIVELY = timedelta(days=21)
# So many reviews of a badge, the newest, say how long one takes.
LATEST = 200

Outlook = tuple[Demand, Forecast]


def outlook(session: Session, badge_id: str, *, at: datetime) -> Outlook:
    """Return what is wanted of a badge's pool, and how the coming weeks look."""
    return outlooks(session, [badge_id], at=at)[badge_id]


def outlooks(session: Session, badge_ids: Sequence[str], *, at: datetime) -> dict[str, Outlook]:
    """Return, by badge, what is wanted of its pool, and how the coming weeks look."""
    editions = _editions(session, badge_ids)
    wanted = _demands(session, editions, at=at)
    people = _reviewers(session, editions, at=at)
    return {
        badge_id: (wanted[badge_id], forecast(wanted[badge_id], people[badge_id], today=at.date()))
        for badge_id in editions
    }


def waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return, for a manager, the badges whose learners would wait in the coming weeks.

    Seats that wait already this week are told of by the invitations, not here.
    """
    if not visitor.has(Role.PROGRAMME_MANAGER):
        return []
    badges = {
        one.id: one.slug
        for one in session.scalars(select(Badge))
        if visitor.has(Role.PROGRAMME_MANAGER, badge=one.slug)
    }
    editions = _editions(session, list(badges))
    seen = outlooks(session, list(badges), at=at)
    return [
        _warning(editions[one], badges[one], found, at=at)
        for one, (wanted, found) in seen.items()
        if _is_short(wanted, found, editions[one], at=at)
    ]


def _is_short(wanted: Demand, found: Forecast, edition: BadgeEdition, *, at: datetime) -> bool:
    if found.first_short is None:
        return found.has_nobody and edition.state == EditionState.PUBLISHED.value
    return not (wanted.seats and found.first_short.starts <= at.date())


def _warning(edition: BadgeEdition, slug: str, found: Forecast, *, at: datetime) -> Waiting:
    would = "Nobody could review" if found.has_nobody else "Learners would wait for reviewers of"
    return Waiting(
        title=f"{would} {edition.title}",
        body=words(found),
        path=f"/pool/{slug}" if found.has_nobody else f"/pool/{slug}/outlook",
        by=_deadline(found, at=at),
        action="See the pool" if found.has_nobody else "See the weeks to come",
    )


def _deadline(found: Forecast, *, at: datetime) -> datetime | None:
    """Return when the first short week begins, or ends if it is this one."""
    if found.first_short is None:
        return None
    starts = found.first_short.starts
    day = starts if starts > at.date() else starts + WEEK
    return datetime.combine(day, time(), UTC)


def _editions(session: Session, badge_ids: Sequence[str]) -> dict[str, BadgeEdition]:
    """Return, by badge, the edition that was published last, or a draft of a new badge."""
    rows = session.scalars(
        select(BadgeEdition)
        .where(BadgeEdition.badge_id.in_(badge_ids))
        .order_by(BadgeEdition.published_at.asc().nulls_first())
    )
    return {one.badge_id: one for one in rows}


def _demands(
    session: Session, editions: dict[str, BadgeEdition], *, at: datetime
) -> dict[str, Demand]:
    ids = list(editions)
    seats = pool_lines.free_seats_of(session, ids)
    coming = pool_lines.coming_of(session, ids)
    nearing = _nearing(session, ids, at=at)
    arrivals = _arrivals(session, ids, at=at)
    thirds = _third_shares(session, ids, at=at)
    return {
        badge_id: Demand(
            seats=seats.get(badge_id, 0),
            intake=coming.get(badge_id, 0),
            nearing=nearing.get(badge_id, 0),
            per_week=arrivals.get(badge_id, 0) / (ARRIVALS / WEEK),
            reviewers=catalog.definition_of(edition).review_policy.reviewers,
            third_share=thirds.get(badge_id, 0.0),
        )
        for badge_id, edition in editions.items()
    }


def _reviewers(
    session: Session, editions: dict[str, BadgeEdition], *, at: datetime
) -> dict[str, list[Reviewer]]:
    """Return, by badge, who may review today and has not closed the door."""
    rows = session.execute(
        select(Qualification, ReviewerProfile)
        .join(Person, Person.id == Qualification.person_id)
        .join(ReviewerProfile, ReviewerProfile.person_id == Qualification.person_id)
        .where(
            Qualification.badge_id.in_(list(editions)),
            ReviewerProfile.is_available,
            Person.disabled_at.is_(None),
        )
    ).all()
    ids = list({limits.person_id for _, limits in rows})
    load, _done = loads_of(session, ids)
    leaves = leaves_of(session, ids, at=at)
    usual = _usual_days(session, list(editions), at=at)
    found: dict[str, list[Reviewer]] = {one: [] for one in editions}
    for right, limits in rows:
        if not is_valid(
            right.state, valid_from=right.valid_from, valid_until=right.valid_until, at=at
        ):
            continue
        leave = leaves[limits.person_id]
        policy = catalog.definition_of(editions[right.badge_id]).review_policy
        found[right.badge_id].append(
            Reviewer(
                free=max(limits.max_open - load[limits.person_id], 0),
                busy=load[limits.person_id],
                days=usual.get(right.badge_id, float(policy.review_days)),
                left_this_year=(
                    None
                    if leave.per_year is None
                    else max(leave.per_year - leave.accepted_within_year, 0)
                ),
                away=leave.holidays,
                paused_until=None if limits.paused_until is None else limits.paused_until.date(),
                until=None if right.valid_until is None else right.valid_until.date(),
            )
        )
    return found


def _arrivals(session: Session, badge_ids: list[str], *, at: datetime) -> dict[str, int]:
    rows = session.execute(
        select(Submission.badge_id, func.count())
        .where(Submission.badge_id.in_(badge_ids), Submission.sealed_at > at - ARRIVALS)
        .group_by(Submission.badge_id)
    )
    return {badge_id: count for badge_id, count in rows}


def _nearing(session: Session, badge_ids: list[str], *, at: datetime) -> dict[str, int]:
    """Return how many portfolios never handed in are lively and have their texts begun."""
    rows = session.execute(
        select(Portfolio.badge_id, func.count())
        .where(
            Portfolio.badge_id.in_(badge_ids),
            Portfolio.saved_at > at - LIVELY,
            Portfolio.role != "",
            Portfolio.id.in_(select(Reflection.portfolio_id)),
            Portfolio.id.not_in(select(Submission.portfolio_id)),
        )
        .group_by(Portfolio.badge_id)
    )
    return {badge_id: count for badge_id, count in rows}


def _third_shares(session: Session, badge_ids: list[str], *, at: datetime) -> dict[str, float]:
    """Return the share of first rounds, within a year, that were followed by one more reviewer."""
    rows = session.execute(
        select(Submission.badge_id, ReviewRound.kind, func.count())
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(Submission.badge_id.in_(badge_ids), ReviewRound.opened_at > at - PACE)
        .group_by(Submission.badge_id, ReviewRound.kind)
    )
    counts = {(badge_id, kind): count for badge_id, kind, count in rows}
    return {
        badge_id: min(counts.get((badge_id, RoundKind.ADJUDICATION.value), 0) / first, 1.0)
        for (badge_id, kind), first in counts.items()
        if kind == RoundKind.INITIAL.value
    }


def _usual_days(session: Session, badge_ids: list[str], *, at: datetime) -> dict[str, float]:
    """Return how many days a review takes from the yes to the end; badges without are left out."""
    newest = (
        func.row_number()
        .over(partition_by=Submission.badge_id, order_by=Assignment.ended_at.desc())
        .label("place")
    )
    ended = (
        select(Submission.badge_id, Assignment.accepted_at, Assignment.ended_at, newest)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Submission.badge_id.in_(badge_ids),
            Assignment.state.in_(DONE_STATES),
            Assignment.is_counted,
            Assignment.accepted_at.is_not(None),
            Assignment.ended_at > at - PACE,
        )
        .subquery()
    )
    rows = session.execute(
        select(ended.c.badge_id, ended.c.accepted_at, ended.c.ended_at).where(
            ended.c.place <= LATEST
        )
    )
    taken = defaultdict(list)
    for badge_id, accepted_at, ended_at in rows:
        taken[badge_id].append((ended_at - accepted_at) / timedelta(days=1))
    return {badge_id: sum(days) / len(days) for badge_id, days in taken.items()}
