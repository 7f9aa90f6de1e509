"""The life of an attestation: asked for, confirmed, declined, or no longer wanted."""

from enum import StrEnum


class AttestationState(StrEnum):
    """What the outside person has said so far."""

    REQUESTED = "requested"
    RECEIVED = "received"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


MOVES: dict[AttestationState, frozenset[AttestationState]] = {
    AttestationState.REQUESTED: frozenset(
        {AttestationState.RECEIVED, AttestationState.DECLINED, AttestationState.WITHDRAWN}
    ),
}
