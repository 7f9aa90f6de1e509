"""Counting tries, on either database and from many threads at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from accounts import services, sessions, throttle
from accounts.models import EmailAddress, Joining, SignInSession, Throttle
from accounts.throttle import Limit
from core.models import Mail

LIMIT = Limit("test", 3, 300)
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def try_once(database, at=START, subject="robin"):
    with database.transaction() as session:
        return throttle.count(session, LIMIT, subject, at=at)


def test_a_try_too_many_says_how_long_to_wait(any_database, edge):
    waits = [try_once(any_database, START + timedelta(seconds=20)) for _ in range(5)]

    assert waits == [0, 0, 0, 280, 280]
    assert try_once(any_database, subject="noor") == 0
    assert try_once(any_database, START + timedelta(seconds=300)) == 0


def test_tries_at_the_same_moment_are_all_counted(any_database, edge):
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: try_once(any_database), range(24)))

    assert sorted(waits) == [0] * 3 + [300] * 21


def test_the_sweep_forgets_what_ended_and_keeps_what_lives(any_database, edge, make, drain):
    person = make.person()
    now = edge.clock()
    with any_database.transaction() as session:
        throttle.count(session, LIMIT, "old", at=now - timedelta(days=3))
        throttle.count(session, LIMIT, "new", at=now)
        for age in (timedelta(hours=13), timedelta(minutes=5)):
            sessions.start(session, person.id, user_agent="", at=now - age)
        for name, age in (("Old", timedelta(days=2)), ("New", timedelta(hours=2))):
            services.sign_up(
                session,
                name=name,
                address=f"{name}@example.org",
                password="nine copper kettles",
                at=now - age,
            )

    with any_database.transaction() as session:
        sessions.sweep(session, at=now)
        throttle.sweep(session, at=now)
        services.forget_unconfirmed(session, at=now)

    assert [len(make.rows(table)) for table in (Throttle, SignInSession)] == [1, 1]
    assert [row.name for row in make.rows(Joining)] == ["New"]


def test_joining_works_on_either_database(any_database, client, make):
    client.post(
        "/sign-up",
        data={"name": "Ada", "address": "Ada@Example.org", "password": "nine copper kettles"},
    )
    (mail,) = make.rows(Mail)
    client.post(mail.path)

    (row,) = make.rows(EmailAddress)
    assert (row.address, row.is_primary, row.verified_at is not None) == (
        "ada@example.org",
        True,
        True,
    )
