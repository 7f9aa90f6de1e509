"""Runs the migrations on the connection that `app.schema` hands over, or on the settings' own."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from app.tables import METADATA
from config import from_environment
from core.db import Json, UtcDateTime, make_engine

PREFIXES = ("accounts_", "core_", "credentials_", "portfolio_", "review_")


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave alone the tables that the job engine keeps in the same file."""
    return kind != "table" or (name or "").startswith(PREFIXES)


def plainly(kind: str, thing: Any, written: AutogenContext) -> str | Literal[False]:
    """Write our own types as the plain ones they are stored in, so that old revisions last."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and thing is Json:
        written.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    """Run what was asked for in one transaction; SQLite rebuilds tables that it cannot alter."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=is_ours,
        render_as_batch=True,
        render_item=plainly,
        compare_server_default=True,
        version_table="core_schema_version",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(from_environment().database_url)
    with engine.connect() as opened:
        run(opened)
        opened.commit()
    engine.dispose()
