"""The life of an attestation: asked for, confirmed, or declined."""

from enum import StrEnum


class AttestationState(StrEnum):
    """What the outside person has said so far."""

    REQUESTED = "requested"
    RECEIVED = "received"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
