"""The workspace over HTTP: save, check, seal, step back; nothing typed is ever lost."""

import re

import pytest

from review.assignment.states import AssignmentState
from review.scoring.models import CriterionScore, Review
from tests.review.stages import WHY

GOOD = {
    "C1-answer": "3",
    "C1-rationale": WHY,
    "C1-locator": "E1, page 1",
    "C2-answer": "2",
    "C2-rationale": WHY,
    "C2-locator": "E1, page 1",
    "feedback": "A careful plan.",
    "private_note": "",
    "seconds": "61",
}


@pytest.fixture
def mine(stage):
    """The first reviewer's assignment of a submission under review."""
    return stage.under_review().working()[0]


@pytest.fixture
def reviewer(mine, as_person):
    """A client signed in as that reviewer, who has opened the work."""
    client = as_person(mine.reviewer_id)
    client.get(f"/reviews/{mine.id}")
    return client


def saved(stage, mine):
    (review,) = stage.make.rows(Review, assignment_id=mine.id)
    return review


def scores(stage, mine):
    rows = stage.make.rows(CriterionScore, review_id=saved(stage, mine).id)
    return {row.criterion_key: row for row in rows}


def test_looking_at_the_work_changes_nothing_and_the_first_save_begins_the_review(
    stage, mine, reviewer
):
    page = reviewer.get(f"/reviews/{mine.id}")
    looked = stage.make.reload(mine).state
    reviewer.post(f"/reviews/{mine.id}/save", data={"version": "1", "C1-answer": "3"})
    saved_once = stage.make.reload(mine).state

    assert page.status_code == 200
    assert (looked, saved_once) == (
        AssignmentState.ACCEPTED.value,
        AssignmentState.IN_PROGRESS.value,
    )
    for words in ("Needs, step 3.", "Plan, step 1.", "evidence-1.pdf", "0 of 2", "Not evident"):
        assert words in page.text.replace('<span class="tabular">', "").replace("</span>", "")


def test_saving_keeps_what_is_there_so_far_and_says_how_far_it_is(stage, mine, reviewer):
    answer = reviewer.post(
        f"/reviews/{mine.id}/save",
        data={"version": "1", "C1-answer": "4", "seconds": "30", "feedback": "Good."},
        headers={"X-Requested-With": "fetch"},
    )

    assert answer.status_code == 200
    assert answer.json["fields"] == {"version": "2", "seconds": "0"}
    assert "1 of 2" in answer.json["html"]["#progress"].replace("</span>", "")
    assert answer.json["saved"].startswith("Saved ")
    assert scores(stage, mine)["C1"].level == 4
    assert saved(stage, mine).seconds_spent == 30


def test_a_second_tab_is_told_and_nothing_it_typed_is_lost(stage, mine, reviewer):
    reviewer.post(f"/reviews/{mine.id}/save", data={**GOOD, "version": "1"})

    by_script = reviewer.post(
        f"/reviews/{mine.id}/save",
        data={**GOOD, "version": "1", "feedback": "From the other tab."},
        headers={"X-Requested-With": "fetch"},
    )
    by_button = reviewer.post(
        f"/reviews/{mine.id}/save",
        data={**GOOD, "version": "1", "feedback": "From the other tab."},
    )

    assert by_script.status_code == 409
    assert "another tab" in by_script.json["message"]
    assert by_button.status_code == 409
    assert "From the other tab." in by_button.text
    assert saved(stage, mine).feedback == "A careful plan."


def test_the_button_and_the_autosave_may_bring_the_same_words_at_once(stage, mine, reviewer):
    reviewer.post(f"/reviews/{mine.id}/save", data={**GOOD, "version": "1"})

    answer = reviewer.post(f"/reviews/{mine.id}/check", data={**GOOD, "version": "1"})

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/reviews/{mine.id}/seal")
    assert saved(stage, mine).version == 2


def test_checking_shows_every_gap_at_its_place_with_the_form_intact(mine, reviewer):
    page = reviewer.post(
        f"/reviews/{mine.id}/check",
        data={"version": "1", "C1-answer": "2", "C1-rationale": "Too thin", "feedback": "Kept."},
    )

    assert page.status_code == 422
    assert "Say in at least 3 words why C1 is at this level." in page.text
    assert "Say where in the evidence C1 shows" in page.text
    assert "Choose a level for C2" in page.text
    assert "Too thin" in page.text
    assert "Kept." in page.text
    assert re.search(r'checked[^>]*id="C1-answer-1"', page.text)


def test_a_review_is_checked_shown_once_more_and_sealed_for_good(stage, mine, reviewer):
    checked = reviewer.post(f"/reviews/{mine.id}/check", data={**GOOD, "version": "1"})
    shown = reviewer.get(f"/reviews/{mine.id}/seal")
    sealed = reviewer.post(f"/reviews/{mine.id}/seal", data={"version": "2"})
    after = reviewer.get(f"/reviews/{mine.id}")
    again = reviewer.post(f"/reviews/{mine.id}/save", data={**GOOD, "version": "2"})

    assert (checked.status_code, sealed.status_code) == (303, 303)
    assert "Seal it for good" in shown.text
    assert stage.make.reload(mine).state == AssignmentState.SEALED.value
    assert "Sealed on" in after.text
    assert "<textarea" not in after.text
    assert again.status_code == 409


def test_sealing_what_was_changed_meanwhile_is_refused(stage, mine, reviewer):
    reviewer.post(f"/reviews/{mine.id}/check", data={**GOOD, "version": "1"})
    reviewer.post(f"/reviews/{mine.id}/save", data={**GOOD, "version": "2", "C1-answer": "1"})

    answer = reviewer.post(f"/reviews/{mine.id}/seal", data={"version": "2"})

    assert answer.status_code == 409
    assert stage.make.reload(mine).state == AssignmentState.IN_PROGRESS.value


def test_a_reviewer_who_names_themself_is_warned_and_may_go_on(stage, mine, reviewer):
    words = {**GOOD, "feedback": "Write to me, Reviewer Ashgrove0 or Reviewer Ashgrove1."}
    reviewer.post(f"/reviews/{mine.id}/check", data={**words, "version": "1"})

    shown = reviewer.get(f"/reviews/{mine.id}/seal")
    unread = reviewer.post(f"/reviews/{mine.id}/seal", data={"version": "2"})
    agreed = reviewer.post(f"/reviews/{mine.id}/seal", data={"version": "2", "names_may_stay": "y"})

    assert "your overall feedback" in shown.text
    assert unread.status_code == 422
    assert agreed.status_code == 303
    assert stage.make.reload(mine).state == AssignmentState.SEALED.value


def test_inv_17_a_reason_for_no_level_is_kept_as_such(stage, mine, reviewer):
    reviewer.post(
        f"/reviews/{mine.id}/save", data={**GOOD, "version": "1", "C1-answer": "cannot_open"}
    )

    kept = scores(stage, mine)["C1"]
    assert (kept.level, kept.cannot_score) == (None, "cannot_open")


@pytest.mark.parametrize("level", ["9", "-1", "x", "3.5", "missing"])
def test_a_level_that_the_rubric_lacks_is_refused(stage, mine, reviewer, level):
    answer = reviewer.post(
        f"/reviews/{mine.id}/save", data={**GOOD, "version": "1", "C1-answer": level}
    )

    assert answer.status_code == 422
    assert stage.make.rows(Review, assignment_id=mine.id) == []


def test_a_text_past_the_limit_is_refused_with_everything_still_there(mine, reviewer):
    page = reviewer.post(
        f"/reviews/{mine.id}/save", data={**GOOD, "version": "1", "feedback": "x" * 4001}
    )

    assert page.status_code == 422
    assert "x" * 4001 in page.text


def test_a_reviewer_may_step_back_and_loses_the_work_at_once(stage, mine, reviewer):
    form = reviewer.get(f"/reviews/{mine.id}/recuse")
    unsaid = reviewer.post(f"/reviews/{mine.id}/recuse", data={"reason": "other", "note": " "})
    said = reviewer.post(f"/reviews/{mine.id}/recuse", data={"reason": "recognised_author"})

    assert form.status_code == 200
    assert unsaid.status_code == 422
    assert said.status_code == 303
    assert stage.make.reload(mine).state == AssignmentState.RECUSED.value
    assert reviewer.get(f"/reviews/{mine.id}").status_code == 404


def test_an_invitation_that_was_not_answered_leads_to_the_invitation(stage, as_person):
    stage.set().asked()
    asked = stage.invited()[0]

    answer = as_person(asked.reviewer_id).get(f"/reviews/{asked.id}")

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/reviews/{asked.id}/invitation")


def test_somebody_elses_review_looks_as_if_it_did_not_exist(stage, mine, as_person):
    other = stage.working()[1]
    stranger = as_person(other.reviewer_id)

    for path in ("", "/seal", "/recuse", "/outcome", "/evidence/1/none"):
        assert stranger.get(f"/reviews/{mine.id}{path}").status_code == 404
    for path in ("/save", "/check", "/seal", "/recuse"):
        answer = stranger.post(f"/reviews/{mine.id}{path}", data={**GOOD, "version": "1"})
        assert answer.status_code == 404
