"""Clear decisions are drawn, read blind by somebody apart, and kept; nothing else changes."""

from functools import partial
from statistics import fmean

import pytest

from accounts.models import Notice
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core import jobs
from core.errors import Conflict, Refused
from credentials.catalog.definition import ReviewPolicy
from review.assignment.models import Assignment, ReviewRound
from review.decision import auditing
from review.decision.audit_lines import waiting_for
from review.decision.draws import is_drawn, verdict
from review.decision.models import DecisionAudit
from review.decision.record import pass_rule_of
from review.disputes import services as disputes
from review.moderation.models import Moderation
from review.pool.models import MatterPart
from tests.factories import sample_definition
from tests.together import names, together

REQUEST = "Minute 4:10 of my third piece shows the fallback that was said to be missing."


def released(stage, levels=((3, 3), (3, 4)), rate=1.0):
    policy = ReviewPolicy(min_rationale_words=3, audit_rate=rate)
    edition = stage.make.edition(sample_definition(review_policy=policy))
    return stage.under_review(edition=edition).decided(levels)


def sweep(stage):
    jobs.sweep(stage.edge, "audit_decisions")
    stage.drain()


def audits(stage):
    return stage.make.rows(DecisionAudit)


def take(stage, person):
    (found,) = audits(stage)
    with stage.edge.database.transaction() as session:
        return auditing.take(session, found.decision_id, by=person.id, at=stage.edge.clock())


def notices(stage, kind):
    return stage.make.rows(Notice, kind=kind)


def test_a_clear_decision_is_drawn_once_and_members_with_no_part_are_told(stage):
    member = stage.member()
    released(stage)

    for _ in range(3):
        sweep(stage)

    (found,) = audits(stage)
    assert (found.chance, found.assignment_id, found.verdict) == (1.0, None, None)
    assert [one.person_id for one in notices(stage, "audit_waiting")] == [member.id]
    assert (found.due_at - stage.edge.clock()).days >= 27


def test_without_a_rate_and_after_a_third_reviewer_nothing_is_drawn(stage):
    released(stage, rate=0.0)
    sweep(stage)
    assert audits(stage) == []

    policy = ReviewPolicy(min_rationale_words=3, audit_rate=1.0)
    edition = stage.make.edition(sample_definition(slug="other", review_policy=policy))
    stage.under_review(reviewers=3, edition=edition).decided([(3, 3), (2, 3)], [(3, 3)])
    sweep(stage)
    assert len(stage.decisions()) == 1
    assert audits(stage) == []


def test_the_share_drawn_is_the_rate():
    drawn = [is_drawn(f"decision {one}", f"{one:064x}", 0.05) for one in range(20_000)]

    assert fmean(drawn) == pytest.approx(0.05, abs=0.005)


def test_the_verdict_is_the_rule_on_one_reading():
    rule = pass_rule_of(sample_definition())

    assert verdict(rule, {"C1": 3, "C2": 4}) == "granted"
    assert verdict(rule, {"C1": 2, "C2": 4}) == "not_yet"
    assert verdict(rule, {"C1": None, "C2": 4}) is None


def test_a_member_reads_it_blind_and_the_verdict_is_kept_and_nothing_changed(stage):
    member = stage.member()
    manager = stage.make.person("Max Manager", roles_held=(Role.PROGRAMME_MANAGER,))
    released(stage)
    sweep(stage)
    told = len(stage.make.rows(Notice, person_id=stage.learner.id))

    reading = take(stage, member)
    stage.seal(reading, (2, 3))

    (found,) = audits(stage)
    (decision,) = stage.decisions()
    assert (found.verdict, found.lapse_reason) == ("not_yet", "")
    assert found.ended_at == stage.edge.clock()
    assert (decision.outcome, stage.state()) == ("granted", "released")
    assert len(stage.make.rows(Notice, person_id=stage.learner.id)) == told
    (heard,) = notices(stage, "audit_differed")
    assert heard.person_id == manager.id
    assert not {"granted", "not yet", "not_yet"} & set(f"{heard.title} {heard.body}".split())
    assert not reading.is_counted
    assert stage.make.rows(Moderation) == []


def test_a_reading_that_agrees_is_told_to_nobody(stage):
    member = stage.member()
    stage.make.person("Max Manager", roles_held=(Role.PROGRAMME_MANAGER,))
    released(stage)
    sweep(stage)
    stage.seal(take(stage, member), (3, 4))

    assert audits(stage)[0].verdict == "granted"
    assert notices(stage, "audit_differed") == []


def test_a_reading_that_could_not_score_has_no_verdict_and_says_why(stage):
    member = stage.member()
    released(stage)
    sweep(stage)
    stage.seal(take(stage, member), (None, 4))

    (found,) = audits(stage)
    assert (found.verdict, found.lapse_reason) == (None, auditing.NOT_SCORED)


def test_inv_08_who_reviewed_cannot_audit_and_who_audits_has_their_part(stage):
    member = stage.member()
    released(stage)
    sweep(stage)
    (reviewer, _other) = stage.make.rows(Assignment, submission_id=stage.submission.id)

    (found,) = audits(stage)
    with stage.edge.database.transaction() as session, pytest.raises(Refused):
        auditing.take(session, found.decision_id, by=reviewer.reviewer_id, at=stage.edge.clock())
    take(stage, member)

    (part,) = stage.make.rows(MatterPart, person_id=member.id)
    assert part.part == "committee"


def test_two_members_at_once_leave_one_of_them_told(any_database, stage):
    members = [stage.member(f"Committee Person{number}") for number in range(2)]
    released(stage)
    sweep(stage)

    results = together(*(partial(take, stage, one) for one in members))

    assert names(
        [type(one).__name__ if isinstance(one, Assignment) else one for one in results]
    ) == [
        "Assignment",
        "Conflict",
    ]
    assert len(stage.make.rows(ReviewRound, kind="audit")) == 1


def test_an_audit_that_nobody_takes_lapses_with_its_reason(stage):
    released(stage)
    sweep(stage)
    stage.edge.clock.advance(days=40)
    sweep(stage)

    assert audits(stage)[0].lapse_reason == auditing.NOT_TAKEN
    with pytest.raises(Conflict):
        take(stage, stage.member())


def test_a_reading_that_is_never_sealed_lapses_and_is_taken_from_the_desk(stage):
    member = stage.member()
    released(stage)
    sweep(stage)
    reading = take(stage, member)
    stage.edge.clock.advance(days=10)
    sweep(stage)

    assert audits(stage)[0].lapse_reason == auditing.NOT_READ
    assert stage.make.reload(reading).state == "withdrawn"


def test_who_steps_back_leaves_it_to_another_member(stage):
    member, other = stage.member(), stage.member("Other Member")
    released(stage)
    sweep(stage)
    stage.step_back(take(stage, member))
    sweep(stage)

    stage.seal(take(stage, other), (3, 3))
    assert audits(stage)[0].verdict == "granted"


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_request_for_reconsideration_ends_an_open_audit(stage, is_taken):
    member = stage.member()
    released(stage, levels=((2, 3), (2, 3)))
    sweep(stage)
    reading = take(stage, member) if is_taken else None
    with stage.edge.database.transaction() as session:
        disputes.lodge(
            session,
            stage.submission.id,
            request=REQUEST,
            by=stage.learner.id,
            at=stage.edge.clock(),
        )

    assert audits(stage)[0].lapse_reason == auditing.OPEN_AGAIN
    if reading is not None:
        assert stage.make.reload(reading).state == "withdrawn"


def test_a_lost_event_is_made_up_for_by_the_sweep(stage):
    member = stage.member()
    released(stage)
    sweep(stage)
    stage.seal(take(stage, member), (3, 3), drain=False)
    stage.clear()
    sweep(stage)

    assert audits(stage)[0].verdict == "granted"


def test_it_waits_for_members_with_no_part_only(stage):
    member = stage.member()
    released(stage)
    sweep(stage)
    (reviewer, _other) = stage.make.rows(Assignment, submission_id=stage.submission.id)

    def waits(person_id, badge=""):
        seen = Visitor(id=person_id, grants=frozenset({Grant(Role.COMMITTEE, badge)}))
        with stage.edge.database.transaction() as session:
            return [one.path for one in waiting_for(session, seen, at=stage.edge.clock())]

    assert waits(member.id) == ["/committee/audits"]
    assert waits(member.id, "another-badge") == []
    assert waits(reviewer.reviewer_id) == waits(stage.learner.id) == []
