"""A year of random events over the live routing, on both databases.

Whatever people do, and in whatever order the clock and the jobs come in, no hard rule is broken,
no cap passed, no seat held twice, and every open matter has somebody to act next and a deadline.
What is checked is read with SQL that knows nothing of the engine (hard_rules.py).
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from statistics import median

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from accounts.models import Person
from app.tables import METADATA
from core.db import Database
from core.errors import Conflict, Refused
from core.runtime import Runtime
from portfolio.submission import services as submissions
from portfolio.submission.models import Submission
from review.assignment import invitations
from review.assignment.models import Assignment, ReviewRound, RoutingWish
from review.assignment.states import AssignmentState, DeclineReason, WishKind
from review.pool import services as pool
from review.pool import ties
from review.pool.models import Holiday, Qualification, ReviewerProfile
from review.pool.states import ConflictKind, QualificationSource, QualificationState
from review.scoring import services as scoring
from review.scoring.rules import Answer
from tests.factories import OPERATOR, Factory
from tests.plugins.worlds import START, Clock
from tests.review.assignment.hard_rules import broken
from tests.review.assignment.live import Live

S = AssignmentState
IS_FULL = os.environ.get("ASSAY_YEAR") == "full"
EXAMPLES, STEPS = (60, 80) if IS_FULL else (4, 30)
PLACES = ("Harbour Events", "Lantern Works", "Quarry Ltd", "", "")
SECTORS = ("Associations", "Shipping", "")
GATHERING = ("awaiting_reviewers", "under_review", "in_adjudication")
PENDING = (S.INVITED.value, S.ACCEPTED.value, S.IN_PROGRESS.value)
SEATED = (*PENDING, S.SEALED.value, S.CLOSED.value)
MOST_ARRIVALS = 14
# The sweeps run this often here, so that much later a deadline may be seen to.
STEP = timedelta(hours=12)
ANY = st.integers(0, 999)


class Year(RuleBasedStateMachine):
    """One badge in a database that is emptied first."""

    edge: Runtime
    clock: Clock

    def __init__(self) -> None:
        super().__init__()
        _empty(self.edge.database)
        self.clock.now = START
        self.make = Factory(self.edge, None)
        self.live = Live(self.edge, self.make, self.clock)
        self.live.queue.waiting.clear()
        self.people: list[str] = []
        self.learners: set[str] = set()
        self.seen: set[str] = set()
        for number in range(5):
            self.somebody_joins(number, number)

    def _tick(self) -> datetime:
        return self.clock.advance(minutes=1)

    def _pick(self, which: int, *states: AssignmentState) -> Assignment | None:
        with self.edge.database.transaction() as session:
            rows = session.scalars(
                select(Assignment)
                .where(Assignment.state.in_([one.value for one in states]))
                .order_by(Assignment.invited_at, Assignment.seat, Assignment.reviewer_id)
            ).all()
        return rows[which % len(rows)] if rows else None

    @rule(place=ANY, sector=ANY)
    def somebody_joins(self, place: int, sector: int) -> None:
        if len(self.people) >= 10:
            return
        self._tick()
        made = self.make.reviewer(
            self.live.edition,
            f"Person {len(self.people)}",
            employer=PLACES[place % len(PLACES)],
            sector=SECTORS[sector % len(SECTORS)],
        )
        self.people.append(made.id)

    @rule(who=ANY, is_reviewer=st.booleans())
    def work_arrives(self, who: int, is_reviewer: bool) -> None:
        if len(self.learners) >= MOST_ARRIVALS:
            return
        self._tick()
        reviewers = [one for one in self.people if one not in self.learners]
        if is_reviewer and reviewers:
            (learner,) = self.make.rows(Person, id=reviewers[who % len(reviewers)])
        else:
            learner = self.make.person(employer=PLACES[who % len(PLACES)])
        self.learners.add(learner.id)
        self.live.arrives(learner)

    @rule(which=ANY)
    def says_yes(self, which: int) -> None:
        self._tick()
        found = self._pick(which, S.INVITED)
        if found is None:
            return
        try:
            self.live.accept(found)
        except Refused as no:
            with self.edge.database.transaction() as session:
                invitations.take_back(
                    session, found.id, reason=str(no), by=found.reviewer_id, at=self.clock()
                )
            self.live.drain()
        except Conflict:
            pass

    @rule(which=ANY, reason=st.sampled_from(DeclineReason))
    def says_no(self, which: int, reason: DeclineReason) -> None:
        self._tick()
        found = self._pick(which, S.INVITED, S.ACCEPTED, S.IN_PROGRESS)
        if found is not None:
            with suppress(Conflict):
                self.live.decline(found, reason)

    @rule(which=ANY, level=st.sampled_from([3, 3, 3, 2]))
    def seals(self, which: int, level: int) -> None:
        self._tick()
        found = self._pick(which, S.ACCEPTED, S.IN_PROGRESS)
        if found is None:
            return
        why = "The run sheet shows it line by line."
        answers = {key: Answer(level, None, why, "E1, page 1") for key in ("C1", "C2")}
        given = {"by": found.reviewer_id, "at": self.clock()}
        with self.edge.database.transaction() as session:
            opened = scoring.open_review(session, found.id, **given)
            saved = scoring.save_draft(
                session, found.id, version=opened.version, answers=answers, feedback="",
                private_note="", seconds=60, **given,
            )  # fmt: skip
        try:
            with self.edge.database.transaction() as session:
                scoring.seal(session, found.id, version=saved.version, names_may_stay=True, **given)
        except (Refused, Conflict):
            self.live.decline(found, DeclineReason.CONFLICT)
        self.live.drain()

    @rule(who=ANY, days=st.integers(0, 20), room=st.integers(1, 3))
    def sets_limits(self, who: int, days: int, room: int) -> None:
        self._tick()
        person = self.people[who % len(self.people)]
        with self.edge.database.transaction() as session:
            load = len(session.scalars(_pending_of(person)).all())
            pool.set_limits(
                session,
                is_available=True,
                max_open=max(room, load),
                paused_until=self.clock() + timedelta(days=days) if days else None,
                languages=[],
                sectors=[],
                by=person,
                at=self.clock(),
            )

    @rule(who=ANY, start=st.integers(-2, 10), days=st.integers(0, 14))
    def goes_on_holiday(self, who: int, start: int, days: int) -> None:
        first = self._tick().date() + timedelta(days=start)
        with self.edge.database.transaction() as session:
            session.add(
                Holiday(
                    person_id=self.people[who % len(self.people)],
                    from_date=first,
                    until_date=first + timedelta(days=days),
                )
            )

    @rule(who=ANY, whom=ANY)
    def declares_a_conflict(self, who: int, whom: int) -> None:
        self._tick()
        person = self.people[who % len(self.people)]
        others = sorted({*self.people, *self.learners} - {person})
        with self.edge.database.transaction() as session:
            ties.declare_conflict(
                session,
                person,
                kind=ConflictKind.COLLABORATOR,
                other_person_id=others[whom % len(others)],
                by=person,
                at=self.clock(),
            )

    @rule(who=ANY, to=st.sampled_from(QualificationState))
    def qualification_changes(self, who: int, to: QualificationState) -> None:
        self._tick()
        person, badge_id = self.people[who % len(self.people)], self.live.edition.badge_id
        given = {"reason": "So it is.", "by": OPERATOR, "at": self.clock()}
        with self.edge.database.transaction() as session:
            now = session.scalars(
                select(Qualification.state).where(Qualification.person_id == person)
            ).one()
            if to is QualificationState.QUALIFIED:
                pool.qualify(
                    session, person, badge_id, source=QualificationSource.GRANTED,
                    valid_until=None, **given,
                )  # fmt: skip
            elif now == QualificationState.QUALIFIED.value:
                pool.end_qualification(session, person, badge_id, to=to, **given)

    @rule(which=ANY)
    def takes_the_work_back(self, which: int) -> None:
        self._tick()
        with self.edge.database.transaction() as session:
            rows = session.scalars(
                select(Submission)
                .where(Submission.state.in_(GATHERING))
                .order_by(Submission.sealed_at)
            ).all()
            if rows:
                found = rows[which % len(rows)]
                submissions.withdraw(session, found.id, by=found.learner_id, at=self.clock())
        self.live.drain()

    @rule(which=ANY, who=ANY, kind=st.sampled_from(WishKind))
    def a_manager_wishes(self, which: int, who: int, kind: WishKind) -> None:
        self._tick()
        found = self._pick(which, *S)
        person = self.people[who % len(self.people)]
        if found is None or self.make.rows(
            RoutingWish, submission_id=found.submission_id, reviewer_id=person
        ):
            return
        self.live.wish(self.make.rows(Submission, id=found.submission_id)[0], person, kind)

    @rule(which=ANY)
    def a_manager_holds_a_round(self, which: int) -> None:
        self._tick()
        found = self._pick(which, *S)
        if found is None:
            return
        with self.edge.database.transaction() as session:
            held = session.get_one(ReviewRound, found.round_id)
            held.held_until = self.clock() + timedelta(hours=24)

    @rule(steps=st.sampled_from([1, 2, 3, 6, 14]))
    def time_passes(self, steps: int) -> None:
        for _ in range(steps):
            self.clock.advance(hours=STEP / timedelta(hours=1))
            self.live.sweep()
            self.everything_holds()

    @invariant()
    def everything_holds(self) -> None:
        with self.edge.database.transaction(read_only=True) as session:
            wrong = broken(session, at=self.clock())
            # A right that is taken up again begins anew, so it is looked at as somebody is asked.
            wrong.pop("everybody asked was qualified then", None)
            assert wrong == {}
            assert _left_behind(session) == []
            assert _without_an_actor(session, self.clock()) == []
            fresh = [one for one in session.scalars(select(Assignment)) if one.id not in self.seen]
            self.seen |= {one.id for one in fresh}
            for one in fresh:
                assert _ought_to_be_left_alone(session, one) == []


def _pending_of(person: str):  # type: ignore[no-untyped-def]
    return select(Assignment.id).where(
        Assignment.reviewer_id == person, Assignment.state.in_(PENDING)
    )


def _left_behind(session: Session) -> list[str]:
    """Return the seats held in rounds that are over, or for work that was taken back."""
    return list(
        session.scalars(
            select(Assignment.id)
            .join(ReviewRound, ReviewRound.id == Assignment.round_id)
            .where(Assignment.state.in_(PENDING), ReviewRound.closed_at.is_not(None))
        )
    )


def _without_an_actor(session: Session, at: datetime) -> list[str]:
    """Return what is wrong with the open matters: nobody acts next, or the deadline is past."""
    wrong = []
    for found in session.scalars(select(Submission).where(Submission.state.in_(GATHERING))):
        current = session.scalars(
            select(ReviewRound).where(
                ReviewRound.submission_id == found.id, ReviewRound.closed_at.is_(None)
            )
        ).one()
        asked = session.scalars(select(Assignment).where(Assignment.round_id == current.id)).all()
        live = [one for one in asked if one.state in SEATED]
        wrong += [
            f"{one.state} is late"
            for one in live
            if (one.state == S.INVITED.value and one.answer_by <= at - STEP)
            or (one.state in PENDING[1:] and _rescue_at(one) <= at - STEP)
        ]
        if len(live) >= current.seats:
            continue
        ends = [one.ended_at for one in asked if one.accepted_at and one.state not in SEATED]
        since = max([current.opened_at, *(one for one in ends if one)])
        is_held = current.held_until is not None and current.held_until > at - STEP
        if at - since > timedelta(hours=96) + STEP and not (is_held or current.escalated_at):
            wrong.append("nobody was told of an empty seat")
    return wrong


def _rescue_at(one: Assignment) -> datetime:
    assert one.due_at is not None
    return one.due_at + timedelta(days=2)


def _ought_to_be_left_alone(session: Session, one: Assignment) -> list[str]:
    """Return why somebody who was just asked ought not to have been."""
    right = session.scalars(
        select(Qualification).where(Qualification.person_id == one.reviewer_id)
    ).one()
    is_qualified = right.state == QualificationState.QUALIFIED.value
    limits = session.get_one(ReviewerProfile, one.reviewer_id)
    day = one.invited_at.date()
    away = session.scalars(select(Holiday).where(Holiday.person_id == one.reviewer_id)).all()
    rest = text(
        "select count(*) from review_assignment where reviewer_id = :who and"
        " decline_reason = 'no_time' and state in ('declined', 'recused')"
        " and ended_at > :since and ended_at <= :at"
    ).bindparams(who=one.reviewer_id, since=one.invited_at - timedelta(days=3), at=one.invited_at)
    forbidden = select(RoutingWish.id).where(
        RoutingWish.submission_id == one.submission_id,
        RoutingWish.reviewer_id == one.reviewer_id,
        RoutingWish.kind == WishKind.FORBID.value,
        RoutingWish.made_at <= one.invited_at,
    )
    found = {
        "not qualified": not is_qualified or right.valid_from > one.invited_at,
        "paused": limits.paused_until is not None and limits.paused_until > one.invited_at,
        "away": any(trip.from_date <= day <= trip.until_date for trip in away),
        "resting": session.scalar(rest) != 0 and not _has_waited_long(session, one),
        "forbidden": session.scalars(forbidden).first() is not None,
    }
    return [name for name, is_so in found.items() if is_so]


def _has_waited_long(session: Session, one: Assignment) -> bool:
    """Whether the seat stood empty for half of the time after which staff are told of it.

    That time is 96 hours, or three times the median of at least five rounds that were filled.
    """
    current = session.get_one(ReviewRound, one.round_id)
    taken: dict[str, list[datetime]] = {}
    opened = {found.id: found for found in session.scalars(select(ReviewRound))}
    for asked in session.scalars(select(Assignment).order_by(Assignment.accepted_at)):
        if asked.accepted_at is not None and asked.accepted_at <= one.invited_at:
            taken.setdefault(asked.round_id, []).append(asked.accepted_at)
    filled = [
        times[opened[round_id].seats - 1] - opened[round_id].opened_at
        for round_id, times in taken.items()
        if len(times) >= opened[round_id].seats
    ]
    told = timedelta(hours=96)
    if len(filled) >= 5:
        told = min(told, 3 * median(filled))  # type: ignore[type-var]
    gone = session.scalars(
        select(Assignment.ended_at).where(
            Assignment.round_id == one.round_id,
            Assignment.accepted_at.is_not(None),
            Assignment.state.not_in(SEATED),
            Assignment.ended_at <= one.invited_at,
        )
    )
    since = max([current.opened_at, *(ended for ended in gone if ended)])
    return one.invited_at - since >= told / 2


def _empty(database: Database) -> None:
    with database.transaction() as session:
        for table in reversed(METADATA.sorted_tables):
            session.execute(table.delete())


def test_inv_05_and_06_and_07_and_10_and_38_and_41_a_year_of_random_events_breaks_nothing(
    any_database: Database, edge: Runtime, clock: Clock, drain: object
) -> None:
    machine = type("AYear", (Year,), {"edge": edge, "clock": clock})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
