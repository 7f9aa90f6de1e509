"""AZ1: every route, every method, every kind of person, against the table that was agreed on.

The rows come from the application's own map of addresses, so that a new route fails here until
somebody has thought about who may use it. `access_table.txt` says what its letters mean.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.app.access_routes import ACTORS, as_actor, ask, methods_of, missing, path_of, values_for
from tests.app.access_world import NAMES, World

TABLE = Path(__file__).with_name("access_table.txt")
NONCES = re.compile(r'(name="csrf_token" value|name="csrf-token" content)="[^"]*"')
IDS = re.compile(r"[a-z2-7]{26}")
WRITTEN = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b")
REFUSED = {"n", "f", "c", ">"}
REACHED = {303, 409, 422}


@cache
def agreed() -> dict[tuple[str, str], str]:
    """Return the verdicts of the table by endpoint and method."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {(endpoint, method): " ".join(letters) for endpoint, method, *letters in rows}


@pytest.fixture(scope="module")
def found(built_world: World) -> dict[tuple[str, str], str]:
    """The verdicts as they are, by endpoint and method."""
    built_world.put_back()
    letters: dict[tuple[str, str], list[str]] = {}
    for actor in ACTORS:
        with as_actor(built_world, actor):
            for rule in built_world.app.url_map.iter_rules():
                for method in methods_of(rule):
                    letter = verdict(built_world, rule, method, actor)
                    letters.setdefault((rule.endpoint, method), []).append(letter)
    built_world.put_back()
    return {key: " ".join(row) for key, row in letters.items()}


def verdict(world: World, rule: Any, method: str, actor: str) -> str:
    """Ask as an actor and return the letter; an answer that tells too much is an exclamation."""
    client = world.client(ACTORS[actor][0])
    values = values_for(world, rule, actor)
    path = path_of(world, rule, values)
    answer, writes = _listened(world, client, method, path, rule.endpoint)
    letter = letter_of(method, answer)
    if letter in {"n", "f"} and any(name.endswith("_id") for name in values):
        nothing = path_of(world, rule, missing(values))
        other = ask(world, client, method, nothing, rule.endpoint)
        is_same = (other.status_code, plain(other)) == (answer.status_code, plain(answer))
        letter = letter if is_same else {"n": "!differs", "f": "c"}[letter]
    if letter in REFUSED:
        letter = f"{letter}{_told_too_much(answer, writes, actor)}"
    elif method == "POST":
        world.put_back()
    return letter


def letter_of(method: str, answer: Any) -> str:
    """Return what became of a request, in a letter of the table."""
    status = answer.status_code
    where = answer.location or ""
    if status == 401 or (method == "GET" and where.startswith("/sign-in")):
        return ">"
    if method == "POST" and status in REACHED:
        return "w"
    known = {200: ".", 303: "r", 403: "f", 404: "n", 503: "u"}
    return known.get(status, f"!{status}")


def plain(answer: Any) -> str:
    """Return a page without what differs from one request to the next."""
    return IDS.sub("ID", NONCES.sub("", answer.text))


def _listened(
    world: World, client: Any, method: str, path: str, endpoint: str
) -> tuple[Any, list[str]]:
    writes: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if WRITTEN.match(statement):
            writes.append(statement)

    event.listen(world.edge.database.engine, "before_cursor_execute", note)
    try:
        return ask(world, client, method, path, endpoint), writes
    finally:
        event.remove(world.edge.database.engine, "before_cursor_execute", note)


def _told_too_much(answer: Any, writes: list[str], actor: str) -> str:
    """Return what a refused answer gave away or did, or nothing."""
    own = NAMES.get(ACTORS[actor][0])
    names = [name for name in NAMES.values() if name != own and name in answer.text]
    if names:
        return f"!names {names[0]}"
    if "Traceback" in answer.text:
        return "!trace"
    return "!wrote" if writes else ""


def test_az1_every_route_is_in_the_table_and_every_row_has_its_route(
    found: dict[tuple[str, str], str],
) -> None:
    assert sorted(set(found) - set(agreed())) == [], "decide who may, and add these to the table"
    assert sorted(set(agreed()) - set(found)) == [], "these routes are gone: take their rows out"


def test_f8_every_verdict_is_the_one_that_was_agreed_on(found: dict[tuple[str, str], str]) -> None:
    wrong = [
        f"{endpoint} {method}\n  agreed {agreed()[endpoint, method]}\n  found  {row}"
        for (endpoint, method), row in sorted(found.items())
        if row != agreed().get((endpoint, method), row)
    ]

    assert wrong == [], "\n".join(["", " ".join(ACTORS), *wrong])
