"""Clears what nothing names from the store, once it has lain there for a day."""

from app import store_check
from core import jobs
from core.runtime import Runtime


@jobs.every(minutes=60, name="store_sweep")
def sweep(edge: Runtime) -> None:
    """Remove blobs that no row names and pieces of interrupted uploads, both a day old."""
    store_check.sweep(edge)
