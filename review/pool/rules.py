"""Who counts as able to review, and the limits a volunteer can set."""

from datetime import datetime, timedelta

from core.errors import Invalid
from review.pool.states import QualificationState

MOST_OPEN = 10
LOOK_BACK = timedelta(days=3 * 365 + 1)
QUALIFIED_FOR = timedelta(days=365)


def check_limits(*, max_open: int, paused_until: datetime | None, at: datetime) -> None:
    """Raise Invalid when a volunteer's own limits make no sense."""
    if not 1 <= max_open <= MOST_OPEN:
        raise Invalid(f"Choose between 1 and {MOST_OPEN} reviews at once.", "max_open")
    if paused_until is not None and paused_until <= at:
        raise Invalid("Choose a day that is still to come.", "paused_until")


def is_valid(
    state: str, *, valid_from: datetime, valid_until: datetime | None, at: datetime
) -> bool:
    """Whether a qualification holds at a time."""
    return (
        state == QualificationState.QUALIFIED.value
        and valid_from <= at
        and (valid_until is None or valid_until > at)
    )
