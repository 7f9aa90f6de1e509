"""The database: one base class, one engine recipe for SQLite and PostgreSQL, one edge.

Every request, job and command opens one transaction with `transaction`; services take the
session it yields and never commit. SQLite runs in WAL mode with foreign keys on, and begins
each writing transaction IMMEDIATE so that writers queue instead of failing half-way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Engine,
    Index,
    MetaData,
    String,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from core.errors import Unavailable
from core.ids import ID_LENGTH, new_id

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_SECONDS = 15
CONNECT_SECONDS = 3
STATEMENT_MS = 30_000
LOCK_MS = 15_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; a naive one is refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time must carry its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Parent of every table; names of constraints follow one convention."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a class attribute
        datetime: UtcDateTime(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


def id_column() -> Any:
    """A primary key of 128 random bits."""
    return mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


def make_engine(url: str, *, pool_size: int = 10) -> Engine:
    """Return an engine for `sqlite:///…` or `postgresql+psycopg://…` with our timeouts set."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
        _prepare_sqlite(engine)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": 10_000,
            "options": f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}"
            " -c timezone=UTC",
        },
    )


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # Autocommit on the driver, so that BEGIN below is the only one and savepoints are real.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("assay_read_only", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class Database:
    """An engine and the sessions that belong to it."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = make_engine(url, pool_size=pool_size)
        self._reading = self.engine.execution_options(assay_read_only=True)
        self.session_info: dict[str, Any] = {}
        self._session = sessionmaker(self.engine, expire_on_commit=False, info=self.session_info)
        self._read_session = sessionmaker(
            self._reading, expire_on_commit=False, info=self.session_info
        )

    @contextmanager
    def transaction(self, *, read_only: bool = False) -> Iterator[Session]:
        """Yield a session; commit when the block ends well, roll back when it does not.

        A read-only transaction never takes SQLite's write lock, and is always rolled back.
        """
        with (self._read_session if read_only else self._session)() as session:
            try:
                yield session
                if read_only:
                    session.rollback()
                else:
                    session.commit()
            except OperationalError as error:
                session.rollback()
                raise Unavailable(
                    "The database does not answer just now. Nothing was changed; try again."
                ) from error
            except BaseException:
                session.rollback()
                raise

    def session(self, *, read_only: bool = False) -> Session:
        """Return a bare session for an edge that ends it itself."""
        return (self._read_session if read_only else self._session)()

    def close(self) -> None:
        """Return every pooled connection."""
        self.engine.dispose()


def unique_when(name: str, *columns: str, where: str | None) -> Index:
    """Return a unique index; with `where`, one that binds only the rows where the SQL holds."""
    if where is None:
        return Index(name, *columns, unique=True)
    return Index(
        name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where)
    )


def one_of(column: str, values: type[StrEnum], name: str) -> CheckConstraint:
    """Return a CHECK that keeps a text column within an enumeration."""
    allowed = ", ".join(f"'{member.value}'" for member in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=name)
