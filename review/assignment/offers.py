"""Offers: made with the reasons for them, and taken back kindly when somebody else is asked."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.among import among
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge
from portfolio.submission.models import Submission
from review.assignment.eligibility import Candidate
from review.assignment.models import Assignment
from review.assignment.openings import Opening, Openings
from review.assignment.planning import Routing
from review.assignment.states import MOVES, AssignmentState
from review.pool.models import ReviewerProfile

ROUTER = "system:router"
CLOCK = "system:clock"


def lock_routing(session: Session, badge_id: str) -> None:
    """Have one router at a time at work on a badge, each before it locks anything else.

    Several at once would only wait for each other's people; one after the other fills what has
    gathered meanwhile, and leaves the rest with nothing to do. Rows that name the badge may still
    be written.
    """
    session.scalars(
        select(Badge.id).where(Badge.id == badge_id).with_for_update(key_share=True)
    ).all()


def lock_people(session: Session, ids: Collection[str], *, waits: bool = True) -> set[str]:
    """Lock the limits of some people in the order of their ids; return whose were locked.

    The locks keep two routers from counting the same free place twice (INV-41), and from making
    two halves of a ring. Without `waits`, whoever is locked elsewhere is left out; so is whoever
    never had limits.
    """
    return set(
        session.scalars(
            select(ReviewerProfile.person_id)
            .where(among(ReviewerProfile.person_id, ids))
            .order_by(ReviewerProfile.person_id)
            .with_for_update(skip_locked=not waits)
        )
    )


def carry_out(
    session: Session,
    found: Openings,
    routing: Routing,
    *,
    run_id: str | None = None,
    by: str = ROUTER,
    at: datetime,
) -> list[Assignment]:
    """Take back the offers that move and make the new ones; return these.

    The caller has locked the submissions and the people, and read `found` after that.
    """
    openings = {one.current.id: one for one in found.openings}
    gone = set(routing.withdrawn)
    for opening in found.openings:
        for held in opening.movable:
            if (opening.current.id, held.reviewer_id) in gone:
                withdraw(session, held, run_id=run_id, by=by, at=at)
    session.flush()
    made = []
    seats = {one.current.id: _free_seats(one, gone) for one in found.openings}
    for offer in routing.offers:
        if not offer.is_new:
            continue
        opening = openings[offer.seeker]
        candidate = found.candidates[offer.reviewer]
        seat = seats[offer.seeker].pop(0)
        made.append(make(session, opening, candidate, seat=seat, run_id=run_id, by=by, at=at))
    return made


def make(
    session: Session,
    opening: Opening,
    candidate: Candidate,
    *,
    seat: int,
    run_id: str | None = None,
    by: str = ROUTER,
    at: datetime,
) -> Assignment:
    """Ask somebody for one seat, and write down why them."""
    policy = opening.definition.review_policy
    made = Assignment(
        round_id=opening.current.id,
        submission_id=opening.submission.id,
        reviewer_id=candidate.person_id,
        seat=seat,
        explanation=explanation(opening, candidate),
        invited_at=at,
        answer_by=at + timedelta(hours=policy.hours_to_answer),
        run_id=run_id,
    )
    session.add(made)
    session.flush()
    record(session, "reviewer_invited", made, by=by, at=at)
    tell_invited(session, made, opening.definition, at=at)
    return made


def tell_invited(
    session: Session, made: Assignment, definition: EditionDefinition, *, at: datetime
) -> None:
    """Tell somebody that they are asked; the words are the same for whatever they are to read."""
    notify(
        session,
        made.reviewer_id,
        kind="invitation",
        title=f"Would you review a portfolio for {definition.title}?",
        body=f"It takes about {definition.review_policy.estimated_minutes} minutes."
        f" Please answer by {made.answer_by:%d %B %Y, %H:%M} UTC; a no is just as welcome as a"
        " yes.",
        path=f"/reviews/{made.id}/invitation",
        at=at,
    )


def explanation(opening: Opening, candidate: Candidate) -> dict[str, object]:
    """Return why somebody is asked: each term, and their place among all who could be asked."""
    fit = opening.fit(candidate)
    fits = opening.seeker.fits
    mine = fits.get(candidate.person_id, fit.total)
    return {
        "total": fit.total,
        "terms": [vars(term) for term in fit.terms],
        "tier": opening.seeker.tier.name.lower(),
        "rank": 1 + sum(other > mine for other in fits.values()),
        "eligible": len(fits),
        "is_extra": opening.seeker.is_extra,
    }


def withdraw(
    session: Session, found: Assignment, *, run_id: str | None = None, by: str, at: datetime
) -> None:
    """Take back an unanswered offer, because the seat goes to somebody else."""
    end_offer(session, found, by=by, at=at)
    found.ended_run_id = run_id
    notify(
        session,
        found.reviewer_id,
        kind="invitation_withdrawn",
        title="An invitation to review is no longer needed",
        body="Somebody else could be asked sooner, so you need not answer. Nothing is held against"
        " you, and the next invitation comes as it would have anyhow.",
        path="/reviews",
        at=at,
    )


def thank(session: Session, found: Assignment, *, by: str, at: datetime) -> None:
    """Take back a seat whose review is no longer needed, with thanks."""
    end_offer(session, found, by=by, at=at)
    notify(
        session,
        found.reviewer_id,
        kind="review_not_needed",
        title="Enough reviews are in; yours is no longer needed",
        body="One more person was asked than were needed, so that the learner would not wait."
        " Thank you for being ready; you need not do anything more.",
        path="/reviews",
        at=at,
    )


def end_offer(session: Session, found: Assignment, *, by: str, at: datetime) -> None:
    """End a seat that is taken back, whatever its reviewer is told."""
    found.ended_at = at
    move(found, AssignmentState.WITHDRAWN, MOVES)
    record(session, "assignment_withdrawn", found, by=by, at=at)


def definition_of(session: Session, submission: Submission) -> EditionDefinition:
    """Return what the edition of a submission demands."""
    return catalog.definition_of(catalog.edition(session, submission.edition_id))


def record(
    session: Session,
    verb: str,
    found: Assignment,
    *,
    by: str,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    """Write what happened to an assignment into the audit trail."""
    audit.record(
        session,
        verb,
        subject_kind="assignment",
        subject_id=found.id,
        by=by,
        at=at,
        detail={"submission": found.submission_id, **(detail or {})},
    )


def _free_seats(opening: Opening, gone: Collection[tuple[str, str]]) -> list[int]:
    """Return the numbers of the seats nobody sits on once the offers that move are gone."""
    current = opening.current
    kept = {one.seat for one in opening.live if (current.id, one.reviewer_id) not in gone}
    wanted: Iterable[int] = range(1, current.seats + current.extra_seats + 1)
    return [seat for seat in wanted if seat not in kept]
