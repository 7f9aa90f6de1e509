"""Where a submission is on its way from hand-in to outcome (design: state machine 2.3)."""

from enum import StrEnum


class SubmissionState(StrEnum):
    """The stations of a submission."""

    SUBMITTED = "submitted"
    INTAKE = "intake"
    RETURNED_INCOMPLETE = "returned_incomplete"
    AWAITING_REVIEWERS = "awaiting_reviewers"
    UNDER_REVIEW = "under_review"
    IN_ADJUDICATION = "in_adjudication"
    IN_COMMITTEE = "in_committee"
    DECIDED = "decided"
    RELEASED = "released"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ON_HOLD = "on_hold"


S = SubmissionState

OPEN = frozenset(
    {
        S.SUBMITTED,
        S.INTAKE,
        S.AWAITING_REVIEWERS,
        S.UNDER_REVIEW,
        S.IN_ADJUDICATION,
        S.IN_COMMITTEE,
        S.DECIDED,
        S.ON_HOLD,
    }
)

WITHDRAWABLE = OPEN - {S.DECIDED, S.ON_HOLD}

MOVES: dict[SubmissionState, frozenset[SubmissionState]] = {
    S.SUBMITTED: frozenset({S.INTAKE, S.WITHDRAWN}),
    S.INTAKE: frozenset({S.RETURNED_INCOMPLETE, S.AWAITING_REVIEWERS, S.WITHDRAWN, S.ON_HOLD}),
    S.AWAITING_REVIEWERS: frozenset({S.UNDER_REVIEW, S.WITHDRAWN, S.ON_HOLD}),
    S.UNDER_REVIEW: frozenset(
        {S.AWAITING_REVIEWERS, S.IN_ADJUDICATION, S.DECIDED, S.IN_COMMITTEE, S.WITHDRAWN, S.ON_HOLD}
    ),
    S.IN_ADJUDICATION: frozenset({S.DECIDED, S.IN_COMMITTEE, S.WITHDRAWN, S.ON_HOLD}),
    S.IN_COMMITTEE: frozenset({S.UNDER_REVIEW, S.AWAITING_REVIEWERS, S.DECIDED, S.WITHDRAWN}),
    S.DECIDED: frozenset({S.RELEASED}),
    # A fresh review opens a released matter again; the old outcome stands until it is done.
    S.RELEASED: frozenset({S.CLOSED, S.IN_COMMITTEE, S.AWAITING_REVIEWERS}),
    S.ON_HOLD: frozenset(
        {S.INTAKE, S.AWAITING_REVIEWERS, S.UNDER_REVIEW, S.IN_ADJUDICATION, S.DECIDED}
    ),
}
