"""Reading somebody's credit, what is not credited yet, their marks and their certificates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from credentials.catalog.models import Badge, BadgeEdition, Issuer
from portfolio.submission.models import Submission
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import DONE_STATES, RoundKind
from review.calibration.models import CalibrationResult
from review.moderation.models import Moderation
from review.moderation.states import ModerationState
from review.recognition.credit import Entry
from review.recognition.mark import rung_of
from review.recognition.models import Certificate, CreditEntry
from review.recognition.states import CreditKind
from review.scoring.models import Review
from review.scoring.states import ReviewState

KNOWN_WORK = (RoundKind.CALIBRATION.value, RoundKind.GOLD.value)


def entries_of(
    session: Session,
    person_id: str,
    *,
    zone: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Entry]:
    """Return a person's credit, newest first, with days as they are in a time zone."""
    query = (
        select(CreditEntry, newest_title(CreditEntry.badge_id).label("title"))
        .where(CreditEntry.person_id == person_id)
        .order_by(CreditEntry.earned_at.desc(), CreditEntry.id)
    )
    if since is not None:
        query = query.where(CreditEntry.earned_at >= since)
    if until is not None:
        query = query.where(CreditEntry.earned_at < until)
    return [
        Entry(
            day=row.CreditEntry.earned_at.astimezone(ZoneInfo(zone)).date(),
            badge=row.title,
            kind=CreditKind(row.CreditEntry.kind),
            minutes=row.CreditEntry.minutes,
        )
        for row in session.execute(query)
    ]


def newest_title(badge_id: Any) -> Any:
    """Return the query of the title of a badge as its newest edition has it."""
    return (
        select(BadgeEdition.title)
        .where(BadgeEdition.badge_id == badge_id)
        .order_by(BadgeEdition.published_at.desc().nulls_last(), BadgeEdition.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def marks_of(session: Session, person_id: str) -> list[dict[str, Any]]:
    """Return the marks that a person's sealed reviews have earned, by the badge's title.

    Each has `slug`, `title`, `reviews`, and `rung` of one to three punches.
    """
    rows = session.execute(
        select(
            Badge.slug,
            newest_title(Badge.id).label("title"),
            func.count(CreditEntry.id).label("reviews"),
        )
        .join(CreditEntry, CreditEntry.badge_id == Badge.id)
        .where(CreditEntry.person_id == person_id, CreditEntry.kind == CreditKind.REVIEW.value)
        .group_by(Badge.id, Badge.slug)
    )
    found = [{**row._mapping, "rung": rung_of(row.reviews)} for row in rows]
    return sorted((one for one in found if one["rung"]), key=lambda one: str(one["title"]))


def certificates_of(session: Session, person_id: str) -> list[Certificate]:
    """Return a person's certificates, the newest first."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.person_id == person_id)
            .order_by(Certificate.made_at.desc(), Certificate.id)
        )
    )


def certificate_by(session: Session, code: str) -> Certificate | None:
    """Return the certificate with a code, standing or withdrawn."""
    return session.scalar(select(Certificate).where(Certificate.code == code))


def issuer_names(session: Session, person_id: str) -> list[str]:
    """Return who is responsible for the badges that a person has credit for, by name."""
    return list(
        session.scalars(
            select(Issuer.name)
            .distinct()
            .join(Badge, Badge.issuer_id == Issuer.id)
            .join(CreditEntry, CreditEntry.badge_id == Badge.id)
            .where(CreditEntry.person_id == person_id)
            .order_by(Issuer.name)
        )
    )


def readings_to_credit(session: Session, *, most: int) -> Sequence[Any]:
    """Return sealed readings without an entry, the oldest first, with their round and edition.

    A review that a moderator holds waits, and so does a reading of known work until it has been
    compared: before that, nothing may tell that it was one.
    """
    is_held = exists().where(
        Moderation.review_id == Review.id, Moderation.state != ModerationState.PASSED.value
    )
    is_compared = exists().where(CalibrationResult.assignment_id == Assignment.id)
    query = (
        select(
            Assignment.id,
            Assignment.reviewer_id,
            Assignment.is_counted,
            ReviewRound.kind,
            Review.seconds_spent,
            Review.sealed_at,
            Submission.badge_id,
            Submission.edition_id,
        )
        .join(Review, Review.assignment_id == Assignment.id)
        .join(ReviewRound, ReviewRound.id == Assignment.round_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(CreditEntry, CreditEntry.subject_id == Assignment.id)
        .where(
            CreditEntry.id.is_(None),
            Assignment.state.in_(DONE_STATES),
            Review.state == ReviewState.SEALED.value,
            ~is_held,
            ReviewRound.kind.not_in(KNOWN_WORK) | is_compared,
        )
        .order_by(Review.sealed_at, Assignment.id)
        .limit(most)
    )
    return session.execute(query).all()


def moderations_to_credit(session: Session, *, most: int) -> Sequence[Any]:
    """Return finished moderations without an entry, the oldest first, with their badge."""
    return session.execute(
        select(Moderation, Submission.badge_id)
        .join(Review, Review.id == Moderation.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .outerjoin(CreditEntry, CreditEntry.subject_id == Moderation.id)
        .where(CreditEntry.id.is_(None), Moderation.state == ModerationState.PASSED.value)
        .where(Moderation.passed_by.not_like("system:%") | Moderation.returned_by.is_not(None))
        .order_by(Moderation.passed_at, Moderation.id)
        .limit(most)
    ).all()
