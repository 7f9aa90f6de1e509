"""Rounds, and the life of one invitation (design: state machine 2.4)."""

from enum import StrEnum


class RoundKind(StrEnum):
    """Why a set of reviews is gathered."""

    INITIAL = "initial"
    ADJUDICATION = "adjudication"
    FRESH = "fresh"
    CALIBRATION = "calibration"
    GOLD = "gold"
    AUDIT = "audit"


class AssignmentState(StrEnum):
    """Where one reviewer's part in one submission stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    SEALED = "sealed"
    CLOSED = "closed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    RECUSED = "recused"
    REASSIGNED = "reassigned"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


class RunKind(StrEnum):
    """What made the router look at many seats together."""

    SWEEP = "sweep"
    MANUAL = "manual"


class WishKind(StrEnum):
    """What a programme manager wants of one person and one submission."""

    PIN = "pin"
    FORBID = "forbid"


class DeclineReason(StrEnum):
    """Why a reviewer says no; a closed list, with room for a sentence beside it."""

    NO_TIME = "no_time"
    CONFLICT = "conflict"
    OUTSIDE_EXPERTISE = "outside_expertise"
    RECOGNISED_AUTHOR = "recognised_author"
    LANGUAGE = "language"
    OTHER = "other"


S = AssignmentState

PENDING = frozenset({S.INVITED, S.ACCEPTED, S.IN_PROGRESS})
DONE = frozenset({S.SEALED, S.CLOSED})
SEATED = PENDING | DONE

# Readings that check reviewers or decisions; nothing of them is part of a decision (INV-22).
APART = frozenset({RoundKind.CALIBRATION, RoundKind.GOLD, RoundKind.AUDIT})

# The same as the database has them, for queries.
PENDING_STATES = tuple(sorted(state.value for state in PENDING))
UNDER_WAY_STATES = tuple(sorted(state.value for state in PENDING - {S.INVITED}))
DONE_STATES = tuple(sorted(state.value for state in DONE))
SEATED_STATES = tuple(sorted(state.value for state in SEATED))

MOVES: dict[AssignmentState, frozenset[AssignmentState]] = {
    S.INVITED: frozenset({S.ACCEPTED, S.DECLINED, S.LAPSED, S.WITHDRAWN, S.REASSIGNED}),
    S.ACCEPTED: frozenset(
        {S.IN_PROGRESS, S.SEALED, S.DECLINED, S.RECUSED, S.REASSIGNED, S.WITHDRAWN}
    ),
    S.IN_PROGRESS: frozenset({S.SEALED, S.RECUSED, S.REASSIGNED, S.WITHDRAWN}),
    S.SEALED: frozenset({S.CLOSED, S.IN_PROGRESS, S.VOIDED}),
    S.CLOSED: frozenset({S.VOIDED}),
}
