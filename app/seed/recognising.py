"""A learner says what the reasons were worth, and a reviewer gets a certificate of their time."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.seed.driver import Moment, Stage, Story, World
from portfolio.submission.models import Submission
from review.decision.queries import released_decision
from review.recognition import certificates, ratings
from review.recognition import services as recognition
from review.recognition.models import CreditEntry
from review.recognition.states import CreditKind

# Of use, of some use, of no use; the last of four is left out.
SAID = (3, 3, 2, None, 3, 1)


def thanks_and_credit(world: World) -> Story:
    """(l) Clara rates the reasons for her badge; who reviewed most has a certificate."""
    yield Moment(Stage.DECIDED, world.ago(19, 20))
    submission_id, names = world.look(lambda session: _reasons(session, world.people["clara"]))
    said = {name: SAID[number % len(SAID)] for number, name in enumerate(names)}
    world.do(
        recognition.rate_reasons,
        submission_id,
        said={name: rating for name, rating in said.items() if rating is not None},
        by="clara",
    )
    yield Moment(Stage.DECIDED, world.ago(1, 18))
    world.sweep("credit_reviewing")
    reviewer = world.look(_busiest)
    until: date = world.now.date()
    world.do(
        certificates.make_certificate,
        from_date=until - timedelta(days=89),
        until_date=until,
        zone="UTC",
        shows_marks=True,
        by=reviewer,
    )


def _reasons(session: Session, learner_id: str) -> tuple[str, list[str]]:
    """Return a learner's last submission, and the names of the reasons for its outcome."""
    submission_id = session.scalars(
        select(Submission.id)
        .where(Submission.learner_id == learner_id)
        .order_by(Submission.attempt.desc())
        .limit(1)
    ).one()
    told = released_decision(session, submission_id)
    spoken = [] if told is None else ratings.spoken_in(session, told[0])
    return submission_id, [one.name for one in sorted(spoken, key=lambda one: one.key)]


def _busiest(session: Session) -> str:
    """Return who gave the most reviews."""
    return session.scalars(
        select(CreditEntry.person_id)
        .where(CreditEntry.kind == CreditKind.REVIEW.value)
        .group_by(CreditEntry.person_id)
        .order_by(func.count().desc(), CreditEntry.person_id)
        .limit(1)
    ).one()
