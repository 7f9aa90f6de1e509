"""Who may check a hand-in, what a return says, and by when somebody should have looked."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from core.calendar import add_business_days
from review.intake.states import ReturnReason
from review.pool.rules import objection_to_part
from review.pool.states import Part

R = ReturnReason

# What the reason is called, and what its learner can do.
RETURN_WORDS: dict[ReturnReason, tuple[str, str]] = {
    R.UNREADABLE_FILE: (
        "A file cannot be opened",
        "Open the file yourself, save it again, perhaps as PDF or MP4, and upload it once more."
        " Look at its preview before you hand in.",
    ),
    R.MISSING_PART: (
        "A part is missing",
        "Compare your portfolio with what the badge asks for, and add what is not there yet.",
    ),
    R.IDENTITY_VISIBLE: (
        "Your name, or your employer's, can be read",
        "Reviewers should not know whose work it is. Black it out in the file itself, or replace"
        " it with a role such as “the host”, and upload the file again.",
    ),
    R.THIRD_PARTY_VISIBLE: (
        "Other people can be recognised",
        "Black out names, addresses and faces of people who have not agreed to be shown, and"
        " upload the file again.",
    ),
    R.MISSING_CONSENT: (
        "A permission is missing",
        "Ask whoever owns or is shown in the work for permission, or show the work without what"
        " would need it.",
    ),
    R.OTHER_FORMAL: ("Another formal reason", "See the note from intake."),
}


def objection_to_checking(
    *, part: Part | None, learner_id: str, checker_id: str, is_attester: bool
) -> str | None:
    """Return why a moderator may not check this hand-in, or None (INV-05, INV-07)."""
    if checker_id == learner_id:
        return "This is your own work, so somebody else checks it."
    if is_attester:
        return "You were asked to confirm this work, so somebody else checks it."
    return objection_to_part(part, Part.CHECKER)


def due_at(sealed_at: datetime, days: int, *, zone: str) -> datetime:
    """Return by when intake should have an answer: so many business days after the hand-in."""
    return add_business_days(sealed_at, days, zone=zone)


def is_attester(checker_keys: AbstractSet[str], attester_keys: AbstractSet[str]) -> bool:
    """Whether somebody was asked to confirm the work, under any of their addresses."""
    return bool(checker_keys & attester_keys)
