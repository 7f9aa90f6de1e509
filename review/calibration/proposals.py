"""Reading which works may become benchmarks, who decides on them, and what waits for whom."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from accounts.states import Role
from accounts.visitor import Visitor
from core.waiting import Waiting
from credentials.catalog.models import Badge
from portfolio.submission.models import Submission
from review.assignment.choices import is_apart, may_steer
from review.assignment.queries import ties_to
from review.calibration.queries import USABLE
from review.calibration.rules import objection_to_setting
from review.decision.involvement import involvement
from review.decision.models import Decision, Release
from review.decision.states import Outcome
from review.pool import queries as pool
from review.pool.models import Benchmark
from review.pool.states import BenchmarkState

S = BenchmarkState
MOST = 50


@dataclass(frozen=True)
class Work:
    """A work that could become a benchmark, by its pseudonym and its outcome."""

    submission_id: str
    pseudonym: str
    outcome: str
    released_at: datetime


def _finished() -> Select[str]:
    """Return the portfolios that led to the badge, so that no attempt of them is still to come."""
    return (
        select(Submission.portfolio_id)
        .join(Decision, Decision.submission_id == Submission.id)
        .join(Release, Release.decision_id == Decision.id)
        .where(Decision.outcome == Outcome.GRANTED.value)
    )


def works_for(session: Session, badge_id: str, manager_id: str) -> list[Work]:
    """Return the works of a badge that a manager may propose, the newest outcome first.

    Those of portfolios that led to the badge, whatever became of this attempt: whoever reads one
    may review no other attempt of it, and here none is to come.
    """
    taken = select(Benchmark.submission_id)
    rows = session.execute(
        select(Submission, Decision, Release.released_at)
        .join(Decision, Decision.submission_id == Submission.id)
        .join(Release, Release.decision_id == Decision.id)
        .where(
            Submission.badge_id == badge_id,
            Submission.state.in_(USABLE),
            Submission.id.not_in(taken),
            Submission.portfolio_id.in_(_finished()),
            is_apart(manager_id),
        )
        .order_by(Decision.number)
    )
    found = {
        work.id: Work(work.id, work.pseudonym, decision.outcome, released_at)
        for work, decision, released_at in rows
    }
    return sorted(found.values(), key=lambda one: one.released_at, reverse=True)[:MOST]


def objection_to_proposing(session: Session, submission: Submission, by: str) -> str | None:
    """Return why a work cannot be proposed as a benchmark by somebody, or None."""
    if not may_steer(session, submission.id, by):
        return "You have a part in this matter, so somebody else proposes it."
    if submission.id in {one.submission_id for one in works_for(session, submission.badge_id, by)}:
        return None
    return "This work cannot be proposed: it was before, or its portfolio is not at its end."


def benchmarks_of(session: Session, badge_id: str, reader_id: str) -> list[tuple[Benchmark, str]]:
    """Return a badge's benchmarks with their pseudonyms, a manager's own matters left out."""
    rows = session.execute(
        select(Benchmark, Submission.pseudonym)
        .join(Submission, Submission.id == Benchmark.submission_id)
        .where(Benchmark.badge_id == badge_id, Submission.learner_id != reader_id)
        .order_by(Benchmark.asked_at.desc(), Benchmark.id)
    )
    return [(row[0], row[1]) for row in rows]


def objection_to_setting_levels(
    session: Session, found: Benchmark, visitor: Visitor, *, at: datetime
) -> str | None:
    """Return why somebody may not set a benchmark's levels, or None."""
    submission = session.get_one(Submission, found.submission_id)
    slug = session.get_one(Badge, found.badge_id).slug
    parts = involvement(session, [submission.id])[submission.id].anybody
    return objection_to_setting(
        is_member=visitor.has(Role.COMMITTEE, badge=slug),
        is_manager=visitor.has(Role.PROGRAMME_MANAGER, badge=slug) or visitor.id == found.asked_by,
        is_author=visitor.id == submission.learner_id,
        took_part=visitor.id in parts,
        is_tied=submission.id in ties_to(session, [submission], visitor.person_id, at=at),
    )


def to_set(session: Session, visitor: Visitor, *, at: datetime) -> list[tuple[Benchmark, str, str]]:
    """Return the benchmarks that wait for this member's levels, with pseudonym and badge title."""
    if not visitor.has(Role.COMMITTEE):
        return []
    rows = session.execute(
        select(Benchmark, Submission.pseudonym)
        .join(Submission, Submission.id == Benchmark.submission_id)
        .where(Benchmark.state == S.CONSENTED.value)
        .order_by(Benchmark.consented_at, Benchmark.id)
    ).all()
    return [
        (found, pseudonym, pool.badge_title(session, found.badge_id))
        for found, pseudonym in rows
        if objection_to_setting_levels(session, found, visitor, at=at) is None
    ]


def committee_waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the benchmarks that wait for a committee member's levels."""
    return [
        Waiting(
            title=f"A benchmark for {title} waits for its levels",
            body="Its author agreed. Look for names, and set a level with a reason for each"
            " criterion.",
            path=f"/committee/benchmarks/{found.id}",
            action="Read the work",
        )
        for found, _pseudonym, title in to_set(session, visitor, at=at)
    ]


def author_waiting_for(session: Session, visitor: Visitor, *, at: datetime) -> list[Waiting]:
    """Return the questions to an author whether a work may be a benchmark."""
    if not visitor.is_signed_in:
        return []
    rows = session.scalars(
        select(Benchmark)
        .join(Submission, Submission.id == Benchmark.submission_id)
        .where(
            Submission.learner_id == visitor.person_id,
            Benchmark.state == S.ASKED.value,
            Benchmark.asked_at <= at,
        )
    )
    return [
        Waiting(
            title=f"May your work for {pool.badge_title(session, one.badge_id)} be a benchmark?",
            body="Reviewers would read it without your name, to see how their levels compare. Yes"
            " or no is fine, and nothing depends on it.",
            path=f"/benchmarks/{one.id}/consent",
            action="Read and answer",
        )
        for one in rows
    ]
