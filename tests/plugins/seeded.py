"""The demo's whole world, built once for each run of the tests and copied for each test."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app import schema, seed
from app.runtime import make_store
from config import Settings, complete
from core.db import Database
from core.jobs import MemoryQueue
from core.runtime import Runtime


def world_settings(var: Path) -> Settings:
    """Return the settings of a world in a folder; its address stays, since badges name it."""
    return complete(Settings(var=var, base_url="http://127.0.0.1:8000", demo=True))


@pytest.fixture(scope="session")
def whole_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `var` folder of a finished world; not to be written to.

    The processes of one run share it: who comes first builds it, and the others wait.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    var, built = folder / "world" / "var", folder / "world" / "built"
    built.parent.mkdir(exist_ok=True)
    with (folder / "world" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            shutil.rmtree(var, ignore_errors=True)
            _build(var)
            built.touch()
    return var


def _build(var: Path) -> None:
    settings = world_settings(var)
    with closing(Database(settings.database_url)) as database:
        schema.upgrade(database)
        seed.build(Runtime(settings, database, make_store(settings), MemoryQueue()))


@pytest.fixture
def seeded(whole_world: Path, tmp_path: Path) -> Iterator[Runtime]:
    """An edge over a copy of the whole world, which a test may change."""
    var = tmp_path / "world"
    shutil.copytree(whole_world, var)
    settings = replace(world_settings(var), base_url="http://127.0.0.1:8000")
    with closing(Database(settings.database_url)) as database:
        yield Runtime(settings, database, make_store(settings), MemoryQueue())
