"""The one place that reads the clock; edges call it and pass the time on."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present as an aware UTC time, whole microseconds."""
    return datetime.now(UTC)


def iso_seconds(at: datetime) -> str:
    """Return `at` as RFC 3339 in UTC with whole seconds and a Z, as signed documents want it."""
    return at.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
