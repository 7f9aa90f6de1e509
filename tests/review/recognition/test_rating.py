"""What a learner says of the reasons: theirs alone, after the release, part by part (INV-12)."""

import re

import pytest
from sqlalchemy import select

from core.models import AuditEvent
from credentials.catalog.definition import ReviewPolicy
from review.recognition.models import Helpfulness
from review.scoring.models import Review
from tests.factories import sample_definition

FIELD = re.compile(r'name="(reason-[0-9a-f]+)" value="3"')


@pytest.fixture
def told(stage):
    """An outcome by two reviewers, who gave different reasons on both criteria."""
    stage.under_review()
    for number, one in enumerate(stage.working()):
        stage.seal(one, (3, 3), rationale=f"The words of reviewer number {number}.")
    return stage


def page_of(stage, as_person, who=None):
    path = f"/submissions/{stage.submission.id}/helpfulness"
    return as_person(who or stage.learner.id).get(path)


def send(stage, as_person, fields, who=None):
    path = f"/submissions/{stage.submission.id}/helpfulness"
    return as_person(who or stage.learner.id).post(path, data=fields)


def names_on(page):
    return FIELD.findall(page.text)


def test_the_outcome_leads_to_the_page_and_each_reason_of_each_criterion_is_asked_for(
    told, as_person
):
    outcome = as_person(told.learner.id).get(f"/submissions/{told.submission.id}/outcome")
    page = page_of(told, as_person)

    assert f"/submissions/{told.submission.id}/helpfulness" in outcome.text
    assert len(set(names_on(page))) == len(names_on(page)) == 4


def test_inv_12_the_names_of_one_reviewers_reasons_have_nothing_in_common(told, as_person):
    page = page_of(told, as_person)
    secret = [one.id for one in told.make.rows(Review)]
    people = [one.id for one in told.reviewers]

    names = [name.removeprefix("reason-") for name in names_on(page)]

    assert {len(name) for name in names} == {32}
    assert len({name[:6] for name in names}) == len({name[-6:] for name in names}) == 4
    assert [one for one in (*secret, *people) if one in page.text] == []
    assert "Ashgrove" not in page.text


def test_reasons_stand_in_the_order_of_the_outcome(told, as_person):
    words = re.compile(r"The words of reviewer number \d\.")
    outcome = as_person(told.learner.id).get(f"/submissions/{told.submission.id}/outcome")

    assert words.findall(page_of(told, as_person).text) == words.findall(outcome.text)


def test_two_who_wrote_the_same_are_rated_apart(stage, as_person):
    stage.under_review().decided([(3, 3), (3, 3)])
    names = names_on(page_of(stage, as_person))

    send(stage, as_person, {names[0]: "1", names[1]: "3"})

    page = page_of(stage, as_person)
    assert len(set(names)) == 4
    assert 'value="1" checked' in line_of(page, names[0], 1)
    assert 'value="3" checked' in line_of(page, names[1], 3)


def line_of(page, name, value):
    return next(line for line in page.text.splitlines() if f'id="{name}-{value}"' in line)


def test_any_part_may_be_left_out_changed_and_taken_back(told, as_person):
    first, second, third, _fourth = names_on(page_of(told, as_person))

    answer = send(told, as_person, {first: "3", second: "1", third: "0"})
    kept = sorted(row.rating for row in told.make.rows(Helpfulness))
    send(told, as_person, {first: "2"})
    changed = sorted(row.rating for row in told.make.rows(Helpfulness))
    send(told, as_person, {second: "0"})

    assert answer.status_code == 303
    assert (kept, changed) == ([1, 3], [1, 2])
    assert [row.rating for row in told.make.rows(Helpfulness)] == [2]


def test_an_answer_that_is_changed_keeps_its_place_among_the_others(told, as_person, clock):
    first = names_on(page_of(told, as_person))[0]
    send(told, as_person, {first: "3"})
    (before,) = told.make.rows(Helpfulness)
    clock.advance(days=3)

    send(told, as_person, {first: "1"})

    (after,) = told.make.rows(Helpfulness)
    assert (after.rating, after.rated_at) == (1, before.rated_at)


def test_the_trail_says_that_reasons_were_rated_and_not_how(told, as_person, edge):
    names = names_on(page_of(told, as_person))
    send(told, as_person, {names[0]: "1", names[1]: "1"})

    with edge.database.transaction() as session:
        (event,) = session.scalars(select(AuditEvent).filter_by(verb="reasons_rated"))

    assert (event.subject_id, event.detail) == (told.submission.id, {"changed": 2})
    assert event.before_digest is event.after_digest is None


def test_nobody_rates_the_outcome_of_somebody_else(told, as_person, make):
    names = names_on(page_of(told, as_person))
    stranger, reviewer = make.person().id, told.reviewers[0].id

    answers = [send(told, as_person, {names[0]: "1"}, who) for who in (stranger, reviewer)]
    pages = [page_of(told, as_person, who) for who in (stranger, reviewer)]

    assert [one.status_code for one in (*answers, *pages)] == [404] * 4
    assert told.make.rows(Helpfulness) == []


def test_nothing_is_rated_before_the_release(stage, make, as_person, clock):
    held = make.edition(
        sample_definition(review_policy=ReviewPolicy(min_rationale_words=3, hold_back_hours=24))
    )
    stage.under_review(edition=held).decided([(3, 3), (3, 3)])

    before = page_of(stage, as_person), send(stage, as_person, {"reason-" + "0" * 32: "1"})
    clock.advance(hours=24)
    stage.sweep()

    assert [one.status_code for one in before] == [404, 404]
    assert page_of(stage, as_person).status_code == 200


def test_ratings_end_thirty_days_after_the_release(told, as_person, clock):
    names = names_on(page_of(told, as_person))
    clock.advance(days=29, hours=23)
    in_time = send(told, as_person, {names[0]: "3"})
    clock.advance(hours=1)

    late = send(told, as_person, {names[0]: "1"})

    page = page_of(told, as_person)
    assert (in_time.status_code, late.status_code) == (303, 409)
    assert [row.rating for row in told.make.rows(Helpfulness)] == [3]
    assert "You said: of use." in page.text
    assert names_on(page) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reason-" + "0" * 32: "3"}, 409),
        ({"reason-": "3"}, 409),
        ({"first": "4"}, 422),
        ({"first": "-1"}, 422),
        ({"first": "²"}, 422),
        ({"first": ""}, 422),
    ],
)
def test_odd_answers_keep_nothing(told, as_person, fields, status):
    first = names_on(page_of(told, as_person))[0]
    sent = {first if name == "first" else name: value for name, value in fields.items()}

    answer = send(told, as_person, sent)

    assert answer.status_code == status
    assert told.make.rows(Helpfulness) == []


def test_a_reason_of_another_outcome_is_not_taken(told, stage, make, as_person):
    other = type(stage)(stage.edge, make).under_review(
        edition=make.edition(sample_definition(slug="other-badge"))
    )
    other.decided([(3, 3), (3, 3)])
    foreign = names_on(page_of(other, as_person))[0]

    answer = send(told, as_person, {foreign: "1"})

    assert answer.status_code == 409
    assert told.make.rows(Helpfulness) == []
