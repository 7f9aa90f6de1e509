"""CS1 over every route: what writes has to come from our own page, what looks never writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.app.access_routes import ACTORS, ask, methods_of, path_of, values_for
from tests.app.access_world import World
from tests.plugins.worlds import Clock

LOOKERS = ("visitor", "owner", "reviewer", "moderator", "committee", "manager", "admin", "auditor")
WRITES = ("INSERT ", "UPDATE ", "DELETE ", "REPLACE ")
FORGED = {
    "no token": {"X-CSRFToken": ""},
    "a wrong token": {"X-CSRFToken": "not-a-token"},
    "from another site": {"Sec-Fetch-Site": "cross-site"},
    "from a neighbour": {"Sec-Fetch-Site": "same-site"},
}


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """Collect what the database is told meanwhile."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement.split(None, 1)[0].upper() + " " + statement)

    event.listen(world.edge.database.engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(world.edge.database.engine, "before_cursor_execute", note)


def each(world: World, method: str, actor: str) -> Iterator[tuple[Any, str]]:
    """Yield every rule that answers a method, with the address an actor would use."""
    for rule in world.app.url_map.iter_rules():
        if method in methods_of(rule):
            yield rule, path_of(world, rule, values_for(world, rule, actor))


@pytest.mark.parametrize("forged", FORGED)
def test_cs1_every_write_that_our_page_did_not_send_is_refused_before_any_look_up(
    world: World, forged: str
) -> None:
    client = world.client("owner")

    taken = []
    for rule, path in each(world, "POST", "owner"):
        with statements(world) as told:
            answer = ask(world, client, "POST", path, rule.endpoint, headers=FORGED[forged])
        if answer.status_code != 403 or told:
            taken.append((rule.endpoint, answer.status_code, told))

    assert taken == []


@pytest.mark.parametrize("actor", LOOKERS)
def test_cs1_looking_at_any_page_writes_nothing(world: World, actor: str) -> None:
    client = world.client(ACTORS[actor][0])

    writing = []
    for rule, path in each(world, "GET", actor):
        with statements(world) as told:
            ask(world, client, "GET", path, rule.endpoint)
        writing += [(rule.endpoint, one) for one in told if one.startswith(WRITES)]

    assert writing == []


def test_cs1_the_one_thing_that_looking_notes_is_when_somebody_was_last_seen(world: World) -> None:
    client = world.client("owner")
    clock = world.edge.clock
    assert isinstance(clock, Clock)
    before = clock.now
    clock.advance(minutes=2)

    try:
        with statements(world) as told:
            client.get("/home")
            client.get("/home")
    finally:
        clock.now = before

    assert [one.split()[2] for one in told if one.startswith(WRITES)] == ["accounts_session"]


def test_cs1_looking_at_work_for_the_first_time_writes_nothing(world: World) -> None:
    client = world.client("second")
    path = f"/reviews/{world.ids['not_opened']}"

    with statements(world) as told:
        answer = client.get(path)

    assert answer.status_code == 200
    assert [one for one in told if one.startswith(WRITES)] == []
