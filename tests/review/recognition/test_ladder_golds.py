"""Whom the ladder has known work for gets two at most, by chance, and no more after a no."""

from datetime import timedelta

import pytest

from review.assignment import invitations
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import DeclineReason, RoundKind
from review.calibration import golds
from review.recognition import ladder_golds, standings
from review.recognition.models import LadderStep
from review.recognition.states import Rung
from tests.review.calibration.scenes import Scene


@pytest.fixture
def scene(stage):
    """A badge with three benchmarks, and a reviewer on the rung of the gold items."""
    made = Scene(stage)
    works = [made.first, made.another_work("Lin Second"), made.another_work("Tam Third")]
    for one in works:
        made.active(one)
    made.nora = made.reader()
    made.read(made.nora, (3, 2))
    made.clock.advance(hours=1)
    with made.edge.database.transaction() as session:
        session.add(
            LadderStep(
                person_id=made.nora.id,
                badge_id=made.badge_id,
                rung=Rung.GOLD.value,
                taken_at=made.clock(),
            )
        )
    return made


def looked(scene, days):
    """Look every quarter of an hour for some days; return the gold items given."""
    made = []
    for _ in range(days * 96):
        scene.clock.advance(minutes=15)
        with scene.edge.database.transaction() as session:
            made += [one.id for one in ladder_golds.give_due(session, at=scene.clock())]
    return made


def given(scene):
    with scene.edge.database.transaction() as session:
        (step,) = standings.on_gold(session)
        return standings.golds_since(session, step)


def test_known_work_comes_within_days_as_an_invitation_and_one_at_a_time(scene):
    sent = looked(scene, 14)

    (reading,) = scene.make.rows(Assignment, id=sent[0])
    (opened,) = scene.make.rows(ReviewRound, id=reading.round_id)
    assert len(sent) == 1
    assert (reading.reviewer_id, reading.state) == (scene.nora.id, "invited")
    assert (opened.kind, reading.is_counted) == (RoundKind.GOLD.value, False)
    assert given(scene) == (1, True)


def test_a_no_is_an_answer_and_nothing_is_asked_in_its_place_beyond_two(scene):
    sent = []
    for _ in range(3):
        sent += looked(scene, 14)
        for one in scene.make.rows(Assignment, reviewer_id=scene.nora.id, state="invited"):
            with scene.edge.database.transaction() as session:
                invitations.decline(
                    session,
                    one.id,
                    reason=DeclineReason.NO_TIME,
                    by=scene.nora.id,
                    at=scene.clock(),
                )

    assert 1 <= len(sent) <= ladder_golds.ITEMS
    assert not given(scene)[1]


def test_chance_decides_on_which_look_somebody_is_asked(scene):
    start = scene.clock()

    looks = [
        golds.is_drawn(scene.nora.id, scene.badge_id, at=start + timedelta(minutes=15 * number))
        for number in range(golds.LOOKS * 20)
    ]

    assert 5 <= sum(looks) <= 45
