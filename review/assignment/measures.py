"""What came of a simulated pool: how long it took, how well it fitted, who carried the load."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from review.assignment.arrivals import DAY
from review.assignment.gathering import Pool, Round


@dataclass
class Log:
    """What happened in one run; times in hours, works and people by number."""

    works: int
    people: int
    took: dict[int, float] = field(default_factory=dict)
    readers: dict[int, list[int]] = field(default_factory=dict)
    offers: int = 0
    surplus: int = 0
    escalations: int = 0
    undecided: int = 0
    longest_unnoticed: float = 0.0
    done: Counter[int] = field(default_factory=Counter)
    reciprocal: int = 0
    fills: list[timedelta] = field(default_factory=list)

    def offer(self) -> None:
        """Count an offer, or somebody who took work of their own accord."""
        self.offers += 1

    def notice(self, round_: Round, span: tuple[float, float] | None) -> None:
        """Note how long a seat was free for which nobody was asked, and staff knew nothing."""
        if span is not None:
            until = span[1] if round_.escalated_at is None else min(span[1], round_.escalated_at)
            self.longest_unnoticed = max(self.longest_unnoticed, until - span[0])

    def finish(self, work: int, person: int) -> None:
        """Note a review that was finished."""
        self.readers.setdefault(work, []).append(person)
        self.done[person] += 1

    def close(self, round_: Round, at: float) -> None:
        """Note that a work has all its reviews."""
        self.took[round_.work] = at - round_.opened_at

    def leave_open(self, rounds: Iterable[Round], at: float) -> None:
        """Note what is still undecided at the end."""
        for round_ in rounds:
            self.undecided += 1
            if round_.free_since is not None:
                self.notice(round_, (round_.free_since, at))


@dataclass(frozen=True)
class Outcome:
    """The figures of one run or the means of several; times in days.

    `quality` is the mean fit of the reviews that counted, as a share of the mean of the best
    `reviews` people who might have reviewed that work. `gini` is 0 when everybody reviewed the
    same number. `unnoticed` is the longest that a seat was free before staff were told.
    """

    p50: float
    p95: float
    p99: float
    longest: float
    quality: float
    offers: float
    surplus: float
    gini: float
    reciprocal: float
    unnoticed: float
    escalations: float
    undecided: float
    decided: float

    @property
    def is_empty(self) -> bool:
        """Tell that nothing was decided."""
        return self.decided == 0


def outcome(pool: Pool, log: Log, *, reviews: int) -> Outcome:
    """Return the figures of one run."""
    days = np.array(sorted(log.took.values())) / DAY
    p50, p95, p99, longest = np.quantile(days, (0.5, 0.95, 0.99, 1.0)) if len(days) else [0.0] * 4
    return Outcome(
        p50=float(p50),
        p95=float(p95),
        p99=float(p99),
        longest=float(longest),
        quality=_quality(pool, log, reviews),
        offers=log.offers / max(log.works, 1),
        surplus=log.surplus,
        gini=gini(np.array([log.done[person] for person in range(log.people)], dtype=float)),
        reciprocal=log.reciprocal,
        unnoticed=log.longest_unnoticed / DAY,
        escalations=log.escalations,
        undecided=log.undecided,
        decided=len(days),
    )


def mean(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the mean of each figure, but the worst of the longest waits."""
    found = {
        name: float(np.mean([getattr(one, name) for one in outcomes]))
        for name in Outcome.__dataclass_fields__
    }
    for name in ("longest", "unnoticed"):
        found[name] = max(getattr(one, name) for one in outcomes)
    return Outcome(**found)


def gini(amounts: NDArray[np.float64]) -> float:
    """Return how unevenly a load is spread: 0 evenly, towards 1 all on one."""
    total = amounts.sum()
    if total <= 0:
        return 0.0
    ranks = np.arange(1, len(amounts) + 1)
    return float(
        2 * (ranks * np.sort(amounts)).sum() / (len(amounts) * total)
        - (len(amounts) + 1) / len(amounts)
    )


def _quality(pool: Pool, log: Log, reviews: int) -> float:
    shares = []
    for work in log.took:
        allowed = pool.fits[work][pool.may[work]]
        best = np.sort(allowed)[-reviews:].mean() if len(allowed) else 0.0
        if best > 0:
            shares.append(pool.fits[work, log.readers[work][:reviews]].mean() / best)
    return float(np.mean(shares)) if shares else 0.0
