"""What reviewers got back in the world of everybody who might ask: credit and a certificate."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from credentials.catalog.models import Badge
from review.recognition.models import Certificate, CreditEntry, LadderStep
from review.recognition.states import CreditKind, Rung

CODE = "aaaaa-bbbbb-ccccc-ddddd"


def recognise(session: Session, person_id: str, *, at: datetime) -> dict[str, str]:
    """Give somebody credit, a certificate and a talk to have; return the ids of addresses."""
    credit(session, person_id, at=at, count=5)
    made = Certificate(
        code=CODE,
        person_id=person_id,
        from_date=at.date() - timedelta(days=60),
        until_date=at.date(),
        content={
            "name": "A Volunteer",
            "issuer": "Northlight Guild",
            "from": "2026-01-01",
            "until": "2026-03-01",
            "badges": [{"title": "Careful Host", "reviews": 1, "minutes": 50, "mark": None}],
            "other": {},
            "reviews": 1,
            "minutes": 50,
        },
        digest="0" * 64,
        made_at=at,
    )
    step = LadderStep(
        person_id=person_id,
        badge_id=session.scalars(select(Badge.id).filter_by(slug="careful-host")).one(),
        rung=Rung.TALK.value,
        reasons=[{"trigger": "returned", "value": 3.0, "count": 10.0}],
        taken_at=at,
    )
    session.add_all([made, step])
    session.flush()
    return {"certificate_id": made.id, "step_id": step.id}


def credit(session: Session, person_id: str, *, at: datetime, count: int = 1) -> None:
    """Credit somebody with so many reviews."""
    badge_id = session.scalars(select(Badge.id).filter_by(slug="careful-host")).one()
    session.add_all(
        CreditEntry(
            person_id=person_id,
            badge_id=badge_id,
            kind=CreditKind.REVIEW.value,
            subject_id=f"review-{number}-of-{count}",
            minutes=50,
            earned_at=at - timedelta(days=number),
        )
        for number in range(count)
    )
