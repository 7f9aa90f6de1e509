"""Intake: complete and private enough to be reviewed, or back to its learner; never merit."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import RoleGrant
from accounts.notices import notify
from accounts.states import Role
from core import audit, jobs
from core.errors import Conflict, Invalid, Refused
from credentials.catalog.models import Badge
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from portfolio.submission.services import move_to
from portfolio.submission.states import SubmissionState
from review.intake import queries
from review.intake.checks import Finding, is_green
from review.intake.models import IntakeCheck
from review.intake.states import IntakeOutcome, ReturnReason
from review.pool.parts import take_part
from review.pool.states import Part

RULE = "system:intake"
DEALT_WITH = "Somebody has dealt with this hand-in already."


def begin(session: Session, submission_id: str, *, at: datetime) -> bool:
    """Take a sealed submission in; return whether it still waits for its check."""
    submission = locked_submission(session, submission_id)
    if submission.state == SubmissionState.SUBMITTED.value:
        take_part(session, submission.portfolio_id, submission.learner_id, Part.LEARNER, at=at)
        move_to(session, submission, SubmissionState.INTAKE, by=RULE, at=at)
    return (
        submission.state == SubmissionState.INTAKE.value
        and queries.latest_check(session, submission_id) is None
    )


def conclude(
    session: Session, submission_id: str, *, findings: Sequence[Finding], at: datetime
) -> IntakeCheck | None:
    """Record the automatic check: all green passes by itself, anything else calls a person.

    Safe to run twice: the second time there is a check already, and None comes back.
    """
    submission = locked_submission(session, submission_id)
    if (
        submission.state != SubmissionState.INTAKE.value
        or queries.latest_check(session, submission_id) is not None
    ):
        return None
    outcome = IntakeOutcome.PASSED if is_green(findings) else IntakeOutcome.NEEDS_A_PERSON
    made = _record(session, submission, outcome, findings=findings, by=RULE, at=at)
    if outcome is IntakeOutcome.PASSED:
        _go_on(session, submission, by=RULE, at=at)
    else:
        _tell_moderators(session, submission, at=at)
    return made


def pass_on(
    session: Session, submission_id: str, *, note: str = "", by: str, at: datetime
) -> IntakeCheck:
    """Let a hand-in go on to its reviewers, as a person who has looked it over."""
    submission = _to_check(session, submission_id, by=by, at=at)
    made = _record(session, submission, IntakeOutcome.PASSED, note=note, by=by, at=at)
    _go_on(session, submission, by=by, at=at)
    return made


def send_back(
    session: Session,
    submission_id: str,
    *,
    reasons: Sequence[ReturnReason],
    note: str,
    by: str,
    at: datetime,
) -> IntakeCheck:
    """Return a hand-in for formal reasons; it does not use up an attempt (INV-33)."""
    if not reasons:
        raise Invalid("Choose at least one reason.", "reasons")
    if ReturnReason.OTHER_FORMAL in reasons and not note.strip():
        raise Invalid("Say what it is, so that the learner knows what to do.", "note")
    submission = _to_check(session, submission_id, by=by, at=at)
    made = _record(
        session, submission, IntakeOutcome.RETURNED, reasons=reasons, note=note, by=by, at=at
    )
    move_to(session, submission, SubmissionState.RETURNED_INCOMPLETE, by=by, at=at)
    notify(
        session,
        submission.learner_id,
        kind="returned_incomplete",
        title="Your portfolio needs a small change before it can be reviewed",
        body="Intake has sent it back for a formal reason. Nobody has judged your work, and no"
        " attempt is used. See what to change, and hand in again when you are ready.",
        path=f"/submissions/{submission.id}/returned",
        at=at,
    )
    return made


def _to_check(session: Session, submission_id: str, *, by: str, at: datetime) -> Submission:
    submission = locked_submission(session, submission_id)
    if submission.state != SubmissionState.INTAKE.value:
        raise Conflict(DEALT_WITH)
    reason = queries.objection_for(session, submission, by)
    if reason is not None:
        raise Refused(reason)
    take_part(session, submission.portfolio_id, by, Part.CHECKER, at=at)
    return submission


def _go_on(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    move_to(session, submission, SubmissionState.AWAITING_REVIEWERS, by=by, at=at)
    jobs.enqueue(session, "intake_passed", submission_id=submission.id)


def _record(
    session: Session,
    submission: Submission,
    outcome: IntakeOutcome,
    *,
    findings: Sequence[Finding] = (),
    reasons: Sequence[ReturnReason] = (),
    note: str = "",
    by: str,
    at: datetime,
) -> IntakeCheck:
    made = IntakeCheck(
        submission_id=submission.id,
        outcome=outcome.value,
        findings=[one.as_mapping() for one in findings],
        reasons=[one.value for one in reasons],
        note=note.strip(),
        checked_by=by,
        checked_at=at,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "intake_checked",
        subject_kind="submission",
        subject_id=submission.id,
        by=by,
        at=at,
        detail={"outcome": outcome.value, "reasons": made.reasons},
    )
    return made


def _tell_moderators(session: Session, submission: Submission, *, at: datetime) -> None:
    slug = session.get_one(Badge, submission.badge_id).slug
    moderators = session.scalars(
        select(RoleGrant.person_id).where(
            RoleGrant.role == Role.MODERATOR.value,
            RoleGrant.scope.in_(("", slug)),
            RoleGrant.ended_at.is_(None),
            RoleGrant.person_id != submission.learner_id,
        )
    )
    for person_id in sorted(set(moderators)):
        notify(
            session,
            person_id,
            kind="intake_waiting",
            title="A hand-in waits at intake",
            body="The automatic check found something that wants a person's eye.",
            path=f"/intake/{submission.id}",
            at=at,
        )
