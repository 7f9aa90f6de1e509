"""The ladder live: four rungs at night, recovery by rule, and a talk that a person ends."""

import pytest

from accounts.models import Notice
from accounts.roles import grant_role
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.errors import Conflict, Invalid, Refused
from review.pool.models import Qualification
from review.pool.states import QualificationState
from review.recognition import standings, steps
from review.recognition.states import Rung
from tests.factories import OPERATOR
from tests.review.recognition.live import Record


@pytest.fixture
def record(edge, make):
    """A reviewer about whom nothing is known yet."""
    return Record(edge, make)


def slip(record, times=3):
    """Have reviews handed back, which are new ones as well."""
    record.soon()
    for _ in range(times):
        record.moderated(comes_back=True)


def at_talk(record):
    slip(record)
    record.night()
    for _ in range(2):
        slip(record)
        record.night()
    assert record.night() == ["talk"]
    return record.steps()[-1]


def right(record):
    (found,) = record.make.rows(Qualification, person_id=record.reviewer.id)
    return found.state, found.is_held


def notices(record):
    found = record.make.rows(Notice, person_id=record.reviewer.id)
    return [one for one in found if one.kind.startswith("ladder")]


def test_without_a_reason_no_night_does_anything(record):
    for _ in range(5):
        record.review()
    record.moderated(comes_back=True)

    assert record.night() == []
    assert record.steps() == []


def test_the_rungs_come_one_by_one_and_each_is_told_in_private_and_kindly(record):
    slip(record)
    seen = [record.night(0)]
    for _ in range(2):
        slip(record)
        seen.append(record.night())
    seen += [record.night(), record.night()]

    assert seen == [["note"], ["gold"], ["pause"], ["talk"], ["talk"]]
    assert [one.kind for one in notices(record)] == [
        "ladder_note",
        "ladder_gold",
        "ladder_pause",
        "ladder_talk",
    ]
    for one in notices(record):
        assert "fail" not in f"{one.title} {one.body}".lower()
        assert "Kim" not in one.body
        assert one.path == "/reviewing/quality"
    assert record.steps()[0].reasons == [{"trigger": "returned", "value": 3.0, "count": 3.0}]


def test_a_night_that_comes_twice_takes_one_step(record):
    slip(record)

    assert [record.night(0), record.night(0), record.night(13)] == [["note"]] * 3
    assert len(record.steps()) == 1


def test_days_alone_take_no_step(record):
    slip(record)
    record.night()

    assert record.night(60) == ["note"]


def test_a_pause_rests_the_right_and_never_ends_or_suspends_it(record):
    slip(record)
    record.night()
    for _ in range(2):
        slip(record)
        record.night()

    assert record.rungs() == ["pause"]
    assert right(record) == ("resting", True)


def test_when_it_is_well_again_a_pause_ends_by_itself_and_the_right_comes_back(record):
    record.reading(1)
    assert record.night(0) == ["note"]
    for _ in range(2):
        for _ in range(3):
            record.soon()
            record.review()
        record.reading(1)
        record.night()
    paused = record.rungs(), right(record)
    for _ in range(8):
        record.reading(5)

    assert paused == (["pause"], ("resting", True))
    assert record.night(1) == []
    assert right(record) == ("qualified", False)
    assert record.steps()[-1].ended_by == "system:recovery"
    assert notices(record)[-1].kind == "ladder_ended"


def test_what_ended_is_spoken_of_no_more(record):
    step = at_talk(record)
    end(record, step)

    assert record.night(30) == []
    slip(record)
    assert record.night(30) == ["note"]


def test_who_rests_by_wish_stays_where_they_are(record, edge):
    slip(record)
    record.night(0)
    with edge.database.transaction() as session:
        (found,) = session.query(Qualification).all()
        found.state = QualificationState.RESTING.value
    slip(record)

    assert record.night(40) == ["note"]
    assert right(record) == ("resting", False)


def test_inv_40_fifty_declines_change_no_figure_and_take_no_step(record, edge):
    for _ in range(3):
        record.review()
    record.moderated(comes_back=True)
    record.reading(5)
    with edge.database.transaction() as session:
        before = standings.places_of(session, record.badge_id)

    record.declined(50)

    with edge.database.transaction() as session:
        assert standings.places_of(session, record.badge_id) == before == []
    assert record.night() == []


def test_inv_40_declining_the_gold_items_never_leads_on(record):
    slip(record)
    record.night()
    record.soon()
    for _ in range(3):
        record.review()
    assert record.night() == ["gold"]

    record.declined(50)

    assert record.night(90) == ["gold"]


def end(record, step, *, note="We read two works together.", goes_on=True, by=None):
    manager = by or record.make.person().id
    with record.edge.database.transaction() as session:
        return steps.end_talk(
            session, step.id, note=note, goes_on=goes_on, by=manager, at=record.edge.clock()
        )


def test_a_person_ends_a_talk_and_notes_what_was_agreed(record):
    step = at_talk(record)

    ended = end(record, step)

    assert (ended.end_note, record.rungs()) == ("We read two works together.", [])
    assert right(record) == ("qualified", False)
    with pytest.raises(Conflict):
        end(record, step)


def test_it_can_be_agreed_that_it_rests_and_then_the_reviewer_takes_it_up(record):
    end(record, at_talk(record), goes_on=False)

    assert right(record) == ("resting", False)


def test_nobody_ends_a_step_of_their_own_or_without_a_note(record):
    step = at_talk(record)

    with pytest.raises(Refused):
        end(record, step, by=record.reviewer.id)
    with pytest.raises(Invalid):
        end(record, step, note="  ")
    assert record.rungs() == [Rung.TALK.value]


def test_a_talk_waits_on_the_managers_home_and_on_nobody_elses(record, edge):
    step = at_talk(record)
    manager = frozenset({Grant(Role.PROGRAMME_MANAGER)})
    elsewhere = frozenset({Grant(Role.PROGRAMME_MANAGER, "another-badge")})
    visitors = [
        Visitor(id="m", grants=manager),
        Visitor(id="m", grants=elsewhere),
        Visitor(id=record.reviewer.id, grants=manager),
        Visitor(id="m"),
    ]
    with edge.database.transaction() as session:
        seen = [
            [one.path for one in standings.waiting_for(session, who, at=edge.clock())]
            for who in visitors
        ]

    assert seen == [[f"/pool/careful-host/ladder/{step.id}"], [], [], []]


def test_the_manager_reads_who_stands_where_and_why_and_ends_it_on_the_page(
    record, make, as_person
):
    step = at_talk(record)
    calm = make.reviewer(record.edition, "Calm Colleague")
    manager = as_person(make.person(roles_held=(Role.PROGRAMME_MANAGER,)).id)
    path = f"/pool/careful-host/ladder/{step.id}"

    page = manager.get("/pool/careful-host/ladder")
    odd = manager.post(path, data={"note": "", "next": "on"})
    done = manager.post(path, data={"note": "Two works together.", "next": "on"})

    assert "Ravi Reviewer" in page.text
    assert "of the last 9 reviews read came back" in page.text
    assert calm.name not in page.text
    assert (odd.status_code, done.status_code) == (422, 303)
    assert "has been told that the step has ended" in manager.get("/pool/careful-host/ladder").text
    assert "Ravi" not in manager.get("/pool/careful-host/ladder").text
    assert manager.get(path).status_code == 409
    own = as_person(record.reviewer.id).get("/reviewing/quality").text
    assert "Two works together." in own


def test_a_manager_neither_sees_nor_ends_a_step_of_their_own(record, edge, as_person):
    step = at_talk(record)
    with edge.database.transaction() as session:
        grant_role(
            session, record.reviewer.id, Role.PROGRAMME_MANAGER, by=OPERATOR, at=edge.clock()
        )
    own = as_person(record.reviewer.id)

    assert "Nobody stands on a step" in own.get("/pool/careful-host/ladder").text
    assert own.get(f"/pool/careful-host/ladder/{step.id}").status_code == 404
