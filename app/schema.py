"""The database's schema: bring it to the newest revision, and say whether it is there.

`migrations` holds every revision of our tables. The job engine keeps its own tables beside them
and migrates those itself; on SQLite they lie in the same file, without a prefix.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core import jobs_dbos
from core.db import Database

VERSION_TABLE = "core_schema_version"


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring our tables to a revision, then the job engine's tables to its newest."""
    with _changing(database) as connection:
        command.upgrade(config(connection), revision)
    jobs_dbos.migrate(database)


def downgrade(database: Database, revision: str) -> None:
    """Bring our tables back to an earlier revision; what it has no place for is lost."""
    with _changing(database) as connection:
        command.downgrade(config(connection), revision)


@contextmanager
def _changing(database: Database) -> Iterator[Connection]:
    """Yield a connection whose changes all stand at the end, or none.

    SQLite changes a table by making it anew, which must not touch the rows that refer to it;
    that they still agree is checked before the commit.
    """
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _set_references(connection, "OFF")
        try:
            with connection.begin():
                yield connection
                if is_sqlite and (
                    broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                ):
                    raise ValueError(f"rows of {broken[0]} would refer to nothing")
        finally:
            if is_sqlite:
                _set_references(connection, "ON")


def _set_references(connection: Connection, switch: str) -> None:
    """Switch SQLite's foreign keys, which it allows only outside a transaction."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA foreign_keys={switch}")
    cursor.close()


def is_current(database: Database) -> bool:
    """Whether our tables are at the newest revision that this code knows."""
    with database.transaction(read_only=True) as session:
        options = {"version_table": VERSION_TABLE}
        context = MigrationContext.configure(session.connection(), opts=options)
        here = context.get_current_revision()
    return here == newest()


def newest() -> str | None:
    """Return the newest revision."""
    return ScriptDirectory(str(folder())).get_current_head()


def config(connection: Connection) -> Config:
    """Return Alembic's settings for one connection, in a checkout or an installed package."""
    made = Config()
    made.set_main_option("script_location", str(folder()))
    made.attributes["connection"] = connection
    return made


def folder() -> Path:
    """Return where the revisions are."""
    spec = find_spec("migrations")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package `migrations` is not installed")
    return Path(next(iter(spec.submodule_search_locations)))
