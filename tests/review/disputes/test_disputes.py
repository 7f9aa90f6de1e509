"""Asking for reconsideration, and what a committee makes of it (INV-05, 08, 10, 11, 36, 37)."""

from functools import partial

import pytest

from accounts.models import Notice
from accounts.states import Role
from core.errors import Conflict, Invalid, NotFound, Refused
from portfolio.submission import services as submissions
from review.assignment.models import Assignment
from review.disputes import services
from review.disputes.models import ReconsiderationRequest
from review.disputes.states import RequestState
from tests.together import names, together

ROUNDS = 20
REQUEST = "Minute 4:10 of my third piece shows the fallback that was said to be missing."
REASONS = "The reviewers did not open the third piece; new reviewers should look at all of it."


@pytest.fixture
def not_yet(stage):
    """A submission with the released outcome "not yet", and people left in the pool."""
    return stage.under_review(reviewers=6).decided([(3, 2), (3, 2)])


@pytest.fixture
def lodged(not_yet):
    """The request of its learner."""
    return lodge(not_yet)


def lodge(stage, *, by=None, words=REQUEST):
    with stage.edge.database.transaction() as session:
        made = services.lodge(
            session,
            stage.submission.id,
            request=words,
            by=by or stage.learner.id,
            at=stage.edge.clock(),
        )
    stage.drain()
    return made


def determine(stage, lodged, member, outcome=RequestState.FRESH_REVIEW, reasons=REASONS):
    with stage.edge.database.transaction() as session:
        services.determine(
            session, lodged.id, outcome=outcome, reasons=reasons, by=member, at=stage.edge.clock()
        )
    stage.drain()


def notices_of(stage, person_id):
    return [one.kind for one in stage.make.rows(Notice, person_id=person_id)]


def test_a_request_reaches_every_member_without_a_part_in_it(stage):
    member = stage.member()
    stage.under_review(reviewers=6).decided([(3, 2), (3, 2)])

    lodge(stage)

    assert "reconsideration_lodged" in notices_of(stage, member.id)
    assert "reconsideration_received" in notices_of(stage, stage.learner.id)


def test_only_the_learner_asks_once_in_time_and_with_a_reason(not_yet, clock):
    with pytest.raises(NotFound):
        lodge(not_yet, by=not_yet.reviewers[0].id)
    with pytest.raises(Invalid, match="at least 40"):
        lodge(not_yet, words="Please.")

    lodge(not_yet)

    with pytest.raises(Refused, match="already"):
        lodge(not_yet)


def test_inv_36_the_clock_of_thirty_days_starts_at_the_release(not_yet, clock):
    clock.advance(days=30, seconds=1)

    with pytest.raises(Refused, match="30 days"):
        lodge(not_yet)


def test_a_granted_badge_leaves_nothing_to_reconsider(stage):
    stage.under_review().decided([(3, 3), (3, 3)])

    with pytest.raises(Refused, match="granted"):
        lodge(stage)


def test_a_request_can_be_taken_back_and_made_again(not_yet, lodged, clock):
    with not_yet.edge.database.transaction() as session:
        services.withdraw(session, lodged.id, by=not_yet.learner.id, at=clock())

    again = lodge(not_yet)

    states = {one.id: one.state for one in not_yet.make.rows(ReconsiderationRequest)}
    assert states == {lodged.id: "withdrawn", again.id: "lodged"}


def test_inv_05_and_08_nobody_determines_who_is_the_learner_or_had_a_part(not_yet, lodged):
    reviewer = not_yet.make.rows(Assignment, submission_id=not_yet.submission.id)[0].reviewer_id

    for person in (not_yet.learner.id, reviewer):
        with pytest.raises(Refused):
            determine(not_yet, lodged, person)

    assert not_yet.make.reload(lodged).state == "lodged"


def test_inv_11_a_member_tied_to_the_learner_sees_no_bundle_and_cannot_determine(
    not_yet, lodged, as_person
):
    colleague = not_yet.make.person(
        "Same House", employer="Lantern Works Ltd", roles_held=(Role.COMMITTEE,)
    )

    page = as_person(colleague.id).get(f"/committee/{lodged.id}")

    assert page.status_code == 403
    assert not_yet.submission.pseudonym not in page.text
    assert REQUEST not in page.text
    with pytest.raises(Refused):
        determine(not_yet, lodged, colleague.id)


def test_upholding_leaves_everything_as_it_was_and_tells_the_learner(not_yet, lodged):
    member = not_yet.member()

    determine(not_yet, lodged, member.id, RequestState.UPHELD)

    assert not_yet.state() == "released"
    assert len(not_yet.decisions()) == 1
    assert "reconsideration_determined" in notices_of(not_yet, not_yet.learner.id)


def test_inv_10_a_fresh_review_is_given_by_people_new_to_the_work_and_can_grant(not_yet, lodged):
    before = {one.reviewer_id for one in not_yet.make.rows(Assignment)}
    member = not_yet.member()

    determine(not_yet, lodged, member.id)
    assert not_yet.state() == "awaiting_reviewers"
    not_yet.decided([(3, 3), (3, 4)])

    after = {one.reviewer_id for one in not_yet.make.rows(Assignment)} - before
    first, second = not_yet.decisions()
    assert len(after) == 2
    assert (first.outcome, second.outcome) == ("not_yet", "granted")
    assert second.supersedes_id == first.id
    assert not_yet.state() == "released"
    assert "badge_offered" in notices_of(not_yet, not_yet.learner.id)


def test_inv_37_earlier_and_later_reviewers_hear_nothing_of_the_request(not_yet, lodged, as_person):
    early = not_yet.make.rows(Assignment)[0].reviewer_id
    heard_before = notices_of(not_yet, early)
    determine(not_yet, lodged, not_yet.member().id)
    late = not_yet.accept_all()[0]
    not_yet.decided([(3, 3), (3, 3)])

    page = as_person(late.reviewer_id).get(f"/reviews/{late.id}")
    learned = as_person(late.reviewer_id).get(f"/reviews/{late.id}/outcome")

    assert notices_of(not_yet, early) == heard_before
    for text in (page.text, learned.text, " ".join(notices_of(not_yet, late.reviewer_id))):
        for word in ("reconsider", "committee", "fresh", "afresh", REQUEST):
            assert word not in text.casefold()
    assert learned.text.count("Another reviewer") == 2


def test_inv_37_the_old_outcome_stands_while_a_fresh_review_is_open(not_yet, lodged, as_person):
    determine(not_yet, lodged, not_yet.member().id)

    page = as_person(not_yet.learner.id).get(f"/submissions/{not_yet.submission.id}/outcome")

    assert page.status_code == 200
    assert "Not yet" in page.text
    assert "looking at this work afresh" in page.text


def test_who_determined_once_does_not_determine_again(not_yet, lodged):
    member, other = not_yet.member(), not_yet.member("Second Person")
    determine(not_yet, lodged, member.id)
    not_yet.decided([(3, 2), (3, 2)])
    again = lodge(not_yet)

    with pytest.raises(Refused):
        determine(not_yet, again, member.id, RequestState.UPHELD)
    determine(not_yet, again, other.id, RequestState.UPHELD)

    assert not_yet.make.reload(again).determined_by == other.id


def test_one_road_at_a_time_after_handing_in_again(not_yet, clock):
    with not_yet.edge.database.transaction() as session:
        submissions.hand_in(
            session, not_yet.submission.portfolio_id, by=not_yet.learner.id, at=clock()
        )

    with pytest.raises(Refused, match="One road at a time"):
        lodge(not_yet)


def test_a_fresh_review_waits_for_a_newer_attempt_that_is_on_its_way(not_yet, lodged, clock):
    member = not_yet.member()
    with not_yet.edge.database.transaction() as session:
        submissions.hand_in(
            session, not_yet.submission.portfolio_id, by=not_yet.learner.id, at=clock()
        )

    with pytest.raises(Conflict, match="handed in again"):
        determine(not_yet, lodged, member.id)

    assert not_yet.make.reload(lodged).state == "lodged"


@pytest.mark.parametrize("people", [1, 2], ids=["one member in two tabs", "two members"])
def test_rc4_and_rc5_what_is_determined_twice_at_once_is_determined_once(
    any_database, stage, people
):
    stage.under_review(reviewers=6).decided([(3, 2), (3, 2)])
    lodged = lodge(stage)
    stage.drain()
    for number in range(ROUNDS):
        members = [stage.member(f"Member Quill{number} {one}") for one in range(people)]
        before = len(notices_of(stage, stage.learner.id))

        results = together(
            *(partial(uphold, stage, lodged, members[place % people].id) for place in range(2))
        )

        found = stage.make.reload(lodged)
        assert names(results) == ["Conflict", "upheld"]
        assert (number, found.state) == (number, "upheld")
        assert found.determined_by in {member.id for member in members}
        assert len(notices_of(stage, stage.learner.id)) == before + 1
        with stage.edge.database.transaction() as session:
            again = session.get_one(ReconsiderationRequest, lodged.id)
            again.state, again.determined_by, again.determined_at = lodged.state, None, None


def uphold(stage, lodged, member_id):
    with stage.edge.database.transaction() as session:
        services.determine(
            session,
            lodged.id,
            outcome=RequestState.UPHELD,
            reasons=REASONS,
            by=member_id,
            at=stage.edge.clock(),
        )
    return "upheld"
