"""Reading what a badge's forecast needs, in as many queries for many people as for few."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from portfolio.composing.models import Portfolio, Reflection
from portfolio.submission.models import Submission
from review.assignment import pool_lines
from review.assignment.forecast import Demand, Forecast, Reviewer, forecast
from review.assignment.history import DONE, leaves_of
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import RoundKind

# How far back arrivals, and how far back the pace of reviews, are looked at.
ARRIVALS = timedelta(weeks=8)
PACE = timedelta(days=365)
LIVELY = timedelta(days=21)


def outlook(session: Session, badge_id: str, *, at: datetime) -> tuple[Demand, Forecast]:
    """Return what is wanted of a badge's pool, and how the coming weeks look."""
    pool = pool_lines.pool_of(session, badge_id, at=at)
    policy = _policy_reviewers(session, badge_id)
    wanted = Demand(
        seats=pool.free_seats,
        intake=pool.coming,
        nearing=_nearing(session, badge_id, at=at),
        per_week=_arrivals(session, badge_id, at=at) / (ARRIVALS.days / 7),
        reviewers=policy[0],
        third_share=_third_share(session, badge_id, at=at),
    )
    days = _usual_days(session, badge_id, at=at) or policy[1]
    able = [one for one in pool.members if one.stands and one.may_open]
    leaves = leaves_of(session, [one.person_id for one in able], at=at)
    people = []
    for one in able:
        leave = leaves[one.person_id]
        until = one.qualification.valid_until
        people.append(
            Reviewer(
                free=max(one.cap - one.load, 0),
                busy=one.load,
                days=days,
                left_this_year=(
                    None
                    if leave.per_year is None
                    else max(leave.per_year - leave.accepted_within_year, 0)
                ),
                away=leave.holidays,
                paused_until=None if one.paused_until is None else one.paused_until.date(),
                until=None if until is None else until.date(),
            )
        )
    return wanted, forecast(wanted, people, today=at.date())


def _policy_reviewers(session: Session, badge_id: str) -> tuple[int, float]:
    """Return how many reviewers the newest edition wants, and how many days it gives them."""
    newest = session.scalars(
        select(BadgeEdition)
        .where(BadgeEdition.badge_id == badge_id)
        .order_by(BadgeEdition.published_at.desc().nulls_last())
        .limit(1)
    ).one()
    policy = catalog.definition_of(newest).review_policy
    return policy.reviewers, float(policy.review_days)


def _arrivals(session: Session, badge_id: str, *, at: datetime) -> int:
    count = select(func.count()).select_from(Submission)
    return (
        session.scalar(
            count.where(Submission.badge_id == badge_id, Submission.sealed_at > at - ARRIVALS)
        )
        or 0
    )


def _nearing(session: Session, badge_id: str, *, at: datetime) -> int:
    """Return how many portfolios never handed in are lively and have their texts begun."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Portfolio)
            .where(
                Portfolio.badge_id == badge_id,
                Portfolio.saved_at > at - LIVELY,
                Portfolio.role != "",
                Portfolio.id.in_(select(Reflection.portfolio_id)),
                Portfolio.id.not_in(select(Submission.portfolio_id)),
            )
        )
        or 0
    )


def _third_share(session: Session, badge_id: str, *, at: datetime) -> float:
    """Return the share of first rounds, within a year, that were followed by one more reviewer."""
    rows = session.execute(
        select(ReviewRound.kind, func.count())
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(Submission.badge_id == badge_id, ReviewRound.opened_at > at - PACE)
        .group_by(ReviewRound.kind)
    )
    counts = {kind: count for kind, count in rows}
    first = counts.get(RoundKind.INITIAL.value, 0)
    more: int = counts.get(RoundKind.ADJUDICATION.value, 0)
    return min(more / first, 1.0) if first else 0.0


def _usual_days(session: Session, badge_id: str, *, at: datetime) -> float | None:
    """Return how many days a review takes from the yes to the end, or None without any."""
    rows = session.execute(
        select(Assignment.accepted_at, Assignment.ended_at)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Submission.badge_id == badge_id,
            Assignment.state.in_(DONE),
            Assignment.accepted_at.is_not(None),
            Assignment.ended_at > at - PACE,
        )
        .order_by(Assignment.ended_at.desc())
        .limit(200)
    )
    taken = [(ended - begun) / timedelta(days=1) for begun, ended in rows if begun and ended]
    return sum(taken) / len(taken) if taken else None
