"""Ways to bring work and people together, to be compared in a simulation.

Ours is the planner of live routing. The others stand for how queues work elsewhere: the best
person who is free at once (greedy), and people who take the oldest work when they come by (pull).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from review.assignment.planning import Free, Offer, Routing, Seeker, plan

Chooser = Callable[[Sequence[Seeker], Sequence[Free], Collection[tuple[str, str]]], Routing]


class Style(StrEnum):
    """Who chooses, and when."""

    PLANNED = "planned"
    GREEDY = "greedy"
    PULL = "pull"


@dataclass(frozen=True)
class Policy:
    """What can be chosen before a date is promised; times in hours or days as named.

    `limit` is how many reviews and offers one person has open at most, None for each person's
    own limit. `arrivals_at_once` and `vacancies_at_once` fill the seats of new work, and those
    that somebody gave up, without waiting for the look at everything every `batch_hours`.
    At most `hedges` more people are asked for one work, each half as much later again.
    `rest_days` is how long nobody is asked again who has just said no, `still_hours` how long an
    offer does not move, `pull_hours` the mean time between two visits where people pull work.
    """

    name: str = "ours"
    style: Style = Style.PLANNED
    reviews: int = 2
    limit: int | None = None
    answer_hours: float = 24.0
    due_days: float = 7.0
    rescue_days: float = 2.0
    arrivals_at_once: bool = True
    vacancies_at_once: bool = True
    batch_hours: float = 1.0
    hedges: int = 1
    hedge_after_days: float = 6.0
    hedge_risk: float = 0.2
    rest_days: float = 3.0
    still_hours: float = 6.0
    stickiness: float = 0.15
    pull_hours: float = 24.0

    @property
    def masks_offers(self) -> bool:
        """Whether reviews under way count already when reciprocal pairs are avoided."""
        return self.style is Style.PLANNED

    def chooser(self) -> Chooser:
        """Return what chooses among the people."""
        if self.style is Style.GREEDY:
            return greedy

        def planned(
            seekers: Sequence[Seeker], people: Sequence[Free], reviewed: Collection[tuple[str, str]]
        ) -> Routing:
            return plan(seekers, people, reviewed=reviewed, stickiness=self.stickiness)

        return planned


def greedy(
    seekers: Sequence[Seeker], people: Sequence[Free], reviewed: Collection[tuple[str, str]]
) -> Routing:
    """Give the oldest work the best people who are free, one work after the other; move nothing.

    Only what has been reviewed or asked before this call is known to it, as for a queue that
    looks at each work alone.
    """
    places = {one.id: one.places for one in people}
    offers = []
    for seeker in sorted(seekers, key=lambda one: -one.waiting):
        free = [
            (fit, person)
            for person, fit in seeker.fits.items()
            if places.get(person, 0) > 0 and (seeker.author, person) not in reviewed
        ]
        for fit, person in sorted(free, reverse=True)[: seeker.slots - len(seeker.offered)]:
            places[person] -= 1
            offers.append(Offer(seeker.id, person, fit, is_new=True))
    return Routing(tuple(offers), (), (), sum(one.fit for one in offers))
