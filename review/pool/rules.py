"""Who counts as able to review, and the limits a volunteer can set."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.states import Role
from accounts.visitor import Visitor
from core.errors import Invalid
from review.pool.states import Part, QualificationState

MOST_OPEN = 10
MOST_SECTORS = 20
LOOK_BACK = timedelta(days=3 * 365 + 1)
QUALIFIED_FOR = timedelta(days=365)
RENEWAL_NOTICE = timedelta(days=30)


def check_limits(
    *, max_open: int, paused_until: datetime | None, sectors: Sequence[str], at: datetime
) -> None:
    """Raise Invalid when a volunteer's own limits make no sense."""
    if not 1 <= max_open <= MOST_OPEN:
        raise Invalid(f"Choose between 1 and {MOST_OPEN} reviews at once.", "max_open")
    if paused_until is not None and paused_until <= at:
        raise Invalid("Choose a day that is still to come.", "paused_until")
    if len(sectors) > MOST_SECTORS:
        raise Invalid(f"Name {MOST_SECTORS} sectors at most.", "sectors")


def is_valid(
    state: str, *, valid_from: datetime, valid_until: datetime | None, at: datetime
) -> bool:
    """Whether a qualification holds at a time."""
    return (
        state == QualificationState.QUALIFIED.value
        and valid_from <= at
        and (valid_until is None or valid_until > at)
    )


PARTS = {
    Part.LEARNER: "This is your own work.",
    Part.CHECKER: "You checked this work at intake, so somebody else takes this part.",
    Part.REVIEWER: "You took part in reviewing this work, so somebody else takes this part.",
    Part.COMMITTEE: "You decided on this work for the committee, so somebody else takes this part.",
}


def objection_to_part(held: Part | None, wanted: Part) -> str | None:
    """Return why somebody who is `held` in a matter cannot be `wanted` in it too, or None."""
    return None if held is None or held is wanted else PARTS[held]


def objection_to_volunteering(*, holds_badge: bool, state: str | None) -> str | None:
    """Return why somebody cannot volunteer to review a badge by themselves, or None.

    `state` is that of a qualification they have, or had, for the badge.
    """
    if state == QualificationState.SUSPENDED.value:
        return "Your right to review this badge is suspended. Write to the programme about it."
    if not holds_badge:
        return (
            "Whoever holds this badge may review it. The programme can also qualify you for what"
            " you have done elsewhere."
        )
    return None


def is_in_charge(visitor: Visitor, badge: str) -> bool:
    """Whether somebody manages the pool of the badge with this slug."""
    return visitor.has(Role.PROGRAMME_MANAGER, badge=badge)
