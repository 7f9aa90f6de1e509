"""What the world of the access tests has for moderators and for blind readings."""

from datetime import timedelta
from typing import Any

from core.runtime import Runtime
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState
from review.decision.models import Decision, DecisionAudit
from review.decision.states import Basis, Outcome
from review.moderation.models import Moderation
from review.moderation.states import ModerationReason
from review.scoring.models import Review
from review.scoring.states import ReviewState
from tests.factories import Factory
from tests.review.stages import Stage


def moderate(edge: Runtime, make: Factory, stage: Stage) -> dict[str, str]:
    """Seal one of two reviews, and have it wait for a moderator; return its id by name."""
    first = stage.accept_all()[0]
    stage.seal(first, (3, 3))
    (review,) = make.rows(Review, assignment_id=first.id)
    at = edge.clock()
    with edge.database.transaction() as session:
        waits = _waiting(review.id, first.round_id, at)
        session.add(waits)
        session.flush()
        return {"moderation_id": waits.id}


def draw(edge: Runtime, make: Factory, submission_id: str) -> dict[str, str]:
    """Have the decision on a submission wait for a blind reading; return its id by name."""
    (decision,) = make.rows(Decision, submission_id=submission_id)
    at = edge.clock()
    with edge.database.transaction() as session:
        session.add(_drawn(decision.id, at))
    return {"decision_id": decision.id}


def grow_checks(world: Any, make: Factory, more: int) -> None:
    """Have as many reviews wait for a moderator as work is reviewed, and more blind readings."""
    at = make.edge.clock()
    busy = make.rows(Submission, state=SubmissionState.UNDER_REVIEW.value)
    with make.edge.database.transaction() as session:
        for one in busy:
            if one.learner_id == world.people["owner"]:
                continue
            (opened,) = session.query(ReviewRound).filter_by(submission_id=one.id).all()
            seat = Assignment(
                round_id=opened.id,
                submission_id=one.id,
                reviewer_id=world.people["second"],
                seat=3,
                state=AssignmentState.SEALED.value,
                invited_at=at,
                answer_by=at,
                accepted_at=at,
                due_at=at,
            )
            session.add(seat)
            session.flush()
            review = Review(
                assignment_id=seat.id,
                state=ReviewState.SEALED.value,
                saved_at=at,
                sealed_at=at,
                digest="0" * 64,
            )
            session.add(review)
            session.flush()
            session.add(_waiting(review.id, opened.id, at))
        (decided,) = session.query(Decision).filter_by(id=world.ids["decision_id"]).all()
        for number in range(more):
            another = Decision(
                submission_id=decided.submission_id,
                round_id=decided.round_id,
                number=decided.number + 1 + number,
                basis=Basis.DETERMINATION.value,
                outcome=Outcome.NOT_YET.value,
                rule_version="-",
                inputs={},
                inputs_digest="0" * 64,
                result={},
                decided_by="system:more",
                decided_at=at,
                release_at=at,
            )
            session.add(another)
            session.flush()
            session.add(_drawn(another.id, at))


def _waiting(review_id: str, round_id: str, at: Any) -> Moderation:
    return Moderation(
        review_id=review_id,
        round_id=round_id,
        reason=ModerationReason.FIRST_REVIEWS.value,
        sealed_at=at,
        opened_at=at,
        due_at=at + timedelta(days=2),
    )


def _drawn(decision_id: str, at: Any) -> DecisionAudit:
    return DecisionAudit(
        decision_id=decision_id, drawn_at=at, chance=0.05, due_at=at + timedelta(days=28)
    )
