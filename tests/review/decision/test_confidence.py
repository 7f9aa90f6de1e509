"""The model of all reviews, live: it asks, it never decides, and the record says what it said."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import update

from accounts.models import Notice
from core.errors import Invalid
from core.models import AuditEvent
from credentials.catalog.definition import ReviewPolicy
from review.decision import certainty
from review.decision.models import Decision, FamilyFit
from review.decision.recomputing import recompute
from review.scoring.models import CriterionScore
from tests.factories import sample_definition
from tests.review.decision.known import knows

SURE, NEAR, NO = [(4, 4), (4, 4)], [(3, 3), (3, 3)], [(1, 1), (1, 2)]


def said(stage):
    """Return what the model said of the only decision."""
    (decision,) = stage.decisions()
    return decision.inputs["confidence"]


def codes(decision):
    return [one["code"] for one in decision.reasons]


def asked(stage, verb="one_more_reviewer_asked"):
    """Return the details of the audit events of one kind."""
    return [one.detail for one in stage.make.rows(AuditEvent, verb=verb)]


def again(stage):
    (decision,) = stage.decisions()
    with stage.edge.database.transaction(read_only=True) as session:
        return recompute(session, decision.id)


def changed(stage, table, **values):
    """Change rows behind everybody's back."""
    with stage.edge.database.transaction() as session:
        session.execute(update(table).values(**values))


def test_until_enough_reviews_are_known_the_model_has_no_say(stage):
    stage.under_review()
    knows(stage, reviews=29)

    stage.decided(NEAR)

    (decision,) = stage.decisions()
    assert (decision.outcome, codes(decision)) == ("granted", ["settled"])
    assert set(decision.inputs) == {"edition", "reviews"}
    assert again(stage).versions == ("rule/1",)


@pytest.mark.parametrize(("rows", "outcome"), [(SURE, "granted"), (NO, "not_yet")])
def test_what_the_model_is_sure_of_is_released_with_all_that_it_took_in(stage, rows, outcome):
    stage.under_review()
    fit = knows(stage)

    stage.decided(rows)

    (decision,) = stage.decisions()
    told = said(stage)
    assert (decision.outcome, codes(decision)) == (outcome, ["settled", "confirmed"])
    assert set(told) == {
        "model",
        "fit",
        "family_reviews",
        "hyper",
        "reviewers",
        "p_pass",
        "credible_reviews",
        "without",
    }
    assert (told["model"], told["fit"]) == ("consensus/1", fit.digest)
    assert (told["family_reviews"], told["hyper"]) == (450, fit.hyper)
    assert told["without"] == {
        "step": "release",
        "reasons": [{"code": "settled", "criterion": ""}],
    }
    assert told["p_pass"] == round(told["p_pass"], 4)
    assert sorted(told["reviewers"]) == [one["digest"] for one in decision.inputs["reviews"]]


def test_inv_27_no_person_and_no_severity_stands_in_what_a_decision_keeps(stage):
    stage.under_review()
    fit = knows(stage)
    stage.decided(SURE)

    kept = json.dumps(stage.decisions()[0].inputs)

    people = [one.id for one in stage.reviewers]
    assert set(fit.reviewers) == set(people)
    assert "severity_sd" in json.dumps(fit.reviewers)
    for one in (*people, "severity_sd", "p_informative", "Ashgrove"):
        assert one not in kept
    frozen = [fit.reviewers[one]["leniency"] for one in people]
    assert sorted(one["leniency"] for one in said(stage)["reviewers"].values()) == sorted(frozen)


def test_an_outcome_near_the_line_asks_a_third_and_says_why(stage, as_person):
    stage.under_review(reviewers=3)
    fit = knows(stage)

    stage.decided(NEAR)

    (detail,) = asked(stage)
    (notice,) = stage.make.rows(Notice, kind="third_reviewer")
    assert stage.state() == "in_adjudication"
    assert detail["reasons"] == [{"code": "near_the_line", "criterion": ""}]
    assert detail["confidence"]["fit"] == fit.digest
    assert 0.1 < detail["confidence"]["p_pass"] < 0.9
    assert detail["confidence"]["without"]["step"] == "release"
    assert "too near the line" in notice.body
    assert "differently" not in notice.body

    stage.decided([(4, 4)])

    page = as_person(stage.learner.id).get(f"/submissions/{stage.submission.id}/outcome").text
    (decision,) = stage.decisions()
    assert (stage.state(), decision.outcome) == ("released", "granted")
    assert "too near the line, or not sure enough" in page
    assert "a third reviewer was asked, without seeing the others' levels" in page.replace(
        "&#39;", "'"
    )
    for figure in ("0.9", "%", str(said(stage)["p_pass"]), "differently"):
        assert figure not in page.split("<main")[1].split("If you see it differently")[0]


def test_what_five_reviewers_leave_near_the_line_goes_to_people_with_true_words(stage):
    stage.under_review(reviewers=5)
    knows(stage, reviewers={})
    stage.member()

    stage.decided([(3, 2), (3, 3)], [(3, 3)], [(3, 3)], [(3, 3)])

    (called,) = asked(stage, "committee_called")
    told = [one.body for one in stage.make.rows(Notice, kind="committee_called")]
    told += [one.body for one in stage.make.rows(Notice, kind="matter_unsettled")]
    assert stage.state() == "in_committee"
    assert [one["code"] for one in called["reasons"]] == ["near_the_line", "no_more_reviewers"]
    assert called["confidence"]["without"]["step"] == "release"
    assert len(told) == 2
    assert all("not sure enough" in body for body in told)


def test_a_model_never_turns_an_outcome_round(stage):
    stage.under_review(reviewers=5)
    knows(stage)

    stage.decided([(2, 4), (2, 4)], [(2, 4)], [(2, 4)], [(2, 4)])

    outcomes = [one["confidence"]["p_pass"] for one in asked(stage)]
    assert stage.state() in {"in_committee", "released"}
    assert max(outcomes) > 0.1
    assert [one.outcome for one in stage.decisions()] in ([], ["not_yet"])


def test_a_fit_that_did_not_settle_is_kept_and_the_one_before_it_goes_on(stage, clock):
    stage.under_review()
    older = knows(stage)
    clock.advance(days=1)
    other = {**older.hyper, "centre": 0.5}
    newer = knows(stage, sources="1" * 64, is_converged=False, hyper=other)

    stage.decided(SURE)

    assert len(stage.make.rows(FamilyFit)) == 2
    assert older.fitted_at < newer.fitted_at
    assert older.digest != newer.digest
    assert said(stage)["fit"] == older.digest


def test_an_edition_may_want_the_model_before_any_fit(stage, make):
    policy = ReviewPolicy(min_rationale_words=3, confidence_from=0)
    stage.under_review(edition=make.edition(sample_definition(review_policy=policy)))

    stage.decided(SURE)

    told = said(stage)
    assert (told["fit"], told["family_reviews"], told["hyper"]["kind"]) == ("", 0, "scores")
    assert told["p_pass"] >= 0.95
    assert again(stage).is_equal
    assert again(stage).versions == ("rule/1", "consensus/1", "fit of no family")


def test_reviews_without_one_level_leave_a_model_without_a_say(stage, make):
    policy = ReviewPolicy(min_rationale_words=3, confidence_from=0)
    edition = make.edition(sample_definition(review_policy=policy))
    stage.under_review(reviewers=3, edition=edition)

    stage.decided([(None, None), (None, None)])

    assert stage.state() == "in_adjudication"
    assert [set(one) for one in asked(stage)] == [{"round", "reasons"}]


def test_inv_27_a_decision_with_confidence_recomputes_for_life_and_twice_the_same(stage, clock):
    stage.under_review(reviewers=3)
    fit = knows(stage)
    stage.decided(NEAR, [(4, 4)])
    first = again(stage)
    clock.advance(days=400)
    knows(stage, sources="2" * 64, hyper={**fit.hyper, "submission": 9.0})

    later = again(stage)

    assert first.stored == first.computed
    assert (first.is_equal, later) == (True, first)
    assert first.versions == ("rule/1", "consensus/1", f"fit {fit.digest[:12]}")


def test_a_level_a_figure_a_reason_or_a_fit_that_was_changed_is_found(stage):
    stage.under_review()
    fit = knows(stage)
    stage.decided(SURE)
    (decision,) = stage.decisions()
    inputs, reasons = decision.inputs, decision.reasons
    told = inputs["confidence"]
    parameters = {name: {**one, "leniency": 1.0} for name, one in told["reviewers"].items()}

    found = []
    for table, values, back in (
        (CriterionScore, {"level": 3}, {"level": 4}),
        (Decision, {"inputs": {**inputs, "confidence": {**told, "p_pass": 0.5}}}, None),
        (Decision, {"inputs": {**inputs, "confidence": {**told, "reviewers": parameters}}}, None),
        (Decision, {"inputs": {**inputs, "confidence": {**told, "without": {}}}}, None),
        (Decision, {"reasons": reasons[:1]}, {"reasons": reasons}),
        (FamilyFit, {"hyper": {**fit.hyper, "centre": 0.1}}, {"hyper": fit.hyper}),
    ):
        changed(stage, table, **values)
        found.append([one.split(",")[0].split(" compute")[0] for one in again(stage).differences])
        changed(stage, table, **(back or {"inputs": inputs}))

    rests, digest = "The outcome", "What it rests on is not what its digest was taken of."
    reasoned = "The reasons for releasing it"
    assert found == [
        [rests, reasoned],
        [rests, digest],
        [rests, digest],
        [rests, digest],
        [reasoned],
        ["What was known of the family is not what the fit of this digest holds."],
    ]
    assert again(stage).is_equal


def test_a_version_of_rule_or_model_that_is_not_known_is_said_and_never_called_equal(stage):
    stage.under_review()
    knows(stage)
    stage.decided(SURE)
    inputs = stage.decisions()[0].inputs
    newer = {**inputs, "confidence": {**inputs["confidence"], "model": "consensus/99"}}

    changed(stage, Decision, inputs=newer)
    with pytest.raises(Invalid, match="does not know the model consensus/99"):
        again(stage)
    changed(stage, Decision, inputs=inputs, rule_version="rule/99")
    with pytest.raises(Invalid, match="does not know the rule rule/99"):
        again(stage)


def test_a_model_of_an_older_version_stays_computable_beside_a_newer_one():
    assert set(certainty.MODELS) == {"consensus/1"}


def test_one_badge_is_one_family_as_long_as_its_rubric_is_the_same():
    usual = sample_definition()
    first, second = usual.criteria
    same = [
        sample_definition(version="2.0.0"),
        sample_definition(criteria=(replace(first, pass_level=2), second)),
        sample_definition(review_policy=ReviewPolicy(reviewers=3)),
    ]
    others = [
        sample_definition(criteria=(second, first)),
        sample_definition(criteria=(first,)),
        sample_definition(levels=usual.levels[:3]),
    ]

    family = certainty.family_of("badge", usual)

    assert {certainty.family_of("badge", one) for one in same} == {family}
    assert family not in {certainty.family_of("badge", one) for one in others}
    assert certainty.family_of("another", usual) != family
