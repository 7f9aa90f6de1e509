"""Reading sealed submissions."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from portfolio.submission.models import SealedItem, SealedText, Submission
from portfolio.submission.states import OPEN


def submission(session: Session, submission_id: str) -> Submission:
    """Return a submission, or raise NotFound."""
    found = session.get(Submission, submission_id)
    if found is None:
        raise NotFound()
    return found


def submission_of(session: Session, submission_id: str, *, learner_id: str) -> Submission:
    """Return a learner's own submission; somebody else's looks as if it did not exist."""
    found = session.get(Submission, submission_id)
    if found is None or found.learner_id != learner_id:
        raise NotFound()
    return found


def attempts(session: Session, portfolio_id: str) -> list[Submission]:
    """Return every submission of a portfolio, the first attempt first."""
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.portfolio_id == portfolio_id)
            .order_by(Submission.attempt)
        )
    )


def submissions_of(session: Session, learner_id: str) -> list[Submission]:
    """Return a learner's submissions, newest first."""
    return list(
        session.scalars(
            select(Submission)
            .where(Submission.learner_id == learner_id)
            .order_by(Submission.sealed_at.desc())
        )
    )


def open_submission(session: Session, learner_id: str, badge_id: str) -> Submission | None:
    """Return the one submission of a learner for a badge that is on its way, if there is one."""
    return session.scalar(
        select(Submission).where(
            Submission.learner_id == learner_id,
            Submission.badge_id == badge_id,
            Submission.state.in_([state.value for state in OPEN]),
        )
    )


def sealed_items(session: Session, submission_id: str) -> list[SealedItem]:
    """Return the work samples of a submission in their order."""
    return list(
        session.scalars(
            select(SealedItem)
            .where(SealedItem.submission_id == submission_id)
            .order_by(SealedItem.position)
        )
    )


def manifest_of(found: Submission) -> dict[str, Any]:
    """Return a submission's manifest as a value."""
    manifest: dict[str, Any] = json.loads(found.manifest)
    return manifest


def sealed_html(session: Session, submission_id: str) -> dict[str, str]:
    """Return the sealed reflections as cleaned HTML by prompt key."""
    rows = session.scalars(select(SealedText).where(SealedText.submission_id == submission_id))
    return {row.prompt_key: row.html for row in rows}
