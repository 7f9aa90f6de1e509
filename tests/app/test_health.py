"""Those who watch over an installation learn whether it lives and what it lacks."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import schema
from app.factory import create_app
from app.worker import beat
from core.db import Database
from core.runtime import Runtime
from core.storage import open_store
from tests.engines.loopback import HOST, free_ports

ALL_WELL = {"database": "ok", "schema": "ok", "store": "ok", "worker": "ok"}


@pytest.fixture
def whole(edge: Runtime, tmp_path: Path) -> Iterator[Runtime]:
    """A world whose database the revisions have made."""
    with closing(Database(f"sqlite:///{tmp_path / 'whole.db'}")) as database:
        schema.upgrade(database)
        yield replace(edge, database=database)


def client_of(edge: Runtime) -> FlaskClient:
    return create_app(runtime=edge).test_client()


def test_a_process_without_a_database_is_alive_and_not_ready(edge: Runtime) -> None:
    (port,) = free_ports(1)
    away = Database(f"postgresql+psycopg://assay:secret@{HOST}:{port}/assay")
    client = client_of(replace(edge, database=away))

    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.get_json()) == (200, {"alive": True})
    assert ready.status_code == 503
    assert ready.get_json() == {
        "ready": False,
        "checks": {
            "database": "does not answer (Unavailable)",
            "schema": "does not answer (Unavailable)",
            "store": "ok",
            "worker": "does not answer (Unavailable)",
        },
    }


def test_ready_is_everything_there_and_a_worker_heard_from(whole: Runtime) -> None:
    beat(whole)

    answer = client_of(whole).get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json() == {"ready": True, "checks": ALL_WELL}


def test_a_worker_that_fell_silent_makes_it_not_ready(whole: Runtime, clock) -> None:
    beat(whole)
    clock.advance(seconds=61)

    answer = client_of(whole).get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {
        **ALL_WELL,
        "worker": "not heard from in the last minute; start assay worker",
    }


def test_a_store_that_fails_makes_it_not_ready(whole: Runtime, tmp_path: Path) -> None:
    beat(whole)
    (tmp_path / "no-folder").write_text("a file")
    broken = replace(whole, storage=open_store(str(tmp_path / "no-folder")))

    answer = client_of(broken).get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["checks"] == {
        **ALL_WELL,
        "store": "does not answer (Unavailable)",
    }


def test_tables_of_another_version_make_it_not_ready(edge: Runtime) -> None:
    answer = client_of(edge).get("/readyz")

    assert answer.get_json()["checks"]["schema"] == ("not at this version; run assay db upgrade")
