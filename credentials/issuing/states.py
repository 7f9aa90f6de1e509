"""The life of an award and of its credential."""

from enum import StrEnum


class AwardState(StrEnum):
    """From being entitled to a badge to holding, or no longer holding, a signed one."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    DECLINED = "declined"


ACTIVE = frozenset(
    {AwardState.OFFERED, AwardState.ACCEPTED, AwardState.ISSUED, AwardState.SUSPENDED}
)

MOVES: dict[AwardState, frozenset[AwardState]] = {
    AwardState.OFFERED: frozenset(
        {AwardState.ACCEPTED, AwardState.DECLINED, AwardState.SUSPENDED, AwardState.REVOKED}
    ),
    AwardState.ACCEPTED: frozenset({AwardState.ISSUED, AwardState.SUSPENDED, AwardState.REVOKED}),
    AwardState.ISSUED: frozenset({AwardState.SUSPENDED, AwardState.REVOKED}),
    AwardState.SUSPENDED: frozenset({AwardState.ISSUED, AwardState.OFFERED, AwardState.REVOKED}),
    AwardState.DECLINED: frozenset({AwardState.OFFERED}),
}


class Visibility(StrEnum):
    """Who finds the badge page: everybody, or only those who were given its address."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
