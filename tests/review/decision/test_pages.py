"""The learner's outcome and what reviewers learn after it (INV-14, 27, 35; blind both ways)."""

from click.testing import CliRunner

from accounts.visitor import Visitor
from app import decision_commands
from credentials.catalog.definition import ReviewPolicy
from review.decision import queries as decision
from review.scoring import queries as scoring
from tests.factories import sample_definition
from tests.review.stages import WHY


def outcome_of(stage, as_person):
    return as_person(stage.learner.id).get(f"/submissions/{stage.submission.id}/outcome")


def test_there_is_no_outcome_before_the_release_and_none_for_others(stage, as_person, make):
    stage.under_review()
    before = outcome_of(stage, as_person)
    stage.decided([(3, 3), (3, 3)])
    stranger = as_person(make.person().id).get(f"/submissions/{stage.submission.id}/outcome")

    assert (before.status_code, stranger.status_code) == (404, 404)
    assert outcome_of(stage, as_person).status_code == 200


def test_a_granted_outcome_leads_to_the_badge(stage, as_person):
    stage.under_review().decided([(3, 3), (4, 3)])

    page = outcome_of(stage, as_person)

    for words in ("Granted", "Accept your badge", "/awards/", "Both reviewers agreed.", WHY):
        assert words in page.text
    assert "reconsideration" not in page.text


def test_not_yet_says_what_is_missing_why_where_and_what_to_do(stage, as_person):
    stage.under_review(reviewers=3).decided([(3, 2), (3, 3)], [(3, 2)])

    page = outcome_of(stage, as_person)

    for words in (
        "C2 is not shown yet in this evidence",
        "Not shown yet",
        "Plan, step 2.",
        "What Proficient looks like",
        "Two of the three reviewers agreed.",
        "The first reviewers saw part of your work differently, so a third reviewer was asked",
        "Where: E1, page 1",
        f"/portfolios/{stage.submission.portfolio_id}",
        "Ask for reconsideration",
    ):
        assert words in page.text


def test_no_time_on_the_outcome_is_finer_than_the_day(stage, as_person, clock):
    stage.under_review()
    clock.advance(hours=3, minutes=17)
    stage.decided([(3, 2), (3, 2)])

    page = outcome_of(stage, as_person)

    assert "Mon 2 March 2026" in page.text
    for finer in ("12:47", "10:47", "minute", "T12:47"):
        assert finer not in page.text


def test_inv_35_what_is_held_back_is_told_by_the_sweep_when_it_is_due(
    stage, edge, clock, make, as_person
):
    held = make.edition(
        sample_definition(review_policy=ReviewPolicy(min_rationale_words=3, hold_back_hours=24))
    )
    stage.under_review(edition=held).decided([(3, 3), (3, 3)])
    before = outcome_of(stage, as_person)
    clock.advance(hours=24)
    stage.sweep()

    assert (before.status_code, stage.state()) == (404, "released")
    assert outcome_of(stage, as_person).status_code == 200


def test_a_reviewer_learns_from_the_others_only_after_the_release(stage, as_person):
    stage.under_review()
    one, two = stage.working()
    stage.seal(one, (3, 3), rationale="What the first one saw on page one.")
    client = as_person(one.reviewer_id)
    before = client.get(f"/reviews/{one.id}/outcome")
    stage.seal(two, (4, 3), rationale="What the second one saw on page two.")

    after = client.get(f"/reviews/{one.id}/outcome")

    assert before.status_code == 404
    for words in ("What the first one saw", "What the second one saw", "Another reviewer", "You"):
        assert words in after.text
    assert client.get(f"/reviews/{one.id}").text.count("no longer open to you") == 1


def test_inv_27_anybody_with_the_command_computes_a_decision_again(stage, edge, monkeypatch):
    stage.under_review().decided([(3, 3), (4, 3)])
    (made,) = stage.decisions()
    monkeypatch.setenv("ASSAY_DATABASE_URL", edge.settings.database_url)
    monkeypatch.setenv("ASSAY_VAR", str(edge.settings.var))

    result = CliRunner().invoke(decision_commands.recompute, [made.id], standalone_mode=False)

    stored, computed, versions, verdict = result.output.splitlines()
    assert stored.split()[1] == computed.split()[1]
    assert versions == "by        rule/1"
    assert (verdict, result.return_value) == ("They are equal.", 0)


def test_home_offers_the_review_under_way_and_the_outcome_to_read(stage, edge, clock):
    stage.under_review()
    mine = stage.working()[0]
    reviewer, learner = Visitor(id=mine.reviewer_id), Visitor(id=stage.learner.id)
    with edge.database.transaction() as session:
        work = scoring.waiting_for(session, reviewer, at=clock())
        nothing = decision.waiting_for(session, learner, at=clock())
    stage.decided([(3, 3), (3, 3)])
    with edge.database.transaction() as session:
        told = decision.waiting_for(session, learner, at=clock())
        done = scoring.waiting_for(session, reviewer, at=clock())

    assert [(one.path, one.by) for one in work] == [(f"/reviews/{mine.id}", mine.due_at)]
    assert [one.path for one in told] == [f"/submissions/{stage.submission.id}/outcome"]
    assert (nothing, done) == ([], [])
