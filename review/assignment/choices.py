"""Reading why these people are asked and others not, and what would fill an empty seat.

The number of queries is the same for a pool of one as for one of hundreds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from accounts.models import Person
from credentials.catalog import queries as catalog
from portfolio.submission.models import Submission
from review.assignment import matters, openings, queries, rates
from review.assignment.advice import advise
from review.assignment.affinity import affinity
from review.assignment.eligibility import Candidate, Code, Matter, objections
from review.assignment.exclusions import Around, Standing, standings
from review.assignment.history import leaves_of, reviewed
from review.assignment.levers import Known, Wanting, levers
from review.assignment.models import Assignment, ReviewRound, RoutingWish
from review.assignment.openings import Opening, Openings
from review.assignment.planning import Routing
from review.assignment.relaxation import Tier, told_after
from review.assignment.remedies import Advised, Setting
from review.assignment.states import PENDING_STATES, SEATED, AssignmentState, WishKind
from review.assignment.terms import commonly_known
from review.pool.models import MatterPart, Qualification

INVITED = AssignmentState.INVITED.value


@dataclass(frozen=True)
class Choices:
    """One submission with everybody who was asked, who could be, and what stands against others.

    `current` is its open round, None when it looks for nobody; `advised` is about its empty seats.
    """

    current: ReviewRound | None
    asked: tuple[Assignment, ...]
    standings: tuple[Standing, ...]
    wishes: tuple[RoutingWish, ...]
    advised: Advised
    names: Mapping[str, str]


def is_apart(person_id: str) -> ColumnElement[bool]:
    """Return the condition on submissions that leaves out every matter somebody has a part in.

    Nobody steers who reviews their own work, nor work that they review, checked or decide on.
    """
    other = aliased(Submission)
    asked = exists().where(
        other.id == Assignment.submission_id,
        other.portfolio_id == Submission.portfolio_id,
        Assignment.reviewer_id == person_id,
    )
    has_part = exists().where(
        MatterPart.portfolio_id == Submission.portfolio_id, MatterPart.person_id == person_id
    )
    return (Submission.learner_id != person_id) & ~asked & ~has_part


def may_steer(session: Session, submission_id: str, person_id: str) -> bool:
    """Whether somebody has no part in the matter of a submission, so that they may steer it."""
    found = select(Submission.id).where(Submission.id == submission_id, is_apart(person_id))
    return session.scalar(found) is not None


def rounds_for(session: Session, badge_id: str, person_id: str) -> list[str]:
    """Return the open rounds of a badge that somebody may steer."""
    return list(
        session.scalars(
            select(ReviewRound.id)
            .join(Submission, Submission.id == ReviewRound.submission_id)
            .where(
                Submission.badge_id == badge_id,
                ReviewRound.closed_at.is_(None),
                is_apart(person_id),
            )
        )
    )


def choices(session: Session, submission: Submission, *, at: datetime) -> Choices:
    """Return why these, and why not others, for one submission."""
    current = queries.open_round(session, submission.id)
    asked = session.scalars(
        select(Assignment)
        .where(Assignment.submission_id == submission.id, Assignment.is_counted)
        .order_by(Assignment.invited_at.desc(), Assignment.id)
    ).all()
    wishes = wishes_of(session, [submission.id])[submission.id]
    found = openings.read(session, submission.badge_id, at=at)
    advised = advised_for(session, found, found.routed(), at=at)
    seen = _standings(session, submission, found, current, asked, wishes, at)
    ids = {one.reviewer_id for one in asked} | {one.person_id for one in seen}
    ids |= {one.lever.person.id for one in advised.seats if one.lever.person is not None}
    ids |= {one.made_by for one in wishes} | {one.reviewer_id for one in wishes}
    return Choices(
        current=current,
        asked=tuple(asked),
        standings=tuple(seen),
        wishes=tuple(wishes),
        advised=advised,
        names=names_of(session, ids),
    )


def advised_for(session: Session, found: Openings, routing: Routing, *, at: datetime) -> Advised:
    """Return what would fill the seats of a badge that a plan leaves empty."""
    if not routing.short:
        return Advised()
    rounds = _wanting(session, found, at)
    pool = list(found.candidates.values())
    known = Known(
        leaves=leaves_of(session, list(found.candidates), at=at),
        ends=_ends(session, list(found.candidates)),
        staff_after=told_after(rates.times_to_fill(session, found.badge_id, at=at)),
    )
    people = {one.id: one for one in found.people}
    setting = Setting(
        seekers=[one.seeker for one in found.openings],
        people=found.people,
        reviewed=found.reviewed,
        rules=found.rules,
        unread=_unread(found, pool, at),
    )
    return advise(setting, levers(rounds, pool, people, known, at=at), routing=routing)


def wishes_of(session: Session, submission_ids: Collection[str]) -> dict[str, list[RoutingWish]]:
    """Return the wishes that stand, by submission."""
    found: dict[str, list[RoutingWish]] = defaultdict(list)
    for one in session.scalars(
        select(RoutingWish)
        .where(RoutingWish.submission_id.in_(submission_ids), RoutingWish.ended_at.is_(None))
        .order_by(RoutingWish.made_at, RoutingWish.id)
    ):
        found[one.submission_id].append(one)
    return found


def names_of(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return people's names by id."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(set(ids)))))
    return {person_id: name for person_id, name in rows}


def standing_of(
    session: Session, submission: Submission, person_id: str, *, at: datetime
) -> Standing | None:
    """Return how one person stands to a submission; None when they hold a seat of it."""
    current = queries.open_round(session, submission.id)
    asked = session.scalars(
        select(Assignment).where(Assignment.submission_id == submission.id, Assignment.is_counted)
    )
    only = set() if current is None else {current.id}
    found = openings.read(
        session, submission.badge_id, at=at, only=only, among={person_id}, held=True
    )
    wishes = wishes_of(session, [submission.id])[submission.id]
    seen = _standings(
        session, submission, found, current, asked.all(), wishes, at, among=[person_id]
    )
    return seen[0] if seen else None


def _standings(
    session: Session,
    submission: Submission,
    found: Openings,
    current: ReviewRound | None,
    asked: Sequence[Assignment],
    wishes: Sequence[RoutingWish],
    at: datetime,
    *,
    among: Sequence[str] | None = None,
) -> list[Standing]:
    live = [one for one in asked if one.state in SEATED and current and one.round_id == current.id]
    ids = among or session.scalars(
        select(Qualification.person_id).where(Qualification.badge_id == submission.badge_id)
    )
    pool = matters.candidates(session, ids)
    common = commonly_known(matters.words_of_pool(session, submission.badge_id))
    about = replace(matters.matter(session, submission, at=at), common=common)
    persons = [one.person_id for one in pool]
    mine = {one.submission.id: one.seeker.tier for one in found.openings}
    definition = catalog.definition_of(catalog.edition(session, submission.edition_id))
    around = Around(
        not_now=_not_now(asked, at),
        leave=leaves_of(session, persons, at=at),
        review_days=definition.review_policy.review_days,
        forbidden={
            one.reviewer_id: one.reason for one in wishes if one.kind == WishKind.FORBID.value
        },
        seated=[one.reviewer_id for one in live],
        people={one.id: one for one in found.people},
        reviewed=reviewed(session, persons, [submission.learner_id], at=at),
        rules=found.rules,
        tier=mine.get(submission.id, Tier.NORMAL),
    )
    fits = [float(one.explanation.get("total", 0.0)) for one in live]
    return standings(
        pool,
        about,
        around,
        fit=lambda one: affinity(one, about),
        weakest=min(fits, default=None),
        at=at,
    )


def _not_now(asked: Iterable[Assignment], at: datetime) -> dict[str, datetime]:
    """Return until when people are left in peace about a work that they said "not now" to."""
    return {
        one.reviewer_id: one.ask_again_at
        for one in asked
        if one.ask_again_at is not None and one.ask_again_at > at
    }


def _wanting(session: Session, found: Openings, at: datetime) -> list[Wanting]:
    """Return the rounds that want somebody whatever else, as levers see them."""
    ids = [one.submission.id for one in found.openings]
    wishes = wishes_of(session, ids)
    asked: dict[str, list[Assignment]] = defaultdict(list)
    for one in session.scalars(
        select(Assignment).where(
            Assignment.submission_id.in_(ids), Assignment.ask_again_at > at, Assignment.is_counted
        )
    ):
        asked[one.submission_id].append(one)
    return [
        _wanted(one, asked[one.submission.id], wishes[one.submission.id], at)
        for one in found.openings
    ]


def _wanted(
    one: Opening, asked: Sequence[Assignment], wishes: Sequence[RoutingWish], at: datetime
) -> Wanting:
    return Wanting(
        id=one.current.id,
        about=one.about,
        fits=one.seeker.fits,
        waiting=one.seeker.waiting,
        tier=one.seeker.tier,
        review_days=one.definition.review_policy.review_days,
        forbidden=frozenset(
            wish.reviewer_id for wish in wishes if wish.kind == WishKind.FORBID.value
        ),
        not_now=_not_now(asked, at),
    )


def _ends(session: Session, persons: Sequence[str]) -> dict[str, datetime]:
    """Return when the first open offer or review of people comes to its end."""
    until = case((Assignment.state == INVITED, Assignment.answer_by), else_=Assignment.due_at)
    rows = session.execute(
        select(Assignment.reviewer_id, func.min(until))
        .where(
            Assignment.reviewer_id.in_(persons),
            Assignment.state.in_(PENDING_STATES),
        )
        .group_by(Assignment.reviewer_id)
    )
    return {person: when for person, when in rows}


def _unread(found: Openings, pool: Sequence[Candidate], at: datetime) -> dict[str, str]:
    """Return the languages of rounds that nobody reviews in, where others are qualified."""
    able = [one for one in pool if _may_review(one, found.badge_id, at)]
    read = {language for one in able for language in one.languages}
    return {
        one.current.id: one.about.language
        for one in found.openings
        if able and one.about.language not in read
    }


def _may_review(candidate: Candidate, badge_id: str, at: datetime) -> bool:
    nobodys = Matter("", "", badge_id=badge_id)
    return Code.NOT_QUALIFIED not in {no.code for no in objections(candidate, nobodys, at=at)}
