"""Asking for reconsideration, and what a committee member makes of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import RoleGrant
from accounts.notices import notify
from accounts.states import Role
from core import audit
from core.calendar import add_business_days
from core.errors import Conflict, Invalid, NotFound, Refused
from core.states import move
from credentials.catalog.models import Badge, Issuer
from portfolio.submission.services import move_to
from portfolio.submission.states import SubmissionState
from review.assignment import rounds as assignment
from review.assignment.states import RoundKind
from review.decision.queries import released_decision, submission_for_update
from review.disputes import queries
from review.disputes.models import ReconsiderationRequest
from review.disputes.rules import SHORTEST_REQUEST, objection_to_lodging
from review.disputes.states import MOVES, RequestState

ANSWER_BUSINESS_DAYS = 15
FRESH_SEATS = 2


def lodge(
    session: Session, submission_id: str, *, request: str, by: str, at: datetime
) -> ReconsiderationRequest:
    """Ask people to look again at the released outcome of one's own submission, once."""
    submission = submission_for_update(session, submission_id)
    if submission.learner_id != by:
        raise NotFound()
    found = released_decision(session, submission_id)
    decision, release = found if found else (None, None)
    live = queries.request_on(session, decision.id) if decision else None
    reason = objection_to_lodging(
        outcome=decision.outcome if decision else "",
        released_at=release.released_at if release else None,
        is_open_already=live is not None,
        at=at,
    )
    if decision is None or reason is not None:
        raise Refused(reason or "There is no outcome yet that could be reconsidered.")
    if len(request.strip()) < SHORTEST_REQUEST:
        raise Invalid(
            "Say what should be looked at again and why, in a sentence or two"
            f" (at least {SHORTEST_REQUEST} characters).",
            "request",
        )
    badge = session.get_one(Badge, submission.badge_id)
    zone = session.get_one(Issuer, badge.issuer_id).time_zone
    lodged = ReconsiderationRequest(
        submission_id=submission.id,
        decision_id=decision.id,
        learner_id=by,
        request=request.strip(),
        lodged_at=at,
        due_at=add_business_days(at, ANSWER_BUSINESS_DAYS, zone=zone),
    )
    session.add(lodged)
    session.flush()
    audit.record(
        session,
        "reconsideration_lodged",
        subject_kind="reconsideration",
        subject_id=lodged.id,
        by=by,
        at=at,
        detail={"decision": decision.id},
    )
    _tell_committee(session, submission.id, badge.slug, lodged, learner_id=by, at=at)
    return lodged


def withdraw(session: Session, request_id: str, *, by: str, at: datetime) -> None:
    """Take one's own request back before it is determined."""
    found = queries.request(session, request_id)
    if found.learner_id != by:
        raise NotFound()
    submission_for_update(session, found.submission_id)
    session.refresh(found)
    move(found, RequestState.WITHDRAWN, MOVES)
    audit.record(
        session,
        "reconsideration_withdrawn",
        subject_kind="reconsideration",
        subject_id=found.id,
        by=by,
        at=at,
    )


def determine(
    session: Session, request_id: str, *, outcome: RequestState, reasons: str, by: str, at: datetime
) -> ReconsiderationRequest:
    """Uphold the decision, or order a fresh review by reviewers new to the work (INV-08, INV-10).

    The caller has asked `rules.objection_to_determining`; it is asked again here of the record.
    """
    found = queries.request(session, request_id)
    submission = submission_for_update(session, found.submission_id)
    session.refresh(found)
    _refuse_the_involved(session, submission.id, submission.learner_id, by)
    _want_reasons(reasons)
    move(found, outcome, MOVES)
    found.determined_by, found.determined_at, found.reasons = by, at, reasons.strip()
    session.flush()
    if outcome is RequestState.FRESH_REVIEW:
        _start_over(session, submission.id, by=by, at=at)
    audit.record(
        session,
        "reconsideration_determined",
        subject_kind="reconsideration",
        subject_id=found.id,
        by=by,
        at=at,
        reason=found.reasons,
        detail={"outcome": outcome.value},
    )
    notify(
        session,
        found.learner_id,
        kind="reconsideration_determined",
        title="The committee has answered your request",
        body="A committee member who had no part in your review has looked at your request"
        " and written down the reasons.",
        path=f"/submissions/{submission.id}/reconsideration",
        at=at,
    )
    return found


def order_fresh_review(
    session: Session, submission_id: str, *, reasons: str, by: str, at: datetime
) -> None:
    """Settle a matter that the reviewers could not: two reviewers new to the work start over."""
    submission = submission_for_update(session, submission_id)
    if submission.state != SubmissionState.IN_COMMITTEE:
        raise Conflict("Somebody has dealt with this matter already.")
    _refuse_the_involved(session, submission.id, submission.learner_id, by)
    _want_reasons(reasons)
    _start_over(session, submission.id, by=by, at=at)
    audit.record(
        session,
        "fresh_review_ordered",
        subject_kind="submission",
        subject_id=submission.id,
        by=by,
        at=at,
        reason=reasons.strip(),
    )


def _start_over(session: Session, submission_id: str, *, by: str, at: datetime) -> None:
    submission = submission_for_update(session, submission_id)
    move_to(session, submission, SubmissionState.AWAITING_REVIEWERS, by=by, at=at)
    assignment.open_round(
        session, submission_id, kind=RoundKind.FRESH, seats=FRESH_SEATS, by=by, at=at
    )


def _refuse_the_involved(session: Session, submission_id: str, learner_id: str, by: str) -> None:
    if by == learner_id or by in queries.involved(session, submission_id):
        raise Refused("You took part in this matter, so somebody else decides.")


def _want_reasons(reasons: str) -> None:
    if len(reasons.strip()) < SHORTEST_REQUEST:
        raise Invalid(
            "Write down your reasons so that the learner can follow them"
            f" (at least {SHORTEST_REQUEST} characters).",
            "reasons",
        )


def _tell_committee(
    session: Session,
    submission_id: str,
    badge: str,
    lodged: ReconsiderationRequest,
    *,
    learner_id: str,
    at: datetime,
) -> None:
    members = session.scalars(
        select(RoleGrant.person_id).where(
            RoleGrant.role == Role.COMMITTEE.value,
            RoleGrant.scope.in_(("", badge)),
            RoleGrant.ended_at.is_(None),
        )
    )
    for member in sorted(set(members) - queries.involved(session, submission_id) - {learner_id}):
        notify(
            session,
            member,
            kind="reconsideration_lodged",
            title="A request for reconsideration waits for the committee",
            body="A learner asks for a second look at an outcome. One member who had no part in"
            " the review answers it.",
            path=f"/committee/{lodged.id}",
            at=at,
        )
