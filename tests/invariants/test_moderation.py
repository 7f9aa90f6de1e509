"""Promises about moderators and blind readings, kept through the services that people use."""

import pytest

from accounts.roles import grant_role
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.digest import digest_of
from core.errors import Conflict, Refused
from core.models import AuditEvent
from core.runtime import Runtime
from review.assignment.models import Assignment
from review.decision.involvement import uninvolved_members
from review.moderation import queries, services
from review.moderation.models import Moderation
from review.pool.models import MatterPart
from review.scoring.models import Review
from review.scoring.services import save_draft
from tests.factories import OPERATOR, Factory
from tests.review.moderation.scenes import Scene
from tests.review.stages import answer


@pytest.fixture
def scene(edge: Runtime, make: Factory) -> Scene:
    return Scene(edge, make)


def seen_by(scene: Scene, person_id: str) -> list[queries.Line]:
    """Return what waits for somebody who moderates every badge."""
    visitor = Visitor(id=person_id, grants=frozenset({Grant(Role.MODERATOR)}))
    with scene.edge.database.transaction() as session:
        return queries.waiting_lines(session, visitor, at=scene.edge.clock())


def test_inv_05_nobody_moderates_a_review_of_their_own_work(scene: Scene) -> None:
    found = scene.seal(scene.first)
    learner = scene.stage.learner.id

    assert seen_by(scene, learner) == []
    with scene.edge.database.transaction() as session, pytest.raises(Refused):
        services.pass_on(session, found.id, by=learner, at=scene.edge.clock())
    assert scene.make.reload(found).state == "waiting"


def test_inv_08_a_moderator_takes_no_other_part_in_the_matter(scene: Scene) -> None:
    found = scene.seal(scene.first)
    scene.pass_on(found)

    (part,) = scene.make.rows(MatterPart, person_id=scene.moderator.id)
    assert part.part == "moderator"
    free = scene.person("Free Member", Role.COMMITTEE)
    with scene.edge.database.transaction() as session:
        grant_role(session, scene.moderator.id, Role.COMMITTEE, by=OPERATOR, at=scene.edge.clock())
        assert uninvolved_members(session, scene.stage.submission) == [free.id]
    reviewer = scene.first.reviewer_id
    other = scene.seal(scene.second)
    with scene.edge.database.transaction() as session, pytest.raises(Refused):
        services.pass_on(session, other.id, by=reviewer, at=scene.edge.clock())


def test_inv_14_a_reviewer_who_moderates_sees_no_other_review_of_the_round(scene: Scene) -> None:
    scene.seal(scene.first)

    assert len(seen_by(scene, scene.moderator.id)) == 1
    assert seen_by(scene, scene.second.reviewer_id) == []


def test_inv_23_a_sealed_review_changes_only_by_a_return_that_keeps_what_it_said(
    scene: Scene,
) -> None:
    found = scene.seal(scene.first, (2, 3))
    (before,) = scene.make.rows(Review, id=found.review_id)
    with scene.edge.database.transaction() as session, pytest.raises(Conflict):
        save_draft(
            session,
            scene.first.id,
            version=before.version,
            answers={"C1": answer(4)},
            feedback="",
            private_note="",
            seconds=1,
            by=scene.first.reviewer_id,
            at=scene.edge.clock(),
        )

    scene.send_back(found)
    again = scene.seal(scene.first, (4, 4))

    (kept,) = scene.make.rows(Moderation, id=again.id)
    assert kept.returned_digest == before.digest == digest_of(kept.returned_content)
    assert kept.returned_content["scores"]["C1"]["level"] == 2
    sealed = [
        one.after_digest
        for one in scene.make.rows(AuditEvent, subject_id=found.review_id, verb="review_sealed")
    ]
    (now,) = scene.make.rows(Review, id=found.review_id)
    assert sorted(sealed) == sorted([before.digest, now.digest])
    (seat,) = scene.make.rows(Assignment, id=scene.first.id)
    assert seat.state == "sealed"
