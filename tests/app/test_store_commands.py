"""The store against the database by the command line, and what the sweep leaves after a crash."""

import os
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app import cli, schema, store_jobs
from config import Settings, complete
from core import clock as real_clock
from core.db import Database
from core.jobs import MemoryQueue
from core.runtime import Runtime
from core.storage import open_store
from portfolio.evidence.models import Blob
from tests.factories import Factory

HOURS = 3600


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation whose database is made; commands find it by the environment."""
    monkeypatch.setenv("ASSAY_VAR", str(tmp_path / "var"))
    made = complete(Settings(var=tmp_path / "var"))
    with closing(Database(made.database_url)) as database:
        schema.upgrade(database)
    return made


def assay(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["assay", *words])
    code = cli.main()
    return code, capsys.readouterr().out


def test_the_command_finds_what_either_side_lacks_and_ends_with_1_for_a_loss_alone(
    installation: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(installation.store)
    with closing(Database(installation.database_url)) as database:
        edge = Runtime(installation, database, store, MemoryQueue(), real_clock.now)
        named = Factory(edge, None).blob(b"named", "text/plain").sha256
        orphan = store.put(b"named by nothing").sha256

    harmless = assay(monkeypatch, capsys, "store", "check")
    store.delete(named)
    lost = assay(monkeypatch, capsys, "store", "check")

    assert harmless[0] == 0
    assert f"{orphan}  nothing names it      store" in harmless[1]
    assert "1 files named: 1 whole, 0 missing or damaged. 1 that nothing names." in harmless[1]
    assert lost[0] == 1
    assert f"{named}  missing               portfolio_blob" in lost[1]
    assert "1 files named: 0 whole, 1 missing or damaged. 1 that nothing names." in lost[1]


def test_d5_the_sweep_removes_orphans_and_pieces_of_a_day_and_nothing_else(
    edge: Runtime, make: Factory, clock
) -> None:
    clock.now = real_clock.now()
    root = Path(edge.settings.store)
    old, young = (edge.storage.put(word).sha256 for word in (b"old orphan", b"young orphan"))
    named = make.blob(b"old and named", "text/plain").sha256
    (root / "unfinished" / "old").write_bytes(b"half a fi")
    (root / "unfinished" / "young").write_bytes(b"half a fi")
    for path in (*(file_of(root, sha) for sha in (old, named)), root / "unfinished" / "old"):
        age(path, hours=25)
    age(file_of(root, young), hours=23)

    store_jobs.sweep(edge)

    assert {entry.sha256 for entry in edge.storage.listing()} == {young, named}
    assert [path.name for path in (root / "unfinished").iterdir()] == ["young"]
    assert [one.sha256 for one in make.rows(Blob)] == [named]


def file_of(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256[2:4] / sha256


def age(path: Path, *, hours: int) -> None:
    then = time.time() - hours * HOURS
    os.utime(path, (then, then))
