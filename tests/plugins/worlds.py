"""Fixtures that give a test a world of its own: a database, a store, a clock, people and pages.

Each test gets a fresh copy of an empty database, SQLite unless it asks for another:

    def test_on_both(any_database): ...           # once on SQLite, once on PostgreSQL

`session` is one transaction that is rolled back in the end. `make` builds inside it; in a test
without `session` each call of `make` commits, so that requests, jobs and threads see it.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server

from app import jobs as every_room
from app.factory import create_app
from app.tables import METADATA
from config import Settings, complete
from core.db import Database
from core.jobs import MemoryQueue
from core.runtime import Runtime
from core.storage import open_store
from tests.engines.loopback import free_ports
from tests.factories import Factory
from tests.plugins.clients import TokenClient, sign_in_secret

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KINDS = ("sqlite", "postgres")


class Clock:
    """The time of a test: it stands still until it is told to go on."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> datetime:
        """Move on by a span such as `days=1`, and return the new time."""
        self.now += timedelta(**span)
        return self.now


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `any_database` once on each kind."""
    if "any_database" in metafunc.fixturenames:
        kinds = [
            pytest.param(kind, marks=[pytest.mark.postgres] if kind == "postgres" else [])
            for kind in KINDS
        ]
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and no row, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "empty.db"
    with closing(Database(f"sqlite:///{path}")) as made:
        METADATA.create_all(made.engine)
        with made.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return path


@pytest.fixture(scope="session")
def empty_postgres(request: pytest.FixtureRequest) -> str:
    """The name of a PostgreSQL database with every table and no row, to be copied."""
    url: str = request.getfixturevalue("postgres_server").new_database()
    with closing(Database(url)) as made:
        METADATA.create_all(made.engine)
    return url.rsplit("/", 1)[1]


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh database with every table and no row."""
    if getattr(request, "param", "sqlite") == "postgres":
        template = request.getfixturevalue("empty_postgres")
        url = request.getfixturevalue("postgres_server").new_database(template=template)
    else:
        path = tmp_path / "assay.db"
        shutil.copyfile(request.getfixturevalue("empty_sqlite"), path)
        url = f"sqlite:///{path}"
    made = Database(url)
    yield made
    made.close()


@pytest.fixture
def any_database(database: Database) -> Database:
    """The same as `database`; a test that asks for it runs on SQLite and on PostgreSQL."""
    return database


@pytest.fixture
def clock() -> Clock:
    """The time, which a test moves on."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    """The settings of an installation in a temporary folder, on a free port of loopback."""
    (port,) = free_ports(1)
    return complete(
        Settings(
            base_url=f"http://127.0.0.1:{port}",
            port=port,
            var=tmp_path / "var",
            database_url=database.url,
            secret_key="a secret for tests alone, and long enough",
        )
    )


@pytest.fixture
def edge(settings: Settings, database: Database, clock: Clock) -> Runtime:
    """What a request, a job or a command works with; jobs wait until a test drains them."""
    return Runtime(
        settings=settings,
        database=database,
        storage=open_store(settings.store),
        jobs=MemoryQueue(),
        clock=clock,
    )


@pytest.fixture
def drain(edge: Runtime) -> Callable[[], int]:
    """Do every waiting job, and those that they bring."""
    queue = edge.jobs
    assert isinstance(queue, MemoryQueue)
    assert every_room.MODULES, "importing them is what registers the handlers"
    return lambda: queue.drain(edge)


@pytest.fixture
def session(edge: Runtime) -> Iterator[Session]:
    """One transaction that is rolled back in the end."""
    with edge.database.session() as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def make(request: pytest.FixtureRequest, edge: Runtime) -> Factory:
    """Build people, badges and work in every state; see tests/factories.py."""
    inside = "session" in request.fixturenames
    return Factory(edge, request.getfixturevalue("session") if inside else None)


@pytest.fixture
def app(edge: Runtime) -> Flask:
    """The application over the world of this test."""
    made = create_app(runtime=edge)
    made.config["TESTING"] = False
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not signed in; forms are sent as a browser on our own page sends them."""
    return TokenClient.on(app)


@pytest.fixture
def as_person(app: Flask) -> Callable[[str], FlaskClient]:
    """Return a function that signs a person in and returns their client."""
    return lambda person_id: TokenClient.on(app, person_id)


class Site:
    """The application on a real port of loopback, each request in a thread of its own."""

    def __init__(self, edge: Runtime, server: BaseWSGIServer) -> None:
        self.edge = edge
        self.url: str = edge.settings.base_url
        self._server = server

    def drain(self) -> int:
        """Do every waiting job, as the worker would."""
        queue = self.edge.jobs
        assert isinstance(queue, MemoryQueue)
        return queue.drain(self.edge)


@pytest.fixture
def site(app: Flask, edge: Runtime) -> Iterator[Site]:
    """The application as a browser reaches it."""
    server = make_server("127.0.0.1", edge.settings.port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(edge, server)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sign_in(site: Site) -> Callable[[Page, str], None]:
    """Return a function that gives a browser page the sign-in cookie of a person."""

    def give(page: Page, person_id: str) -> None:
        secret = sign_in_secret(site.edge, person_id)
        page.context.add_cookies([{"name": "assay", "value": secret, "url": site.url}])

    return give
