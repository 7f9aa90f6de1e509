"""A manager sees a run, makes it, undoes it, pins and swaps; never in matters of their own."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from accounts.models import Notice
from accounts.states import Role
from core.models import AuditEvent
from portfolio.submission.states import SubmissionState
from review.assignment import rounds
from review.assignment.models import Assignment, ReviewRound, RoutingRun, RoutingWish
from review.assignment.states import RoundKind
from review.pool.models import ReviewerProfile

RUN = "/flow/badges/careful-host/run"
RUNS = "/flow/badges/careful-host/runs"
WHY = {"reason": "Knows this field."}


@pytest.fixture
def edition(make):
    return make.edition()


@pytest.fixture
def manager(make, as_person):
    mara = make.person("Mara Lund", roles_held=(Role.PROGRAMME_MANAGER,))
    return as_person(mara.id)


@pytest.fixture
def work(make, edition, database, clock):
    """Hand in a work that waits for one reviewer, with nobody asked yet."""

    def made(learner=None):
        found = make.submission(learner or make.person("Lena Learner"), edition)
        make.edge.jobs.waiting.clear()
        make.moved(found, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)
        with database.transaction() as session:
            rounds.open_round(
                session,
                found.id,
                kind=RoundKind.INITIAL,
                seats=1,
                by="system:operator",
                at=clock(),
            )
        make.edge.jobs.waiting.clear()
        return make.reload(found)

    return made


def carried(page):
    """What the form of a preview carries."""
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', page) for name in ("new", "moved")}


def asked(make):
    return [(one.reviewer_id, one.state) for one in make.rows(Assignment)]


def test_a_run_is_seen_made_listed_and_undone(make, edition, manager, work):
    found, ash = work(), make.reviewer(edition, "Ash Quill")

    preview = manager.get(RUN).text
    before = asked(make)
    manager.post(RUN, data=carried(preview))
    listed = manager.get(RUNS).text
    (run,) = make.rows(RoutingRun)
    undone = manager.post(f"/flow/runs/{run.id}/undo", follow_redirects=True).text
    page = manager.get(f"/flow/{found.id}").text

    assert "Ash Quill" in preview
    assert found.pseudonym in preview
    assert "Lena Learner" not in preview
    assert before == []
    assert "Mara Lund" in listed
    assert "1 taken back." in undone
    assert asked(make) == [(ash.id, "withdrawn")]
    assert "Let it go on now" in page
    assert "Undone" in undone
    again = manager.post(f"/flow/runs/{run.id}/undo", follow_redirects=True).text
    assert "undone already" in again


def test_what_changed_meanwhile_is_shown_and_nothing_is_sent(
    make, edition, manager, work, database
):
    work()
    ash = make.reviewer(edition, "Ash Quill")
    preview = manager.get(RUN).text
    with database.transaction() as session:
        session.get_one(ReviewerProfile, ash.id).is_available = False
    make.reviewer(edition, "Birk Rivet")

    answer = manager.post(RUN, data=carried(preview))

    assert answer.status_code == 409
    assert "nothing was sent" in answer.text
    assert re.search(r"New: Birk Rivet.*No longer: ", answer.text, re.DOTALL)
    assert asked(make) == []


@pytest.mark.parametrize("sent", ["", "nonsense", "a b", " "])
def test_a_form_that_was_made_up_sends_nothing(make, edition, manager, work, sent):
    work()
    make.reviewer(edition, "Ash Quill")

    answer = manager.post(RUN, data={"new": sent})

    assert answer.status_code == 409
    assert asked(make) == []


def test_a_held_work_is_given_back_to_the_router(make, edition, manager, work, drain):
    found = work()
    make.reviewer(edition, "Ash Quill")
    manager.post(RUN, data=carried(manager.get(RUN).text))
    (run,) = make.rows(RoutingRun)
    manager.post(f"/flow/runs/{run.id}/undo")
    drain()
    held = [state for _, state in asked(make)]

    manager.post(f"/flow/{found.id}/release")
    drain()

    assert held == ["withdrawn"]
    assert [one.held_until for one in make.rows(ReviewRound)] == [None]
    assert [state for _, state in asked(make)] == ["withdrawn", "invited"]


def test_whom_a_manager_wants_for_a_held_work_is_asked_at_once_and_offers_of_it_are_swapped(
    make, edition, manager, work, drain
):
    for one in (work(), work(make.person("Noa Learner"))):
        assert one
    for name in ("Ash Quill", "Birk Rivet", "Cedar Stamp"):
        make.reviewer(edition, name)
    with make.edge.database.transaction() as session:
        for limits in session.query(ReviewerProfile):
            limits.max_open = 1
    manager.post(RUN, data=carried(manager.get(RUN).text))
    (run,) = make.rows(RoutingRun)
    manager.post(f"/flow/runs/{run.id}/undo")
    first, second = make.rows(Assignment)

    for one in (first, second):
        path = f"/flow/{one.submission_id}/{one.reviewer_id}/wish"
        assert manager.post(path, data={"kind": "pin", **WHY}).status_code == 303
    mine, other = make.rows(Assignment, state="invited")
    path = f"/flow/{mine.submission_id}/offers/{mine.id}/swap"
    swapped = manager.post(path, data={"other": other.id, **WHY})
    drain()

    now = {(o.submission_id, o.reviewer_id) for o in make.rows(Assignment, state="invited")}
    assert {mine.reviewer_id, other.reviewer_id} == {first.reviewer_id, second.reviewer_id}
    assert swapped.status_code == 303
    assert now == {
        (mine.submission_id, other.reviewer_id),
        (other.submission_id, mine.reviewer_id),
    }
    assert None not in [one.held_until for one in make.rows(ReviewRound)]


def test_a_pinned_person_is_asked_though_others_fit_better(make, edition, manager, work, drain):
    found = work()
    make.reviewer(edition, "Ash Quill", sector="Associations")
    birk = make.reviewer(edition, "Birk Rivet", sector="Ships")
    path = f"/flow/{found.id}/{birk.id}/wish"

    form = manager.get(f"{path}?kind=pin").text
    manager.post(path, data={"kind": "pin", **WHY})
    drain()
    page = manager.get(f"/flow/{found.id}").text

    assert "Birk Rivet" in form
    assert asked(make) == [(birk.id, "invited")]
    assert "“Knows this field.”" in page
    assert [one.reason for one in make.rows(AuditEvent, verb="routing_wish_made")] == [
        "Knows this field."
    ]


def test_who_is_not_wanted_is_not_asked_and_an_open_offer_is_taken_back(
    make, edition, manager, work, drain
):
    found, ash = work(), make.reviewer(edition, "Ash Quill")
    manager.post(RUN, data=carried(manager.get(RUN).text))

    manager.post(f"/flow/{found.id}/{ash.id}/wish", data={"kind": "forbid", **WHY})
    drain()
    page = manager.get(f"/flow/{found.id}").text

    assert asked(make) == [(ash.id, "withdrawn")]
    kinds = [one.kind for one in make.rows(Notice, person_id=ash.id)]
    assert {"invitation", "invitation_withdrawn"} <= set(kinds)
    assert "A programme manager wrote: “Knows this field.”" in page
    (wish,) = make.rows(RoutingWish)
    manager.post(f"/flow/wishes/{wish.id}/end")
    drain()
    assert [state for _, state in asked(make)] == ["withdrawn", "invited"]


def test_wishes_that_cannot_be_are_refused_with_the_reason(make, edition, manager, work):
    learner = make.person("Lena Learner", employer="Harbour Events")
    found = work(learner)
    tied = make.reviewer(edition, "Same House", employer="Harbour Events")
    ash, birk = make.reviewer(edition, "Ash"), make.reviewer(edition, "Birk")

    def wish(person, kind, reason="Because."):
        data = {"kind": kind, "reason": reason}
        return manager.post(f"/flow/{found.id}/{person.id}/wish", data=data)

    refused = wish(tied, "pin")
    unsaid = wish(ash, "pin", " ")
    first = wish(ash, "pin")
    against = wish(ash, "forbid")
    second = wish(birk, "pin")
    outsider = wish(learner, "pin")

    assert "same organisation" in refused.text
    assert "End it first." in against.text
    assert "This work has 1 seat, and as many people are wanted already." in second.text
    assert [one.status_code for one in (refused, unsaid, first, against, second, outsider)] == [
        422, 422, 303, 422, 422, 404
    ]  # fmt: skip
    assert len(make.rows(RoutingWish)) == 1


def test_a_manager_in_the_pool_never_chooses_what_they_review(make, edition, as_person, work):
    found, mara = work(), make.reviewer(edition, "Mara", roles_held=(Role.PROGRAMME_MANAGER,))

    answer = as_person(mara.id).post(
        f"/flow/{found.id}/{mara.id}/wish", data={"kind": "pin", **WHY}
    )

    assert answer.status_code == 422
    assert "Nobody chooses what they review" in answer.text
    assert make.rows(RoutingWish) == []


def test_two_offers_are_swapped_both_or_neither(make, edition, manager, work, drain, clock):
    first = work(make.person("Lena", employer="Harbour Events"))
    ash = make.reviewer(edition, "Ash Quill")
    manager.post(RUN, data=carried(manager.get(RUN).text))
    second = work()
    birk = make.reviewer(edition, "Birk Rivet", employer="Harbour Events")
    for limits in (ash,):
        with make.edge.database.transaction() as session:
            session.get_one(ReviewerProfile, limits.id).max_open = 1
    manager.post(RUN, data=carried(manager.get(RUN).text))
    mine, other = make.rows(Assignment, state="invited")
    path = f"/flow/{mine.submission_id}/offers/{mine.id}/swap"

    refused = manager.post(path, data={"other": other.id, **WHY})
    third = make.reviewer(edition, "Cedar Stamp")

    assert {mine.submission_id, other.submission_id} == {first.id, second.id}
    assert {mine.reviewer_id, other.reviewer_id} == {ash.id, birk.id}
    assert refused.status_code == 422
    assert "They cannot change places." in refused.text
    assert len(make.rows(Assignment, state="withdrawn")) == 0
    assert third.name not in refused.text


def test_a_swap_tells_both_kindly(make, edition, manager, work):
    works = [work(), work(make.person("Noa Learner"))]
    people = [make.reviewer(edition, "Ash Quill"), make.reviewer(edition, "Birk Rivet")]
    with make.edge.database.transaction() as session:
        for one in people:
            session.get_one(ReviewerProfile, one.id).max_open = 1
    manager.post(RUN, data=carried(manager.get(RUN).text))
    mine, other = make.rows(Assignment)
    path = f"/flow/{mine.submission_id}/offers/{mine.id}/swap"

    form = manager.get(path).text
    answer = manager.post(path, data={"other": other.id, **WHY})

    now = {(o.submission_id, o.reviewer_id) for o in make.rows(Assignment, state="invited")}
    assert len(works) == 2
    assert "Lena Learner" not in form
    assert answer.status_code == 303
    assert now == {
        (mine.submission_id, other.reviewer_id),
        (other.submission_id, mine.reviewer_id),
    }
    assert len(make.rows(AuditEvent, verb="offers_swapped")) == 2


def test_the_page_says_by_how_much_others_fit_better_and_what_each_rule_excludes(
    make, edition, manager, work
):
    found = work(make.person("Lena Learner", employer="Harbour Events"))
    make.reviewer(edition, "Ash Quill", sector="Associations")
    manager.post(RUN, data=carried(manager.get(RUN).text))
    make.reviewer(edition, "Birk Rivet", sector="Ships")
    make.reviewer(edition, "Same House", employer="Harbour Events")

    page = manager.get(f"/flow/{found.id}").text

    assert "Why Ash Quill: fit" in page
    assert re.search(r"who is asked fits better by 0\.\d\d", page)
    assert "Same organisation as the learner" in page
    assert "Lena Learner" not in page


def test_an_empty_seat_says_what_fills_it_at_least_cost(
    make, edition, manager, work, database, clock
):
    found = work()
    nobody = manager.get(f"/flow/{found.id}").text
    ash = make.reviewer(edition, "Ash Quill")
    with database.transaction() as session:
        session.get_one(ReviewerProfile, ash.id).paused_until = clock() + timedelta(days=2)

    paused = manager.get(f"/flow/{found.id}").text

    assert "Qualify one more reviewer" in nobody
    assert "Wait: Ash Quill can be asked from" in paused


def test_a_run_tells_nothing_to_do_from_nobody_to_do_it(make, edition, manager, work, database):
    calm = manager.get(RUN).text
    found = work()
    with database.transaction() as session:
        session.query(ReviewRound).filter_by(submission_id=found.id).one().seats = 3

    lacking = manager.get(RUN).text

    assert "No work looks for reviewers now" in calm
    assert "would be made" not in calm
    assert re.search("Qualify +3 more reviewers", lacking)
    assert lacking.count("more reviewers in") == 1, "one line for one work"
    assert "No work looks for reviewers now" not in lacking
    assert "What each rule costs" not in lacking, "there is nothing to compare"


def test_rules_that_cost_nothing_say_so_and_no_table_is_drawn(make, edition, manager, work):
    work()
    for number in range(3):
        make.reviewer(edition, sector=f"Sector {number}")

    page = manager.get(RUN).text

    assert "would be made" in page
    assert "the router would ask no more people, and none who fit better" in page
    assert "What there would be more of" not in page


def test_managers_never_steer_what_they_have_a_part_in(make, edition, as_person, work, database):
    owner = make.person("Mo Own", roles_held=(Role.PROGRAMME_MANAGER,))
    found, ash = work(owner), make.reviewer(edition, "Ash Quill")
    manager = as_person(owner.id)

    answers = [
        manager.get(f"/flow/{found.id}"),
        manager.get(f"/flow/{found.id}/{ash.id}/wish"),
        manager.post(f"/flow/{found.id}/{ash.id}/wish", data={"kind": "pin", **WHY}),
        manager.post(f"/flow/{found.id}/release"),
    ]

    assert [one.status_code for one in answers] == [404] * 4
    assert found.pseudonym not in manager.get(RUN).text
    assert make.rows(RoutingWish) == []


def test_pages_cost_the_same_for_few_and_for_many(make, edition, manager, work, database):
    def cost(path):
        statements = []

        def note(_connection, _cursor, statement, *_):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        answer = manager.get(path)
        event.remove(database.engine, "before_cursor_execute", note)
        assert answer.status_code == 200
        return len(statements)

    found = work()
    one = work(make.person("Bo Learner"))
    make.reviewer(edition, "Ash Quill")
    paths = (f"/flow/{found.id}", RUN)
    few = [cost(path) for path in paths]
    for number in range(4):
        work(make.person(f"More {number}"))
    for number in range(60):
        make.reviewer(edition, f"Reviewer {number}")
    with database.transaction() as session:
        for limits in session.query(ReviewerProfile):
            limits.is_available = limits.person_id < "8"

    assert one is not None
    assert [cost(path) for path in paths] == few
    assert 'rel="next"' in manager.get(paths[0]).text
