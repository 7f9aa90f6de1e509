"""Concluding a round exactly once, and releasing what was decided.

The last sealed review of a round leads here, twice or from two hosts at once as it may be: the
submission's row is the lock, and the unique keys of rounds and decisions are the last word.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit, jobs
from core.digest import digest_of
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.issuing import services as issuing
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from portfolio.submission.services import move_to
from portfolio.submission.states import SubmissionState
from review.assignment import offers
from review.assignment import rounds as assignment
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import MOVES as ASSIGNMENT_MOVES
from review.assignment.states import PENDING, AssignmentState, RoundKind
from review.decision import notices, queries
from review.decision.certainty import Weighed, weigh
from review.decision.fits import certainty_of
from review.decision.models import Decision, Release
from review.decision.policy import NextStep
from review.decision.record import have_all_agreed, result_of, settled_levels
from review.decision.rule import VERSION
from review.decision.states import Basis, Outcome
from review.decision.wording import method_sentence
from review.moderation import considering as moderation

RULE = "system:outcome-rule"
# A submission that was taken back, or stopped, while its last review was sealed is left alone.
CONCLUDABLE = frozenset({SubmissionState.UNDER_REVIEW, SubmissionState.IN_ADJUDICATION})


def conclude_round(session: Session, round_id: str, *, at: datetime) -> Decision | None:
    """Decide, ask one more reviewer, or call the committee, once every seat of a round is sealed.

    Returns the new decision, or None when the round is not ready, was concluded before, or led
    to something else. Safe to run twice and on two hosts at once.
    """
    submission_id = session.scalar(
        select(ReviewRound.submission_id).where(ReviewRound.id == round_id)
    )
    if submission_id is None:
        return None
    submission = locked_submission(session, submission_id)
    current = session.get(ReviewRound, round_id, populate_existing=True)
    if current is None or current.closed_at is not None:
        return None
    # A moderator may begin as soon as one review is sealed, while others are still being written.
    if moderation.holds(session, submission, current, at=at) or not _is_complete(session, current):
        return None
    if SubmissionState(submission.state) not in CONCLUDABLE:
        return None
    _close_round(session, current, at=at)
    counted = queries.rounds_that_count(session, submission_id)
    reviews = queries.sealed_reviews(session, [one.id for one in counted])
    edition = catalog.edition(session, submission.edition_id)
    definition = catalog.definition_of(edition)
    weighed = weigh(
        definition,
        edition.digest,
        reviews,
        certainty_of(session, submission.badge_id, definition, reviews),
        is_adjudicated=current.kind == RoundKind.ADJUDICATION.value,
    )
    if weighed.advice.step is NextStep.ONE_MORE_REVIEWER:
        _ask_one_more(session, submission, weighed, at=at)
        return None
    if weighed.advice.step is NextStep.COMMITTEE:
        _call_committee(session, submission, weighed, at=at)
        return None
    return _record(session, submission, current, weighed, definition, at=at)


def release(session: Session, decision_id: str, *, at: datetime, by: str = RULE) -> bool:
    """Tell the learner a decision, once; grant the badge when it says so.

    Returns whether this call was the one that released it. Outcome and complete feedback
    become readable in the same transaction (INV-35).
    """
    decision = queries.decision(session, decision_id)
    submission = locked_submission(session, decision.submission_id)
    already = session.get(Release, decision_id) is not None
    if already or decision.release_at > at or submission.state != SubmissionState.DECIDED:
        return False
    session.add(Release(decision_id=decision.id, released_at=at, released_by=by))
    move_to(session, submission, SubmissionState.RELEASED, by=by, at=at)
    audit.record(
        session,
        "decision_released",
        subject_kind="decision",
        subject_id=decision.id,
        by=by,
        at=at,
        after=decision.inputs_digest,
    )
    notices.tell_learner(session, submission, at=at)
    notices.tell_reviewers(session, decision, at=at)
    _settle_award(session, submission, decision, at=at)
    return True


def _is_complete(session: Session, current: ReviewRound) -> bool:
    sealed = session.scalar(
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.round_id == current.id, Assignment.state == AssignmentState.SEALED.value)
    )
    return (sealed or 0) >= current.seats


def _close_round(session: Session, current: ReviewRound, *, at: datetime) -> None:
    current.closed_at = at
    for one in session.scalars(select(Assignment).where(Assignment.round_id == current.id)):
        if one.state == AssignmentState.SEALED.value:
            move(one, AssignmentState.CLOSED, ASSIGNMENT_MOVES)
        elif one.state in PENDING:
            offers.thank(session, one, by=RULE, at=at)
    session.flush()


def _ask_one_more(
    session: Session, submission: Submission, weighed: Weighed, *, at: datetime
) -> None:
    if submission.state != SubmissionState.IN_ADJUDICATION.value:
        move_to(session, submission, SubmissionState.IN_ADJUDICATION, by=RULE, at=at)
    opened = assignment.open_round(
        session, submission.id, kind=RoundKind.ADJUDICATION, seats=1, by=RULE, at=at
    )
    audit.record(
        session,
        "one_more_reviewer_asked",
        subject_kind="submission",
        subject_id=submission.id,
        by=RULE,
        at=at,
        detail={"round": opened.id, **_why(weighed)},
    )
    notices.tell_of_one_more_reviewer(session, submission, weighed.advice, at=at)


def _call_committee(
    session: Session, submission: Submission, weighed: Weighed, *, at: datetime
) -> None:
    move_to(session, submission, SubmissionState.IN_COMMITTEE, by=RULE, at=at)
    audit.record(
        session,
        "committee_called",
        subject_kind="submission",
        subject_id=submission.id,
        by=RULE,
        at=at,
        detail=_why(weighed),
    )
    notices.tell_committee(session, submission, weighed.advice, at=at)


def _why(weighed: Weighed) -> dict[str, object]:
    """Why a round leads on and not to a decision, with what the model said where it had a say."""
    reasons = [asdict(one) for one in weighed.advice.reasons]
    said = weighed.inputs.get("confidence")
    if said is None:
        return {"reasons": reasons}
    told = ("model", "fit", "family_reviews", "p_pass", "credible_reviews", "without")
    return {"reasons": reasons, "confidence": {name: said[name] for name in told}}


def _record(
    session: Session,
    submission: Submission,
    concluded: ReviewRound,
    weighed: Weighed,
    definition: EditionDefinition,
    *,
    at: datetime,
) -> Decision:
    before = queries.standing_decision(session, submission.id)
    inputs, ruling = weighed.inputs, weighed.ruling
    hold_back = timedelta(hours=definition.review_policy.hold_back_hours)
    made = Decision(
        submission_id=submission.id,
        round_id=concluded.id,
        number=1 if before is None else before.number + 1,
        basis=Basis.AGGREGATION.value,
        outcome=Outcome(ruling.outcome).value if ruling.outcome else "",
        rule_version=VERSION,
        inputs=inputs,
        inputs_digest=digest_of(inputs),
        result=result_of(ruling),
        reasons=[asdict(one) for one in weighed.advice.reasons],
        decided_by=RULE,
        decided_at=at,
        release_at=at + hold_back,
        supersedes_id=None if before is None else before.id,
    )
    session.add(made)
    session.flush()
    move_to(session, submission, SubmissionState.DECIDED, by=RULE, at=at)
    audit.record(
        session,
        "decision_made",
        subject_kind="decision",
        subject_id=made.id,
        by=RULE,
        at=at,
        after=made.inputs_digest,
        detail={"submission": submission.id, "outcome": made.outcome},
    )
    jobs.enqueue(session, "decision_made", decision_id=made.id)
    return made


def _settle_award(
    session: Session, submission: Submission, decision: Decision, *, at: datetime
) -> None:
    """Grant the badge to plain values: issuing never learns what a review is (INV-26)."""
    if decision.outcome != Outcome.GRANTED.value:
        return
    definition = catalog.definition_of(catalog.edition(session, submission.edition_id))
    levels = settled_levels(decision.result)
    issuing.award(
        session,
        learner_id=submission.learner_id,
        edition_id=submission.edition_id,
        levels=levels,
        has_distinction=definition.has_distinction(levels),
        method=method_sentence(
            len(decision.inputs["reviews"]),
            is_double_blind=definition.review_policy.blindness == "double",
            have_all_agreed=have_all_agreed(decision.result),
        ),
        decision_ref=decision.id,
        at=at,
    )
