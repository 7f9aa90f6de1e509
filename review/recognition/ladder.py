"""The ladder when reviews slip: a private note, two gold items, a pause, a talk with a person.

It rests on figures with their intervals: known work is read otherwise beyond what chance explains,
the model doubts that the levels follow the work, or moderators hand reviews back. One rung at a
time, with at least LEAST_DAYS and LEAST_REVIEWS new reviews between two; after a pause the days
alone, since nobody is asked meanwhile. Nobody is paused for what was known already when the gold
items were sent. When nothing of it holds any more the step ends by itself, but a talk is ended by
a person. No rung ends a right to review, and nothing that somebody declined, or that they paused
or rested, has a place in it (INV-40).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from review.decision.figures import Figure
from review.recognition.quality import FEWEST_FITTED, Reading, agreement_of
from review.recognition.states import NEXT, Rung

LEAST_DAYS = timedelta(days=14)
LEAST_REVIEWS = 3
MOST_RETURNED = 3
LAST_MODERATED = 10
DOUBTED = 0.5
TALK_WITHIN = timedelta(days=14)


class Trigger(StrEnum):
    """What says that something slips."""

    KNOWN_WORK = "known_work"
    MODEL = "model"
    RETURNED = "returned"


@dataclass(frozen=True)
class Evidence:
    """What is known of one reviewer for one badge since the last step ended, newest first.

    `readings` are of known work with their times, `returns` say of the last moderated reviews
    whether each came back and when; `reviews` are when counted reviews were sealed; `gate` is the
    agreement that the badge asks for; `informative` is the model's, with the time of its fit and
    the number of all reviews behind it.
    """

    gate: float
    readings: tuple[tuple[Reading, datetime], ...] = ()
    returns: tuple[tuple[bool, datetime], ...] = ()
    reviews: tuple[datetime, ...] = ()
    informative: float | None = None
    fitted_at: datetime | None = None
    reviews_ever: int = 0


@dataclass(frozen=True)
class Reason:
    """One thing that says so: its figures, and when the newest part of it came to be known."""

    trigger: Trigger
    newest: datetime
    figures: tuple[tuple[str, float], ...]

    def as_plain(self) -> dict[str, Any]:
        """Return the reason as it is stored with a step."""
        return {"trigger": self.trigger.value, **dict(self.figures)}


def reasons_in(known: Evidence) -> tuple[Reason, ...]:
    """Return what says that something slips; mere doubt says nothing."""
    found = (_known_work(known), _model(known), _returned(known))
    return tuple(one for one in found if one is not None)


def next_rung(
    current: Rung | None, since: datetime | None, known: Evidence, *, at: datetime
) -> Rung | None:
    """Return the rung to take now, or None.

    `since` is when the current step was taken, or without one when the last step ended.
    """
    reasons = reasons_in(known)
    if not reasons or current is Rung.TALK:
        return None
    if since is not None and not _is_time(current, since, known.reviews, at=at):
        return None
    if current is Rung.GOLD and not any(since and one.newest > since for one in reasons):
        return None
    return NEXT[current]


def has_recovered(current: Rung, known: Evidence) -> bool:
    """Whether a step ends by itself: nothing says that something slips any more."""
    return current is not Rung.TALK and not reasons_in(known)


def _is_time(
    current: Rung | None, since: datetime, reviews: Sequence[datetime], *, at: datetime
) -> bool:
    new = sum(one > since for one in reviews)
    return at >= since + LEAST_DAYS and (current is Rung.PAUSE or new >= LEAST_REVIEWS)


def _known_work(known: Evidence) -> Reason | None:
    """Known work is read otherwise: even the upper limit of the agreement is below the gate."""
    agreement: Figure = agreement_of([reading for reading, _ in known.readings])
    if agreement.value is None or agreement.high is None or agreement.low is None:
        return None
    if agreement.high >= known.gate:
        return None
    return Reason(
        Trigger.KNOWN_WORK,
        max(when for _, when in known.readings),
        (
            ("value", agreement.value),
            ("low", agreement.low),
            ("high", agreement.high),
            ("count", agreement.count),
            ("gate", known.gate),
        ),
    )


def _model(known: Evidence) -> Reason | None:
    """The model doubts it, on reviews enough, of which some are newer than the last step."""
    if known.informative is None or known.fitted_at is None:
        return None
    if known.reviews_ever < FEWEST_FITTED or len(known.reviews) < LEAST_REVIEWS:
        return None
    if known.informative >= DOUBTED:
        return None
    figures = (("value", known.informative), ("count", float(known.reviews_ever)))
    return Reason(Trigger.MODEL, known.fitted_at, figures)


def _returned(known: Evidence) -> Reason | None:
    """Of the last reviews that a moderator read, too many came back."""
    last = known.returns[:LAST_MODERATED]
    back = [when for is_back, when in last if is_back]
    if len(back) < MOST_RETURNED:
        return None
    figures = (("value", float(len(back))), ("count", float(len(last))))
    return Reason(Trigger.RETURNED, max(back), figures)
