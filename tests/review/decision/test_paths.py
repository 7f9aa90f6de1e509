"""Every path of a submission from its first review to its outcome (INV-14, 22, 26, 27, 35)."""

import pytest

from core.errors import Conflict
from credentials.catalog.definition import ReviewPolicy
from portfolio.submission import services as submissions
from review.assignment import invitations
from review.assignment.deadlines import lapse_due
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, DeclineReason
from review.decision.jobs import release_due
from review.decision.models import Release
from review.decision.recomputing import recompute
from review.decision.services import conclude_round, release
from review.disputes import services as disputes
from tests.factories import sample_definition

REASONS = "Both reviewers were right about different pages; new eyes should read both."


def test_two_who_agree_decide_and_the_learner_is_told_at_once(stage, edge):
    stage.under_review().decided([(3, 3), (4, 3)])

    (decision,) = stage.decisions()
    assert stage.state() == "released"
    assert decision.outcome == "granted"
    assert [one["level"] for one in decision.result["criteria"]] == [3, 3]
    assert len(stage.make.rows(Release, decision_id=decision.id)) == 1


def test_inv_14_nothing_is_decided_while_one_seat_is_not_sealed(stage):
    stage.under_review()

    stage.seal(stage.working()[0], (3, 3))

    assert stage.state() == "under_review"
    assert stage.decisions() == []


def test_a_straddle_asks_a_third_whose_median_settles_it(stage):
    stage.under_review(reviewers=3).decided([(3, 2), (3, 3)])
    assert stage.state() == "in_adjudication"

    stage.decided([(3, 2)])

    (decision,) = stage.decisions()
    assert (stage.state(), decision.outcome) == ("released", "not_yet")
    assert len(decision.inputs["reviews"]) == 3


def test_a_third_reviewer_may_decline_lapse_and_step_back_and_the_next_is_asked(stage, edge, clock):
    stage.under_review(reviewers=6).decided([(3, 2), (3, 3)])

    (first,) = stage.invited()
    with edge.database.transaction() as session:
        invitations.decline(
            session,
            first.id,
            reason=DeclineReason.OUTSIDE_EXPERTISE,
            by=first.reviewer_id,
            at=clock(),
        )
    stage.drain()
    (second,) = stage.invited()
    clock.advance(days=4)
    with edge.database.transaction() as session:
        lapse_due(session, at=clock())
    stage.drain()
    (third,) = stage.accept_all()
    stage.step_back(third)
    assert stage.state() == "in_adjudication"
    stage.decided([(4, 4)])

    assert stage.state() == "released"
    assert len({first.reviewer_id, second.reviewer_id, third.reviewer_id}) == 3


def test_inv_22_a_review_that_was_stepped_back_from_never_counts(stage):
    stage.under_review(reviewers=3)
    kept, left = stage.working()
    stage.seal(kept, (3, 3))
    stage.draft(left, {})
    stage.step_back(left)
    assert stage.state() == "awaiting_reviewers"

    stage.decided([(4, 4)])

    (decision,) = stage.decisions()
    assert len(decision.inputs["reviews"]) == 2


def test_what_five_reviewers_cannot_score_goes_to_people_who_order_a_fresh_review(
    stage, edge, clock
):
    stage.under_review(reviewers=8).decided([(None, 3), (3, 3)], [(None, 3)], [(None, 3)])
    stage.decided([(None, 3)])
    assert stage.state() == "in_committee"
    member = stage.member()

    with edge.database.transaction() as session:
        disputes.order_fresh_review(
            session, stage.submission.id, reasons=REASONS, by=member.id, at=clock()
        )
    stage.drain()
    assert stage.state() == "awaiting_reviewers"
    stage.decided([(3, 2), (3, 3)], [(3, 3)])

    (decision,) = stage.decisions()
    assert (stage.state(), decision.outcome) == ("released", "granted")
    assert len(decision.inputs["reviews"]) == 3


def test_an_edition_says_after_how_many_reviewers_people_decide(stage, make):
    policy = ReviewPolicy(min_rationale_words=3, max_reviews=3)
    edition = make.edition(sample_definition(review_policy=policy))

    stage.under_review(reviewers=4, edition=edition).decided([(None, 3), (3, 3)], [(None, 3)])

    assert stage.state() == "in_committee"


def test_a_submission_taken_back_while_the_last_review_is_sealed_is_left_alone(stage, edge, clock):
    stage.under_review()
    one, two = stage.working()
    stage.seal(one, (3, 3), drain=False)
    stage.seal(two, (3, 3), drain=False)
    with edge.database.transaction() as session:
        submissions.withdraw(session, stage.submission.id, by=stage.learner.id, at=clock())

    stage.drain()

    assert stage.state() == "withdrawn"
    assert stage.decisions() == []


def test_nothing_can_be_sealed_once_the_learner_has_taken_the_work_back(stage, edge, clock):
    stage.under_review()
    one, _two = stage.working()
    with edge.database.transaction() as session:
        submissions.withdraw(session, stage.submission.id, by=stage.learner.id, at=clock())

    with pytest.raises(Conflict, match="not under review any more"):
        stage.seal(one, (3, 3))


def test_inv_27_a_decision_recomputes_byte_for_byte_from_the_record(stage, edge):
    stage.under_review().decided([(3, 3), (4, 3)])
    (decision,) = stage.decisions()

    with edge.database.transaction(read_only=True) as session:
        again = recompute(session, decision.id)

    assert again.stored == again.computed
    assert (again.is_equal, again.versions) == (True, ("rule/1",))


def test_concluding_and_releasing_twice_change_nothing(stage, edge, clock):
    stage.under_review().decided([(3, 3), (4, 3)])
    (decision,) = stage.decisions()

    with edge.database.transaction() as session:
        again = conclude_round(session, decision.round_id, at=clock())
        is_released_again = release(session, decision.id, at=clock())

    assert (again, is_released_again) == (None, False)
    assert len(stage.decisions()) == 1


def test_a_round_whose_event_was_lost_is_concluded_by_the_sweep(stage, edge):
    stage.under_review()
    for one in stage.working():
        stage.seal(one, (3, 3), drain=False)
    stage.clear()

    release_due(edge)
    stage.drain()

    assert stage.state() == "released"


def test_every_seat_of_a_concluded_round_is_closed(stage):
    stage.under_review().decided([(3, 3), (4, 3)])

    assert stage.make.rows(ReviewRound, submission_id=stage.submission.id)[0].closed_at
    states = {one.state for one in stage.make.rows(Assignment, submission_id=stage.submission.id)}
    assert states == {AssignmentState.CLOSED.value}
