"""Runs: seen before they happen, made as they were seen, undone as one."""

from datetime import timedelta

import pytest

from accounts.models import Notice
from accounts.states import Role
from core.db import Database
from core.errors import Conflict, NotFound
from core.models import AuditEvent
from core.runtime import Runtime
from portfolio.submission.states import SubmissionState
from review.assignment import invitations, rounds, run_lines, runs, sweep
from review.assignment.models import Assignment, ReviewRound, RoutingRun
from review.assignment.states import RoundKind
from review.pool.models import ReviewerProfile
from tests.factories import Factory
from tests.together import names, together


class Desk:
    """A manager, a badge with reviewers, and works that wait for them."""

    def __init__(self, edge: Runtime, make: Factory) -> None:
        self.edge, self.make = edge, make
        self.edition = make.edition()
        self.badge = self.edition.badge_id
        self.manager = make.person("Mara Lund", roles_held=(Role.PROGRAMME_MANAGER,))

    def work(self, seats: int = 1, learner=None) -> str:
        """Hand in a work and open its round; return the round's id."""
        made = self.make.submission(learner, self.edition)
        self.make.moved(made, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)
        return self.do(
            rounds.open_round,
            made.id,
            kind=RoundKind.INITIAL,
            seats=seats,
            by="system:operator",
            at=self.edge.clock(),
        ).id

    def reviewer(self, name: str, limit: int = 2, **details: str) -> str:
        made = self.make.reviewer(self.edition, name, **details)
        with self.edge.database.transaction() as session:
            session.get_one(ReviewerProfile, made.id).max_open = limit
        return made.id

    def do(self, act, *args, **more):
        with self.edge.database.transaction() as session:
            return act(session, *args, **more)

    def preview(self) -> runs.Preview:
        return self.do(runs.preview, self.badge, by=self.manager.id, at=self.edge.clock())

    def make_offers(self, seen: runs.Preview):
        return self.do(
            runs.make_offers,
            self.badge,
            new=seen.new,
            moved=seen.moved,
            by=self.manager.id,
            at=self.edge.clock(),
        )

    def undo(self, run: RoutingRun) -> runs.Undone:
        return self.do(runs.undo, run.id, by=self.manager.id, at=self.edge.clock())

    def accept(self, offer: Assignment) -> None:
        self.do(invitations.accept, offer.id, by=offer.reviewer_id, at=self.edge.clock())

    def states(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in self.make.rows(Assignment):
            found[one.state] = found.get(one.state, 0) + 1
        return found


@pytest.fixture
def desk(edge: Runtime, make: Factory) -> Desk:
    return Desk(edge, make)


def test_a_preview_says_whom_it_would_ask_and_changes_nothing(desk: Desk) -> None:
    work, ash = desk.work(seats=2), desk.reviewer("Ash")

    seen = desk.preview()

    assert seen.new == {(work, ash)}
    assert [one.slots for one in seen.routing.short] == [1]
    assert seen.advised.reviewers == 1
    assert desk.states() == {}


def test_the_offers_are_made_as_they_were_seen_and_once(desk: Desk) -> None:
    work, ash = desk.work(), desk.reviewer("Ash")
    seen = desk.preview()

    run = desk.make_offers(seen)
    again = desk.make_offers(desk.preview())

    assert isinstance(run, RoutingRun)
    assert (run.kind, run.made_by) == ("manual", desk.manager.id)
    assert [(o.round_id, o.reviewer_id, o.run_id) for o in desk.make.rows(Assignment)] == [
        (work, ash, run.id)
    ]
    assert again is None


def test_nothing_is_sent_when_the_world_has_changed_and_the_difference_is_named(
    desk: Desk,
) -> None:
    desk.work()
    ash = desk.reviewer("Ash")
    seen = desk.preview()
    with desk.edge.database.transaction() as session:
        session.get_one(ReviewerProfile, ash).is_available = False
    birk = desk.reviewer("Birk")

    found = desk.make_offers(seen)

    assert isinstance(found, runs.Changed)
    assert {person for _, person in found.came} == {birk}
    assert {person for _, person in found.went} == {ash}
    assert desk.states() == {}


def test_undoing_takes_back_what_waits_and_leaves_what_was_answered(desk: Desk) -> None:
    desk.work(seats=2)
    desk.reviewer("Ash")
    desk.reviewer("Birk")
    run = desk.make_offers(desk.preview())
    first, second = desk.make.rows(Assignment)
    desk.accept(first)

    undone = desk.undo(run)

    assert undone == runs.Undone(taken_back=1, made_again=0, answered=(first.id,))
    assert desk.states() == {"accepted": 1, "withdrawn": 1}
    kinds = [one.kind for one in desk.make.rows(Notice, person_id=second.reviewer_id)]
    assert "invitation_withdrawn" in kinds
    assert [one.actor_id for one in desk.make.rows(AuditEvent, verb="run_undone")] == [
        desk.manager.id
    ]


def test_after_an_undoing_the_round_is_a_persons_for_a_day_and_can_be_given_back(
    desk: Desk, clock
) -> None:
    work = desk.work()
    desk.reviewer("Ash")
    desk.undo(desk.make_offers(desk.preview()))
    held = desk.make.rows(ReviewRound, id=work)[0]

    asked = desk.do(sweep.route, desk.badge, at=clock())
    desk.do(runs.release, held.submission_id, by=desk.manager.id, at=clock())
    then = desk.do(sweep.route, desk.badge, at=clock())

    assert held.held_until == clock() + timedelta(hours=24)
    assert asked is None
    assert then is not None
    assert [one.verb for one in desk.make.rows(AuditEvent, subject_id=work)][-2:] == [
        "round_held",
        "round_released",
    ]


def test_a_held_round_is_the_routers_again_after_a_day(desk: Desk, clock) -> None:
    desk.work()
    desk.reviewer("Ash")
    desk.undo(desk.make_offers(desk.preview()))

    clock.advance(hours=24)

    assert desk.do(sweep.route, desk.badge, at=clock()) is not None


def test_an_offer_that_was_moved_away_is_made_again_to_who_had_it(desk: Desk, clock) -> None:
    work = desk.work()
    ash = desk.reviewer("Ash", sector="Ships")
    desk.do(rounds.fill_round, work, at=clock())
    clock.advance(hours=7)
    birk = desk.reviewer("Birk", sector="Associations")
    run = desk.make_offers(desk.preview())
    moved = [one.reviewer_id for one in desk.make.rows(Assignment, state="invited")]

    undone = desk.undo(run)

    assert moved == [birk]
    assert (undone.taken_back, undone.made_again) == (1, 1)
    assert [o.reviewer_id for o in desk.make.rows(Assignment, state="invited")] == [ash]


def test_undoing_twice_says_so(desk: Desk) -> None:
    desk.work()
    desk.reviewer("Ash")
    run = desk.make_offers(desk.preview())
    desk.undo(run)

    with pytest.raises(Conflict, match="undone already"):
        desk.undo(run)


def test_own_matters_are_neither_shown_nor_routed_nor_undone(desk: Desk, clock) -> None:
    own = desk.work(learner=desk.manager)
    desk.reviewer("Ash")

    assert desk.preview().found.openings == ()

    run = desk.do(sweep.route, desk.badge, at=clock())
    assert desk.undo(run).taken_back == 0
    assert [one.state for one in desk.make.rows(Assignment, round_id=own)] == ["invited"]
    (line,), _ = desk.do(run_lines.runs, desk.badge, desk.manager.id, page=1, size=25)
    assert (line.offers, line.waiting) == (0, 0)
    submission = desk.make.rows(ReviewRound, id=own)[0].submission_id
    with pytest.raises(NotFound):
        desk.do(runs.release, submission, by=desk.manager.id, at=clock())


def test_a_run_tells_who_made_it_and_what_became_of_its_offers(desk: Desk) -> None:
    desk.work(seats=2)
    desk.reviewer("Ash")
    desk.reviewer("Birk")
    run = desk.make_offers(desk.preview())
    desk.accept(desk.make.rows(Assignment)[0])

    (line,), has_more = desk.do(run_lines.runs, desk.badge, desk.manager.id, page=1, size=25)

    assert (line.id, line.made_by, line.kind) == (run.id, "Mara Lund", "manual")
    assert (line.offers, line.waiting, line.accepted, line.moved) == (2, 1, 1, 0)
    assert (line.can_be_undone, has_more) == (True, False)


def test_two_managers_at_once_ask_everybody_once(desk: Desk, any_database: Database) -> None:
    for _ in range(3):
        desk.work()
    for name in ("Ash", "Birk", "Cedar"):
        desk.reviewer(name, limit=1)
    seen = desk.preview()

    results = together(*[lambda: desk.make_offers(seen)] * 3)

    assert [type(one).__name__ for one in results].count("RoutingRun") == 1
    assert desk.states() == {"invited": 3}


def test_undoing_races_with_a_yes_and_nobody_loses_a_review_they_accepted(
    desk: Desk, any_database: Database
) -> None:
    desk.work(seats=2)
    desk.reviewer("Ash")
    desk.reviewer("Birk")
    run = desk.make_offers(desk.preview())
    first = desk.make.rows(Assignment)[0]

    results = together(
        lambda: desk.undo(run) and "undone",
        lambda: desk.undo(run) and "undone",
        lambda: desk.accept(first) or "accepted",
    )

    found = desk.make.reload(first)
    assert names(results).count("undone") == 1
    assert ("accepted" in results) == (found.state == "accepted")
    assert found.state in ("accepted", "withdrawn")
    assert len(desk.make.rows(AuditEvent, verb="run_undone")) == 1
