"""Reading the runs of a badge: who looked when, what it did, and what became of its offers."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portfolio.submission.models import Submission
from review.assignment.choices import is_apart, names_of
from review.assignment.models import Assignment, RoutingRun
from review.assignment.states import SEATED, AssignmentState, RunKind

INVITED = AssignmentState.INVITED.value


@dataclass(frozen=True)
class RunLine:
    """One run; the counts leave out the reader's own matters."""

    id: str
    kind: RunKind
    made_at: datetime
    made_by: str
    offers: int
    moved: int
    waiting: int
    accepted: int
    undone_at: datetime | None
    undone_by: str

    @property
    def can_be_undone(self) -> bool:
        """Whether an offer of it still waits for an answer."""
        return self.undone_at is None and self.waiting > 0


def runs(
    session: Session, badge_id: str, reader_id: str, *, page: int, size: int
) -> tuple[list[RunLine], bool]:
    """Return a page of a badge's runs, the newest first, and whether more follow."""
    rows = session.scalars(
        select(RoutingRun)
        .where(RoutingRun.badge_id == badge_id)
        .order_by(RoutingRun.made_at.desc(), RoutingRun.id.desc())
        .limit(size + 1)
        .offset((page - 1) * size)
    ).all()
    shown = rows[:size]
    counts = _counts(session, [one.id for one in shown], reader_id)
    people = names_of(
        session, {one.made_by for one in shown} | {one.undone_by or "" for one in shown}
    )
    return [
        RunLine(
            id=one.id,
            kind=RunKind(one.kind),
            made_at=one.made_at,
            made_by=people.get(one.made_by, ""),
            offers=counts[one.id].total(),
            moved=counts[f"ended {one.id}"].total(),
            waiting=counts[one.id][INVITED],
            accepted=sum(
                count
                for state, count in counts[one.id].items()
                if state in SEATED and state != INVITED
            ),
            undone_at=one.undone_at,
            undone_by=people.get(one.undone_by or "", ""),
        )
        for one in shown
    ], len(rows) > size


def _counts(session: Session, ids: list[str], reader_id: str) -> dict[str, Counter[str]]:
    """Return how many offers of runs stand how, by run; by "ended" and run those it took away."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = session.execute(
        select(Assignment.run_id, Assignment.ended_run_id, Assignment.state, func.count())
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Assignment.run_id.in_(ids) | Assignment.ended_run_id.in_(ids), is_apart(reader_id))
        .group_by(Assignment.run_id, Assignment.ended_run_id, Assignment.state)
    )
    for run_id, ended_run_id, state, count in rows:
        if run_id in ids:
            found[run_id][state] += count
        if ended_run_id in ids:
            found[f"ended {ended_run_id}"][state] += count
    return found
