"""Asking for reconsideration, and what a committee member makes of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.calendar import add_business_days
from core.errors import Conflict, Invalid, NotFound, Refused
from core.states import move
from credentials.catalog import queries as catalog
from portfolio.submission.models import Submission
from portfolio.submission.queries import attempts, locked_submission, open_submission
from portfolio.submission.services import move_to
from portfolio.submission.states import OPEN, SubmissionState
from review.assignment import rounds as assignment
from review.assignment.queries import ties_to
from review.assignment.states import RoundKind
from review.decision import auditing
from review.decision.involvement import involvement, uninvolved_members
from review.decision.queries import released_decision
from review.decision.states import Outcome
from review.disputes import queries
from review.disputes.models import ReconsiderationRequest
from review.disputes.rules import SHORTEST_REQUEST, objection_to_lodging
from review.disputes.states import MOVES, RequestState
from review.pool.parts import take_part
from review.pool.states import Part

ANSWER_BUSINESS_DAYS = 15


def lodge(
    session: Session, submission_id: str, *, request: str, by: str, at: datetime
) -> ReconsiderationRequest:
    """Ask people to look again at the released outcome of one's own submission, once."""
    submission = locked_submission(session, submission_id)
    if submission.learner_id != by:
        raise NotFound()
    reason = objection_to_asking(session, submission, at=at)
    found = released_decision(session, submission_id)
    if found is None or reason is not None:
        raise Refused(reason or "There is no outcome yet that could be reconsidered.")
    decision, _release = found
    if len(request.strip()) < SHORTEST_REQUEST:
        raise Invalid(
            "Say what should be looked at again and why, in a sentence or two"
            f" (at least {SHORTEST_REQUEST} characters).",
            "request",
        )
    zone = catalog.issuer_of(session, submission.badge_id).time_zone
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
    auditing.lapse_open(session, submission.id, at=at)
    audit.record(
        session,
        "reconsideration_lodged",
        subject_kind="reconsideration",
        subject_id=lodged.id,
        by=by,
        at=at,
        detail={"decision": decision.id},
    )
    _tell_committee(session, submission, lodged, at=at)
    notify(
        session,
        by,
        kind="reconsideration_received",
        title="Your request for reconsideration has reached the committee",
        body=f"A member who had no part in your review answers it by {lodged.due_at:%d %B %Y}."
        " Your outcome stands until then, and asking never makes it worse.",
        path=f"/submissions/{submission.id}/reconsideration",
        at=at,
    )
    return lodged


def objection_to_asking(session: Session, submission: Submission, *, at: datetime) -> str | None:
    """Return why the learner of a submission cannot ask for reconsideration now, or None."""
    found = released_decision(session, submission.id)
    decision, release = found if found else (None, None)
    live = queries.request_on(session, decision.id) if decision else None
    return objection_to_lodging(
        outcome=decision.outcome if decision else "",
        released_at=release.released_at if release else None,
        is_open_already=live is not None,
        is_trying_again=_is_trying_again(session, submission),
        at=at,
    )


def withdraw(session: Session, request_id: str, *, by: str, at: datetime) -> None:
    """Take one's own request back before it is determined."""
    found = queries.request(session, request_id)
    if found.learner_id != by:
        raise NotFound()
    locked_submission(session, found.submission_id)
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
    submission = locked_submission(session, found.submission_id)
    session.refresh(found)
    _want_reasons(reasons)
    # Asked first: a second tab hears that it is determined, not that its member had a part.
    if found.state != RequestState.LODGED.value:
        raise Conflict("This request is answered or taken back already. Nothing was changed.")
    _take_up(session, submission, by, at=at)
    move(found, outcome, MOVES)
    found.determined_by, found.determined_at, found.reasons = by, at, reasons.strip()
    session.flush()
    if outcome is RequestState.FRESH_REVIEW:
        _start_over(session, submission, by=by, at=at)
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
    submission = locked_submission(session, submission_id)
    if submission.state != SubmissionState.IN_COMMITTEE:
        raise Conflict("Somebody has dealt with this matter already.")
    _want_reasons(reasons)
    _take_up(session, submission, by, at=at)
    _start_over(session, submission, by=by, at=at)
    audit.record(
        session,
        "fresh_review_ordered",
        subject_kind="submission",
        subject_id=submission.id,
        by=by,
        at=at,
        reason=reasons.strip(),
    )


def _start_over(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    newer = open_submission(session, submission.learner_id, submission.badge_id)
    if newer is not None and newer.id != submission.id:
        raise Conflict(
            "The learner has handed in again, and that attempt is on its way. A fresh review of"
            " this one can begin when it has its outcome."
        )
    auditing.lapse_open(session, submission.id, at=at)
    move_to(session, submission, SubmissionState.AWAITING_REVIEWERS, by=by, at=at)
    edition = catalog.edition(session, submission.edition_id)
    seats = catalog.definition_of(edition).review_policy.reviewers
    assignment.open_round(session, submission.id, kind=RoundKind.FRESH, seats=seats, by=by, at=at)


def _take_up(session: Session, submission: Submission, by: str, *, at: datetime) -> None:
    """Let a member determine a matter who has no part in it, and no other one ever (INV-08)."""
    taken = involvement(session, [submission.id])[submission.id].anybody
    is_tied = bool(ties_to(session, [submission], by, at=at))
    if by == submission.learner_id or by in taken or is_tied:
        raise Refused("You are too close to this matter, so somebody else decides.")
    take_part(session, submission.portfolio_id, by, Part.COMMITTEE, at=at)


def _want_reasons(reasons: str) -> None:
    if len(reasons.strip()) < SHORTEST_REQUEST:
        raise Invalid(
            "Write down your reasons so that the learner can follow them"
            f" (at least {SHORTEST_REQUEST} characters).",
            "reasons",
        )


def _is_trying_again(session: Session, submission: Submission) -> bool:
    later = [
        one
        for one in attempts(session, submission.portfolio_id)
        if one.attempt > submission.attempt
    ]
    return any(SubmissionState(one.state) in OPEN or _is_granted(session, one.id) for one in later)


def _is_granted(session: Session, submission_id: str) -> bool:
    found = released_decision(session, submission_id)
    return found is not None and found[0].outcome == Outcome.GRANTED.value


def _tell_committee(
    session: Session, submission: Submission, lodged: ReconsiderationRequest, *, at: datetime
) -> None:
    for member in uninvolved_members(session, submission):
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
