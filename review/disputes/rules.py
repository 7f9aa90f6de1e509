"""Who may ask for reconsideration, and who may determine it; each no carries its reason."""

from datetime import datetime, timedelta

from accounts.states import Role
from accounts.visitor import Visitor
from review.decision.states import Outcome

APPEAL_WINDOW = timedelta(days=30)
SHORTEST_REQUEST = 40


def objection_to_lodging(
    *,
    outcome: str,
    released_at: datetime | None,
    is_open_already: bool,
    is_trying_again: bool,
    at: datetime,
) -> str | None:
    """Return why a learner cannot ask for reconsideration now, or None.

    `is_trying_again` says that a later attempt is on its way or has earned the badge.
    """
    if released_at is None:
        return "There is no outcome yet that could be reconsidered."
    if outcome == Outcome.GRANTED.value:
        return "Your badge was granted, so there is nothing to reconsider."
    if is_open_already:
        return "You have asked for reconsideration of this outcome already."
    if at > released_at + APPEAL_WINDOW:
        return "The 30 days for asking for reconsideration are over."
    if is_trying_again:
        return (
            "You have handed in again since. One road at a time: that attempt has its answer first."
        )
    return None


def objection_to_determining(
    visitor: Visitor, *, badge: str, learner_id: str, took_part: bool, is_tied: bool
) -> str | None:
    """Return why a committee member may not determine this matter, or None (INV-05, 08, 11)."""
    if not visitor.has(Role.COMMITTEE, badge=badge):
        return "Only a committee member for this badge may determine this."
    if visitor.id == learner_id:
        return "This is your own work."
    if took_part:
        return "You took part in reviewing this work, so somebody else decides."
    if is_tied:
        return "A tie between you and this learner is on record, so somebody else decides."
    return None
