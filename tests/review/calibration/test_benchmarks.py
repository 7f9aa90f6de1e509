"""From a finished work to a benchmark in use: who asks, who agrees, who sets, and the way back."""

import pytest

from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.errors import Invalid, NotFound, Refused
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from review.calibration import benchmarks, proposals, queries
from review.calibration.models import CalibrationResult
from review.pool.models import Benchmark
from tests.review.calibration.scenes import LEVELS, REASONS


def set_by(scene, found, visitor, **changes):
    with scene.edge.database.transaction() as session:
        return benchmarks.set_levels(
            session,
            found.id,
            **{
                "levels": LEVELS,
                "reasons": REASONS,
                "has_no_names": True,
                "visitor": visitor,
                "at": scene.edge.clock(),
                **changes,
            },
        )


def test_the_way_from_a_finished_work_to_a_benchmark_on_pages(scene, as_person):
    manager, author = as_person(scene.manager.id), as_person(scene.author.id)
    slug = "careful-host"
    listed = manager.get(f"/pool/{slug}/benchmarks")
    assert scene.first.pseudonym in listed.text
    assert scene.author.name not in listed.text

    asked = manager.post(f"/pool/{slug}/benchmarks", data={"submission_id": scene.first.id})
    (found,) = scene.make.rows(Benchmark)
    assert asked.status_code == 303
    assert "be a benchmark?" in author.get("/home").text
    page = author.get(f"/benchmarks/{found.id}/consent")
    assert "I can take this back at any time" in page.text
    assert author.post(f"/benchmarks/{found.id}/consent", data={}).status_code == 422
    author.post(f"/benchmarks/{found.id}/consent", data={"answer": "yes"})

    member = as_person(scene.member.id)
    assert "waits for its levels" in member.get("/home").text
    path = f"/committee/benchmarks/{found.id}"
    assert scene.author.name not in member.get(path).text
    given = {
        **{f"{key}-level": str(level) for key, level in LEVELS.items()},
        **{f"{key}-reason": reason for key, reason in REASONS.items()},
    }
    scene.clock.advance(minutes=5)
    without = member.post(path, data=given)
    done = member.post(path, data={**given, "has_no_names": "y"})

    assert (without.status_code, done.status_code) == (422, 303)
    assert "Look for names" in without.text
    assert scene.make.reload(found).state == "active"
    reviewer = as_person(scene.stage.reviewers[0].id)
    assert "Calibrate for Careful Host" in reviewer.get("/notices").text


def test_inv_48_no_work_is_read_as_a_benchmark_without_its_authors_consent_and_a_look_for_names(
    scene,
):
    nora = scene.reader()
    asked = scene.proposed()
    with pytest.raises(Refused, match="no benchmark yet"):
        scene.begun(nora)
    with pytest.raises(Exception, match="dealt with"):
        set_by(scene, asked, scene.visitor)

    with scene.edge.database.transaction() as session:
        benchmarks.consent(session, asked.id, by=scene.author.id, at=scene.edge.clock())
    with pytest.raises(Refused, match="no benchmark yet"):
        scene.begun(nora)
    with pytest.raises(Invalid, match="Look for names"):
        set_by(scene, asked, scene.visitor, has_no_names=False)
    scene.clock.advance(hours=1)
    kept = set_by(scene, asked, scene.visitor)

    assert scene.begun(nora).submission_id == scene.first.id
    assert "Careful Host" in kept.consent_text
    assert (kept.set_by, kept.deidentified_by) == (scene.member.id, scene.member.id)


def test_inv_48_a_reader_of_a_benchmark_sees_nothing_of_whose_it_is(scene, as_person):
    scene.active()
    nora = scene.reader()
    reading = scene.begun(nora)
    client = as_person(nora.id)

    page = client.get(f"/reviews/{reading.id}").text
    scene.sealed(reading, (3, 3))
    result = client.get(f"/reviewing/calibration/results/{reading.id}").text

    for words in (scene.author.name, "Oyelaran", "Lantern Works", scene.member.name):
        assert words not in page + result


def test_inv_47_a_consent_taken_back_ends_every_future_use_and_past_results_stand(scene):
    found = scene.active()
    done, going = scene.reader("Nora Quill"), scene.reader("Pat Going")
    kept = scene.read(done, (3, 2))
    begun = scene.begun(going)

    with scene.edge.database.transaction() as session:
        benchmarks.decline(session, found.id, by=scene.author.id, at=scene.edge.clock())

    with scene.edge.database.transaction() as session:
        assert queries.active(session, scene.badge_id) == []
    assert scene.make.reload(begun).state == AssignmentState.WITHDRAWN.value
    assert scene.make.rows(CalibrationResult)[0].is_passed is kept.is_passed is True
    assert scene.right(done).calibrated_until is not None
    with pytest.raises(Refused):
        scene.begun(going)


def test_inv_47_and_48_only_the_author_agrees_and_takes_back(scene, as_person):
    found = scene.proposed()
    stranger = as_person(scene.make.person().id)

    with pytest.raises(NotFound), scene.edge.database.transaction() as session:
        benchmarks.consent(session, found.id, by=scene.manager.id, at=scene.edge.clock())

    assert stranger.get(f"/benchmarks/{found.id}/consent").status_code == 404
    assert stranger.post(f"/benchmarks/{found.id}/take-back").status_code == 404
    assert scene.make.reload(found).state == "asked"


def test_a_no_is_kept_and_nobody_reads_the_work(scene, as_person):
    found = scene.proposed()
    author = as_person(scene.author.id)

    answered = author.post(f"/benchmarks/{found.id}/consent", data={"answer": "no"})

    assert answered.status_code == 303
    assert scene.make.reload(found).state == "declined"
    assert "nothing changed for you" in author.get(f"/benchmarks/{found.id}/consent").text


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ((Role.PROGRAMME_MANAGER,), "Only a committee member"),
        ((Role.COMMITTEE, Role.PROGRAMME_MANAGER), "You manage this badge"),
    ],
)
def test_managers_never_set_levels(scene, roles, words):
    found = scene.consented()
    person = scene.make.person(roles_held=roles)
    visitor = Visitor(person.id, grants=frozenset(Grant(one) for one in roles))

    with pytest.raises(Refused, match=words):
        set_by(scene, found, visitor)


def test_inv_05_nobody_with_a_part_in_the_matter_sets_its_levels(scene):
    found = scene.consented()
    committee = frozenset({Grant(Role.COMMITTEE)})

    with pytest.raises(Refused, match="had a part"):
        set_by(scene, found, Visitor(scene.stage.reviewers[0].id, grants=committee))
    with pytest.raises(Refused, match="your own work"):
        set_by(scene, found, Visitor(scene.author.id, grants=committee))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"levels": {"C1": 3}}, "Choose a level for C2"),
        ({"levels": {"C1": 3, "C2": 9}}, "Choose a level for C2"),
        ({"reasons": {**REASONS, "C1": "Too thin"}}, "why C1 is at this level"),
    ],
)
def test_every_criterion_has_a_level_of_the_rubric_and_a_reason(scene, changes, words):
    found = scene.consented()

    with pytest.raises(Invalid, match=words):
        set_by(scene, found, scene.visitor, **changes)


def test_only_works_of_finished_portfolios_are_proposed_and_each_once(scene):
    scene.stage.learner = scene.make.person("Not Yet")
    scene.stage.submission = scene.make.submission(scene.stage.learner, scene.edition)
    scene.stage.past_intake().asked().decided([(2, 2), (2, 2)])
    with scene.edge.database.transaction() as session:
        before = proposals.works_for(session, scene.badge_id, scene.manager.id)
    with pytest.raises(Refused, match="not at its end"):
        scene.proposed(scene.stage.submission)

    scene.proposed()

    assert [one.submission_id for one in before] == [scene.first.id]
    with pytest.raises(Refused, match="cannot be proposed"):
        scene.proposed()


def test_a_retired_benchmark_is_read_by_nobody_else(scene, as_person):
    found = scene.active()
    nora = scene.reader()
    begun = scene.begun(nora)

    answer = as_person(scene.manager.id).post(f"/pool/careful-host/benchmarks/{found.id}/retire")

    assert answer.status_code == 303
    assert scene.make.reload(found).state == "retired"
    assert scene.make.rows(Assignment, id=begun.id)[0].state == AssignmentState.WITHDRAWN.value
