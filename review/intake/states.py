"""What an intake check can say: complete, or returned with reasons from a closed list."""

from enum import StrEnum


class IntakeOutcome(StrEnum):
    """The verdict of a completeness and privacy check."""

    PASSED = "passed"
    RETURNED = "returned"
    NEEDS_A_PERSON = "needs_a_person"


class ReturnReason(StrEnum):
    """Why a submission goes back, never on merit."""

    UNREADABLE_FILE = "unreadable_file"
    MISSING_PART = "missing_part"
    IDENTITY_VISIBLE = "identity_visible"
    THIRD_PARTY_VISIBLE = "third_party_visible"
    MISSING_CONSENT = "missing_consent"
    OTHER_FORMAL = "other_formal"
