"""Reading a benchmark: fresh ones only, compared once, and what a pass or a fail leads to."""

import pytest

from core.errors import Refused
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from review.calibration import queries, services
from review.calibration.models import CalibrationResult
from review.pool.states import ConflictKind
from review.pool.ties import declare_conflict
from tests.review.calibration.scenes import Scene, draft_and_seal
from tests.together import together


def test_a_reading_with_the_committees_levels_passes_and_holds_for_a_year(scene, clock):
    scene.active()
    nora = scene.reader()
    clock.advance(days=2)

    kept = scene.read(nora, (3, 2))

    assert (kept.number, kept.agreed, kept.criteria, kept.is_passed) == (1, 2, 2, True)
    assert kept.differences == {"C1": 0, "C2": 0}
    right = scene.right(nora)
    assert right.calibrated_at == clock()
    assert (right.calibrated_until - clock()).days == 365


def test_a_fail_is_told_and_a_retry_takes_a_fresh_benchmark(scene):
    scene.active()
    scene.active(scene.another_work())
    nora = scene.reader()

    first = scene.read(nora, (3, 3))
    retried = scene.read(nora, (3, 2))

    assert (first.is_passed, first.gating_misses, first.differences) == (
        False,
        1,
        {"C1": 0, "C2": 1},
    )
    assert (retried.number, retried.is_passed) == (2, True)
    assert first.benchmark_id != retried.benchmark_id
    assert scene.right(nora).calibrated_until is not None
    # The first reading stays the measure, whatever came after it.
    assert [one.number for one in scene.make.rows(CalibrationResult, is_passed=False)] == [1]


def test_with_no_fresh_benchmark_left_the_page_says_so_and_the_manager_is_told(scene, as_person):
    scene.active()
    nora = scene.reader()
    scene.read(nora, (1, 1))

    with pytest.raises(Refused, match="no benchmark left that would be new to you"):
        scene.begun(nora)

    assert "Nora Quill needs a word" in as_person(scene.manager.id).get("/notices").text


def test_after_three_tries_within_thirty_days_a_person_talks(scene, clock):
    scene.active()
    for name in ("Lin Second", "Tam Third", "Fay Fourth"):
        scene.active(scene.another_work(name))
    nora = scene.reader()
    for _ in range(3):
        scene.read(nora, (1, 1))

    with pytest.raises(Refused, match="talks with you"):
        scene.begun(nora)
    clock.advance(days=31)

    assert scene.begun(nora).state == AssignmentState.ACCEPTED.value


def test_inv_05_nobody_calibrates_on_their_own_work(scene):
    scene.active()
    with scene.edge.database.transaction() as session:
        fresh = queries.fresh_for(session, scene.badge_id, scene.author.id, at=scene.edge.clock())

    assert fresh == []


def test_inv_06_nobody_calibrates_on_the_work_of_somebody_they_are_tied_to(scene):
    scene.active()
    nora = scene.reader()
    with scene.edge.database.transaction() as session:
        before = queries.fresh_for(session, scene.badge_id, nora.id, at=scene.edge.clock())
        declare_conflict(
            session,
            nora.id,
            kind=ConflictKind.FAMILY,
            other_person_id=scene.author.id,
            by=nora.id,
            at=scene.edge.clock(),
        )
        after = queries.fresh_for(session, scene.badge_id, nora.id, at=scene.edge.clock())

    assert (len(before), after) == (1, [])


def test_whoever_reviewed_a_work_does_not_calibrate_on_it(scene):
    scene.active()
    with scene.edge.database.transaction() as session:
        fresh = queries.fresh_for(
            session, scene.badge_id, scene.stage.reviewers[0].id, at=scene.edge.clock()
        )

    assert fresh == []


def test_a_reading_that_ended_before_its_seal_may_be_taken_up_again(scene, clock):
    scene.active()
    nora = scene.reader()
    begun = scene.begun(nora)
    scene.stage.draft(begun, {})
    with scene.edge.database.transaction() as session:
        session.get_one(Assignment, begun.id).state = AssignmentState.WITHDRAWN.value

    again = scene.begun(nora)

    assert (again.id != begun.id, again.submission_id) == (True, begun.submission_id)


def test_two_tabs_begin_one_reading(any_database, stage):
    scene = Scene(stage)
    scene.active()
    scene.active(scene.another_work())
    nora = scene.reader()

    begun = together(lambda: scene.begun(nora).id, lambda: scene.begun(nora).id)

    assert len(set(begun)) == 1
    assert len(scene.make.rows(Assignment, reviewer_id=nora.id, is_counted=False)) == 1


def test_two_readings_compared_at_once_get_two_numbers(any_database, stage):
    scene = Scene(stage)
    second = scene.another_work()
    scene.active()
    nora = scene.reader()
    one = scene.begun(nora)
    draft_and_seal(scene, one, (3, 2))
    scene.active(second)
    other = scene.begun(nora)
    draft_and_seal(scene, other, (3, 3))

    def compared(assignment_id):
        with scene.edge.database.transaction() as session:
            services.compare_reading(session, assignment_id, at=scene.edge.clock())

    together(
        *(lambda which=which: compared(which) for which in (one.id, other.id, one.id, other.id))
    )

    assert sorted(kept.number for kept in scene.make.rows(CalibrationResult)) == [1, 2]


def test_a_work_that_is_looked_at_again_is_no_benchmark_meanwhile(scene):
    scene.active()
    with scene.edge.database.transaction() as session:
        session.get_one(Submission, scene.first.id).state = "in_committee"

    with scene.edge.database.transaction() as session:
        assert queries.active(session, scene.badge_id) == []
