"""The store and the database agree, and what one lacks of the other is found."""

from datetime import timedelta
from pathlib import Path

import pytest

from app import store_check
from app.store_check import Finding
from app.tables import METADATA
from core import clock as real_clock
from core.runtime import Runtime
from portfolio.evidence.models import Blob, Rendition
from tests.plugins.worlds import START


@pytest.fixture
def kept(edge: Runtime) -> dict[str, str]:
    """Three blobs that rows name, and one that nothing names: their SHA-256s."""
    shas = {
        name: edge.storage.put(name.encode()).sha256 for name in ("one", "two", "page", "orphan")
    }
    with edge.database.transaction() as session:
        for name in ("one", "two"):
            session.add(
                Blob(
                    sha256=shas[name],
                    size=len(name),
                    media_type="text/plain",
                    created_at=START,
                    preview_state="ready",
                )
            )
        session.flush()
        session.add(
            Rendition(
                source_sha256=shas["one"],
                kind="page",
                sha256=shas["page"],
                size=4,
                media_type="image/png",
            )
        )
    return shas


def file_of(edge: Runtime, sha256: str) -> Path:
    return Path(edge.settings.store) / sha256[:2] / sha256[2:4] / sha256


def test_files_that_are_whole_and_named_are_no_finding(edge: Runtime, kept: dict[str, str]) -> None:
    steps: list[None] = []

    findings = store_check.check(edge, on_progress=lambda: steps.append(None))

    assert findings == [Finding(kept["orphan"], "nothing names it", "store", is_loss=False)]
    assert len(steps) == store_check.count(edge) == 3


def test_a_missing_a_changed_and_a_short_file_are_losses(
    edge: Runtime, kept: dict[str, str]
) -> None:
    edge.storage.delete(kept["orphan"])
    file_of(edge, kept["one"]).unlink()
    file_of(edge, kept["two"]).write_bytes(b"TWO")
    with edge.database.transaction() as session:
        session.query(Rendition).update({Rendition.size: 9})

    findings = store_check.check(edge)

    assert set(findings) == {
        Finding(kept["one"], "missing", "portfolio_blob", is_loss=True),
        Finding(kept["two"], "damaged", "portfolio_blob", is_loss=True),
        Finding(kept["page"], "4 bytes, not 9", "portfolio_rendition", is_loss=True),
    }


def test_only_what_nothing_has_named_for_a_day_is_removed(
    edge: Runtime, kept: dict[str, str], clock
) -> None:
    clock.now = real_clock.now() + timedelta(hours=23)
    too_soon = store_check.sweep(edge)
    clock.advance(hours=2)

    removed = store_check.sweep(edge)

    assert (too_soon, removed) == (0, 1)
    assert {entry.sha256 for entry in edge.storage.listing()} == set(kept.values()) - {
        kept["orphan"]
    }


def test_every_column_that_can_name_a_file_is_followed() -> None:
    followed = {(column.class_.__tablename__, column.key) for column in store_check.NAMING}
    naming = {
        (table.name, column.name)
        for table in METADATA.sorted_tables
        for column in table.columns
        if column.name.endswith("sha256")
        and not any(key.column.table.name == "portfolio_blob" for key in column.foreign_keys)
    }

    assert followed == naming
