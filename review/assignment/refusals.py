"""What a reviewer is told of what stands against their going on with a work."""

from review.assignment.eligibility import Code, Objection

TOLD = {
    Code.OWN_WORK: "This is your own work, so somebody else is asked.",
    Code.OTHER_PART: "You have another part in this matter, so somebody else is asked.",
    Code.EARLIER_REVIEWER: "You have read this work before, so somebody else is asked.",
    Code.NOT_QUALIFIED: "Your right to review this badge does not stand today.",
    Code.NOT_CALIBRATED: "Your calibration for this badge does not stand today. Read a benchmark"
    " from your page “Your reviewing”, then go on here.",
}


def to_reviewer(found: Objection) -> str:
    """Return what a reviewer is told of an objection, which must not say whose work it is."""
    return TOLD.get(found.code, "A conflict of interest is on record, so somebody else is asked.")
