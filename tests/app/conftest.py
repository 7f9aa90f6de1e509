"""The world that the tests of access share: built once, put back before each request."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import jobs as every_room
from config import Settings, complete
from core.db import Database
from core.jobs import MemoryQueue
from core.runtime import Runtime
from core.storage import open_store
from tests.app import access_world
from tests.app.access_world import World
from tests.plugins.worlds import Clock


def open_world(empty_sqlite: Path, folder: Path, *, more: int = 0) -> Iterator[World]:
    """Yield a world of its own, with so many more of everything that is listed."""
    shutil.copyfile(empty_sqlite, folder / "assay.db")
    database = Database(f"sqlite:///{folder / 'assay.db'}")
    settings = complete(
        Settings(
            base_url="http://127.0.0.1:5000",
            port=5000,
            var=folder / "var",
            database_url=database.url,
            secret_key="a secret for tests alone, and long enough",
        )
    )
    assert every_room.MODULES, "importing them is what registers the handlers"
    edge = Runtime(settings, database, open_store(settings.store), MemoryQueue(), Clock())
    yield access_world.build(edge, folder, more=more)
    database.close()


@pytest.fixture(scope="session")
def built_world(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world as it was built."""
    yield from open_world(empty_sqlite, tmp_path_factory.mktemp("access"))


@pytest.fixture
def world(built_world: World) -> World:
    """The world, as it was built; a test may change it."""
    built_world.put_back()
    return built_world
