"""When a portfolio may be handed in, and when a submission may be taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from credentials.catalog.states import EditionState
from portfolio.composing.coverage import Coverage
from portfolio.submission.states import OPEN, WITHDRAWABLE, SubmissionState

# A return for formal reasons and a withdrawal do not use up an attempt (INV-33).
USES_AN_ATTEMPT = frozenset(SubmissionState) - {
    SubmissionState.RETURNED_INCOMPLETE,
    SubmissionState.WITHDRAWN,
}


@dataclass(frozen=True)
class Earlier:
    """An earlier attempt, and where it stands."""

    state: SubmissionState


def objection_to_handing_in(
    *,
    coverage: Coverage,
    edition_state: str,
    earlier: Sequence[Earlier],
    attempts_allowed: int,
    holds_badge: bool,
) -> str | None:
    """Return why a portfolio cannot be handed in now, or None (INV-29)."""
    if holds_badge:
        return "You hold this badge already."
    if any(one.state in OPEN for one in earlier):
        return "Your last hand-in is still on its way. You can hand in again after its outcome."
    if edition_state == EditionState.DRAFT.value:
        return "This edition of the badge is not open yet."
    used = sum(one.state in USES_AN_ATTEMPT for one in earlier)
    if used >= attempts_allowed:
        return (
            f"All {attempts_allowed} attempts are used. Write to the programme for a"
            " conversation about what would help; it can open another attempt."
        )
    if not coverage.is_complete:
        count = len(coverage.missing)
        return f"{count} {'part is' if count == 1 else 'parts are'} still missing."
    return None


def objection_to_withdrawing(state: SubmissionState) -> str | None:
    """Return why a submission cannot be taken back any more, or None."""
    if state in WITHDRAWABLE:
        return None
    if state in OPEN:
        return "The outcome is being prepared, so this can no longer be taken back."
    return "This submission has ended already."


def worries(
    *,
    title: str,
    date_of_work: date | None,
    own_contribution: str,
    is_claimed: bool,
    oldest: date,
) -> list[str]:
    """Return what a reviewer would miss in a work sample; advice, never a hindrance."""
    found = []
    if date_of_work is None:
        found.append(f"“{title}” has no date of work.")
    elif date_of_work < oldest:
        found.append(f"“{title}” is from before {oldest.year}, older than this badge asks for.")
    if not own_contribution.strip():
        found.append(f"“{title}” does not say what you contributed.")
    if not is_claimed:
        found.append(
            f"“{title}” points to no criterion, so reviewers may not know why it is there."
        )
    return found
