"""What keeps calibrations up to date: a notice a month ahead, and another reading after a drift.

A drift is looked for in what somebody sealed since they last calibrated, or were last asked to,
so that the same reviews never ask twice. What they sealed before stays in the comparison, as if
somebody else had given it.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Notice
from core import audit
from core.models import AuditEvent
from credentials.catalog.models import Badge
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.states import DONE_STATES
from review.calibration import telling
from review.calibration.rules import AGAIN_WITHIN, NOTICE
from review.calibration.services import RULE
from review.decision.drift import severity_drift
from review.pool import queries as pool
from review.pool.models import Qualification
from review.pool.rules import calibration_ends, is_valid
from review.pool.states import QualificationState
from review.scoring.models import CriterionScore, Review

ASKED = "recalibration_asked"
LOOK_BACK = timedelta(days=365)

# A sealed review as the drift reads it: submission, reviewer, when, mean level.
Row = tuple[str, str, datetime, float]


def remind_due(session: Session, *, at: datetime) -> int:
    """Tell those whose calibration runs out within a month, once each; return how many."""
    rows = session.execute(
        select(Qualification, Badge.slug)
        .join(Badge, Badge.id == Qualification.badge_id)
        .where(
            Qualification.state == QualificationState.QUALIFIED.value,
            Qualification.calibrated_until > at,
            Qualification.calibrated_until <= at + NOTICE,
        )
        .order_by(Qualification.id)
    ).all()
    asked = pool.calibration_from(session, {right.badge_id for right, _ in rows})
    count = 0
    for right, slug in rows:
        if right.badge_id in asked and not _was_told(session, right, slug):
            telling.of_renewal(session, right.person_id, right.badge_id, at=at)
            count += 1
    return count


def _was_told(session: Session, right: Qualification, slug: str) -> bool:
    """Whether somebody was told of this end already, by the yearly notice or after a drift."""
    since = (right.calibrated_until or right.valid_from) - NOTICE
    return (
        session.scalar(
            select(Notice.id)
            .where(
                Notice.person_id == right.person_id,
                Notice.kind.in_(("calibration_due", ASKED)),
                Notice.path == f"/reviewing/calibration/{slug}",
                Notice.created_at >= since,
            )
            .limit(1)
        )
        is not None
    )


def ask_again_after_drift(session: Session, *, at: datetime) -> list[str]:
    """Ask those whose severity has drifted to calibrate within two weeks; return their ids."""
    badges = session.scalars(select(Badge.id).order_by(Badge.id)).all()
    return [
        person
        for badge_id in pool.calibration_from(session, badges)
        for person in ask_again(session, badge_id, _sealed(session, badge_id, at=at), at=at)
    ]


def ask_again(session: Session, badge_id: str, sealed: list[Row], *, at: datetime) -> list[str]:
    """Ask those of a badge to calibrate again whose severity has drifted in these reviews."""
    rights = {
        one.person_id: one
        for one in session.scalars(
            select(Qualification)
            .where(Qualification.badge_id == badge_id)
            .order_by(Qualification.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if is_valid(one.state, valid_from=one.valid_from, valid_until=one.valid_until, at=at)
    }
    since = _looked_at_until(session, list(rights.values()))
    first = pool.calibration_from(session, [badge_id])[badge_id]
    asked = []
    for person in drifted_among(sealed, since):
        right = rights[person]
        ends = calibration_ends(right.calibrated_until, valid_from=right.valid_from, since=first)
        if ends is None or ends <= at:
            continue
        until = right.calibrated_until = min(ends, at + AGAIN_WITHIN)
        session.flush()
        audit.record(
            session,
            ASKED,
            subject_kind="qualification",
            subject_id=right.id,
            by=RULE,
            at=at,
            detail={"until": until.isoformat()},
        )
        telling.of_drift(session, person, badge_id, until, at=at)
        asked.append(person)
    return asked


def drifted_among(rows: list[Row], since: dict[str, datetime | None]) -> list[str]:
    """Return whose severity has drifted in what they sealed since a time of their own.

    Only those in `since` are looked at; None there looks at all they sealed.
    """
    works = {one: number for number, one in enumerate(sorted({row[0] for row in rows}))}
    names = sorted({(row[1], _is_new(row, since)) for row in rows})
    reviewers = {one: number for number, one in enumerate(names)}
    found = severity_drift(
        [works[row[0]] for row in rows],
        [reviewers[row[1], _is_new(row, since)] for row in rows],
        [12 * row[2].year + row[2].month for row in rows],
        [row[3] for row in rows],
    )
    return sorted(
        names[one.reviewer][0] for one in found if one.is_flagged and names[one.reviewer][1]
    )


def _is_new(row: Row, since: dict[str, datetime | None]) -> bool:
    if row[1] not in since:
        return False
    begins = since[row[1]]
    return begins is None or row[2] > begins


def _looked_at_until(session: Session, rights: list[Qualification]) -> dict[str, datetime | None]:
    """Return, by person, when they last calibrated or were last asked to."""
    asked: dict[str, datetime] = {
        subject: when
        for subject, when in session.execute(
            select(AuditEvent.subject_id, func.max(AuditEvent.at))
            .where(AuditEvent.verb == ASKED, AuditEvent.subject_id.in_([one.id for one in rights]))
            .group_by(AuditEvent.subject_id)
        )
    }
    return {
        one.person_id: max(
            (when for when in (one.calibrated_at, asked.get(one.id)) if when is not None),
            default=None,
        )
        for one in rights
    }


def _sealed(session: Session, badge_id: str, *, at: datetime) -> list[Row]:
    """Return the reviews of a badge that were sealed within a year, with their mean levels."""
    rows = session.execute(
        select(
            Assignment.submission_id,
            Assignment.reviewer_id,
            Review.sealed_at,
            func.avg(CriterionScore.level),
        )
        .join(Review, Review.assignment_id == Assignment.id)
        .join(CriterionScore, CriterionScore.review_id == Review.id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            Submission.badge_id == badge_id,
            Assignment.is_counted,
            Assignment.state.in_(DONE_STATES),
            Review.sealed_at > at - LOOK_BACK,
            CriterionScore.level.is_not(None),
        )
        .group_by(Assignment.submission_id, Assignment.reviewer_id, Review.sealed_at)
    )
    return [
        (work, person, sealed_at, float(level))
        for work, person, sealed_at, level in rows
        if sealed_at is not None
    ]
