"""Where files live: one protocol, kept by a local folder and by any S3-compatible store."""

from pathlib import Path

from core.storage_folder import FolderStore
from core.storage_s3 import S3Store
from core.stored import Damaged, Entry, Store, Stored

__all__ = ["Damaged", "Entry", "Store", "Stored", "open_store"]

S3 = "s3://"


def open_store(
    location: str,
    *,
    endpoint: str = "",
    region: str = "us-east-1",
    access_key: str = "",
    secret_key: str = "",
) -> Store:
    """Return the store at a folder's path or at `s3://bucket`."""
    if not location.startswith(S3):
        return FolderStore(Path(location))
    return S3Store(
        location.removeprefix(S3).rstrip("/"),
        endpoint=endpoint,
        region=region,
        access_key=access_key,
        secret_key=secret_key,
    )
