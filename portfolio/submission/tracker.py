"""Where a submission stands, as its learner may know it: who acts next and by when, never who.

Only the station is told. Nothing here depends on which reviewers were asked, how many have
answered, or what they think (INV-12, INV-35).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portfolio.submission.states import OPEN, SubmissionState

S = SubmissionState
YOU = "You"
PROGRAMME = "The programme"


@dataclass(frozen=True)
class Facts:
    """What the tracker needs to know of a submission."""

    state: SubmissionState
    promised_at: datetime
    station_due_at: datetime | None
    holds_badge: bool


@dataclass(frozen=True)
class Standing:
    """One submission in words: its label and tone, who acts next, what happens, by when."""

    label: str
    tone: str
    who: str
    what: str
    by: datetime | None

    @property
    def is_yours(self) -> bool:
        """Whether the learner acts next."""
        return self.who == YOU


@dataclass(frozen=True)
class Station:
    """One step of the stepper; `state` is done, current or todo."""

    label: str
    state: str
    note: str = ""


WORDS: Mapping[SubmissionState, tuple[str, str, str, str]] = {
    S.SUBMITTED: (
        "Handed in",
        "progress",
        PROGRAMME,
        "Intake checks that everything opens and names nobody. It does not judge the work.",
    ),
    S.INTAKE: (
        "At intake",
        "progress",
        PROGRAMME,
        "Intake checks that everything opens and names nobody. It does not judge the work.",
    ),
    S.RETURNED_INCOMPLETE: (
        "Sent back by intake",
        "attention",
        YOU,
        "Mend what intake names and hand in again. This did not use up an attempt.",
    ),
    S.AWAITING_REVIEWERS: (
        "Finding reviewers",
        "progress",
        PROGRAMME,
        "Peers who know this kind of work, and not whose it is, are being asked to review it.",
    ),
    S.UNDER_REVIEW: (
        "Under review",
        "progress",
        "The reviewers",
        "They read your work, each alone, and hold it against every criterion.",
    ),
    S.IN_ADJUDICATION: (
        "One more reviewer",
        "progress",
        "One more reviewer",
        "Another peer reads the work before there is an answer, without seeing the readings"
        " there are. This says nothing about how it will end.",
    ),
    S.IN_COMMITTEE: (
        "With the committee",
        "progress",
        "The committee",
        "People who had no part in it so far look at the matter and give their reasons.",
    ),
    S.DECIDED: (
        "Outcome being prepared",
        "progress",
        PROGRAMME,
        "All readings are in. You get the outcome together with every reason.",
    ),
    S.ON_HOLD: (
        "On hold",
        "attention",
        PROGRAMME,
        "Something has to be cleared up first. The clock stands still, and you hear about it.",
    ),
    S.WITHDRAWN: (
        "Taken back",
        "neutral",
        YOU,
        "You took this back. It did not use up an attempt.",
    ),
}
WITH_OUTCOME = frozenset({S.RELEASED, S.CLOSED})
ROAD = ("Handed in", "Intake", "Reviewers", "Review", "Outcome")
PLACE: Mapping[SubmissionState, int] = {
    S.SUBMITTED: 1,
    S.INTAKE: 1,
    S.RETURNED_INCOMPLETE: 1,
    S.AWAITING_REVIEWERS: 2,
    S.UNDER_REVIEW: 3,
    S.IN_ADJUDICATION: 4,
    S.IN_COMMITTEE: 4,
    S.DECIDED: 4,
    S.RELEASED: 5,
    S.CLOSED: 5,
}
DETOURS: Mapping[SubmissionState, str] = {
    S.IN_ADJUDICATION: "One more reviewer",
    S.IN_COMMITTEE: "Committee",
}


def standing(facts: Facts, *, at: datetime) -> Standing:
    """Return where a submission stands now."""
    if facts.state in WITH_OUTCOME:
        return _with_outcome(facts)
    label, tone, who, what = WORDS[facts.state]
    return Standing(label, tone, who, what, _due(facts, at=at))


def stations(facts: Facts) -> list[Station]:
    """Return the road from hand-in to outcome, with where the submission is on it.

    A submission that was taken back or is on hold stands beside the road, so no station is
    marked as current.
    """
    road = list(ROAD)
    if facts.state in DETOURS:
        road.insert(4, DETOURS[facts.state])
    here = PLACE.get(facts.state)
    if here is None:
        return [Station(road[0], "done"), *(Station(label, "todo") for label in road[1:])]
    return [
        Station(label, "done" if index < here else "current" if index == here else "todo")
        for index, label in enumerate(road)
    ]


def _with_outcome(facts: Facts) -> Standing:
    if facts.holds_badge:
        return Standing("Badge earned", "earned", YOU, "Outcome and reasons are here.", None)
    what = "Read the outcome and its reasons. You can revise the portfolio and hand it in again."
    return Standing("Outcome is here", "attention", YOU, what, None)


def _due(facts: Facts, *, at: datetime) -> datetime | None:
    if facts.state not in OPEN or facts.state is S.ON_HOLD:
        return None
    due = facts.station_due_at
    if due is None or due <= at:
        return facts.promised_at
    return min(due, facts.promised_at) if facts.promised_at > at else due
