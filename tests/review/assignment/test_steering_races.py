"""Managers, reviewers and the clock at once: one of them wins, and nothing is done by halves."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.models import Notice
from core.db import Database
from core.models import AuditEvent
from core.runtime import Runtime
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from portfolio.submission.states import SubmissionState
from review.assignment import deadlines, invitations, rounds, runs, sweep, wishes
from review.assignment.models import Assignment, ReviewRound, RoutingRun, RoutingWish
from review.assignment.offers import end_offer
from review.assignment.states import AssignmentState, RoundKind
from review.pool import services as pool
from review.pool.models import MatterPart
from review.pool.states import Part
from tests.factories import Factory
from tests.plugins.worlds import Clock
from tests.review.assignment.hard_rules import broken
from tests.review.assignment.live import Live
from tests.together import names, together

S = AssignmentState
ROUNDS = 8
Act = Callable[[Session], object]


class Table:
    """Two works that want one reviewer each, three people with room for one, two managers."""

    def __init__(self, live: Live, database: Database) -> None:
        self.live, self.edge, self.database = live, live.edge, database
        self.one, self.other = (live.make.person(name).id for name in ("Mara Lund", "Mo Ferry"))
        people = live.reviewers("Ada Quill", "Bo Rivet", "Cy Stamp", max_open=1)
        self.people = [one.id for one in people]
        self.works = [live.waits().id, live.waits().id]
        with database.transaction() as session:
            for work in self.works:
                rounds.open_round(
                    session,
                    work,
                    kind=RoundKind.INITIAL,
                    seats=1,
                    by="system:operator",
                    at=self.at,
                )

    @property
    def at(self) -> datetime:
        return self.edge.clock()

    @property
    def badge(self) -> str:
        return self.live.edition.badge_id

    def do(self, act: Act) -> object:
        with self.database.transaction() as session:
            return act(session)

    def doing(self, act: Act) -> Callable[[], object]:
        """Return an act in a transaction of its own, which says what it came to."""

        def done() -> str:
            found = self.do(act)
            return "changed" if isinstance(found, runs.Changed) else "done"

        return done

    def laid(self) -> None:
        """Take every offer, run and wish off the table."""
        with self.database.transaction() as session:
            for table in (Notice, RoutingWish, Assignment, RoutingRun):
                session.query(table).delete()
            for current in session.query(ReviewRound):
                current.held_until = None
        self.live.queue.waiting.clear()

    def offered(self) -> list[Assignment]:
        """Lay the table with an offer for each work."""
        self.laid()
        self.do(self.make_offers(self.one))
        return self.live.make.rows(Assignment)

    def make_offers(self, by: str) -> Act:
        with self.database.transaction() as session:
            seen = runs.preview(session, self.badge, by=by, at=self.at)
        return lambda session: runs.make_offers(
            session, self.badge, new=seen.new, moved=seen.moved, by=by, at=self.at
        )

    def undo(self, by: str) -> Act:
        (run,) = self.live.make.rows(RoutingRun)
        return lambda session: runs.undo(session, run.id, by=by, at=self.at)

    def swap(self, one: Assignment, two: Assignment, by: str) -> Act:
        return lambda session: wishes.swap(session, one.id, two.id, reason="So.", by=by, at=self.at)

    def accept(self, one: Assignment) -> Act:
        return lambda session: invitations.accept(session, one.id, by=one.reviewer_id, at=self.at)

    def wish(self, act: Callable[..., object], work: str, person: str, by: str) -> Act:
        return lambda session: act(session, work, person, reason="So.", by=by, at=self.at)

    def sweep(self, session: Session) -> object:
        return sweep.route(session, self.badge, at=self.at)

    def whole(self) -> bool:
        """Whether every rule holds, and who was asked or let go was told of it once."""
        with self.database.transaction(read_only=True) as session:
            assert broken(session, at=self.at) == {}
        rows = self.live.make.rows(Assignment)
        told = Counter(one.kind for one in self.live.make.rows(Notice))
        ended = Counter(
            one.subject_id for one in self.live.make.rows(AuditEvent, verb="assignment_withdrawn")
        )
        gone = [one.id for one in rows if one.state == S.WITHDRAWN.value]
        assert told["invitation"] == len(rows)
        assert told["invitation_withdrawn"] == len(gone)
        assert all(ended[one] == 1 for one in gone)
        return True


@pytest.fixture
def table(any_database: Database, edge: Runtime, make: Factory, clock: Clock) -> Table:
    return Table(Live(edge, make, clock), any_database)


def test_two_managers_who_swap_the_same_offers_swap_them_once(table: Table) -> None:
    for _ in range(ROUNDS):
        mine, other = table.offered()

        results = together(
            table.doing(table.swap(mine, other, table.one)),
            table.doing(table.swap(other, mine, table.other)),
        )

        now = {one.submission_id: one.reviewer_id for one in table.live.make.rows(
            Assignment, state=S.INVITED.value
        )}  # fmt: skip
        assert names(results) == ["Conflict", "done"]
        assert now == {
            mine.submission_id: other.reviewer_id,
            other.submission_id: mine.reviewer_id,
        }
        assert table.whole()


def test_who_accepts_while_two_are_swapped_has_it_or_is_told(table: Table) -> None:
    for _ in range(ROUNDS):
        mine, other = table.offered()

        swapped, accepted = together(
            table.doing(table.swap(mine, other, table.one)), table.doing(table.accept(mine))
        )

        states = Counter(one.state for one in table.live.make.rows(Assignment))
        if swapped == "done":
            assert names([accepted]) == ["Conflict"]
            assert states == {S.WITHDRAWN.value: 2, S.INVITED.value: 2}
        else:
            assert names([swapped, accepted]) == ["Conflict", "done"]
            assert states == {S.ACCEPTED.value: 1, S.INVITED.value: 1}
        assert table.whole()
        put_back(table)


def test_a_run_undone_while_somebody_accepts_leaves_theirs_alone(table: Table) -> None:
    for _ in range(ROUNDS):
        mine, other = table.offered()

        undone, accepted = together(
            table.doing(table.undo(table.one)), table.doing(table.accept(mine))
        )

        assert undone == "done"
        mine, other = table.live.make.reload(mine), table.live.make.reload(other)
        assert other.state == S.WITHDRAWN.value
        assert mine.state == (S.ACCEPTED if accepted == "done" else S.WITHDRAWN).value
        assert table.whole()
        put_back(table)


def put_back(table: Table) -> None:
    """Have works that were accepted wait again, without anybody's part in them."""
    with table.database.transaction() as session:
        session.query(MatterPart).filter_by(part=Part.REVIEWER.value).delete()
        for one in session.query(Submission):
            one.state = SubmissionState.AWAITING_REVIEWERS.value


@pytest.mark.parametrize("second", ["pin", "forbid"])
def test_of_two_wishes_about_one_person_one_stands(table: Table, second: str) -> None:
    for _ in range(ROUNDS):
        table.laid()
        work, person = table.works[0], table.people[0]

        results = together(
            table.doing(table.wish(wishes.pin, work, person, table.one)),
            table.doing(table.wish(getattr(wishes, second), work, person, table.other)),
        )

        assert names(results) == ["Conflict", "done"]
        assert len(table.live.make.rows(RoutingWish)) == 1


def test_who_accepts_while_they_are_forbidden_keeps_it_or_is_let_go(table: Table) -> None:
    for _ in range(ROUNDS):
        mine, _other = table.offered()

        results = together(
            table.doing(table.wish(wishes.forbid, mine.submission_id, mine.reviewer_id, table.one)),
            table.doing(table.accept(mine)),
        )

        assert names(results) == ["Conflict", "done"]
        assert table.whole()
        put_back(table)


def test_two_managers_and_a_sweep_make_the_offers_of_one_preview_once(table: Table) -> None:
    for _ in range(ROUNDS):
        table.laid()

        results = together(
            table.doing(table.make_offers(table.one)),
            table.doing(table.make_offers(table.other)),
            table.doing(table.sweep),
        )

        assert names(results).count("changed") >= 1
        assert set(names(results)) == {"changed", "done"}
        assert len(table.live.make.rows(Assignment)) == 2
        assert len(table.live.make.rows(RoutingRun)) == 1
        assert table.whole()


def test_a_sweep_an_undo_and_a_swap_at_once_end_in_something_whole(table: Table) -> None:
    for _ in range(ROUNDS):
        mine, other = table.offered()
        table.live.clock.advance(hours=7)

        results = together(
            table.doing(table.undo(table.one)),
            table.doing(table.swap(mine, other, table.other)),
            table.doing(table.sweep),
        )

        assert results[0] == results[2] == "done"
        assert names([results[1]])[0] in {"done", "Conflict", "Refused"}
        assert table.whole()


def test_a_sweep_while_somebody_pauses_asks_nobody_twice_and_fails_nobody(table: Table) -> None:
    for _ in range(ROUNDS):
        table.laid()

        def pause(session: Session) -> object:
            return pool.set_limits(
                session, is_available=False, max_open=1, paused_until=None, languages=[],
                sectors=[], by=table.people[0], at=table.at,
            )  # fmt: skip

        results = together(table.doing(table.sweep), table.doing(pause), table.doing(table.sweep))

        assert results == ["done"] * 3
        assert len(table.live.make.rows(Assignment)) == 2
        assert table.whole()
        table.live.set_limits(table.people, is_available=True)


def test_two_clocks_pass_an_overdue_review_on_once(table: Table) -> None:
    for _ in range(ROUNDS):
        for one in table.offered():
            table.do(table.accept(one))
        late = table.at + timedelta(days=20)

        def rescue(session: Session, late: datetime = late) -> object:
            return deadlines.rescue_overdue(session, at=late)

        results = together(table.doing(rescue), table.doing(rescue))

        assert results == ["done", "done"]
        states = [one.state for one in table.live.make.rows(Assignment)]
        assert states == [S.REASSIGNED.value] * 2
        assert len(table.live.make.rows(Notice, kind="review_reassigned")) == 2
        put_back(table)


def test_the_clock_lets_no_offer_lapse_that_somebody_has_in_hand(table: Table) -> None:
    mine, _other = table.offered()
    before = table.at
    if table.database.url.startswith("sqlite"):
        return  # There, one transaction writes at a time.

    with table.database.transaction() as session:
        locked_submission(session, mine.submission_id)
        table.live.clock.advance(hours=25)
        with table.database.transaction() as clock:
            lapsed = deadlines.lapse_due(clock, at=table.at)
        end_offer(session, session.get_one(Assignment, mine.id), by=table.one, at=before)

    states = {one.id: one.state for one in table.live.make.rows(Assignment)}
    assert lapsed == 1
    assert states[mine.id] == S.WITHDRAWN.value
    assert table.at - before == timedelta(hours=25)
