"""A test's world is its own: nothing that another test wrote, on either database."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import Person
from core.db import Database
from core.runtime import Runtime
from tests.factories import Factory

ROOT = Path(__file__).resolve().parents[2]

TWO_TESTS_THAT_LEAVE_ROWS = """
import pytest
from sqlalchemy import func, select
from accounts.models import Person

@pytest.mark.parametrize("turn", [1, 2])
def test_one_session(any_database, session, make, turn):
    make.person()
    with pytest.raises(ValueError), session.begin_nested():
        make.person()
        raise ValueError
    session.commit()
    assert session.scalar(select(func.count()).select_from(Person)) == 1

@pytest.mark.parametrize("turn", [1, 2])
def test_committed(any_database, make, turn):
    make.person()
    assert len(make.rows(Person)) == 1
"""


def test_what_one_test_writes_no_other_test_sees(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("ASSAY_REQUIRE_ENGINES", raising=False)
    pytester.makepyfile(TWO_TESTS_THAT_LEAVE_ROWS)
    plugins = [f"tests.plugins.{name}" for name in ("components", "servers", "pages", "worlds")]

    result = pytester.runpytest_subprocess(*(part for name in plugins for part in ("-p", name)))

    outcomes = result.parseoutcomes()
    assert outcomes.get("failed", 0) == outcomes.get("errors", 0) == 0
    assert outcomes["passed"] + outcomes.get("skipped", 0) == 8
    assert outcomes["passed"] >= 4


def test_a_savepoint_undoes_what_was_done_inside_it_and_nothing_else(
    any_database: Database, session: Session, make: Factory
) -> None:
    kept = make.person("Kept")

    savepoint = session.begin_nested()
    make.person("Undone")
    session.expunge(kept)
    session.add(Person(id=kept.id, name="Twice", created_at=make.edge.clock()))
    with pytest.raises(IntegrityError):
        session.flush()
    savepoint.rollback()

    assert session.scalars(select(Person.name)).all() == ["Kept"]


def test_a_rolled_back_session_leaves_neither_rows_nor_jobs(
    any_database: Database, edge: Runtime
) -> None:
    with edge.database.session() as opened:
        Factory(edge, opened).submission()
        opened.rollback()

    with edge.database.transaction() as session:
        count = session.scalar(select(func.count()).select_from(Person))
    assert (count, list(edge.jobs.waiting)) == (0, [])  # type: ignore[attr-defined]


def test_a_signed_in_client_is_the_person_it_was_made_for(
    app: Flask, client: FlaskClient, as_person: object, make: Factory
) -> None:
    person = make.person("Ada Marsh")

    signed_in = as_person(person.id).get("/account")  # type: ignore[operator]
    stranger = client.get("/account")

    assert (signed_in.status_code, stranger.status_code) == (200, 303)
    assert b"Ada Marsh" in signed_in.data
