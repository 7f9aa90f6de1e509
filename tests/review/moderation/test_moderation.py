"""A review waits for a moderator, passes, or comes back once; nothing passes by itself."""

from datetime import timedelta

import pytest

from accounts.models import Notice
from accounts.states import Role
from core import jobs
from core.digest import digest_of
from core.errors import Conflict, Invalid, NotFound, Refused
from core.models import AuditEvent
from portfolio.submission.services import withdraw
from portfolio.submission.states import SubmissionState
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState
from review.decision.jobs import conclude
from review.decision.queries import complete_rounds
from review.moderation import services
from review.moderation.models import Moderation
from review.moderation.states import ModerationState
from review.pool.models import MatterPart
from review.pool.parts import take_part
from review.pool.states import Part
from review.scoring.models import CriterionScore, Review


def notices(scene, kind, person=None):
    found = scene.make.rows(Notice, kind=kind)
    return [one for one in found if person is None or one.person_id == person.id]


def complete(scene):
    with scene.edge.database.transaction(read_only=True) as session:
        return complete_rounds(session)


def test_a_first_review_waits_for_a_moderator_while_the_other_is_still_written(scene):
    found = scene.seal(scene.first)

    assert found.reason == "first_reviews"
    assert found.due_at - scene.edge.clock() >= timedelta(days=1)
    assert [one.path for one in notices(scene, "moderation_waiting", scene.moderator)] == [
        f"/moderation/{found.id}"
    ]
    assert scene.stage.state() == "under_review"


def test_nothing_is_decided_until_every_review_is_passed_and_the_sweep_stays_calm(scene):
    one, other = scene.seal(scene.first), scene.seal(scene.second)
    assert scene.stage.decisions() == []
    assert complete(scene) == []
    scene.stage.sweep()

    scene.pass_on(one)
    assert scene.stage.decisions() == []
    scene.pass_on(other)

    assert [found.outcome for found in scene.stage.decisions()] == ["granted"]
    assert scene.stage.state() == "released"


def test_a_return_opens_the_review_for_its_writer_and_keeps_what_was_sealed(scene):
    found = scene.seal(scene.first, (2, 3))
    sealed = scene.make.reload(scene.make.rows(Review, assignment_id=scene.first.id)[0])

    scene.send_back(found)

    kept = scene.make.reload(found)
    review = scene.make.reload(sealed)
    seat = scene.make.reload(scene.first)
    assert (kept.state, review.state, seat.state) == ("returned", "draft", "in_progress")
    assert kept.returned_digest == sealed.digest == digest_of(kept.returned_content)
    assert kept.returned_content["scores"]["C1"]["level"] == 2
    assert kept.return_reasons == [{"reason": "missing_rationale", "criteria": ["C1"]}]
    assert seat.due_at == scene.edge.clock() + timedelta(days=3)
    assert (review.sealed_at, review.digest, review.version) == (None, None, sealed.version + 1)
    assert [one.path for one in notices(scene, "review_returned")] == [f"/reviews/{seat.id}"]
    verbs = {one.verb for one in scene.make.rows(AuditEvent, subject_id=review.id)}
    assert {"review_sealed", "review_handed_back", "review_returned"} <= verbs


def test_a_mended_review_waits_again_and_can_only_be_passed(scene):
    scene.send_back(scene.seal(scene.first, (2, 3)))
    again = scene.seal(scene.first, (3, 3))

    with pytest.raises(Conflict, match="came back once already"):
        scene.send_back(again)
    assert len(scene.make.rows(Moderation, review_id=again.review_id)) == 1
    scene.pass_on(again)
    scene.pass_on(scene.seal(scene.second))

    (decision,) = scene.stage.decisions()
    assert [one["levels"]["C1"] for one in decision.inputs["reviews"]] == [3, 3]


def test_while_a_review_is_back_with_its_writer_nothing_is_concluded(scene):
    scene.pass_on(scene.seal(scene.second))
    scene.send_back(scene.seal(scene.first))
    with scene.edge.database.transaction() as session:
        # As if one of the two had been asked beside those who were wanted.
        session.get_one(ReviewRound, scene.first.round_id).seats = 1

    conclude(scene.edge, round_id=scene.first.round_id)

    assert complete(scene) == []
    (current,) = scene.make.rows(ReviewRound, id=scene.first.round_id)
    assert current.closed_at is None


def test_a_seal_whose_event_was_lost_is_found_by_the_sweep(scene):
    scene.pass_on(scene.seal(scene.second))
    scene.send_back(scene.seal(scene.first))
    scene.stage.seal(scene.first, (3, 3), drain=False)
    scene.stage.clear()

    scene.stage.sweep()

    assert [one.review_id for one in scene.waiting()]


def test_a_late_review_is_told_to_managers_once_and_passes_for_nobody(scene):
    manager = scene.person("Max Manager", Role.PROGRAMME_MANAGER)
    found = scene.seal(scene.first)
    scene.edge.clock.advance(days=5)

    for _ in range(2):
        jobs.sweep(scene.edge, "moderation_late")

    assert len(notices(scene, "moderation_late", manager)) == 1
    assert scene.make.reload(found).state == ModerationState.WAITING.value


def test_with_nobody_to_moderate_managers_are_told_at_once(scene):
    manager = scene.person("Max Manager", Role.PROGRAMME_MANAGER)
    with scene.edge.database.transaction() as session:
        take_part(
            session,
            scene.stage.submission.portfolio_id,
            scene.moderator.id,
            Part.CHECKER,
            at=scene.edge.clock(),
        )

    scene.seal(scene.first)
    scene.edge.clock.advance(days=5)
    jobs.sweep(scene.edge, "moderation_late")

    (told,) = notices(scene, "moderation_late", manager)
    assert "no moderator may read it" in told.title
    assert notices(scene, "moderation_waiting") == []


def test_reading_makes_somebody_the_moderator_of_the_matter(scene):
    found = scene.seal(scene.first)
    with scene.edge.database.transaction() as session:
        services.take_up(session, found.id, by=scene.moderator.id, at=scene.edge.clock())

    (part,) = scene.make.rows(MatterPart, person_id=scene.moderator.id)
    assert part.part == "moderator"


def test_the_second_of_two_acts_hears_that_it_is_dealt_with(scene):
    other = scene.person("Second Moderator")
    found = scene.seal(scene.first)
    scene.pass_on(found)

    with pytest.raises(Conflict, match="dealt with"):
        scene.pass_on(found, by=other)
    with pytest.raises(Conflict, match="dealt with"):
        scene.send_back(found)


def test_a_note_that_names_a_level_changes_nothing(scene):
    found = scene.seal(scene.first)

    with pytest.raises(Invalid, match="reads like a level"):
        scene.send_back(found, note="I think that C1 is surely level 3 here.")

    assert scene.make.reload(found).state == "waiting"
    assert scene.make.rows(MatterPart, person_id=scene.moderator.id) == []


def test_a_withdrawn_work_has_nothing_left_to_moderate(scene):
    found = scene.seal(scene.first)
    with scene.edge.database.transaction() as session:
        withdraw(
            session, scene.stage.submission.id, by=scene.stage.learner.id, at=scene.edge.clock()
        )
    scene.stage.drain()
    scene.edge.clock.advance(days=9)
    jobs.sweep(scene.edge, "moderation_late")

    with pytest.raises(Conflict):
        scene.pass_on(found)
    assert notices(scene, "moderation_late") == []
    assert scene.stage.state() == SubmissionState.WITHDRAWN.value


def test_a_writer_who_steps_back_after_a_return_holds_nothing_up(scene):
    third = scene.make.reviewer(scene.edition, name="Third Ashgrove")
    scene.pass_on(scene.seal(scene.second))
    scene.send_back(scene.seal(scene.first))
    scene.stage.step_back(scene.make.reload(scene.first))
    scene.stage.accept_all()

    (seat,) = scene.stage.working()
    assert seat.reviewer_id == third.id
    scene.pass_on(scene.seal(seat))

    assert [one.outcome for one in scene.stage.decisions()] == ["granted"]


def test_a_returned_review_that_nobody_mends_is_passed_on_and_holds_nothing_up(scene):
    scene.make.reviewer(scene.edition, name="Third Ashgrove")
    scene.pass_on(scene.seal(scene.second))
    scene.send_back(scene.seal(scene.first))
    scene.edge.clock.advance(days=6)
    jobs.sweep(scene.edge, "rescue_reviews")
    scene.stage.drain()

    assert scene.make.reload(scene.first).state == AssignmentState.REASSIGNED.value
    scene.stage.accept_all()
    scene.pass_on(scene.seal(scene.stage.working()[0]))
    assert len(scene.stage.decisions()) == 1


def test_a_badge_that_asks_for_no_moderation_has_none(scene_of):
    scene = scene_of(moderated_reviews=0)
    scene.stage.seal(scene.first, (3, 3))
    scene.stage.seal(scene.second, (3, 3))

    assert scene.make.rows(Moderation) == []
    assert len(scene.stage.decisions()) == 1


def test_after_the_first_reviews_a_share_is_read_and_what_is_not_stays_so(scene_of, monkeypatch):
    scene = scene_of(moderated_reviews=0, moderation_rate=0.4)
    scene.stage.seal(scene.first, (3, 3))
    first = bool(scene.waiting())

    for _ in range(3):
        conclude(scene.edge, round_id=scene.first.round_id)

    assert bool(scene.waiting()) == first


def test_a_rate_of_one_reads_everything_and_says_that_it_is_a_sample(scene_of):
    scene = scene_of(moderated_reviews=0, moderation_rate=1.0)

    assert scene.seal(scene.first).reason == "sample"


def test_nobody_is_asked_about_what_is_not_there(scene):
    with scene.edge.database.transaction() as session, pytest.raises(NotFound):
        services.take_up(session, "nothing", by=scene.moderator.id, at=scene.edge.clock())


def test_the_tied_are_refused_without_a_word_on_whose_work_it_is(scene):
    found = scene.seal(scene.first)
    reviewer = scene.make.rows(Assignment, id=scene.second.id)[0].reviewer_id

    with scene.edge.database.transaction() as session, pytest.raises(Refused) as refused:
        services.pass_on(session, found.id, by=reviewer, at=scene.edge.clock())
    assert "too close" in refused.value.reason
    assert "Oyelaran" not in refused.value.reason


def test_levels_are_left_as_they_were_by_a_return(scene):
    found = scene.seal(scene.first, (2, 4))
    scene.send_back(found)

    rows = scene.make.rows(CriterionScore, review_id=found.review_id)
    assert {one.criterion_key: one.level for one in rows} == {"C1": 2, "C2": 4}
