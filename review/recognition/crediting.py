"""Credit for time given: written once per thing, by a sweep that may run as often as it likes."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from review.assignment.states import RoundKind
from review.recognition import credits
from review.recognition.credit import MODERATION_MINUTES, bounded_minutes
from review.recognition.measured import definitions
from review.recognition.models import CreditEntry
from review.recognition.states import CreditKind

CREDITOR = "system:credit"
AT_ONCE = 500


def credit_due(session: Session, *, at: datetime) -> int:
    """Credit what has ended and is not credited yet, at most AT_ONCE of each; returns how many.

    The unique key of kind and subject is what makes it once, however many hosts sweep.
    """
    return _readings(session, at=at) + _moderations(session, at=at)


def _readings(session: Session, *, at: datetime) -> int:
    rows = credits.readings_to_credit(session, most=AT_ONCE)
    editions = definitions(session, [row.edition_id for row in rows])
    return sum(
        _enter(
            session,
            CreditEntry(
                person_id=row.reviewer_id,
                badge_id=row.badge_id,
                kind=_kind(row.kind, is_counted=row.is_counted).value,
                subject_id=row.id,
                minutes=bounded_minutes(
                    row.seconds_spent,
                    estimated_minutes=editions[row.edition_id].review_policy.estimated_minutes,
                ),
                earned_at=row.sealed_at,
            ),
            at=at,
        )
        for row in rows
    )


def _kind(round_kind: str, *, is_counted: bool) -> CreditKind:
    if is_counted:
        return CreditKind.REVIEW
    is_audit = round_kind == RoundKind.AUDIT.value
    return CreditKind.AUDIT if is_audit else CreditKind.CALIBRATION


def _moderations(session: Session, *, at: datetime) -> int:
    return sum(
        _enter(
            session,
            CreditEntry(
                person_id=found.returned_by or found.passed_by,
                badge_id=badge_id,
                kind=CreditKind.MODERATION.value,
                subject_id=found.id,
                minutes=MODERATION_MINUTES,
                earned_at=found.passed_at,
            ),
            at=at,
        )
        for found, badge_id in credits.moderations_to_credit(session, most=AT_ONCE)
    )


def _enter(session: Session, entry: CreditEntry, *, at: datetime) -> bool:
    """Write an entry, unless another host just did."""
    try:
        with session.begin_nested():
            session.add(entry)
    except IntegrityError:
        return False
    audit.record(
        session,
        "credit_entered",
        subject_kind="credit",
        subject_id=entry.id,
        by=CREDITOR,
        at=at,
        detail={"kind": entry.kind, "minutes": entry.minutes},
    )
    return True
