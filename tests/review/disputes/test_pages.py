"""The pages of a dispute: who sees what of whom, and what is said where (INV-05, 11, 12, 13)."""

import pytest

from accounts.roles import grant_role
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from portfolio.composing.models import Portfolio
from review.assignment.models import Assignment
from review.disputes import queries, services
from review.disputes.models import ReconsiderationRequest
from review.scoring.models import Review
from tests.review.disputes.test_disputes import REASONS, REQUEST, lodge


@pytest.fixture
def not_yet(stage):
    """A submission with the released outcome "not yet", and people left in the pool."""
    return stage.under_review(reviewers=6).decided([(3, 2), (4, 2)])


@pytest.fixture
def lodged(not_yet):
    """The request of its learner, who names themself in it."""
    return lodge(not_yet, words=f"{REQUEST} Yours, Kim Oyelaran of Lantern Works.")


@pytest.fixture
def member(not_yet, as_person):
    """A client signed in as a committee member without a part in it."""
    return as_person(not_yet.member().id)


def test_a_learner_asks_reads_where_it_stands_and_takes_it_back(not_yet, as_person):
    learner = as_person(not_yet.learner.id)
    path = f"/submissions/{not_yet.submission.id}/reconsideration"

    before = learner.get(path)
    thin = learner.post(path, data={"request": "Too short."})
    empty = learner.post(path, data={"request": ""})
    asked = learner.post(path, data={"request": REQUEST})
    after = learner.get(path)
    back = learner.post(f"{path}/withdraw")

    assert "Which road fits?" in before.text
    assert (thin.status_code, empty.status_code) == (422, 422)
    assert "Too short." in thin.text
    assert "at least 40 characters" in thin.text
    assert (asked.status_code, back.status_code) == (303, 303)
    assert "Your request is with the committee" in after.text
    (request,) = not_yet.make.rows(ReconsiderationRequest)
    assert request.state == "withdrawn"


def test_somebody_elses_reconsideration_looks_as_if_it_did_not_exist(not_yet, as_person):
    stranger = as_person(not_yet.make.person().id)
    path = f"/submissions/{not_yet.submission.id}/reconsideration"

    answers = [stranger.get(path), stranger.post(path, data={"request": REQUEST})]
    answers.append(stranger.post(f"{path}/withdraw"))

    assert [one.status_code for one in answers] == [404, 404, 404]
    assert not_yet.make.rows(ReconsiderationRequest) == []


def test_inv_12_the_summary_names_neither_the_learner_nor_any_reviewer(not_yet, lodged, member):
    ids = [one.id for one in (not_yet.learner, *not_yet.reviewers)]
    ids += [one.id for one in not_yet.make.rows(Assignment)]
    ids += [one.id for one in not_yet.make.rows(Review)]

    page = member.get(f"/committee/{lodged.id}")

    assert page.status_code == 200
    for words in ("Reviewer A", "Reviewer B", REQUEST[:40], "Rules in force", "Plan, step 3."):
        assert words in page.text
    for hidden in ("Oyelaran", "Lantern", "Ashgrove", "Kim ", "example.org", *ids):
        assert hidden not in page.text


def test_a_member_determines_with_reasons_and_the_learner_reads_them_without_a_name(
    not_yet, lodged, as_person
):
    person = not_yet.member("Orla Committee")
    member = as_person(person.id)
    path = f"/committee/{lodged.id}"

    nothing = member.post(path, data={})
    thin = member.post(path, data={"outcome": "upheld", "reasons": "No."})
    done = member.post(path, data={"outcome": "upheld", "reasons": f"{REASONS} Orla Committee"})
    again = member.get(path)
    page = as_person(not_yet.learner.id).get(
        f"/submissions/{not_yet.submission.id}/reconsideration"
    )

    assert (nothing.status_code, thin.status_code, done.status_code) == (422, 422, 303)
    assert "No." in thin.text
    assert "the outcome stands" in page.text
    assert REASONS.split(";")[0] in page.text
    assert "Orla" not in page.text
    assert again.status_code == 403
    assert not_yet.make.reload(lodged).state == "upheld"


def test_the_queue_gives_the_reason_where_a_member_may_not_determine(not_yet, lodged, as_person):
    took_part = not_yet.make.rows(Assignment)[0].reviewer_id
    with not_yet.edge.database.transaction() as session:
        grant_role(session, took_part, Role.COMMITTEE, by="system:test", at=not_yet.edge.clock())

    queue = as_person(took_part).get("/committee")
    page = as_person(took_part).get(f"/committee/{lodged.id}")

    assert "You took part in reviewing this work" in queue.text
    assert f"/committee/{lodged.id}" not in queue.text
    assert page.status_code == 403
    assert "Which" not in page.text


def test_a_member_for_another_badge_sees_nothing(not_yet, lodged, as_person):
    other = not_yet.make.person(roles_held=(Role.COMMITTEE,), badge="another-badge")
    client = as_person(other.id)

    queue = client.get("/committee")

    assert not_yet.submission.pseudonym not in queue.text
    assert client.get(f"/committee/{lodged.id}").status_code == 404
    assert client.get(f"/committee/matters/{not_yet.submission.id}").status_code == 404


def test_inv_13_a_reviewer_of_another_attempt_does_not_learn_of_the_dispute(
    not_yet, lodged, as_person
):
    late = not_yet.make.reviewer(not_yet.edition, roles_held=(Role.COMMITTEE,))
    first = not_yet.submission
    not_yet.submission = not_yet.make.submission(
        portfolio=not_yet.make.rows(Portfolio, learner_id=not_yet.learner.id)[0]
    )
    not_yet.past_intake().asked().accept_all()
    client = as_person(late.id)
    has_part = late.id in {one.reviewer_id for one in not_yet.working()}

    queue = client.get("/committee")
    page = client.get(f"/committee/{lodged.id}")

    assert has_part == (first.pseudonym not in queue.text)
    assert page.status_code == (404 if has_part else 200)


def test_reviews_that_did_not_settle_are_summed_up_and_a_fresh_review_is_ordered(stage, as_person):
    stage.under_review(reviewers=8).decided([(None, 3), (3, 3)], [(None, 3)], [(None, 3)])
    stage.decided([(None, 3)])
    member = as_person(stage.member().id)
    path = f"/committee/matters/{stage.submission.id}"

    page = member.get(path)
    thin = member.post(path, data={"reasons": "Because."})
    done = member.post(path, data={"reasons": REASONS})

    assert page.status_code == 200
    for words in ("Reviewer E", "In dispute", "Not settled.", "the reviewer could not open"):
        assert words in page.text
    assert (thin.status_code, done.status_code) == (422, 303)
    assert stage.state() == "awaiting_reviewers"


def test_home_and_queue_offer_a_member_what_waits_and_when_it_is_due(not_yet, lodged):
    member = not_yet.member()
    visitor = Visitor(id=member.id, grants=frozenset({Grant(Role.COMMITTEE)}))
    with not_yet.edge.database.transaction() as session:
        found = queries.waiting_for(session, visitor, at=not_yet.edge.clock())
        services.withdraw(session, lodged.id, by=not_yet.learner.id, at=not_yet.edge.clock())
        session.flush()
        after = queries.waiting_for(session, visitor, at=not_yet.edge.clock())

    assert [(one.path, one.by) for one in found] == [(f"/committee/{lodged.id}", lodged.due_at)]
    assert after == []
