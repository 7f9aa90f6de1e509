"""What a programme manager wants of the routing: ask this person, never ask that one, swap two.

Every wish has a reason and leaves a trace. None can break a hard rule, and none concerns a matter
in which the manager has a part (INV-05 to INV-07).
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import audit
from core.errors import Conflict, Invalid, NotFound, Refused
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from review.assignment import choices, offers, openings, queries
from review.assignment.exclusions import Standing
from review.assignment.models import Assignment, ReviewRound, RoutingWish
from review.assignment.rounds import ask_next
from review.assignment.states import SEATED, AssignmentState, WishKind
from review.pool.models import Qualification

INVITED = AssignmentState.INVITED.value


def pin(
    session: Session, submission_id: str, reviewer_id: str, *, reason: str, by: str, at: datetime
) -> RoutingWish:
    """Have somebody asked for a submission as soon as a seat of it is free.

    Refused, with the reason, for whoever could not be asked now, and for oneself: nobody chooses
    what they review.
    """
    submission, current = _steered(session, submission_id, by)
    if reviewer_id == by:
        raise Refused("Nobody chooses what they review, so somebody else can want you here.")
    _must_be_clear(session, submission_id, reviewer_id, WishKind.PIN)
    standing = _standing(session, submission, reviewer_id, at=at)
    if standing.against:
        reasons = " ".join(one.words for one in standing.against)
        raise Refused(f"They cannot be asked for this work now. {reasons}")
    pinned = session.scalar(
        select(func.count())
        .select_from(RoutingWish)
        .where(
            RoutingWish.submission_id == submission_id,
            RoutingWish.kind == WishKind.PIN.value,
            RoutingWish.ended_at.is_(None),
        )
    )
    if (pinned or 0) >= current.seats:
        raise Conflict(
            f"This work has {current.seats} {'seat' if current.seats == 1 else 'seats'}, and as"
            " many people are wanted already. End one of these wishes first."
        )
    made = _wish(session, submission_id, reviewer_id, WishKind.PIN, reason, by=by, at=at)
    if current.held_until is not None and current.held_until > at:
        _ask_now(session, submission, current, reviewer_id, by=by, at=at)
    else:
        ask_next(session, current.id)
    return made


def _ask_now(
    session: Session,
    submission: Submission,
    current: ReviewRound,
    reviewer_id: str,
    *,
    by: str,
    at: datetime,
) -> None:
    """Ask somebody for a free seat of a round that is held, and so left alone by the router."""
    offers.lock_people(session, {submission.learner_id, reviewer_id})
    found = _before(session, submission, current.id, reviewer_id, at=at)
    offers.carry_out(session, found, found.routed(), by=by, at=at)


def forbid(
    session: Session, submission_id: str, reviewer_id: str, *, reason: str, by: str, at: datetime
) -> RoutingWish:
    """Have somebody not asked for a submission; an unanswered offer is taken back kindly."""
    _, current = _steered(session, submission_id, by)
    _must_be_clear(session, submission_id, reviewer_id, WishKind.FORBID)
    if not _is_in_pool(session, submission_id, reviewer_id):
        raise NotFound()
    held = session.scalar(
        select(Assignment)
        .where(
            Assignment.round_id == current.id,
            Assignment.reviewer_id == reviewer_id,
            Assignment.state.in_(sorted(SEATED)),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if held is not None and held.state != INVITED:
        raise Conflict("They have accepted this review, so it is theirs unless they step back.")
    made = _wish(session, submission_id, reviewer_id, WishKind.FORBID, reason, by=by, at=at)
    if held is not None:
        offers.withdraw(session, held, by=by, at=at)
        ask_next(session, current.id)
    return made


def end_wish(session: Session, wish_id: str, *, by: str, at: datetime) -> RoutingWish:
    """End a wish that is no longer wanted; ending it twice changes nothing."""
    found = session.get(RoutingWish, wish_id)
    if found is None:
        raise NotFound()
    _must_be_apart(session, found.submission_id, by)
    locked_submission(session, found.submission_id)
    session.refresh(found, with_for_update=True)
    if found.ended_at is None:
        found.ended_at = at
        session.flush()
        _record(session, "routing_wish_ended", found, by=by, at=at)
        current = queries.open_round(session, found.submission_id)
        if current is not None:
            ask_next(session, current.id)
    return found


def swap(
    session: Session, first_id: str, second_id: str, *, reason: str, by: str, at: datetime
) -> tuple[Assignment, Assignment]:
    """Have the reviewers of two unanswered offers change places; both or neither.

    Each must be allowed to review the other's work; whoever is not is named by the reason.
    """
    if not reason.strip():
        raise Invalid("Say in a few words why.", "reason")
    ids = [_offer(session, one).submission_id for one in (first_id, second_id)]
    if ids[0] == ids[1]:
        raise Invalid("Both offers are for the same work already.", "other")
    for submission_id in sorted(ids):
        _steered(session, submission_id, by)
    pair = [_locked_offer(session, one, at=at) for one in (first_id, second_id)]
    badges = [session.get_one(Submission, one).badge_id for one in ids]
    if badges[0] != badges[1]:
        raise Invalid("Only offers for the same badge can be swapped.", "other")
    learners = [session.get_one(Submission, one).learner_id for one in ids]
    offers.lock_people(session, {*learners, *(one.reviewer_id for one in pair)})
    with session.begin_nested():
        for one in pair:
            offers.withdraw(session, one, by=by, at=at)
        session.flush()
        made = [
            _crossed(session, old, new, reason, by=by, at=at) for old, new in (pair, pair[::-1])
        ]
    return made[0], made[1]


def _crossed(
    session: Session, old: Assignment, new: Assignment, reason: str, *, by: str, at: datetime
) -> Assignment:
    """Offer the seat of `old` to the reviewer of `new`, if nothing stands against it."""
    submission = session.get_one(Submission, old.submission_id)
    person = new.reviewer_id
    standing = choices.standing_of(session, submission, person, at=at)
    against = () if standing is None else standing.against
    found = _before(session, submission, old.round_id, person, at=at)
    if standing is None or against or not found.openings:
        words = [one.words for one in against] or ["One of them is asked for the other work too."]
        raise Refused(" ".join(["They cannot change places.", *words]))
    candidate = found.candidates[person]
    made = offers.make(session, found.openings[0], candidate, seat=old.seat, by=by, at=at)
    audit.record(
        session,
        "offers_swapped",
        subject_kind="assignment",
        subject_id=made.id,
        by=by,
        at=at,
        reason=reason.strip(),
        detail={"submission": old.submission_id, "instead_of": old.id},
    )
    return made


def _must_be_apart(session: Session, submission_id: str, by: str) -> None:
    if not choices.may_steer(session, submission_id, by):
        raise NotFound()


def _steered(session: Session, submission_id: str, by: str) -> tuple[Submission, ReviewRound]:
    """Return a submission, locked, and its open round, for somebody without a part in it."""
    _must_be_apart(session, submission_id, by)
    submission = locked_submission(session, submission_id)
    current = queries.open_round(session, submission_id)
    if current is None or submission.state not in queries.GATHERING:
        raise Conflict("This work looks for no reviewers now, so there is nothing to steer.")
    return submission, current


def _must_be_clear(session: Session, submission_id: str, reviewer_id: str, kind: WishKind) -> None:
    known = session.scalar(
        select(RoutingWish).where(
            RoutingWish.submission_id == submission_id,
            RoutingWish.reviewer_id == reviewer_id,
            RoutingWish.ended_at.is_(None),
        )
    )
    if known is None:
        return
    if known.kind == kind.value:
        raise Conflict("This wish stands already.")
    wanted = "asked" if known.kind == WishKind.PIN.value else "left out"
    raise Conflict(f"A wish to have them {wanted} stands already. End it first.")


def _is_in_pool(session: Session, submission_id: str, reviewer_id: str) -> bool:
    found = session.scalar(
        select(Qualification.id)
        .join(Submission, Submission.badge_id == Qualification.badge_id)
        .where(Submission.id == submission_id, Qualification.person_id == reviewer_id)
    )
    return found is not None


def _standing(
    session: Session, submission: Submission, reviewer_id: str, *, at: datetime
) -> Standing:
    if not _is_in_pool(session, submission.id, reviewer_id):
        raise NotFound()
    found = choices.standing_of(session, submission, reviewer_id, at=at)
    if found is None:
        raise Conflict("They are asked for this work already.")
    return found


def _wish(
    session: Session,
    submission_id: str,
    reviewer_id: str,
    kind: WishKind,
    reason: str,
    *,
    by: str,
    at: datetime,
) -> RoutingWish:
    if not reason.strip():
        raise Invalid("Say in a few words why.", "reason")
    made = RoutingWish(
        submission_id=submission_id,
        reviewer_id=reviewer_id,
        kind=kind.value,
        reason=reason.strip(),
        made_by=by,
        made_at=at,
    )
    session.add(made)
    session.flush()
    _record(session, "routing_wish_made", made, by=by, at=at)
    return made


def _record(session: Session, verb: str, found: RoutingWish, *, by: str, at: datetime) -> None:
    audit.record(
        session,
        verb,
        subject_kind="routing_wish",
        subject_id=found.id,
        by=by,
        at=at,
        reason=found.reason,
        detail={"submission": found.submission_id, "kind": found.kind},
    )


def _offer(session: Session, assignment_id: str) -> Assignment:
    found = session.get(Assignment, assignment_id)
    if found is None or not found.is_counted:
        raise NotFound()
    return found


def _locked_offer(session: Session, assignment_id: str, *, at: datetime) -> Assignment:
    found = _offer(session, assignment_id)
    session.refresh(found, with_for_update=True)
    if found.state != INVITED or found.answer_by <= at:
        raise Conflict("One of the two has answered meanwhile, so nothing was changed.")
    return found


def _before(
    session: Session, submission: Submission, round_id: str, person_id: str, *, at: datetime
) -> openings.Openings:
    """Return one round, held or not, before one person; no offer moves for it."""
    return openings.read(
        session,
        submission.badge_id,
        at=at,
        only=[round_id],
        among=[person_id],
        moves=False,
        held=True,
    )
