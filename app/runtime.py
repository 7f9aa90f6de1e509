"""Opens the database, the store and the queue that the settings name."""

from config import Settings
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
        storage=_store(settings),
        jobs=DurableQueue(database.engine),
    )


def _store(settings: Settings) -> Store:
    return open_store(
        settings.store,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
