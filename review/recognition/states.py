"""What is credited, and the rungs of the ladder when reviews slip."""

from enum import StrEnum


class CreditKind(StrEnum):
    """What somebody gave their time for."""

    REVIEW = "review"
    CALIBRATION = "calibration"
    AUDIT = "audit"
    MODERATION = "moderation"


class Rung(StrEnum):
    """The steps, each after the one before it, and each a person's to end."""

    NOTE = "note"
    GOLD = "gold"
    PAUSE = "pause"
    TALK = "talk"


NEXT: dict[Rung | None, Rung] = {
    None: Rung.NOTE,
    Rung.NOTE: Rung.GOLD,
    Rung.GOLD: Rung.PAUSE,
    Rung.PAUSE: Rung.TALK,
}
