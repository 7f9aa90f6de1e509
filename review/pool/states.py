"""The life of a reviewer's right to judge a badge."""

from enum import StrEnum


class QualificationState(StrEnum):
    """Whether the right stands today."""

    QUALIFIED = "qualified"
    RESTING = "resting"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"


class QualificationSource(StrEnum):
    """What the right rests on."""

    BADGE_HOLDER = "badge_holder"
    GRANTED = "granted"


class ApplicationState(StrEnum):
    """What became of somebody's wish to review for a badge."""

    OPEN = "open"
    QUALIFIED = "qualified"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ConflictKind(StrEnum):
    """Why two people should not judge one another."""

    EMPLOYER = "employer"
    LINE = "line"
    FAMILY = "family"
    MENTOR = "mentor"
    ATTESTER = "attester"
    COLLABORATOR = "collaborator"
    RECOGNISED = "recognised"
    OTHER = "other"


class BenchmarkState(StrEnum):
    """How far a work has come on its way to being a measure for reviewers."""

    ASKED = "asked"
    CONSENTED = "consented"
    ACTIVE = "active"
    DECLINED = "declined"
    RETIRED = "retired"


class Part(StrEnum):
    """What somebody is to one matter; nobody is two things in the same one (INV-05 to INV-10)."""

    LEARNER = "learner"
    CHECKER = "checker"
    MODERATOR = "moderator"
    REVIEWER = "reviewer"
    COMMITTEE = "committee"


A = ApplicationState

APPLICATION_MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    A.OPEN: frozenset({A.QUALIFIED, A.DECLINED, A.WITHDRAWN}),
}

B = BenchmarkState

# An author who takes a consent back ends every future use (INV-47).
BENCHMARK_MOVES: dict[BenchmarkState, frozenset[BenchmarkState]] = {
    B.ASKED: frozenset({B.CONSENTED, B.DECLINED, B.RETIRED}),
    B.CONSENTED: frozenset({B.ACTIVE, B.DECLINED, B.RETIRED}),
    B.ACTIVE: frozenset({B.DECLINED, B.RETIRED}),
}

S = QualificationState

MOVES: dict[QualificationState, frozenset[QualificationState]] = {
    S.QUALIFIED: frozenset({S.RESTING, S.SUSPENDED, S.LAPSED}),
    S.RESTING: frozenset({S.QUALIFIED, S.LAPSED}),
    S.SUSPENDED: frozenset({S.QUALIFIED, S.LAPSED}),
    S.LAPSED: frozenset({S.QUALIFIED}),
}
