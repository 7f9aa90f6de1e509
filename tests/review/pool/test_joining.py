"""Asking to review, the programme's answer, days off, and the page of the weeks to come."""

from collections.abc import Callable
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from accounts.models import Notice
from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.db import Database
from core.errors import Invalid, NotFound, Refused
from core.models import AuditEvent
from core.runtime import Runtime
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from review.pool import applications, holidays, queries
from review.pool.models import (
    Application,
    DeclaredConflict,
    Holiday,
    Qualification,
    ReviewerProfile,
)
from review.pool.rules import joined
from tests.factories import Factory, sample_definition
from tests.plugins.worlds import Clock

As = Callable[[str], FlaskClient]
TEXT = "I have hosted sessions for six years, hold a diploma, and reviewed for two juries."
MANAGER = (Role.PROGRAMME_MANAGER,)


@pytest.fixture
def edition(any_database: Database, make: Factory) -> BadgeEdition:
    return make.edition()


def ask(edge: Runtime, badge_id: str, person_id: str) -> Application:
    with edge.database.transaction() as session:
        return applications.apply(session, badge_id, holdings=TEXT, by=person_id, at=edge.clock())


def test_an_application_is_answered_in_five_business_days_and_qualifies(
    edge: Runtime, make: Factory, edition: BadgeEdition
) -> None:
    person, manager = make.person("Ann Asks"), make.person(roles_held=MANAGER)

    made = ask(edge, edition.badge_id, person.id)
    with edge.database.transaction() as session:
        seen = Visitor(manager.id, grants=(Grant(Role.PROGRAMME_MANAGER),))
        (entry,) = queries.waiting_for(session, seen, at=edge.clock())
        (own,) = queries.waiting_for(session, Visitor(person.id), at=edge.clock())
        applications.answer(
            session,
            made.id,
            qualifies=True,
            reason="Six years of practice.",
            valid_until=edge.clock() + timedelta(days=90),
            by=manager.id,
            at=edge.clock(),
        )

    assert (entry.by, entry.path) == (made.answer_by, "/pool/careful-host")
    assert (own.who, own.by) == ("The programme", made.answer_by)
    assert timedelta(days=6) < made.answer_by - made.applied_at < timedelta(days=8)
    (right,) = make.rows(Qualification, person_id=person.id)
    assert (right.source, right.reason) == ("granted", "Six years of practice.")
    assert len(make.rows(Notice, person_id=person.id, kind="reviewer_qualified")) == 1
    assert len(make.rows(AuditEvent, verb="application_answered")) == 1


def test_an_answer_is_due_at_the_end_of_a_business_day_where_the_issuer_is(
    edge: Runtime, make: Factory, edition: BadgeEdition
) -> None:
    with edge.database.transaction() as session:
        catalog.issuer_of(session, edition.badge_id).time_zone = "America/New_York"

    made = ask(edge, edition.badge_id, make.person().id)

    there = made.answer_by.astimezone(ZoneInfo("America/New_York"))
    assert (there.date(), there.time()) == (date(2026, 3, 9), time(23, 59, 59))


def test_only_one_application_is_open_at_a_time_until_it_is_withdrawn(
    edge: Runtime, make: Factory, edition: BadgeEdition
) -> None:
    person, other = make.person(), make.person()
    made = ask(edge, edition.badge_id, person.id)

    with pytest.raises(Refused, match="asked already"):
        ask(edge, edition.badge_id, person.id)
    with pytest.raises(NotFound), edge.database.transaction() as session:
        applications.withdraw(session, made.id, by=other.id, at=edge.clock())
    with edge.database.transaction() as session:
        applications.withdraw(session, made.id, by=person.id, at=edge.clock())
    ask(edge, edition.badge_id, person.id)

    assert sorted(one.state for one in make.rows(Application)) == ["open", "withdrawn"]


def test_nobody_answers_their_own_application(
    edge: Runtime, make: Factory, edition: BadgeEdition
) -> None:
    manager = make.person(roles_held=MANAGER)
    made = ask(edge, edition.badge_id, manager.id)

    with pytest.raises(Refused, match="your own"), edge.database.transaction() as session:
        applications.answer(
            session,
            made.id,
            qualifies=True,
            reason="I am good.",
            valid_until=None,
            by=manager.id,
            at=edge.clock(),
        )

    assert make.rows(Qualification) == []


def test_days_off_that_touch_become_one_and_are_taken_back_by_their_owner(
    edge: Runtime, make: Factory, edition: BadgeEdition
) -> None:
    person, other = make.person(), make.person()
    with edge.database.transaction() as session:
        for days in ((10, 12), (20, 21), (13, 15)):
            made = holidays.add_holiday(
                session,
                from_date=date(2026, 4, days[0]),
                until_date=date(2026, 4, days[1]),
                by=person.id,
                at=edge.clock(),
            )
    found = sorted((one.from_date.day, one.until_date.day) for one in make.rows(Holiday))
    with pytest.raises(NotFound), edge.database.transaction() as session:
        holidays.remove_holiday(session, made.id, by=other.id, at=edge.clock())
    with edge.database.transaction() as session:
        holidays.remove_holiday(session, made.id, by=person.id, at=edge.clock())

    assert found == [(10, 15), (20, 21)]
    assert [one.from_date.day for one in make.rows(Holiday)] == [20]


def test_days_join_across_several_others() -> None:
    days = [(date(2026, 1, 1), date(2026, 1, 3)), (date(2026, 1, 8), date(2026, 1, 9))]

    begins, ends, touched = joined((date(2026, 1, 4), date(2026, 1, 7)), days)

    assert (begins, ends, touched) == (date(2026, 1, 1), date(2026, 1, 9), [0, 1])


@pytest.mark.parametrize(
    ("begins", "ends", "says"),
    [
        (date(2026, 4, 2), date(2026, 4, 1), "before the first"),
        (date(2020, 4, 1), date(2020, 4, 2), "over already"),
        (date(2026, 4, 1), date(2028, 4, 1), "let your reviewing rest"),
        (date(2029, 4, 1), date(2029, 4, 2), "within the next two years"),
        (date(9999, 12, 31), date(9999, 12, 31), "within the next two years"),
    ],
)
def test_days_off_that_make_no_sense_are_refused(
    edge: Runtime, make: Factory, edition: BadgeEdition, begins: date, ends: date, says: str
) -> None:
    person = make.person()

    with pytest.raises(Invalid, match=says), edge.database.transaction() as session:
        holidays.add_holiday(
            session, from_date=begins, until_date=ends, by=person.id, at=edge.clock()
        )


def test_the_pages_lead_from_asking_to_reviewing(
    make: Factory, edition: BadgeEdition, as_person: As, clock: Clock
) -> None:
    person, manager = make.person("Ann Asks"), make.person(roles_held=MANAGER)
    client, chair = as_person(person.id), as_person(manager.id)

    short = client.post("/reviewing/apply/careful-host", data={"holdings": "Trust me."})
    sent = client.post("/reviewing/apply/careful-host", data={"holdings": TEXT})
    waits = client.get("/reviewing").text
    (made,) = make.rows(Application)
    listed = chair.get("/pool/careful-host").text
    address = f"/pool/careful-host/applications/{made.id}"
    read = chair.get(address).text
    empty = chair.post(address, data={"answer": "decline"})
    done = chair.post(address, data={"answer": "qualify", "reason": "Six years of practice."})
    limits = client.post(
        "/reviewing/limits",
        data={"is_available": "y", "max_open": "3", "per_year": "6", "topics": "budgets, art"},
    )
    away = client.post(
        "/reviewing/holidays", data={"from_date": "2026-04-01", "until_date": "2026-04-03"}
    )
    page = client.get("/reviewing").text

    assert (short.status_code, empty.status_code) == (422, 422)
    assert "Trust me." in short.text
    assert [one.status_code for one in (sent, done, limits, away)] == [303] * 4
    assert "Waits for an answer" in waits
    assert "Ann Asks" in listed
    assert TEXT in read
    assert "Wed 1 April 2026 to Fri 3 April 2026" in page
    profile = make.rows(ReviewerProfile, person_id=person.id)[0]
    assert (profile.per_year, profile.topics) == (6, ["budgets", "art"])
    assert "Topics: budgets, art" in chair.get("/pool/careful-host").text


def test_nobody_learns_of_a_badge_that_was_never_out_by_asking_to_review_it(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    make.edition(sample_definition(slug="draft", title="Secret Draft"), is_published=False)
    client = as_person(make.person().id)

    page = client.get("/reviewing/apply/draft")
    sent = client.post("/reviewing/apply/draft", data={"holdings": TEXT})

    assert (page.status_code, sent.status_code) == (404, 404)
    assert "Secret Draft" not in page.text
    assert make.rows(Application) == []


def test_the_weeks_to_come_are_shown_with_their_numbers(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    chair, other = as_person(make.person(roles_held=MANAGER).id), as_person(make.person().id)
    make.reviewer(edition)

    page = chair.get("/pool/careful-host/outlook")

    assert page.status_code == 200
    assert "nobody waits for a reviewer in the coming 8 weeks" in page.text
    assert "How this is reckoned" in page.text
    assert "The numbers" in page.text
    assert other.get("/pool/careful-host/outlook").status_code == 403


def test_a_tie_that_was_to_come_and_does_not_is_gone_and_keeps_nobody_apart(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    person = make.person()
    client = as_person(person.id)
    client.post(
        "/reviewing/ties",
        data={"kind": "employer", "organisation": "House 3", "begins": "2026-09-01"},
    )
    (tie,) = make.rows(DeclaredConflict, person_id=person.id)

    before = client.get("/reviewing").text
    after = client.post(f"/reviewing/ties/{tie.id}/end", follow_redirects=True).text

    assert "It will not come about" in before
    assert "It is gone." in after
    assert "House 3" not in after
    assert make.rows(DeclaredConflict, person_id=person.id) == []


def test_who_asked_to_review_is_not_told_to_ask(
    make: Factory, edition: BadgeEdition, as_person: As
) -> None:
    client = as_person(make.person().id)
    before = client.get("/reviewing").text

    client.post("/reviewing/apply/careful-host", data={"holdings": TEXT})
    after = client.get("/reviewing").text

    assert "You are not a reviewer yet" in before
    assert "ask the programme to qualify you" in before
    assert "The programme has your request" in after
    assert "ask the programme to qualify you" not in after
