"""The whole badge looked at together: offers that move, wishes, rests, tiers, and staff told."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Notice
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.calendar import add_business_days
from core.db import Database
from core.models import AuditEvent
from core.runtime import Runtime
from portfolio.submission.models import Submission
from review.assignment import desk, openings, rounds
from review.assignment.models import Assignment, ReviewRound, RoutingRun
from review.assignment.states import AssignmentState, DeclineReason, WishKind
from review.pool.models import Holiday
from review.pool.parts import take_part
from review.pool.states import Part
from tests.factories import Factory
from tests.plugins.worlds import Clock
from tests.review.assignment.live import Live

S = AssignmentState


@pytest.fixture
def live(any_database: Database, edge: Runtime, make: Factory, clock: Clock) -> Live:
    return Live(edge, make, clock)


def test_an_offer_says_its_rank_tier_and_how_many_could_be_asked(live: Live) -> None:
    live.reviewers("Ada Quill", "Bo Rivet", "Cy Stamp")

    made = live.arrives()

    found = [one.explanation for one in live.rows(made)]
    assert [one["tier"] for one in found] == ["normal", "normal"]
    assert [one["eligible"] for one in found] == [3, 3]
    assert [one["is_extra"] for one in found] == [False, False]
    assert all(one["terms"] and one["rank"] >= 1 for one in found)


def test_a_quiet_sweep_leaves_no_run_and_changes_nothing(live: Live) -> None:
    live.reviewers("Ada Quill", "Bo Rivet", "Cy Stamp")
    made = live.arrives()
    before = live.asked(made)
    live.clock.advance(hours=7)

    live.sweep()
    live.sweep()

    assert live.asked(made) == before
    assert live.make.rows(RoutingRun) == []


def test_a_look_at_the_badge_weighs_the_pool_only_where_something_can_change(live: Live) -> None:
    live.reviewers("Ada Quill", "Bo Rivet", "Cy Stamp", max_open=1)
    live.arrives()
    short = live.arrives()

    def looked_at() -> list[str]:
        with live.edge.database.transaction(read_only=True) as session:
            found = openings.read(session, live.edition.badge_id, at=live.edge.clock())
            return [one.submission.id for one in found.openings]

    assert looked_at() == [short.id]
    live.clock.advance(hours=7)
    assert len(looked_at()) == 2


def test_an_unanswered_offer_moves_when_that_gains_more_than_it_costs_and_kindly(
    live: Live,
) -> None:
    (far,) = live.reviewers("Ada Quill", sector="Shipping")
    (other,) = live.reviewers("Bo Rivet", sector="Shipping")
    made = live.arrives()
    (near,) = live.reviewers("Cy Stamp", sector="Associations")
    live.clock.advance(hours=5, minutes=59)
    live.sweep()
    too_soon = live.asked(made)
    live.clock.advance(minutes=1)

    live.sweep("refill_rounds")

    assert too_soon == {far.id, other.id}
    assert near.id in live.asked(made)
    assert len(live.asked(made)) == 2
    (run,) = live.make.rows(RoutingRun)
    (gone,) = live.rows(made, S.WITHDRAWN)
    (new,) = [one for one in live.rows(made, S.INVITED) if one.reviewer_id == near.id]
    assert (gone.ended_run_id, new.run_id, new.seat) == (run.id, run.id, gone.seat)
    assert run.summary == {"offers": 1, "moved": 1, "empty": 0}
    (notice,) = live.make.rows(Notice, kind="invitation_withdrawn")
    assert notice.person_id == gone.reviewer_id
    assert "held against" in notice.body


def test_what_was_accepted_or_pinned_never_moves(live: Live) -> None:
    live.reviewers("Ada Quill", "Bo Rivet", sector="Shipping")
    made = live.arrives()
    first, second = live.rows(made, S.INVITED)
    live.accept(first)
    live.wish(made, second.reviewer_id, WishKind.PIN)
    live.reviewers("Cy Stamp", "Di Punch", sector="Associations")
    live.clock.advance(hours=7)

    live.sweep("refill_rounds")

    assert live.make.rows(RoutingRun) == []
    assert live.make.reload(second).state == S.INVITED.value


def test_who_is_pinned_is_asked_first_and_who_is_forbidden_never(live: Live) -> None:
    near = live.reviewers("Ada Quill", "Bo Rivet", sector="Associations")
    (pinned,) = live.reviewers("Cy Stamp", sector="Shipping")
    made = live.waits()
    live.wish(made, pinned.id, WishKind.PIN)
    live.wish(made, near[0].id, WishKind.FORBID)

    live.sweep("refill_rounds")

    assert live.asked(made) == {pinned.id, near[1].id}


def test_a_round_held_for_a_person_is_left_alone_until_then(live: Live) -> None:
    live.reviewers("Ada Quill", "Bo Rivet")
    made = live.waits()
    live.sweep("refill_rounds")
    for one in live.rows(made, S.INVITED):
        live.decline(one, DeclineReason.OTHER)
    live.reviewers("Cy Stamp")
    with live.edge.database.transaction() as session:
        held = session.get_one(ReviewRound, live.round(made).id)
        held.held_until = live.clock() + timedelta(hours=24)

    live.later(hours=23)
    before = live.asked(made)
    live.later(hours=1)

    assert before == set()
    assert len(live.asked(made)) == 1


def test_a_not_now_may_be_asked_again_for_the_same_work_after_two_weeks_and_never_is_never(
    live: Live,
) -> None:
    later, never = live.reviewers("Ada Quill", "Bo Rivet")
    made = live.arrives()
    mine = {one.reviewer_id: one for one in live.rows(made)}
    live.decline(mine[later.id])
    live.decline(mine[never.id], DeclineReason.OUTSIDE_EXPERTISE)
    live.clock.advance(days=2, hours=23)
    live.sweep()
    too_soon = live.asked(made)

    live.clock.advance(hours=1)
    live.sweep("refill_rounds")

    assert too_soon == set()
    assert live.make.reload(mine[later.id]).ask_again_at == live.clock() + timedelta(days=11)
    assert live.make.reload(mine[never.id]).ask_again_at is None
    assert live.asked(made) == {later.id}, "three days are enough once the seat waits long"


def test_an_invitation_that_lapsed_is_a_not_now(live: Live) -> None:
    live.reviewers("Ada Quill")
    made = live.arrives()

    live.later(hours=24)

    (lapsed,) = live.rows(made, S.LAPSED)
    assert lapsed.ask_again_at == live.clock() + timedelta(days=14)


def test_after_a_not_now_nobody_is_asked_for_anything_until_a_seat_has_long_been_free(
    live: Live,
) -> None:
    (only,) = live.reviewers("Ada Quill")
    first = live.arrives()
    live.decline(live.rows(first)[0])

    second = live.arrives()
    at_once = live.asked(second)
    live.later(hours=47)
    within_two_days = live.asked(second)
    live.later(hours=1)

    assert (at_once, within_two_days) == (set(), set())
    assert live.asked(second) == {only.id}


def test_nobody_is_asked_on_holiday(live: Live) -> None:
    away, here = live.reviewers("Ada Quill", "Bo Rivet")
    today = live.clock().date()
    with live.edge.database.transaction() as session:
        session.add(
            Holiday(person_id=away.id, from_date=today, until_date=today + timedelta(days=3))
        )

    made = live.arrives()
    now = live.asked(made)
    live.later(days=4)

    assert now == {here.id}
    assert away.id in {one.reviewer_id for one in live.rows(made)}


def test_the_wish_for_a_year_gives_way_after_two_days(live: Live) -> None:
    (full,) = live.reviewers("Ada Quill")
    live.set_limits([full.id], per_year=0)
    made = live.arrives()

    live.later(hours=47)
    before = live.asked(made)
    live.later(hours=1)

    assert before == set()
    assert live.asked(made) == {full.id}


def test_two_of_one_organisation_share_a_portfolio_only_after_a_day(live: Live) -> None:
    for name in ("Ada Quill", "Bo Rivet"):
        live.make.reviewer(live.edition, name, employer="Harbour Events")
    made = live.arrives()
    first = live.rows(made)
    live.accept(*first)

    live.later(hours=24)

    assert len(first) == 1
    assert len(live.asked(made)) == 1


def test_nobody_is_asked_to_review_whoever_is_asked_to_review_them(live: Live) -> None:
    ada, bo = live.reviewers("Ada Quill", "Bo Rivet")
    of_ada = live.arrives(ada)

    of_bo = live.arrives(bo)
    live.later(hours=20)

    assert {one.reviewer_id for one in live.rows(of_ada)} == {bo.id}
    assert live.rows(of_bo) == []


def test_a_sector_that_one_of_many_knows_chooses_nobody(live: Live) -> None:
    people = live.reviewers(*(f"Person {number}" for number in range(12)))
    live.set_limits([people[0].id], sectors=["Associations"])
    one = live.arrives()
    live.set_limits([someone.id for someone in people[:3]], sectors=["Associations"])
    other = live.arrives()

    def sectors(work: Submission) -> list[float]:
        terms = [term for row in live.rows(work) for term in row.explanation["terms"]]
        return [term["value"] for term in terms if term["name"] == "sector"]

    assert sectors(one) == [0.5, 0.5]
    assert sectors(other) == [1.0, 1.0]


def test_managers_are_told_once_when_nobody_is_found_and_the_matter_is_theirs(live: Live) -> None:
    manager = live.make.person("Mo Ferry", roles_held=(Role.PROGRAMME_MANAGER,))
    learner = live.make.person("Lu Pier", roles_held=(Role.PROGRAMME_MANAGER,))
    checker = live.make.person("Cas Quay", roles_held=(Role.PROGRAMME_MANAGER,))
    made = live.arrives(learner)
    with live.edge.database.transaction() as session:
        take_part(session, made.portfolio_id, checker.id, Part.CHECKER, at=live.clock())
        sees = Visitor(id=checker.id, grants=frozenset({Grant(Role.PROGRAMME_MANAGER)}))
        of_checker = desk.waiting_for(session, sees, at=live.clock())

    live.later(hours=95)
    before = live.make.rows(Notice, kind="reviewers_missing")
    live.later(hours=2)
    live.later(days=3)

    assert before == of_checker == []
    (notice,) = live.make.rows(Notice, kind="reviewers_missing")
    assert (notice.person_id, notice.path) == (manager.id, f"/flow/{made.id}")
    assert live.round(made).escalated_at is not None
    assert len(live.make.rows(AuditEvent, verb="round_escalated")) == 1


def test_inv_40_declining_lapsing_and_pausing_change_neither_fit_nor_place(live: Live) -> None:
    keen, other = live.reviewers("Ada Quill", "Bo Rivet", sector="Associations")
    live.reviewers("Cy Stamp", "Di Punch", sector="Shipping")
    first = live.arrives()
    before = {one.reviewer_id: one.explanation for one in live.rows(first)}
    for one in live.rows(first):
        if one.reviewer_id == keen.id:
            live.decline(one)
    live.later(days=2)
    live.set_limits([keen.id, other.id], paused_until=live.clock() + timedelta(days=5))
    live.later(days=30)
    for one in live.make.rows(Assignment):
        _end(live, one)

    second = live.arrives()

    after = {one.reviewer_id: one.explanation for one in live.rows(second)}
    assert set(after) == {keen.id, other.id} == set(before)
    for person in before:
        assert without_time(after[person]) == without_time(before[person])
        assert after[person]["total"] >= before[person]["total"]
        assert after[person]["rank"] == before[person]["rank"]


def without_time(explanation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the terms but for how long somebody has been qualified, which only ever rises."""
    return [one for one in explanation["terms"] if one["name"] != "qualification"]


def _end(live: Live, one: Assignment) -> None:
    with live.edge.database.transaction() as session:
        found = session.get_one(Assignment, one.id)
        if found.state == S.INVITED.value:
            found.state, found.ended_at = S.LAPSED.value, live.clock()


def test_inv_38_an_empty_seat_waits_for_a_manager_with_a_deadline_at_each_stage(
    live: Live,
) -> None:
    manager = Visitor(
        id=live.make.person("Mo Ferry").id, grants=frozenset({Grant(Role.PROGRAMME_MANAGER)})
    )
    made = live.arrives()

    def deadline() -> datetime | None:
        with live.edge.database.transaction() as session:
            (entry,) = desk.waiting_for(session, manager, at=live.clock())
            return entry.by

    promised = deadline()
    live.later(hours=96)
    told = deadline()
    held = live.clock() + timedelta(hours=24)
    with live.edge.database.transaction() as session:
        session.get_one(ReviewRound, live.round(made).id).held_until = held

    assert promised == made.promised_at
    assert told == add_business_days(live.round(made).escalated_at, 2)
    assert deadline() == held


def test_a_round_is_filled_along_with_the_oldest_and_the_newest_that_lack_somebody(
    any_database: Database, edge: Runtime, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "AT_ONCE", 4)
    edition = make.edition()
    for number in range(8):
        make.reviewer(edition, f"Reviewer Ashgrove{number}")
    waiting = []
    for number in range(8):
        waiting.append(make.waiting_for_one(make.person(f"Learner Briar{number}"), edition).id)
        edge.clock.advance(minutes=1)  # type: ignore[attr-defined]
    (asked_for,) = make.rows(ReviewRound, submission_id=waiting[3])

    with edge.database.transaction() as session:
        rounds.fill_round(session, asked_for.id, at=edge.clock())

    filled = {one.submission_id for one in make.rows(Assignment)}
    assert filled == {waiting[place] for place in (0, 1, 3, 6, 7)}
