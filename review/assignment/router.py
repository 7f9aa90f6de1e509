"""Routing arrivals one at a time, at the optimum after every step.

A Router holds reviewers, submissions and who reviews what. After each operation the pairs are what
the batch would choose on the same state: as many slots filled as can be, and the greatest total
similarity among all ways to do so. Earlier pairs may move for that, unless they are locked. Every
operation returns the moves it made; one that raises Invalid has changed nothing.

Similarities are taken to the nearest 2**-40. With stickiness, a pair marked as offered counts that
much more for as long as it stands: each operation ends at the optimum of similarity plus
stickiness over the offers that stood before it. `total` leaves the stickiness out.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from core.errors import Invalid
from review.assignment.handover import as_problem, take_over
from review.assignment.reasons import Moves, Pair, Reason, Waiting, why_empty
from review.assignment.residual import Residual
from review.assignment.weights import UNIT, weight, weights, whole

TIGHT = 0.9


@dataclass
class _Kept:
    """What a submission holds apart from the network: locked pairs, and who may not be asked."""

    locked: dict[int, int] = field(default_factory=dict)
    barred: dict[int, int] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    later: int = 0


class Router:
    """An incremental exact matching; ids are any hashable values."""

    def __init__(self, *, stickiness: float = 0.0) -> None:
        self._bonus = weight(stickiness, "stickiness", "The stickiness")
        self._net = Residual()
        self._reviewers: dict[Hashable, int] = {}
        self._submissions: dict[Hashable, int] = {}
        self._names: dict[int, Hashable] = {}
        self._works: dict[int, Hashable] = {}
        self._kept: dict[int, _Kept] = {}
        self._caps: dict[int, int] = {}
        self._started: dict[int, int] = {}
        self._numbers = count()

    # What is there.

    @property
    def total(self) -> float:
        """The similarity of all pairs, locked ones included."""
        locked = sum(sum(kept.locked.values()) for kept in self._kept.values())
        return (self._net.total + locked) / UNIT

    @property
    def utilisation(self) -> float:
        """How much of all caps is taken, from 0 to 1; 1 where there is no room at all."""
        return self._load() / (sum(self._caps.values()) or self._load() or 1)

    @property
    def is_tight(self) -> bool:
        """Whether one search may have to look at nearly everybody: time for `resolve`."""
        wanted = sum(self._net.empty.values()) + sum(kept.later for kept in self._kept.values())
        return self._load() + wanted >= TIGHT * sum(self._caps.values())

    def pairs(self) -> dict[Pair, bool]:
        """Return every pair of (submission, reviewer), and whether it is locked."""
        return {
            (name, self._names[one]): is_locked
            for work, name in self._works.items()
            for is_locked, held in ((False, self._net.held[work]), (True, self._kept[work].locked))
            for one in held
        }

    def unfilled(self) -> tuple[Waiting, ...]:
        """Return the empty slots with their reasons, in the order of arrival."""
        return tuple(
            Waiting(name, slots, self._why(work, slots))
            for work, name in self._works.items()
            if (slots := self._net.empty[work] + self._kept[work].later)
        )

    # What may happen.

    def add_reviewer(
        self, reviewer: Hashable, cap: int, similarity: Mapping[Hashable, float] | None = None
    ) -> Moves:
        """Add somebody who takes up to `cap` reviews, as a candidate of submissions here."""
        if reviewer in self._reviewers:
            raise Invalid(f"Reviewer {reviewer!r} is here already.", "reviewer")
        room = whole(cap, "cap", f"The cap of reviewer {reviewer!r}", least=0)
        fits = {
            self._work(work): value
            for work, value in weights(
                similarity or {}, lambda work: f"submission {work!r} and reviewer {reviewer!r}"
            ).items()
        }
        index = self._reviewers[reviewer] = next(self._numbers)
        self._names[index], self._caps[index], self._started[index] = reviewer, room, 0
        self._net.add_reviewer(index, fits)
        for _ in range(room):
            self._net.open_room(index)
        return self._moves()

    def set_cap(self, reviewer: Hashable, cap: int) -> Moves:
        """Change how many reviews somebody takes; what is above it moves or stays empty.

        Locked pairs stay even above the cap.
        """
        index = self._reviewer(reviewer)
        room = whole(cap, "cap", f"The cap of reviewer {reviewer!r}", least=0)
        started = self._started[index]
        by = max(room, started) - max(self._caps[index], started)
        self._caps[index] = room
        for _ in range(abs(by)):
            (self._net.open_room if by > 0 else self._net.close_room)(index)
        return self._moves()

    def add_submission(
        self,
        submission: Hashable,
        similarity: Mapping[Hashable, float],
        demand: int,
        *,
        later: bool = False,
    ) -> Moves:
        """Add work that wants `demand` reviews by candidates; `later` leaves it to `resolve`."""
        if submission in self._submissions:
            raise Invalid(f"Submission {submission!r} is here already.", "submission")
        slots = whole(demand, "demand", f"The demand of submission {submission!r}", least=1)
        fits = {
            self._reviewer(one): value
            for one, value in weights(
                similarity, lambda one: f"submission {submission!r} and reviewer {one!r}"
            ).items()
        }
        work = self._submissions[submission] = next(self._numbers)
        self._works[work], self._kept[work] = submission, _Kept(later=slots * later)
        self._net.add_submission(work, fits)
        for _ in range(slots * (not later)):
            self._net.open_slot(work)
        return self._moves()

    def set_demand(self, submission: Hashable, demand: int) -> Moves:
        """Change how many reviews a submission wants, those locked or done not counted."""
        work = self._work(submission)
        slots = whole(demand, "demand", f"The demand of submission {submission!r}", least=0)
        self._kept[work].later = 0
        by = slots - self._net.empty[work] - len(self._net.held[work])
        for _ in range(abs(by)):
            (self._net.open_slot if by > 0 else self._net.close_slot)(work)
        return self._moves()

    def remove_submission(self, submission: Hashable) -> Moves:
        """Remove a submission with all its pairs; who had it is free for others."""
        work = self._work(submission)
        kept = self._kept[work]
        self._net.remove_submission(work)
        for one in kept.locked:
            self._unburden(one)
        ended = tuple((submission, self._names[one]) for one in kept.locked)
        moves = self._moves()
        del self._submissions[submission], self._works[work], self._kept[work]
        return moves.ending(*ended)

    def add_pair(self, submission: Hashable, reviewer: Hashable, similarity: float) -> Moves:
        """Make somebody a candidate of a submission, also who was forbidden before."""
        work, index = self._work(submission), self._reviewer(reviewer)
        kept = self._kept[work]
        if index in self._net.held[work] or index in kept.locked or index in kept.done:
            raise Invalid(f"Reviewer {reviewer!r} has submission {submission!r}.", "reviewer")
        value = weight(
            similarity, "similarity", f"The similarity of {submission!r} and {reviewer!r}"
        )
        kept.barred.pop(index, None)
        if work in self._net.takers[index]:
            self._net.remove_pair(work, index)
        self._net.add_pair(work, index, value)
        return self._moves()

    def forbid(self, submission: Hashable, reviewer: Hashable) -> Moves:
        """Let a pair never be; if it is here, somebody else is sought."""
        work, index = self._work(submission), self._reviewer(reviewer)
        if index in self._kept[work].locked or index in self._kept[work].done:
            raise Invalid(
                f"Reviewer {reviewer!r} began submission {submission!r}; give it back first.",
                "reviewer",
            )
        is_held = index in self._net.held[work]
        if is_held:
            self._net.take_out(work, index)
        if work in self._net.takers[index]:
            self._kept[work].barred[index] = self._net.takers[index][work]
            self._net.remove_pair(work, index)
        if is_held:
            self._net.open_slot(work)
            self._net.open_room(index)
        return self._moves()

    def offer(self, submission: Hashable, reviewer: Hashable) -> None:
        """Mark a pair as a live offer, which moves only for more than the stickiness."""
        work, index = self._held(submission, reviewer)
        self._net.boost(work, index, self._bonus)

    def lock(self, submission: Hashable, reviewer: Hashable) -> None:
        """Let a pair never move again: the review was begun."""
        work, index = self._held(submission, reviewer)
        fit = self._net.takers[index][work]
        self._net.take_out(work, index)
        self._net.remove_pair(work, index)
        self._net.close_page()
        self._kept[work].locked[index] = fit
        self._started[index] += 1

    def give_back(self, submission: Hashable, reviewer: Hashable) -> Moves:
        """End a pair without a review: it is forbidden from now on, and its slot sought afresh."""
        work, index = self._work(submission), self._reviewer(reviewer)
        kept = self._kept[work]
        if index not in kept.locked:
            self._held(submission, reviewer)
            return self.forbid(submission, reviewer)
        kept.barred[index] = kept.locked.pop(index)
        self._net.open_slot(work)
        self._unburden(index)
        return self._moves().ending((submission, reviewer))

    def finish(self, submission: Hashable, reviewer: Hashable) -> Moves:
        """End a pair with its review: its slot is done, and its reviewer has room again."""
        if self._reviewer(reviewer) not in self._kept[self._work(submission)].locked:
            self.lock(submission, reviewer)
        work, index = self._work(submission), self._reviewer(reviewer)
        del self._kept[work].locked[index]
        self._kept[work].done.add(index)
        self._unburden(index)
        return self._moves().ending((submission, reviewer))

    def resolve(self, match: Callable[..., Any]) -> Moves:
        """Let the batch `match` plan everything that is not locked, and go on from its plan."""
        slots = {work: kept.later for work, kept in self._kept.items()}
        problem, works, people = as_problem(self._net, slots)
        plan = match(problem, fair=False)
        pairs = {(works[row], people[column]) for row, column in plan.pairs.tolist()}
        for kept in self._kept.values():
            kept.later = 0
        take_over(self._net, pairs, slots)
        return self._moves()

    # Numbers and names.

    def _reviewer(self, reviewer: Hashable) -> int:
        if reviewer not in self._reviewers:
            raise Invalid(f"Reviewer {reviewer!r} is not known here.", "reviewer")
        return self._reviewers[reviewer]

    def _work(self, submission: Hashable) -> int:
        if submission not in self._submissions:
            raise Invalid(f"Submission {submission!r} is not known here.", "submission")
        return self._submissions[submission]

    def _held(self, submission: Hashable, reviewer: Hashable) -> tuple[int, int]:
        work, index = self._work(submission), self._reviewer(reviewer)
        if index not in self._net.held[work]:
            raise Invalid(
                f"Reviewer {reviewer!r} does not hold submission {submission!r}.", "reviewer"
            )
        return work, index

    def _unburden(self, index: int) -> None:
        """Count one begun review less, which makes room unless the cap was lowered under it."""
        is_within = self._started[index] <= self._caps[index]
        self._started[index] -= 1
        if is_within:
            self._net.open_room(index)

    def _load(self) -> int:
        started = sum(self._started.values())
        return started + sum(len(held) for held in self._net.held.values())

    def _why(self, work: int, slots: int) -> Reason:
        kept, listed = self._kept[work], len(self._net.order[work])
        asked = len(kept.locked) + len(kept.done)
        return why_empty(
            known=listed + asked + len(kept.barred),
            allowed=listed + asked,
            wanted=slots + asked + len(self._net.held[work]),
        )

    def _moves(self) -> Moves:
        turned = self._net.close_page()
        pairs = [((self._works[work], self._names[one]), by) for (work, one), by in turned.items()]
        return Moves(
            added=tuple(pair for pair, by in pairs if by > 0),
            removed=tuple(pair for pair, by in pairs if by < 0),
        )
