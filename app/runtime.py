"""Opens the database and the store that the settings name."""

from config import Settings
from core.db import Database
from core.storage import Store, open_store
from core.web import Runtime


def open_runtime(settings: Settings) -> Runtime:
    """Return what a request, a job or a command works with."""
    return Runtime(
        settings=settings,
        database=Database(settings.database_url, pool_size=settings.threads + 4),
        storage=_store(settings),
    )


def _store(settings: Settings) -> Store:
    return open_store(
        settings.store,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
    )
