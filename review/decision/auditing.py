"""Blind audits: some clear decisions are read again by a committee member who does not know them.

A reading that comes to another outcome changes nothing by itself: the managers of the badge hear
of it, and people see to what is wrong. The submission's row is the lock.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from accounts.states import Role
from core import audit
from core.calendar import add_business_days
from core.errors import Conflict, NotFound, Refused
from credentials.catalog import queries as catalog
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from review.assignment import offers
from review.assignment.choices import may_steer
from review.assignment.models import Assignment
from review.assignment.offers import definition_of
from review.assignment.reminders import RESCUE_AFTER
from review.assignment.rounds import open_apart
from review.assignment.states import PENDING, AssignmentState, RoundKind
from review.decision.audit_lines import AT_REST, too_close, undrawn
from review.decision.draws import is_clear, is_drawn, verdict
from review.decision.involvement import uninvolved_members
from review.decision.models import Decision, DecisionAudit
from review.decision.record import pass_rule_of
from review.pool.parts import take_part
from review.pool.queries import people_with
from review.pool.states import Part
from review.scoring.models import Review
from review.scoring.queries import answers_of
from review.scoring.states import ReviewState

RULE = "system:blind-audit"
BUSINESS_DAYS = 20
OPEN_AGAIN = "The matter is open again."
NOT_TAKEN = "Nobody took it in time."
NOT_READ = "It was not read in time."
NOT_SCORED = "A criterion that decides could not be scored."
SEALED = (AssignmentState.SEALED.value, AssignmentState.CLOSED.value)


def draw_due(session: Session, *, at: datetime) -> int:
    """Draw from the clear decisions that were released lately, once each; return how many."""
    count = 0
    for decision, edition, badge_id in undrawn(session, at=at):
        policy = catalog.definition_of(edition).review_policy
        chance = policy.audit_rate
        if not is_clear(decision.inputs, decision.result, reviewers=policy.reviewers):
            continue
        if not is_drawn(decision.id, decision.inputs_digest, chance):
            continue
        zone = catalog.issuer_of(session, badge_id).time_zone
        due_at = add_business_days(at, BUSINESS_DAYS, zone=zone)
        session.add(
            DecisionAudit(decision_id=decision.id, drawn_at=at, chance=chance, due_at=due_at)
        )
        _note(session, "decision_audit_drawn", decision.id, by=RULE, at=at, chance=chance)
        _tell_members(session, decision, due_at=due_at, at=at)
        count += 1
    session.flush()
    return count


def take(session: Session, decision_id: str, *, by: str, at: datetime) -> Assignment:
    """Have a committee member with no part in the matter read its work; return the reading."""
    found, submission = _locked(session, decision_id)
    is_over = found.ended_at is not None or found.due_at <= at
    if is_over or found.assignment_id is not None:
        raise Conflict("Somebody has taken this reading already, or it is over.")
    if submission.state not in AT_REST:
        raise Conflict("This matter is open again, so nothing of it is read blind.")
    if by not in uninvolved_members(session, submission) or too_close(
        session, [submission], by, at=at
    ):
        raise Refused("You are too close to this matter, so somebody else reads it.")
    take_part(session, submission.portfolio_id, by, Part.COMMITTEE, at=at)
    days = definition_of(session, submission).review_policy.review_days
    reading = open_apart(
        session,
        submission.id,
        by,
        kind=RoundKind.AUDIT,
        state=AssignmentState.ACCEPTED,
        answer_by=at,
        due_at=at + timedelta(days=days),
        explanation={},
        by=by,
        at=at,
    )
    found.assignment_id = reading.id
    session.flush()
    _note(session, "decision_audit_taken", decision_id, by=by, at=at, assignment=reading.id)
    return reading


def conclude(session: Session, assignment_id: str, *, at: datetime) -> None:
    """Keep what a sealed blind reading comes to; safe to run twice. The decision stays as it is."""
    decision_id = session.scalar(
        select(DecisionAudit.decision_id).where(DecisionAudit.assignment_id == assignment_id)
    )
    if decision_id is None:
        return
    found, submission = _locked(session, decision_id)
    review = session.scalar(
        select(Review).where(
            Review.assignment_id == assignment_id, Review.state == ReviewState.SEALED.value
        )
    )
    if found.ended_at is not None or found.assignment_id != assignment_id or review is None:
        return
    levels = {key: one.level for key, one in answers_of(session, review.id).items()}
    said = verdict(pass_rule_of(definition_of(session, submission)), levels)
    found.verdict = None if said is None else said.value
    found.lapse_reason = NOT_SCORED if said is None else ""
    found.ended_at = at
    session.flush()
    _note(session, "decision_audited", decision_id, by=RULE, at=at, review=review.digest)
    decision = session.get_one(Decision, decision_id)
    if found.verdict not in (None, decision.outcome):
        _tell_managers(session, submission, at=at)


def lapse_open(session: Session, submission_id: str, *, at: datetime) -> None:
    """End the blind readings of a matter that is opened again; the caller holds its lock."""
    for found in session.scalars(
        select(DecisionAudit)
        .join(Decision, Decision.id == DecisionAudit.decision_id)
        .where(Decision.submission_id == submission_id, DecisionAudit.ended_at.is_(None))
    ):
        _lapse(session, found, OPEN_AGAIN, at=at)


def look_after(session: Session, decision_id: str, *, at: datetime) -> None:
    """Conclude, free or end one open audit, whatever was lost or left behind; safe to run twice."""
    found, submission = _locked(session, decision_id)
    reading = _reading(session, found)
    if found.ended_at is not None:
        return
    if submission.state not in AT_REST:
        _lapse(session, found, OPEN_AGAIN, at=at)
    elif reading is not None and reading.state in SEALED:
        conclude(session, reading.id, at=at)
    elif reading is not None and AssignmentState(reading.state) not in PENDING:
        found.assignment_id = None
        _note(session, "decision_audit_freed", decision_id, by=RULE, at=at)
    elif reading is not None and reading.due_at is not None:
        if reading.due_at + RESCUE_AFTER <= at:
            _lapse(session, found, NOT_READ, at=at)
    elif found.due_at < at:
        _lapse(session, found, NOT_TAKEN, at=at)


def open_audits(session: Session) -> list[str]:
    """Return the decisions whose audit has not ended."""
    return list(
        session.scalars(
            select(DecisionAudit.decision_id)
            .where(DecisionAudit.ended_at.is_(None))
            .order_by(DecisionAudit.decision_id)
        )
    )


def _lapse(session: Session, found: DecisionAudit, reason: str, *, at: datetime) -> None:
    reading = _reading(session, found)
    if reading is not None and AssignmentState(reading.state) in PENDING:
        offers.end_offer(session, reading, by=RULE, at=at)
        notify(
            session,
            reading.reviewer_id,
            kind="audit_over",
            title="A blind reading is no longer needed",
            body="You need not do anything more. Thank you for being ready to look.",
            path="/committee/audits",
            at=at,
        )
    found.ended_at, found.lapse_reason = at, reason
    session.flush()
    audit.record(
        session,
        "decision_audit_lapsed",
        subject_kind="decision",
        subject_id=found.decision_id,
        by=RULE,
        at=at,
        reason=reason,
    )


def _reading(session: Session, found: DecisionAudit) -> Assignment | None:
    if found.assignment_id is None:
        return None
    return session.get_one(Assignment, found.assignment_id, populate_existing=True)


def _locked(session: Session, decision_id: str) -> tuple[DecisionAudit, Submission]:
    submission_id = session.scalar(
        select(Decision.submission_id)
        .join(DecisionAudit, DecisionAudit.decision_id == Decision.id)
        .where(Decision.id == decision_id)
    )
    if submission_id is None:
        raise NotFound()
    submission = locked_submission(session, submission_id)
    return session.get_one(DecisionAudit, decision_id, populate_existing=True), submission


def _note(
    session: Session, verb: str, decision_id: str, *, by: str, at: datetime, **detail: object
) -> None:
    audit.record(
        session,
        verb,
        subject_kind="decision",
        subject_id=decision_id,
        by=by,
        at=at,
        detail=dict(detail),
    )


def _tell_members(session: Session, decision: Decision, *, due_at: datetime, at: datetime) -> None:
    submission = session.get_one(Submission, decision.submission_id)
    for member in uninvolved_members(session, submission):
        if not too_close(session, [submission], member, at=at):
            notify(
                session,
                member,
                kind="audit_waiting",
                title="A decided work waits for a blind reading",
                body="One member reads it as if nobody had, so that we know how often decisions"
                f" are right. It is open until {due_at:%d %B %Y}.",
                path="/committee/audits",
                at=at,
            )


def _tell_managers(session: Session, submission: Submission, *, at: datetime) -> None:
    """Say that one audit differed, and nothing of how the learner stands."""
    for manager in people_with(session, Role.PROGRAMME_MANAGER, submission.badge_id):
        if may_steer(session, submission.id, manager):
            notify(
                session,
                manager,
                kind="audit_differed",
                title="A blind reading came to another answer than the decision",
                body=f"It is about {submission.pseudonym}. Nothing has changed for its learner, and"
                " nothing will by itself: one reading is not a decision. It counts in the figures"
                " on how often decisions are right.",
                path="/flow",
                at=at,
            )
