"""The moderator's pages: blind both ways, one review at a time, and clear about what stands."""

import pytest

from accounts.models import Person
from accounts.states import Role
from review.pool.parts import take_part
from review.pool.states import Part
from tests.plugins.clients import TokenClient


@pytest.fixture
def client_of(app, edge):
    return lambda person_id: TokenClient.on(app, person_id)


def test_a_review_is_read_after_it_is_taken_up_and_names_nobody(scene, client_of):
    found = scene.seal(scene.first, (2, 3))
    mo = client_of(scene.moderator.id)
    path = f"/moderation/{found.id}"

    assert "The run sheet shows it" not in mo.get(path).text
    assert mo.post(f"{path}/take-up").status_code == 303
    page = mo.get(path).text

    assert "The run sheet shows it" in page
    assert "Ashgrove" not in page
    assert "Oyelaran" not in page


def test_names_that_a_reviewer_wrote_are_covered(scene, client_of):
    with scene.edge.database.transaction() as session:
        session.get_one(Person, scene.first.reviewer_id).name = "Wren Ashgrove"
    scene.stage.seal(scene.first, (3, 3), rationale="I, Wren Ashgrove, saw Kim Oyelaran do it.")
    (found,) = scene.waiting()
    mo = client_of(scene.moderator.id)
    mo.post(f"/moderation/{found.id}/take-up")
    page = mo.get(f"/moderation/{found.id}").text

    assert "▮▮▮" in page
    assert "Ashgrove" not in page
    assert "Oyelaran" not in page


def test_a_second_tab_hears_that_it_is_dealt_with(scene, client_of):
    found = scene.seal(scene.first)
    mo = client_of(scene.moderator.id)
    mo.post(f"/moderation/{found.id}/take-up")
    mo.post(f"/moderation/{found.id}/pass")

    again = mo.post(f"/moderation/{found.id}/pass")

    assert again.status_code == 409
    assert "dealt with this review" in again.text


def test_the_checker_of_a_matter_is_refused_with_the_reason(scene, client_of):
    found = scene.seal(scene.first)
    checker = scene.person("Checker Person")
    with scene.edge.database.transaction() as session:
        take_part(
            session,
            scene.stage.submission.portfolio_id,
            checker.id,
            Part.CHECKER,
            at=scene.edge.clock(),
        )
    page = client_of(checker.id)

    assert "You checked this work at intake" in page.get("/moderation").text
    assert page.get(f"/moderation/{found.id}").status_code == 403
    assert page.post(f"/moderation/{found.id}/pass").status_code == 403


def test_a_moderator_of_another_badge_sees_nothing(scene, client_of):
    found = scene.seal(scene.first)
    far = scene.make.person("Far Away", roles_held=(Role.MODERATOR,), badge="another-badge")

    assert "No review waits" in client_of(far.id).get("/moderation").text
    assert client_of(far.id).get(f"/moderation/{found.id}").status_code == 404


def test_what_was_typed_comes_back_with_what_is_wrong(scene, client_of):
    found = scene.seal(scene.first)
    mo = client_of(scene.moderator.id)
    sent = {
        "reasons": "missing_rationale",
        "criteria": "C1",
        "note": "Please make it Exemplary, do.",
    }

    answer = mo.post(f"/moderation/{found.id}/return", data=sent)

    assert answer.status_code == 422
    assert "“Exemplary” reads like a level" in answer.text
    assert "Please make it Exemplary, do." in answer.text


def test_no_box_of_several_is_required_by_itself(scene, client_of):
    found = scene.seal(scene.first)
    mo = client_of(scene.moderator.id)
    mo.post(f"/moderation/{found.id}/take-up")
    boxes = [
        one for one in mo.get(f"/moderation/{found.id}").text.split("<input") if "checkbox" in one
    ]

    assert len(boxes) == 4
    assert [one for one in boxes if "required" in one.split(">")[0]] == []


def test_the_board_says_that_a_moderator_acts_next(scene, client_of):
    scene.seal(scene.first)
    manager = client_of(scene.person("Max Manager", Role.PROGRAMME_MANAGER).id)

    assert "A moderator acts next" in manager.get("/flow").text
    assert "The moderators act next" in manager.get(f"/flow/{scene.stage.submission.id}").text


def test_a_moderator_finds_it_at_home(scene, client_of):
    scene.seal(scene.first)

    assert "Read how a review of" in client_of(scene.moderator.id).get("/home").text
