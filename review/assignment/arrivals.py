"""What happens to a simulated pool: work arrives, people answer, work, fall silent and go away.

All times are hours since the beginning, which is a Monday at midnight. Everything is drawn from a
seeded generator before or while the simulation runs, and nothing here looks at how people are
chosen. The base rates are those of journals and conferences (design: assignment 6): three in ten
say no, one in ten never answers, one in ten accepts and never finishes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

DAY = 24.0
WEEK = 7 * DAY
AGAIN = 7
# Share of a week's arrivals by day, Monday first: fewer on the weekend, most before it.
SHAPE = (0.17, 0.17, 0.16, 0.16, 0.16, 0.07, 0.11)


class Reply(StrEnum):
    """How somebody meets an offer."""

    YES = "yes"
    NO = "no"
    SILENT = "silent"


@dataclass(frozen=True)
class Behaviour:
    """How people answer and work; shares from 0 to 1, times in hours.

    Answers and work take lognormal times around a median. `fails` is the share of those who
    accept and never finish. Each person is away `away_days` at a time, `absences` times a year.
    """

    declines: float = 0.30
    silent: float = 0.10
    fails: float = 0.10
    answer_median: float = 6.0
    answer_spread: float = 1.0
    work_median: float = 72.0
    work_spread: float = 0.5
    absences: float = 0.0
    away_days: float = 10.0


@dataclass(frozen=True)
class Answers:
    """What each person would do about each work, were they asked: arrays works x people.

    `work` is infinite where the review is never finished. The same for every policy, so that
    policies differ by what they do and not by luck.
    """

    reply: NDArray[np.int8]
    delay: NDArray[np.float32]
    work: NDArray[np.float32]

    def meet(self, work: int, person: int, times: int, patience: float) -> tuple[float, Reply]:
        """Return after how many hours somebody answers an offer, and how; `patience` ends it.

        Somebody who was asked `times` before answers anew: from another place of what was drawn.
        """
        column = (person + AGAIN * times) % self.reply.shape[1]
        reply, delay = REPLIES[self.reply[work, column]], float(self.delay[work, column])
        if reply is Reply.SILENT or delay > patience:
            return patience, Reply.SILENT
        return delay, reply


REPLIES = (Reply.YES, Reply.NO, Reply.SILENT)


def answers(works: int, people: int, behaviour: Behaviour, rng: np.random.Generator) -> Answers:
    """Draw what each person would do about each work."""
    size = (works, people)
    share = rng.random(size, dtype=np.float32)
    reply = np.zeros(size, dtype=np.int8)
    reply[share < behaviour.declines + behaviour.silent] = REPLIES.index(Reply.SILENT)
    reply[share < behaviour.declines] = REPLIES.index(Reply.NO)
    delay = _lognormal(behaviour.answer_median, behaviour.answer_spread, size, rng)
    work = _lognormal(behaviour.work_median, behaviour.work_spread, size, rng)
    work[rng.random(size, dtype=np.float32) < behaviour.fails] = np.inf
    return Answers(reply, delay, work)


def _lognormal(
    median: float, spread: float, size: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.float32]:
    drawn = rng.standard_normal(size, dtype=np.float32)
    return np.asarray(median * np.exp(np.float32(spread) * drawn), dtype=np.float32)


def arrivals(
    per_week: float, weeks: int, rng: np.random.Generator, *, shape: Sequence[float] = SHAPE
) -> NDArray[np.float64]:
    """Draw when work arrives: a Poisson number a day, shaped by the day of the week, sorted."""
    shares = np.tile(np.asarray(shape, dtype=float) / sum(shape), weeks)
    counts = rng.poisson(per_week * shares)
    days = np.repeat(np.arange(len(counts)), counts)
    return np.sort((days + rng.random(len(days))) * DAY)


def absences(
    people: int, hours: float, behaviour: Behaviour, rng: np.random.Generator
) -> list[tuple[int, float, float]]:
    """Draw when people are away: (person, from, until)."""
    counts = rng.poisson(behaviour.absences * hours / (52 * WEEK), people)
    return [
        (person, start, start + behaviour.away_days * DAY)
        for person, count in enumerate(counts)
        for start in (rng.random(count) * hours).tolist()
    ]
