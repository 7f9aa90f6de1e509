"""What was seen of one badge's pool: who may be asked, how much arrives, how people answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.submission.models import Submission
from review.assignment.arrivals import Behaviour
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import APART, AssignmentState
from review.pool.models import Qualification, ReviewerProfile
from review.pool.states import QualificationState

WEEKS = 26
ENOUGH = 20  # answers or ended reviews from which on a pool's own rates count
S = AssignmentState
SILENT = (S.LAPSED,)
FINISHED = (S.SEALED, S.CLOSED)
GIVEN_UP = (S.RECUSED, S.REASSIGNED)


@dataclass(frozen=True)
class Observed:
    """One badge's pool today and in the last half year.

    `limits` are those of the people who may be asked now. `answered` counts yes, no and silence,
    `ended` the accepted reviews that ended one way or the other.
    """

    limits: tuple[int, ...]
    arrived: int
    weeks: float
    declined: int
    silent: int
    answered: int
    given_up: int
    ended: int

    @property
    def per_week(self) -> float:
        """How many portfolios arrive in a week; all of them while there is no whole week."""
        return self.arrived / max(self.weeks, 1.0)

    def behaviour(self, usual: Behaviour) -> Behaviour:
        """Return how people answer and finish here, where enough was seen to tell."""
        if self.answered >= ENOUGH:
            declines, silent = self.declined / self.answered, self.silent / self.answered
            usual = replace(usual, declines=declines, silent=silent)
        if self.ended >= ENOUGH:
            usual = replace(usual, fails=self.given_up / self.ended)
        return usual

    def sources(self, *, reviewers: int | None = None, has_rate: bool = False) -> tuple[str, ...]:
        """Say in words where the numbers come from; `reviewers` and a rate may be given instead."""
        today = len(self.limits)
        return (
            f"{reviewers} people, as asked for, instead of the {today} of today"
            if reviewers
            else f"{today} people may be asked today",
            "arrivals as asked for, instead of what was seen"
            if has_rate
            else f"{self.arrived} portfolios arrived in {self.weeks:.0f} weeks",
            f"answers as {self.answered} invitations were met"
            if self.answered >= ENOUGH
            else "usual answers, too few were given here: 30 % say no, 10 % never answer",
            f"finishing as {self.ended} accepted reviews ended"
            if self.ended >= ENOUGH
            else "usual finishing, too few reviews ended here: 10 % of those who accept never do",
        )


def observed(session: Session, badge_id: str, *, at: datetime) -> Observed:
    """Return what was seen of a badge's pool."""
    since = at - timedelta(weeks=WEEKS)
    counts = _answers(session, badge_id, since)
    arrived, first = _rounds(session, badge_id, since)
    # No history is no half year of silence: count from the first arrival.
    span = (at - first) / timedelta(weeks=1) if first else 0.0
    given_up = counts.get("given_up", 0)
    ended = given_up + counts.get("finished", 0)
    return Observed(
        limits=_limits(session, badge_id, at),
        arrived=arrived,
        weeks=span,
        declined=counts.get("declined", 0),
        silent=counts.get("silent", 0),
        answered=sum(counts.values()),
        given_up=given_up,
        ended=ended,
    )


def _limits(session: Session, badge_id: str, at: datetime) -> tuple[int, ...]:
    rows = session.scalars(
        select(ReviewerProfile.max_open)
        .join(Qualification, Qualification.person_id == ReviewerProfile.person_id)
        .where(
            Qualification.badge_id == badge_id,
            Qualification.state == QualificationState.QUALIFIED.value,
            Qualification.valid_from <= at,
            (Qualification.valid_until.is_(None)) | (Qualification.valid_until > at),
            ReviewerProfile.is_available,
            ReviewerProfile.max_open > 0,
        )
        .order_by(ReviewerProfile.person_id)
    )
    return tuple(rows)


def _rounds(session: Session, badge_id: str, since: datetime) -> tuple[int, datetime | None]:
    row = session.execute(
        select(func.count(), func.min(ReviewRound.opened_at))
        .select_from(ReviewRound)
        .join(Submission, Submission.id == ReviewRound.submission_id)
        .where(
            Submission.badge_id == badge_id,
            ReviewRound.opened_at >= since,
            ReviewRound.kind.not_in(APART),
        )
    ).one()
    return row[0], row[1]


def _answers(session: Session, badge_id: str, since: datetime) -> Mapping[str, int]:
    """Count what became of the invitations of a badge, by what it means for a simulation."""
    rows = session.execute(
        select(Assignment.state, Assignment.accepted_at.is_not(None), func.count())
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Submission.badge_id == badge_id,
            Assignment.invited_at >= since,
            Assignment.is_counted,
        )
        .group_by(Assignment.state, Assignment.accepted_at.is_not(None))
    )
    counts: dict[str, int] = {}
    for state, is_accepted, count in rows:
        name = _meaning(AssignmentState(state), is_accepted=is_accepted)
        if name:
            counts[name] = counts.get(name, 0) + count
    return counts


def _meaning(state: AssignmentState, *, is_accepted: bool) -> str:
    if is_accepted:
        if state in FINISHED:
            return "finished"
        return "given_up" if state in GIVEN_UP else "accepted"
    if state is S.DECLINED:
        return "declined"
    return "silent" if state in SILENT else ""
