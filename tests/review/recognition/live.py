"""Puts evidence about a reviewer into the record, and sends the world through nights."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from core import jobs
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, DeclineReason, RoundKind
from review.calibration.models import CalibrationResult
from review.decision.models import FamilyFit
from review.moderation.models import Moderation
from review.pool.models import Benchmark
from review.recognition.models import LadderStep
from review.scoring.models import CriterionScore, Review


class Record:
    """One reviewer of one badge, with more in the record at each call."""

    def __init__(self, edge: Any, make: Any) -> None:
        self.edge, self.make, self.number = edge, make, count(1)
        self.edition = make.edition()
        self.badge_id = self.edition.badge_id
        self.reviewer = make.reviewer(self.edition, "Ravi Reviewer")
        self.submission = make.submission(make.person("Kim Learner"), self.edition)

    def add(self, *rows: Any) -> None:
        """Add rows."""
        with self.edge.database.transaction() as session:
            for row in rows:
                session.add(row)
                session.flush()

    def assignment(self, state: AssignmentState, **more: Any) -> Assignment:
        """Have the reviewer stand in a round of its own."""
        at = self.edge.clock()
        number = next(self.number)
        opened = ReviewRound(
            submission_id=self.submission.id,
            number=number,
            kind=more.pop("kind", RoundKind.FRESH).value,
            seats=1,
            opened_at=at,
            closed_at=at,
        )
        self.add(opened)
        values = {
            "is_counted": True,
            "accepted_at": at,
            "due_at": at,
            "invited_at": at,
            "answer_by": at,
            "seat": 1,
            **more,
        }
        made = Assignment(
            round_id=opened.id,
            submission_id=self.another().id if values["is_counted"] else self.submission.id,
            reviewer_id=self.reviewer.id,
            state=state.value,
            **values,
        )
        self.add(made)
        return made

    def another(self) -> Any:
        """Make another work for the badge."""
        return self.make.submission(self.make.person(), self.edition)

    def review(self, levels: tuple[int | None, ...] = (3, 3), **more: Any) -> Review:
        """Have the reviewer seal a review."""
        at = self.edge.clock()
        made = Review(
            assignment_id=self.assignment(AssignmentState.CLOSED).id,
            state="sealed",
            seconds_spent=more.get("seconds", 1_800),
            saved_at=at,
            sealed_at=at,
            digest="0" * 64,
        )
        self.add(made)
        self.add(
            *(
                CriterionScore(
                    review_id=made.id,
                    criterion_key=key,
                    level=level,
                    rationale="The sheet shows it.",
                    locator=more.get("locator", "E1, page 1"),
                )
                for key, level in zip(("C1", "C2"), levels, strict=True)
            )
        )
        return made

    def moderated(self, *, comes_back: bool) -> None:
        """Have a moderator read a review, and hand it back or not."""
        at, person = self.edge.clock(), self.make.person().id
        review = self.review()
        back = {"returned_at": at, "returned_by": person, "returned_digest": "1" * 64}
        self.add(
            Moderation(
                review_id=review.id,
                round_id=self.make.rows(Assignment, id=review.assignment_id)[0].round_id,
                state="passed",
                reason="sample",
                sealed_at=at,
                opened_at=at,
                due_at=at,
                passed_at=at,
                passed_by=person,
                **(back if comes_back else {}),
            )
        )

    def reading(self, agreed: int, criteria: int = 5) -> None:
        """Have the reviewer read known work."""
        at = self.edge.clock()
        person = self.make.person().id
        work = self.another()
        known = Benchmark(
            badge_id=self.badge_id, submission_id=work.id, asked_by=person, asked_at=at
        )
        self.add(known)
        made = self.assignment(AssignmentState.CLOSED, kind=RoundKind.GOLD, is_counted=False)
        self.add(
            CalibrationResult(
                assignment_id=made.id,
                benchmark_id=known.id,
                person_id=self.reviewer.id,
                badge_id=self.badge_id,
                number=next(self.number),
                is_gold=True,
                criteria=criteria,
                agreed=agreed,
                gating_misses=0,
                differences={},
                is_passed=agreed == criteria,
                compared_at=at,
            )
        )

    def fit(self, p_informative: float) -> None:
        """Have the model learn something of the reviewer."""
        self.add(
            FamilyFit(
                badge_id=self.badge_id,
                family="f",
                model_version="1",
                fitted_at=self.edge.clock(),
                reviews=10,
                submissions=5,
                iterations=1,
                is_converged=True,
                hyper={},
                reviewers={self.reviewer.id: {"p_informative": p_informative}},
                sources="0" * 64,
                digest="0" * 64,
            )
        )

    def declined(self, times: int) -> None:
        """Have the reviewer say no."""
        at = self.edge.clock()
        for _ in range(times):
            self.assignment(
                AssignmentState.DECLINED,
                accepted_at=None,
                due_at=None,
                decline_reason=DeclineReason.NO_TIME.value,
                ended_at=at,
            )

    def night(self, days: int = 15) -> list[str]:
        """Let days pass and look at the ladders; return the open rungs."""
        self.edge.clock.advance(days=days)
        jobs.sweep(self.edge, "look_at_ladders")
        return self.rungs()

    def rungs(self) -> list[str]:
        """Return the rungs that the reviewer stands on."""
        return [one.rung for one in self.steps() if one.ended_at is None]

    def steps(self) -> list[LadderStep]:
        """Return every step ever taken, the first one first."""
        with self.edge.database.transaction() as session:
            query = select(LadderStep).order_by(LadderStep.taken_at, LadderStep.ended_at)
            return list(session.scalars(query))

    def soon(self) -> None:
        """Let an hour pass, so that what follows is newer."""
        self.edge.clock.now += timedelta(hours=1)
