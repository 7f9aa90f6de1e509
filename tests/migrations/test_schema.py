"""The revisions make exactly the tables that the models describe, on both databases."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app import schema
from app.tables import METADATA
from core.db import Database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A function that makes an empty database and returns its URL."""
    made: list[str] = []

    def make() -> str:
        if request.param == "postgres":
            return str(request.getfixturevalue("postgres_server").new_database())
        made.append(f"sqlite:///{tmp_path / f'{len(made)}.db'}")
        return made[-1]

    return make


@pytest.fixture
def database(new_url: Any) -> Iterator[Database]:
    """An empty database that the revisions have made."""
    with closing(Database(new_url())) as made:
        schema.upgrade(made)
        yield made


def described(database: Database) -> dict[str, Any]:
    """Return all that the database itself says about our tables."""
    inspector = inspect(database.engine)
    return {
        table: {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], one["default"])
                for one in inspector.get_columns(table)
            },
            "key": sorted(inspector.get_pk_constraint(table)["constrained_columns"]),
            "checks": sorted(
                (one["name"] or "", one["sqltext"])
                for one in inspector.get_check_constraints(table)
            ),
            "unique": sorted(
                (one["name"] or "", one["column_names"])
                for one in inspector.get_unique_constraints(table)
            ),
            "references": sorted(
                (one["name"] or "", one["constrained_columns"], one["referred_table"])
                for one in inspector.get_foreign_keys(table)
            ),
            "indexes": sorted(
                (one["name"], one["column_names"], one["unique"], sorted(options_of(one).items()))
                for one in inspector.get_indexes(table)
            ),
        }
        for table in inspector.get_table_names()
        if table in METADATA.tables
    }


def options_of(index: Any) -> dict[str, str]:
    return {name: str(value) for name, value in index["dialect_options"].items()}


def test_the_revisions_and_the_models_say_the_same(database: Database, new_url: Any) -> None:
    with closing(Database(new_url())) as by_models:
        METADATA.create_all(by_models.engine)

        assert described(database) == described(by_models)
    with database.engine.connect() as connection:
        command.check(schema.config(connection))


def test_going_back_to_nothing_and_forward_again_changes_nothing(database: Database) -> None:
    before = described(database)

    schema.downgrade(database, "base")
    gone = described(database)
    schema.upgrade(database)

    assert gone == {}
    assert described(database) == before
    assert len(before) == len(METADATA.tables)


def test_upgrading_twice_is_no_harm_and_the_job_engine_has_its_tables(
    database: Database,
) -> None:
    schema.upgrade(database)

    place = None if database.url.startswith("sqlite") else "dbos"
    assert schema.is_current(database)
    assert "workflow_status" in inspect(database.engine).get_table_names(schema=place)


def test_an_empty_database_is_not_current(new_url: Any) -> None:
    with closing(Database(new_url())) as empty:
        assert not schema.is_current(empty)


def test_references_are_enforced_again_after_an_upgrade(database: Database) -> None:
    orphan = text(
        "INSERT INTO accounts_employment (id, person_id, organisation)"
        " VALUES ('a', 'nobody', 'Nowhere')"
    )

    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(orphan)


def test_every_table_of_ours_has_the_prefix_of_its_package() -> None:
    prefixes = {"accounts", "core", "credentials", "portfolio", "review"}

    assert {name.partition("_")[0] for name in METADATA.tables} <= prefixes
