"""Times are kept in UTC, whatever zone they come in."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import DateTime
from sqlalchemy.exc import StatementError

from app.tables import METADATA
from core.db import Database, UtcDateTime
from core.models import Worker

NOON_IN_BERLIN = datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def test_inv_50_a_time_of_any_zone_is_kept_in_utc_and_one_without_is_refused(
    any_database: Database,
) -> None:
    with any_database.transaction() as session:
        session.add(Worker(worker_id="there", seen_at=NOON_IN_BERLIN))
    with pytest.raises(StatementError, match="zone"), any_database.transaction() as session:
        session.add(Worker(worker_id="nowhere", seen_at=datetime(2026, 7, 1, 12, 0)))

    with any_database.transaction(read_only=True) as session:
        (kept,) = session.query(Worker)
        assert kept.seen_at.isoformat() == "2026-07-01T10:00:00+00:00"


def test_inv_50_every_column_of_a_time_is_kept_like_this() -> None:
    times = [
        (f"{table.name}.{column.name}", column.type)
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, DateTime | UtcDateTime)
    ]

    assert len(times) > 50
    assert [name for name, kind in times if not isinstance(kind, UtcDateTime)] == []
