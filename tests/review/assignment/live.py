"""A badge with its reviewers and its work, driven through the jobs and sweeps that run for real."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from accounts.models import Person
from core import jobs
from core.jobs import MemoryQueue
from core.runtime import Runtime
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import invitations
from review.assignment.models import Assignment, ReviewRound, RoutingWish
from review.assignment.states import AssignmentState, DeclineReason, WishKind
from review.pool.models import ReviewerProfile
from tests.factories import Factory, sample_definition
from tests.plugins.worlds import Clock

S = AssignmentState
ROUTING = ("refill_rounds", "hedge_rounds", "lapse_invitations", "remind_reviewers",
           "rescue_reviews")  # fmt: skip


class Live:
    """One badge, and everything that happens around it."""

    def __init__(self, edge: Runtime, make: Factory, clock: Clock) -> None:
        self.edge, self.make, self.clock = edge, make, clock
        self.edition = make.edition(sample_definition())

    def reviewers(self, *names: str, max_open: int = 2, sector: str = "") -> list[Person]:
        """Make qualified people."""
        made = [self.make.reviewer(self.edition, name, sector=sector) for name in names]
        self.set_limits([one.id for one in made], max_open=max_open)
        return made

    def set_limits(self, ids: list[str], **limits: object) -> None:
        """Write people's own limits."""
        with self.edge.database.transaction() as session:
            session.execute(
                update(ReviewerProfile).where(ReviewerProfile.person_id.in_(ids)).values(**limits)
            )

    def arrives(self, learner: Person | None = None) -> Submission:
        """Have a portfolio pass intake and be routed."""
        made = self.make.submission(learner, self.edition)
        self.drain()
        return made

    def waits(self, learner: Person | None = None) -> Submission:
        """Have a portfolio pass intake, with nobody asked yet."""
        made = self.make.submission(learner, self.edition)
        self.queue.waiting.clear()
        self.make.moved(made, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)
        return made

    @property
    def queue(self) -> MemoryQueue:
        """The jobs that wait."""
        assert isinstance(self.edge.jobs, MemoryQueue)
        return self.edge.jobs

    def drain(self) -> None:
        """Do every waiting job."""
        self.queue.drain(self.edge)

    def sweep(self, *names: str) -> None:
        """Run sweeps, all of routing unless some are named, and the jobs they leave."""
        for name in names or ROUTING:
            jobs.sweep(self.edge, name)
            self.drain()

    def wish(self, submission: Submission, reviewer_id: str, kind: WishKind) -> None:
        """Have a manager wish for somebody, or not."""
        with self.edge.database.transaction() as session:
            session.add(
                RoutingWish(
                    submission_id=submission.id,
                    reviewer_id=reviewer_id,
                    kind=kind.value,
                    reason="They know the venue.",
                    made_by=reviewer_id,
                    made_at=self.clock(),
                )
            )

    def round(self, submission: Submission) -> ReviewRound:
        """Return the latest round of a submission."""
        rows = self.make.rows(ReviewRound, submission_id=submission.id)
        return max(rows, key=lambda one: one.number)

    def rows(self, submission: Submission, *states: AssignmentState) -> list[Assignment]:
        """Return the assignments of a submission in some states, or all."""
        with self.edge.database.transaction() as session:
            query = select(Assignment).where(Assignment.submission_id == submission.id)
            if states:
                query = query.where(Assignment.state.in_([one.value for one in states]))
            return list(session.scalars(query.order_by(Assignment.invited_at, Assignment.seat)))

    def asked(self, submission: Submission) -> set[str]:
        """Return who has an unanswered invitation."""
        return {one.reviewer_id for one in self.rows(submission, S.INVITED)}

    def accept(self, *rows: Assignment) -> None:
        """Have people say yes."""
        for one in rows:
            with self.edge.database.transaction() as session:
                invitations.accept(session, one.id, by=one.reviewer_id, at=self.clock())
            self.drain()

    def decline(self, one: Assignment, reason: DeclineReason = DeclineReason.NO_TIME) -> None:
        """Have somebody say no."""
        with self.edge.database.transaction() as session:
            invitations.decline(
                session, one.id, reason=reason, note="So.", by=one.reviewer_id, at=self.clock()
            )
        self.drain()

    def later(self, **span: float) -> datetime:
        """Move the clock on by a span, the sweeps running every six hours meanwhile."""
        until = self.clock() + timedelta(**span)
        while self.clock() < until:
            self.clock.now = min(until, self.clock() + timedelta(hours=6))
            self.sweep()
        return until
