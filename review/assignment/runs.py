"""Looking at a run before it happens, having it happen as it was seen, and undoing it as one.

A preview changes nothing. Making the offers plans again, under the locks of the sweep; unless the
same offers come out, nothing is sent and the new preview says what is different. An undone batch
leaves its rounds to people for a day, so that the router does not at once do the same again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.errors import Conflict, NotFound
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from review.assignment import choices, offers, openings, queries, sweep
from review.assignment.models import Assignment, ReviewRound, RoutingRun
from review.assignment.openings import Openings
from review.assignment.planning import Routing, plan
from review.assignment.remedies import Advised
from review.assignment.rounds import ask_next
from review.assignment.states import AssignmentState, RunKind

HELD = timedelta(hours=24)
INVITED = AssignmentState.INVITED.value

# An offer as a page carries it: the round, the reviewer.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Preview:
    """What a run would do now; `advised` is about the seats that it would leave empty."""

    found: Openings
    routing: Routing
    advised: Advised

    @property
    def new(self) -> frozenset[Pair]:
        """The offers it would make."""
        return frozenset((one.seeker, one.reviewer) for one in self.routing.offers if one.is_new)

    @property
    def moved(self) -> frozenset[Pair]:
        """The unanswered offers it would take back."""
        return frozenset(self.routing.withdrawn)


@dataclass(frozen=True)
class Changed:
    """What is different from what was seen: offers and moves that came, and that went."""

    preview: Preview
    came: frozenset[Pair]
    went: frozenset[Pair]


@dataclass(frozen=True)
class Undone:
    """What an undoing did: offers taken back, made again to those before, and left as they are."""

    taken_back: int
    made_again: int
    answered: tuple[str, ...]


def preview(session: Session, badge_id: str, *, by: str, at: datetime) -> Preview:
    """Return what a run over a badge would do now, their own matters left out."""
    only = choices.rounds_for(session, badge_id, by)
    found = openings.read(session, badge_id, at=at, only=only)
    routing = found.routed()
    return Preview(found, routing, choices.advised_for(session, found, routing, at=at))


def make_offers(
    session: Session,
    badge_id: str,
    *,
    new: Collection[Pair],
    moved: Collection[Pair],
    by: str,
    at: datetime,
) -> RoutingRun | Changed | None:
    """Make the offers of a preview as they were seen, as one run.

    Returns what is different, and sends nothing, when the world has changed meanwhile; None when
    there is nothing to do.
    """
    sweep.lock_badge(session, badge_id, at=at)
    current = preview(session, badge_id, by=by, at=at)
    seen, now = {*new, *moved}, current.new | current.moved
    if (frozenset(new), frozenset(moved)) != (current.new, current.moved):
        return Changed(current, frozenset(now - seen), frozenset(seen - now))
    return sweep.write_run(
        session, current.found, current.routing, kind=RunKind.MANUAL, by=by, at=at
    )


def undo(session: Session, run_id: str, *, by: str, at: datetime) -> Undone:
    """Take back what a run did, as far as nobody has answered; once, and never in own matters."""
    run = session.get(RoutingRun, run_id)
    if run is None:
        raise NotFound()
    touched = _touched(session, run_id, by)
    for submission_id in sorted({one.submission_id for one in touched}):
        locked_submission(session, submission_id)
    learners = session.scalars(
        select(Submission.learner_id).where(Submission.id.in_([o.submission_id for o in touched]))
    )
    offers.lock_people(session, {*learners, *(one.reviewer_id for one in touched)})
    session.refresh(run, with_for_update=True)
    if run.undone_at is not None:
        raise Conflict("This run was undone already; nothing more was changed.")
    touched = _touched(session, run_id, by)
    made = [one for one in touched if one.run_id == run_id]
    unanswered = [one for one in made if one.state == INVITED and one.answer_by > at]
    for one in unanswered:
        _take_back(session, one, by=by, at=at)
    run.undone_at, run.undone_by = at, by
    session.flush()
    again = _offered_again(session, run, touched, by=by, at=at)
    _hold(session, {one.round_id for one in unanswered}, by=by, at=at)
    audit.record(
        session,
        "run_undone",
        subject_kind="routing_run",
        subject_id=run.id,
        by=by,
        at=at,
        detail={"taken_back": len(unanswered), "made_again": again},
    )
    stayed = [one for one in made if one not in unanswered and one.state in ANSWERED]
    return Undone(len(unanswered), again, tuple(one.id for one in stayed))


def release(session: Session, submission_id: str, *, by: str, at: datetime) -> None:
    """Let the router look for reviewers of a held round again, at once."""
    if not choices.may_steer(session, submission_id, by):
        raise NotFound()
    locked_submission(session, submission_id)
    current = queries.open_round(session, submission_id)
    if current is None or current.held_until is None or current.held_until <= at:
        return
    current.held_until = None
    session.flush()
    audit.record(
        session,
        "round_released",
        subject_kind="round",
        subject_id=current.id,
        by=by,
        at=at,
        detail={"submission": submission_id},
    )
    ask_next(session, current.id)


ANSWERED = frozenset(
    {
        AssignmentState.ACCEPTED.value,
        AssignmentState.IN_PROGRESS.value,
        AssignmentState.SEALED.value,
        AssignmentState.CLOSED.value,
    }
)


def _touched(session: Session, run_id: str, by: str) -> Sequence[Assignment]:
    """Return the offers that a run made or took back, those of own matters left out."""
    return session.scalars(
        select(Assignment)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(
            (Assignment.run_id == run_id) | (Assignment.ended_run_id == run_id),
            choices.is_apart(by),
        )
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    ).all()


def _take_back(session: Session, found: Assignment, *, by: str, at: datetime) -> None:
    offers.end_offer(session, found, by=by, at=at)
    notify(
        session,
        found.reviewer_id,
        kind="invitation_withdrawn",
        title="An invitation to review was taken back",
        body="The programme looks at it once more, so you need not answer. Nothing is held against"
        " you, and the next invitation comes as it would have anyhow.",
        path="/reviews",
        at=at,
    )


def _offered_again(
    session: Session, run: RoutingRun, touched: Iterable[Assignment], *, by: str, at: datetime
) -> int:
    """Ask those again whose offers the run took away, where they may be asked and are free.

    The planner decides, with them alone to choose from, so that every rule and limit holds.
    """
    before = {(one.round_id, one.reviewer_id) for one in touched if one.ended_run_id == run.id}
    if not before:
        return 0
    found = openings.read(
        session, run.badge_id, at=at, only={one for one, _ in before}, moves=False
    )
    seekers = [
        replace(
            one.seeker,
            fits={
                person: fit
                for person, fit in one.seeker.fits.items()
                if (one.current.id, person) in before
            },
        )
        for one in found.openings
    ]
    routing = plan(seekers, found.people, reviewed=found.reviewed, rules=found.rules)
    return len(offers.carry_out(session, found, routing, by=by, at=at))


def _hold(session: Session, round_ids: Collection[str], *, by: str, at: datetime) -> None:
    """Leave rounds to people for a while."""
    for current in session.scalars(
        select(ReviewRound)
        .where(ReviewRound.id.in_(round_ids), ReviewRound.closed_at.is_(None))
        .order_by(ReviewRound.id)
    ):
        current.held_until = at + HELD
        audit.record(
            session,
            "round_held",
            subject_kind="round",
            subject_id=current.id,
            by=by,
            at=at,
            detail={"submission": current.submission_id, "until": str(at + HELD)},
        )
    session.flush()
