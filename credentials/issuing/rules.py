"""How a signed badge stands, and why an award cannot be answered now; pure, with reasons."""

from datetime import datetime
from enum import StrEnum

from credentials.issuing.states import AwardState


class Standing(StrEnum):
    """What the page of a signed badge says first."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


def standing(state: AwardState, valid_until: datetime | None, *, at: datetime) -> Standing:
    """Return how a badge stands at a moment; what was taken back counts before what ran out."""
    if state is AwardState.REVOKED:
        return Standing.REVOKED
    if state is AwardState.SUSPENDED:
        return Standing.SUSPENDED
    if valid_until is not None and valid_until <= at:
        return Standing.EXPIRED
    return Standing.VALID


def objection_to_showing(state: AwardState, withdrawn_at: datetime | None) -> str | None:
    """Return why a work sample is not shown any more, or None while it is."""
    if withdrawn_at is not None:
        return "The holder of this badge does not show this work sample any more."
    if state is not AwardState.ISSUED:
        return "This badge does not stand at the moment, so its work samples are not shown."
    return None


def objection_to_accepting(state: AwardState) -> str | None:
    """Return why an award cannot be accepted now, or None when it waits for that."""
    if state is AwardState.OFFERED:
        return None
    return {
        AwardState.ACCEPTED: "You accepted this badge; it is being signed.",
        AwardState.ISSUED: "You hold this badge already.",
        AwardState.DECLINED: "You declined this badge. Take the offer up again first.",
    }.get(state, "This badge cannot be accepted while its basis is in doubt.")
