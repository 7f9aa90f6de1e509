"""Readings for calibration, gold and audit: worked on as reviews are, and part of nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.states import Role
from accounts.visitor import Grant, Visitor
from app import flow
from core.errors import Conflict, Refused
from portfolio.submission.states import SubmissionState
from review.assignment import choices, deadlines, invitations, matters, observed, outlook, rates
from review.assignment.history import experience_of, leaves_of, reviewed
from review.assignment.models import Assignment
from review.assignment.persons import loads_of
from review.assignment.pool_lines import pool_of
from review.assignment.rounds import open_apart
from review.assignment.states import AssignmentState, DeclineReason, RoundKind
from review.decision import queries as decision
from review.decision import services as deciding
from review.decision.recomputing import recompute
from review.pool.states import ConflictKind
from review.pool.ties import declare_conflict
from review.scoring import queries as scoring
from tests.review.stages import WHY

APART = (RoundKind.CALIBRATION, RoundKind.GOLD, RoundKind.AUDIT)


@pytest.fixture
def told(stage, clock):
    """A matter whose learner has the outcome, and a reviewer who had nothing to do with it."""
    stage.under_review().decided([(3, 3), (3, 4)])
    stage.reader = stage.make.reviewer(stage.edition, name="Nora Quill")
    clock.advance(days=1)
    stage.clear()
    return stage


def opened(stage, kind=RoundKind.CALIBRATION, state=AssignmentState.ACCEPTED, reader=None):
    at = stage.edge.clock()
    with stage.edge.database.transaction() as session:
        return open_apart(
            session,
            stage.submission.id,
            (reader or stage.reader).id,
            kind=kind,
            state=state,
            answer_by=at + timedelta(days=3),
            due_at=at + timedelta(days=7),
            explanation={},
            by="system:operator",
            at=at,
        )


def sealed(stage, kind=RoundKind.CALIBRATION, levels=(1, 1)):
    reading = opened(stage, kind)
    stage.seal(reading, levels, drain=False)
    return stage.make.reload(reading)


@pytest.mark.parametrize("kind", APART)
def test_a_reading_apart_of_a_closed_matter_is_opened_saved_and_sealed(told, as_person, kind):
    reading = opened(told, kind)

    page = as_person(told.reader.id).get(f"/reviews/{reading.id}")
    told.seal(reading, (2, 3), drain=False)

    assert page.status_code == 200
    assert "no longer open to you" not in page.text
    assert told.make.reload(reading).state == AssignmentState.CLOSED.value
    assert [job.name for job in told.queue.waiting] == [f"{kind.value}_sealed"]


@pytest.mark.parametrize("kind", APART)
def test_inv_22_a_reading_apart_is_no_part_of_any_decision(told, kind):
    (before,) = told.decisions()
    with told.edge.database.transaction() as session:
        stored = recompute(session, before.id)
        learner_read = decision.learner_outcome_of(session, told.submission, before)

    reading = sealed(told, kind)
    with told.edge.database.transaction() as session:
        concluded = deciding.conclude_round(session, reading.round_id, at=told.edge.clock())
        in_its_round = decision.sealed_reviews(session, [reading.round_id])
        again = recompute(session, before.id)
        read_again = decision.learner_outcome_of(session, told.submission, before)

    assert (concluded, in_its_round) == (None, [])
    assert again == stored
    assert again.is_equal
    assert read_again == learner_read
    assert [one.id for one in told.decisions()] == [before.id]
    assert told.state() == SubmissionState.RELEASED.value


@pytest.mark.parametrize("kind", APART)
def test_what_is_known_of_reviewers_and_badges_says_the_same_after_a_reading_apart(
    told, clock, kind
):
    manager = told.make.person()

    def known():
        at = clock() + timedelta(hours=1)
        reader, badge = told.reader.id, told.edition.badge_id
        visitor = Visitor(manager.id, grants=frozenset({Grant(Role.PROGRAMME_MANAGER)}))
        with told.edge.database.transaction() as session:
            load, done = loads_of(session, [reader])
            return {
                "answers": rates.seen_of(session, [reader]),
                "times": rates.times_to_fill(session, badge, at=at),
                "pool": replace(observed.observed(session, badge, at=at), weeks=0.0),
                "experience": experience_of(session, {reader: [badge]}),
                "year": leaves_of(session, [reader], at=at),
                "rings": reviewed(session, [reader], [told.learner.id], at=at),
                "outlook": outlook.outlook(session, badge, at=at),
                "load and done": (load[reader], done[reader]),
                "lines": [one.done for one in pool_of(session, badge, at=at).members],
                "asked": [one.id for one in choices.choices(session, told.submission, at=at).asked],
                "board": flow.board(session, visitor, at=at),
                "free": decision.complete_rounds(session),
            }

    before = known()
    sealed(told, kind)

    assert known() == before


def test_a_reading_apart_is_work_while_it_lasts(told):
    opened(told, RoundKind.GOLD, AssignmentState.INVITED)

    with told.edge.database.transaction() as session:
        load, done = loads_of(session, [told.reader.id])

    assert (load[told.reader.id], done[told.reader.id]) == (1, 0)


def test_whoever_read_a_work_apart_reviews_no_other_attempt_of_it(told):
    sealed(told)

    with told.edge.database.transaction() as session:
        about = matters.matter(session, told.submission)

    assert told.reader.id in about.earlier_reviewers


def test_a_declined_gold_item_turns_nobody_away_and_asks_nobody_else(told):
    reading = opened(told, RoundKind.GOLD, AssignmentState.INVITED)

    with told.edge.database.transaction() as session:
        invitations.decline(
            session,
            reading.id,
            reason=DeclineReason.OTHER,
            note="Not this one.",
            by=told.reader.id,
            at=told.edge.clock(),
        )
        about = matters.matter(session, told.submission)

    assert told.make.reload(reading).state == AssignmentState.DECLINED.value
    assert told.reader.id not in about.turned_away
    assert list(told.queue.waiting) == []


def test_a_gold_item_is_accepted_without_a_part_in_the_matter(told):
    reading = opened(told, RoundKind.GOLD, AssignmentState.INVITED)

    with told.edge.database.transaction() as session:
        invitations.accept(session, reading.id, by=told.reader.id, at=told.edge.clock())

    assert told.make.reload(reading).state == AssignmentState.ACCEPTED.value
    assert told.state() == SubmissionState.RELEASED.value


def test_no_page_of_the_others_opens_for_a_reading_apart(told, as_person):
    reading = sealed(told)
    reader = as_person(told.reader.id)

    page, others = (
        reader.get(f"/reviews/{reading.id}"),
        reader.get(f"/reviews/{reading.id}/outcome"),
    )

    assert page.status_code == 200
    assert "What the others said" not in page.text
    assert WHY in page.text
    assert others.status_code == 404


def test_the_learner_sees_nothing_of_a_reading_apart(told, as_person):
    learner = as_person(told.learner.id)
    addresses = [f"/submissions/{told.submission.id}", f"/submissions/{told.submission.id}/outcome"]
    before = [learner.get(one).text for one in addresses]

    told.seal(opened(told), (1, 1), drain=False, rationale="Words of a reading apart.")

    assert [learner.get(one).text for one in addresses] == before


@pytest.mark.parametrize("kind", APART)
def test_inv_06_a_tie_keeps_a_reading_apart_from_being_sealed(told, kind):
    reading = opened(told, kind)
    told.draft(reading, {})
    with told.edge.database.transaction() as session:
        declare_conflict(
            session,
            told.reader.id,
            kind=ConflictKind.FAMILY,
            other_person_id=told.learner.id,
            by=told.reader.id,
            at=told.edge.clock(),
        )

    with pytest.raises(Refused, match="conflict"):
        told.seal(reading, (3, 3))


def test_nobody_needs_the_right_to_review_for_an_audit_but_no_part_in_the_matter(told, make):
    auditor = make.person("Vera Audit", roles_held=(Role.COMMITTEE,))
    reading = opened(told, RoundKind.AUDIT, reader=auditor)
    mine = opened(told, RoundKind.AUDIT, reader=told.reviewers[0])

    told.seal(reading, (3, 3), drain=False)
    with pytest.raises(Refused, match="read this work before"):
        told.seal(mine, (3, 3))

    assert make.reload(reading).state == AssignmentState.CLOSED.value


def test_a_matter_on_hold_keeps_readings_apart_closed(told):
    reading = opened(told)
    saved = told.draft(reading, {})
    with told.edge.database.transaction() as session:
        submission = session.get_one(type(told.submission), told.submission.id)
        submission.state = SubmissionState.ON_HOLD.value
        session.flush()
        bench = scoring.bench_of(session, reading.id, reviewer_id=told.reader.id)

    assert not bench.has_evidence
    with pytest.raises(Conflict, match="not under review"):
        told.seal(reading, (3, 3))
    assert told.make.reload(saved).state == "draft"


def test_a_gold_item_lapses_and_is_passed_on_like_any_other_and_nobody_is_asked_next(told, clock):
    silent = opened(told, RoundKind.GOLD, AssignmentState.INVITED)
    late = opened(told, RoundKind.GOLD, reader=told.make.reviewer(told.edition))
    clock.advance(days=9, hours=1)

    with told.edge.database.transaction() as session:
        deadlines.remind_due(session, at=clock())
        counts = (
            deadlines.lapse_due(session, at=clock()),
            deadlines.rescue_overdue(session, at=clock()),
        )

    assert counts == (1, 1)
    assert told.make.reload(silent).state == AssignmentState.LAPSED.value
    assert told.make.reload(late).state == AssignmentState.REASSIGNED.value
    assert told.make.reload(late).reminders == 3
    assert [job.name for job in told.queue.waiting if job.name == "fill_round"] == []


def test_a_calibration_over_its_time_just_ends(told, clock):
    reading = opened(told)
    clock.advance(days=6)
    with told.edge.database.transaction() as session:
        early = (
            deadlines.remind_due(session, at=clock()),
            deadlines.end_calibrations(session, at=clock()),
        )
    clock.advance(days=2)

    with told.edge.database.transaction() as session:
        ended = deadlines.end_calibrations(session, at=clock())
        passed_on = deadlines.rescue_overdue(session, at=clock())

    assert (early, ended, passed_on) == ((0, 0), 1, 0)
    assert told.make.rows(Assignment, id=reading.id)[0].state == AssignmentState.WITHDRAWN.value
