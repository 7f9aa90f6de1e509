"""What a router tells: the moves it made, and why a slot stays empty, as the batch says it too."""

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum

Pair = tuple[Hashable, Hashable]


class Reason(StrEnum):
    """Why a slot stays empty."""

    NOBODY_QUALIFIED = "no_qualified_reviewer"
    ALL_FORBIDDEN = "all_conflicted"
    TOO_FEW = "too_few_reviewers"
    AT_CAP = "all_at_their_cap"
    TOO_ALIKE = "too_many_of_one_organisation"
    IN_A_RING = "would_review_one_another"
    TOO_RARE = "not_drawn"


@dataclass(frozen=True)
class Waiting:
    """Empty slots of one submission, with the reason."""

    submission: Hashable
    slots: int
    reason: Reason


@dataclass(frozen=True)
class Moves:
    """What an operation changed: pairs of (submission, reviewer) that came, and that went."""

    added: tuple[Pair, ...] = ()
    removed: tuple[Pair, ...] = ()

    def ending(self, *pairs: Pair) -> "Moves":
        """Return the moves with pairs that ended beside them."""
        return Moves(self.added, (*self.removed, *pairs))


def why_empty(*, known: int, allowed: int, wanted: int) -> Reason:
    """Return why: from the candidates known, those allowed, and the slots wanted."""
    if known == 0:
        return Reason.NOBODY_QUALIFIED
    if allowed == 0:
        return Reason.ALL_FORBIDDEN
    return Reason.TOO_FEW if allowed < wanted else Reason.AT_CAP
