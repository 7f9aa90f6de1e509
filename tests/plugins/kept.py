"""What every world of a test process compiles alike: templates, and statements for each dialect.

A test opens an application and an engine of its own, which would compile all of it once more.
"""

from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine

from core.db import Database

STATEMENTS = 5_000
FIRST: dict[str, Engine] = {}


class KeptTemplates(BytecodeCache):
    """Compiled templates in memory; one whose text changed has another checksum."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket if this text of this template was compiled before."""
        found = self._kept.get((bucket.key, bucket.checksum))
        if found is not None:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


def pytest_configure() -> None:
    """Have every application of this process share its compiled templates."""
    options: dict[str, Any] = {**Flask.jinja_options, "bytecode_cache": KeptTemplates()}
    Flask.jinja_options = options


def share_statements(database: Database) -> Database:
    """Have a database use what engines of its dialect compiled before, and return it.

    SQLAlchemy keeps compiled statements by engine and dialect, so that both are shared.
    """
    first = FIRST.setdefault(database.engine.dialect.name, database.engine)
    first._compiled_cache.capacity = STATEMENTS
    for engine in (database.engine, database._reading):
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return database
