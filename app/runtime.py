"""Opens the database, the store and the queue that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager

import app.jobs  # noqa: F401 - whoever saves a job knows which ones are heavy.
from config import Settings, from_environment
from core.db import Database
from core.jobs_dbos import DurableQueue
from core.runtime import Runtime
from core.storage import Store, open_store


def open_runtime(settings: Settings) -> Runtime:
    """Return what a request, a job or a command works with."""
    database = Database(settings.database_url, pool_size=settings.threads + 4)
    return Runtime(
        settings=settings,
        database=database,
        storage=make_store(settings),
        jobs=DurableQueue(database.engine),
    )


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Runtime]:
    """Yield what a command works with, from the environment unless told, and close it after."""
    edge = open_runtime(settings or from_environment())
    try:
        yield edge
    finally:
        edge.database.close()


def make_store(settings: Settings) -> Store:
    """Return the store that the settings name."""
    return open_store(
        settings.store,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
