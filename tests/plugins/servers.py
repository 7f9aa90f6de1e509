"""Fixtures that start real servers once for each test process, and stop them at the end."""

from collections.abc import Iterator

import pytest

from tests.engines.postgres import PostgresServer, running_postgres
from tests.engines.swift import S3Server, running_swift
from tests.plugins.components import require


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server; `new_database()` makes an empty database and returns its URL."""
    require("postgres")
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The URL of one database that the whole test process shares."""
    return postgres_server.new_database()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """An S3-compatible server with one empty bucket; `new_bucket()` makes another."""
    require("s3")
    with running_swift() as server:
        yield server
