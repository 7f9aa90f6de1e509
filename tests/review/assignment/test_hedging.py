"""One extra seat when a round may miss its end, and thanks to whoever is left in the end."""

import pytest

from accounts.models import Notice
from core.db import Database
from core.models import AuditEvent
from core.runtime import Runtime
from credentials.catalog.definition import ReviewPolicy
from portfolio.submission.states import SubmissionState
from review.assignment import hedging, invitations, sweep
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, DeclineReason
from review.decision.services import conclude_round
from review.pool.models import ReviewerProfile
from review.scoring import services as scoring
from tests.factories import Factory, sample_definition
from tests.review.stages import Stage, answer
from tests.together import together

S = AssignmentState
LEVELS = {"C1": answer(3), "C2": answer(3)}


@pytest.fixture
def stage(any_database: Database, edge: Runtime, make: Factory) -> Stage:
    """Two reviews under way, four people in the pool."""
    return Stage(edge, make).under_review(reviewers=4)


def hedge(stage: Stage) -> int:
    with stage.edge.database.transaction() as session:
        return hedging.hedge_due(session, at=stage.edge.clock())


def route(stage: Stage) -> None:
    with stage.edge.database.transaction() as session:
        sweep.route(session, stage.edition.badge_id, at=stage.edge.clock())
    stage.drain()


def the_round(stage: Stage) -> ReviewRound:
    (found,) = stage.make.rows(ReviewRound, submission_id=stage.submission.id)
    return found


def with_extra(stage: Stage) -> Assignment:
    stage.edge.clock.advance(days=6, hours=1)  # type: ignore[attr-defined]
    hedge(stage)
    route(stage)
    (extra,) = stage.invited()
    return extra


def accepted(stage: Stage, one: Assignment) -> None:
    with stage.edge.database.transaction() as session:
        invitations.accept(session, one.id, by=one.reviewer_id, at=stage.edge.clock())


def seal(stage: Stage, one: Assignment) -> None:
    stage.seal(one, [3, 3], drain=False)


def test_a_young_round_with_good_odds_has_no_extra_seat(stage: Stage) -> None:
    assert hedge(stage) == 0
    assert the_round(stage).extra_seats == 0


def test_an_old_round_gets_one_extra_seat_once_and_somebody_is_asked_for_it(
    stage: Stage,
) -> None:
    extra = with_extra(stage)

    again = hedge(stage)
    route(stage)

    assert (extra.seat, extra.explanation["is_extra"]) == (3, True)
    assert again == 0
    assert (the_round(stage).seats, the_round(stage).extra_seats) == (2, 1)
    assert len(stage.invited()) == 1
    assert stage.state() == SubmissionState.UNDER_REVIEW.value
    assert len(stage.make.rows(AuditEvent, verb="extra_seat_opened")) == 1


def test_an_edition_may_have_a_second_one_asked_when_the_round_is_half_as_old_again(
    any_database: Database, edge: Runtime, make: Factory
) -> None:
    policy = ReviewPolicy(hedges=2, hedge_after_days=2, hedge_risk=1)
    edition = make.edition(sample_definition(review_policy=policy))
    stage = Stage(edge, make).under_review(reviewers=5, edition=edition)
    edge.clock.advance(days=2, hours=1)  # type: ignore[attr-defined]
    assert [hedge(stage), hedge(stage)] == [1, 0]
    route(stage)
    (extra,) = stage.invited()
    accepted(stage, extra)

    edge.clock.advance(hours=22)  # type: ignore[attr-defined]
    assert hedge(stage) == 0
    edge.clock.advance(hours=2)  # type: ignore[attr-defined]
    assert [hedge(stage), hedge(stage)] == [1, 0]
    route(stage)

    (second,) = stage.invited()
    assert (second.seat, second.explanation["is_extra"]) == (4, True)
    assert the_round(stage).extra_seats == 2
    accepted(stage, second)
    edge.clock.advance(days=3)  # type: ignore[attr-defined]
    assert hedge(stage) == 0


def test_a_round_that_is_likely_to_fail_gets_one_long_before(stage: Stage) -> None:
    stage.edge.clock.advance(days=3, hours=12)  # type: ignore[attr-defined]
    assert hedge(stage) == 0
    stage.edge.clock.advance(hours=12)  # type: ignore[attr-defined]
    assert hedge(stage) == 1


def test_an_extra_seat_takes_no_place_that_another_learner_waits_for(stage: Stage) -> None:
    free = set(p.id for p in stage.reviewers) - {one.reviewer_id for one in stage.working()}
    with stage.edge.database.transaction() as session:
        for limits in session.query(ReviewerProfile):
            limits.max_open = 1
    stage.edge.clock.advance(days=6, hours=1)  # type: ignore[attr-defined]
    hedge(stage)
    other = stage.make.submission(edition=stage.edition)

    stage.drain()
    route(stage)

    asked = {one.reviewer_id for one in stage.make.rows(Assignment, submission_id=other.id)}
    assert asked == free
    assert stage.invited() == []


def test_when_enough_reviews_are_sealed_the_rest_is_thanked_and_let_go(stage: Stage) -> None:
    extra = with_extra(stage)
    accepted(stage, extra)
    first, second, _ = stage.working()

    seal(stage, first)
    seal(stage, second)
    stage.drain()

    assert stage.state() == SubmissionState.RELEASED.value
    (left,) = stage.in_state(S.WITHDRAWN)
    assert (left.id, left.ended_at) == (extra.id, stage.edge.clock())
    (notice,) = stage.make.rows(Notice, kind="review_not_needed")
    assert (notice.person_id, "Thank you" in notice.body) == (extra.reviewer_id, True)
    assert stage.make.rows(AuditEvent, verb="assignment_withdrawn", subject_id=extra.id)


def test_one_who_steps_back_leaves_the_review_under_way_while_the_extra_one_stands(
    stage: Stage,
) -> None:
    extra = with_extra(stage)
    accepted(stage, extra)
    gone = next(one for one in stage.working() if one.id != extra.id)

    with stage.edge.database.transaction() as session:
        invitations.decline(
            session,
            gone.id,
            reason=DeclineReason.NO_TIME,
            by=gone.reviewer_id,
            at=stage.edge.clock(),
        )
    stage.drain()

    assert stage.state() == SubmissionState.UNDER_REVIEW.value
    assert len(stage.working()) == 2


def test_two_who_seal_at_once_beside_an_extra_seat_make_one_decision_that_counts_each_seal(
    stage: Stage, any_database: Database
) -> None:
    extra = with_extra(stage)
    accepted(stage, extra)
    first, *others = stage.working()
    seal(stage, first)
    stage.clear()
    saved = {one.id: stage.draft(one, LEVELS) for one in others}

    def sealing(one: Assignment) -> object:
        with any_database.transaction() as session:
            scoring.seal(
                session,
                one.id,
                version=saved[one.id].version,
                names_may_stay=True,
                by=one.reviewer_id,
                at=stage.edge.clock(),
            )
        with any_database.transaction() as session:
            conclude_round(session, one.round_id, at=stage.edge.clock())
        return None

    together(lambda: sealing(others[0]), lambda: sealing(others[1]))
    stage.drain()

    (decision,) = stage.decisions()
    closed = stage.in_state(S.CLOSED)
    assert len(decision.inputs["reviews"]) == len(closed) >= 2
    assert stage.in_state(S.SEALED, S.ACCEPTED, S.IN_PROGRESS) == []
    assert stage.state() == SubmissionState.RELEASED.value
