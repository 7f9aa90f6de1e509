"""Handing in: one transaction seals the whole portfolio, or nothing happened.

The learner's portfolio row is the lock; the unique keys (attempt number, one open submission
per learner and badge) are the last word against two tabs, two hosts and a repeated request.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit, jobs
from core.errors import Conflict, Refused
from core.states import move
from portfolio.composing.saving import locked
from portfolio.submission import queries
from portfolio.submission.final_check import FinalCheck, final_check, parts_of
from portfolio.submission.manifest import build, digest
from portfolio.submission.models import SealedItem, SealedText, Submission
from portfolio.submission.pseudonym import new_pseudonym
from portfolio.submission.rules import objection_to_withdrawing
from portfolio.submission.states import MOVES, SubmissionState


def hand_in(
    session: Session,
    portfolio_id: str,
    *,
    by: str,
    at: datetime,
    seen: str | None = None,
    change_note: str | None = None,
) -> Submission:
    """Seal a snapshot of one's own portfolio and start its clock (INV-01, 04, 29, 34).

    `seen` is the fingerprint of what the learner looked at last; when the portfolio is not that
    any more, Conflict is raised and nothing is sealed.
    """
    portfolio = locked(session, portfolio_id, by)
    check = final_check(session, portfolio, at=at)
    if check.objection is not None:
        raise (Conflict if check.on_its_way else Refused)(check.objection)
    if seen is not None and seen != check.seen:
        raise Conflict(
            "Your portfolio changed after this page was loaded, in another tab or by an answer"
            " that came in. Nothing was handed in. Look it through once more."
        )
    if change_note is not None:
        portfolio.change_note = change_note
    sealed = _seal(session, check, at=at)
    audit.record(
        session,
        "submission_sealed",
        subject_kind="submission",
        subject_id=sealed.id,
        by=by,
        at=at,
        after=sealed.digest,
    )
    jobs.enqueue(session, "submission_sealed", submission_id=sealed.id)
    notify(
        session,
        by,
        kind="submission_received",
        title=f"Your portfolio for {check.edition.title} is handed in",
        body=f"Receipt {sealed.digest[:16]}. You will have an answer by"
        f" {sealed.promised_at:%d %B %Y}. You need not do anything now.",
        path=f"/submissions/{sealed.id}",
        at=at,
    )
    return sealed


def withdraw(session: Session, submission_id: str, *, by: str, at: datetime) -> Submission:
    """Take one's own submission back before it is decided; reviewers are told and thanked."""
    queries.submission_of(session, submission_id, learner_id=by)
    found = session.scalars(
        select(Submission)
        .where(Submission.id == submission_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    reason = objection_to_withdrawing(SubmissionState(found.state))
    if reason is not None:
        raise Conflict(reason)
    found.withdrawn_at = at
    move_to(session, found, SubmissionState.WITHDRAWN, by=by, at=at)
    jobs.enqueue(session, "submission_withdrawn", submission_id=found.id)
    return found


def move_to(
    session: Session,
    submission: Submission,
    to: SubmissionState,
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Move a submission to its next station, if the table of moves allows it, and record it."""
    before = submission.state
    move(submission, to, MOVES)
    submission.state_since = at
    session.flush()
    audit.record(
        session,
        "submission_moved",
        subject_kind="submission",
        subject_id=submission.id,
        by=by,
        at=at,
        reason=reason,
        detail={"from": before, "to": to.value},
    )


def _seal(session: Session, check: FinalCheck, *, at: datetime) -> Submission:
    work = check.work
    portfolio = work.portfolio
    manifest = build(
        parts_of(work, check.edition, check.definition, check.attempt, note=portfolio.change_note)
    )
    sealed = Submission(
        portfolio_id=portfolio.id,
        learner_id=portfolio.learner_id,
        badge_id=portfolio.badge_id,
        edition_id=check.edition.id,
        attempt=check.attempt,
        pseudonym=new_pseudonym(),
        manifest=manifest,
        digest=digest(manifest),
        supersedes_id=check.earlier[-1].id if check.earlier else None,
        change_note=portfolio.change_note,
        sealed_at=at,
        promised_at=check.promised_at,
        state=SubmissionState.SUBMITTED.value,
        state_since=at,
    )
    session.add(sealed)
    session.flush()
    session.add_all(
        SealedItem(submission_id=sealed.id, item_id=item.id, position=position, sha256=item.sha256)
        for position, item in enumerate(work.items, start=1)
    )
    session.add_all(
        SealedText(submission_id=sealed.id, prompt_key=key, html=one.html, renderer=one.renderer)
        for key, one in sorted(work.reflections.items())
    )
    session.flush()
    return sealed
