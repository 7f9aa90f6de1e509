"""Brings a submission to any stage of its review, through the services that people use."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from accounts.models import Person
from accounts.states import Role
from core.jobs import MemoryQueue
from core.runtime import Runtime
from credentials.catalog.models import BadgeEdition
from portfolio.submission.states import SubmissionState
from review.assignment import invitations
from review.assignment.models import Assignment
from review.assignment.rounds import start_review
from review.assignment.states import AssignmentState, DeclineReason
from review.decision.jobs import release_due
from review.decision.models import Decision
from review.scoring import services as scoring
from review.scoring.models import Review
from review.scoring.rules import Answer
from review.scoring.states import CannotScore
from tests.factories import Factory

WHY = "The run sheet shows it line by line."


def answer(level: int | None, *, rationale: str = WHY, locator: str = "E1, page 1") -> Answer:
    """Return a whole answer at a level."""
    return Answer(level=level, rationale=rationale, locator=locator)


class Stage:
    """A badge, its reviewers and a committee, with a learner's submission under review."""

    def __init__(self, edge: Runtime, make: Factory) -> None:
        self.edge = edge
        self.make = make

    def set(self, *, reviewers: int = 2, edition: BadgeEdition | None = None) -> "Stage":
        """Make the people and hand in; nobody is asked yet."""
        self.edition = edition or self.make.edition()
        self.reviewers = [
            self.make.reviewer(self.edition, name=f"Reviewer Ashgrove{number}")
            for number in range(reviewers)
        ]
        self.learner = self.make.person("Kim Oyelaran", employer="Lantern Works")
        self.submission = self.make.submission(self.learner, self.edition)
        return self.past_intake()

    def past_intake(self) -> "Stage":
        """Have the submission wait for reviewers, whatever intake would have said."""
        self.clear()
        self.make.moved(self.submission, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)
        return self

    def asked(self) -> "Stage":
        """Open the first round and have the best people asked."""
        with self.edge.database.transaction() as session:
            start_review(session, self.submission.id, at=self.edge.clock())
        self.drain()
        return self

    def clear(self) -> None:
        """Forget the jobs that wait."""
        self.queue.waiting.clear()

    @property
    def queue(self) -> MemoryQueue:
        """The jobs that wait."""
        assert isinstance(self.edge.jobs, MemoryQueue)
        return self.edge.jobs

    def drain(self) -> int:
        """Do every waiting job."""
        return self.queue.drain(self.edge)

    def sweep(self) -> None:
        """Run the sweep of decisions, and every job it leaves."""
        release_due(self.edge)
        self.drain()

    def under_review(self, *, reviewers: int = 2, edition: BadgeEdition | None = None) -> "Stage":
        """Have the first round's seats accepted."""
        self.set(reviewers=reviewers, edition=edition).asked().accept_all()
        return self

    def invited(self) -> list[Assignment]:
        """Return the open invitations."""
        return self.in_state(AssignmentState.INVITED)

    def in_state(self, *states: AssignmentState) -> list[Assignment]:
        """Return the assignments in some states, the earliest seat first."""
        with self.edge.database.transaction() as session:
            return list(
                session.scalars(
                    select(Assignment)
                    .where(
                        Assignment.submission_id == self.submission.id,
                        Assignment.state.in_([state.value for state in states]),
                    )
                    .order_by(Assignment.invited_at, Assignment.seat)
                )
            )

    def working(self) -> list[Assignment]:
        """Return the assignments that were accepted and are not sealed."""
        return self.in_state(AssignmentState.ACCEPTED, AssignmentState.IN_PROGRESS)

    def accept_all(self) -> list[Assignment]:
        """Have everybody who is invited say yes."""
        for one in self.invited():
            with self.edge.database.transaction() as session:
                invitations.accept(session, one.id, by=one.reviewer_id, at=self.edge.clock())
        self.drain()
        return self.working()

    def draft(self, assignment: Assignment, answers: Mapping[str, Answer], **words: Any) -> Review:
        """Save a reviewer's form."""
        at = self.edge.clock()
        with self.edge.database.transaction() as session:
            opened = scoring.open_review(session, assignment.id, by=assignment.reviewer_id, at=at)
            return scoring.save_draft(
                session,
                assignment.id,
                version=opened.version,
                answers=answers,
                feedback=words.get("feedback", ""),
                private_note=words.get("private_note", ""),
                seconds=words.get("seconds", 60),
                by=assignment.reviewer_id,
                at=at,
            )

    def seal(
        self,
        assignment: Assignment,
        levels: Sequence[int | None],
        *,
        drain: bool = True,
        **words: Any,
    ) -> None:
        """Score and seal with one level for each of the sample badge's criteria."""
        answers = {
            key: Answer(
                level=level,
                cannot_score=None if level else CannotScore.CANNOT_OPEN,
                rationale=words.get("rationale", WHY),
                locator="E1, page 1",
            )
            for key, level in zip(("C1", "C2"), levels, strict=True)
        }
        saved = self.draft(assignment, answers, **words)
        with self.edge.database.transaction() as session:
            scoring.seal(
                session,
                assignment.id,
                version=saved.version,
                names_may_stay=True,
                by=assignment.reviewer_id,
                at=self.edge.clock(),
            )
        if drain:
            self.drain()

    def step_back(self, assignment: Assignment) -> None:
        """Have a reviewer step back from a review begun."""
        with self.edge.database.transaction() as session:
            invitations.recuse(
                session,
                assignment.id,
                reason=DeclineReason.NO_TIME,
                by=assignment.reviewer_id,
                at=self.edge.clock(),
            )
        self.drain()

    def decided(self, *rounds: Sequence[Sequence[int | None]]) -> "Stage":
        """Have each round accepted and sealed with these levels, one row per reviewer."""
        for rows in rounds:
            self.accept_all()
            for assignment, levels in zip(self.working(), rows, strict=True):
                self.seal(assignment, levels)
        return self

    def state(self) -> str:
        """Return where the submission stands."""
        return str(self.make.reload(self.submission).state)

    def decisions(self) -> list[Decision]:
        """Return the decisions on the submission, the first one first."""
        found = self.make.rows(Decision, submission_id=self.submission.id)
        return sorted(found, key=lambda one: one.number)

    def member(self, name: str = "Committee Person") -> Person:
        """Make a committee member for all badges."""
        return self.make.person(name, roles_held=(Role.COMMITTEE,))
