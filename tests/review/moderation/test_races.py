"""Two moderators, or two tabs, at the same moment: one act counts, and the other is told so."""

from functools import partial

from core.models import AuditEvent
from review.decision.jobs import conclude
from review.decision.models import Decision
from review.moderation.models import Moderation
from review.pool.models import MatterPart
from tests.together import names, together

ROUNDS = 5


def test_one_passes_and_another_returns_at_once_and_one_of_them_wins(any_database, scene_of):
    for number in range(ROUNDS):
        scene = scene_of()
        other = scene.person(f"Other Moderator{number}")
        found = scene.seal(scene.first)

        results = together(partial(scene.pass_on, found), partial(scene.send_back, found, other))

        assert (number, names(results)) == (number, ["Conflict", "None"])
        state = scene.make.reload(found).state
        acts = scene.make.rows(AuditEvent, subject_id=found.review_id)
        done = {one.verb for one in acts} & {"review_moderated", "review_returned"}
        assert done == {{"passed": "review_moderated", "returned": "review_returned"}[state]}


def test_one_person_in_two_tabs_passes_once(any_database, scene_of):
    scene = scene_of()
    found = scene.seal(scene.first)

    results = together(partial(scene.pass_on, found), partial(scene.pass_on, found))

    assert names(results) == ["Conflict", "None"]
    assert len(scene.make.rows(MatterPart, person_id=scene.moderator.id)) == 1


def test_looked_at_by_two_workers_at_once_a_review_is_considered_once(any_database, scene_of):
    scene = scene_of()
    scene.stage.seal(scene.first, (3, 3), drain=False)
    scene.stage.clear()
    look = partial(conclude, scene.edge, round_id=scene.first.round_id)

    assert together(look, look) == [None, None]
    assert len(scene.make.rows(Moderation)) == 1


def test_the_last_two_passes_at_once_decide_once(any_database, scene_of):
    scene = scene_of()
    one, two = scene.seal(scene.first), scene.seal(scene.second)

    results = together(partial(scene.pass_on, one), partial(scene.pass_on, two))
    scene.stage.drain()

    assert names(results) == ["None", "None"]
    assert len(scene.make.rows(Decision, submission_id=scene.stage.submission.id)) == 1
