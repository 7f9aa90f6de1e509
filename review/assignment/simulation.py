"""A simulated pool under a policy: the real planner over weeks of work, answers and silences.

Events happen in the order of their times, which are hours since the beginning. The planner, the
tiers of relaxation and the odds of finishing are those of live routing. What people do is in
`arrivals`, what can be chosen in `policies`, and what came of it is told by `measures`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count
from math import inf, isfinite

import numpy as np

from review.assignment import chances, relaxation
from review.assignment.arrivals import DAY, Reply
from review.assignment.gathering import Ask, People, Pool, Reading, Round, movable
from review.assignment.measures import Log
from review.assignment.planning import Free, Routing, Seeker
from review.assignment.policies import Policy, Style

DRAIN = 180 * DAY
TICK = 1.0
LOOK_AGAIN = 6.0  # rests and refusals end by themselves
NOT_NOW = 14 * DAY

Progress = Callable[[float], None]


def simulate(pool: Pool, policy: Policy, *, seed: int, on_progress: Progress | None = None) -> Log:
    """Run a pool under a policy until all work is decided or the time to drain is over.

    `on_progress` hears the share that is decided, from 0 to 1, once a simulated hour.
    """
    return _Simulation(pool, policy, seed, on_progress).run()


class _Simulation:
    """One run: the clock, what is due next, and who holds what."""

    def __init__(self, pool: Pool, policy: Policy, seed: int, on_progress: Progress | None) -> None:
        self.pool, self.policy, self.on_progress = pool, policy, on_progress
        self.people = People(pool, policy.limit)
        self.choose = policy.chooser()
        self.rounds: dict[int, Round] = {}
        self.fits: dict[int, dict[str, float]] = {}
        self.events: list[tuple[float, int, Callable[..., None], tuple[object, ...]]] = []
        self.order = count()
        self.rng = np.random.default_rng(seed)
        self.now, self.looked_at, self.has_changed = 0.0, -inf, True
        self.log = Log(*pool.fits.shape)
        self.told_after = relaxation.told_after(())
        self.to_come = len(pool.arrives)
        self.end = float(pool.arrives.max(initial=0.0)) + DRAIN

    def run(self) -> Log:
        for work, at in enumerate(self.pool.arrives.tolist()):
            self.at(at, self.arrive, work)
        for person, start, until in self.pool.away:
            self.at(start, self.leave, person, 1)
            self.at(until, self.leave, person, -1)
        if self.policy.style is Style.PULL:
            for person in range(self.log.people):
                self.at(self.rng.exponential(self.policy.pull_hours), self.visit, person)
        self.at(0.0, self.tick)
        while self.events and (self.to_come or self.rounds):
            self.now, _, act, told = heappop(self.events)
            if self.now > self.end:
                break
            act(*told)
        self.log.leave_open(self.rounds.values(), self.now)
        return self.log

    def at(self, when: float, act: Callable[..., None], *told: object) -> None:
        heappush(self.events, (when, next(self.order), act, told))

    # What happens.

    def arrive(self, work: int) -> None:
        self.to_come -= 1
        self.rounds[work] = Round(work, self.now, self.policy.reviews)
        self.fits[work] = self.people.fits(work)
        self.seat_is_free(work)

    def leave(self, person: int, change: int) -> None:
        self.people.away[person] += change
        self.has_changed = True

    def tick(self) -> None:
        """Hedge and escalate, and look at everything again when the policy says so."""
        self.told_after = relaxation.told_after(self.log.fills)
        for round_ in self.rounds.values():
            self.escalate(round_)
            if self.wants_hedge(round_):
                round_.extras += 1
                self.has_changed = True
        if self.policy.style is not Style.PULL and self.is_time_to_look():
            self.looked_at, self.has_changed = self.now, False
            rounds = self.rounds.values()
            self.route(rounds, movable(rounds, self.now - self.policy.still_hours))
        if self.on_progress:
            self.on_progress(1 - (self.to_come + len(self.rounds)) / max(len(self.pool.arrives), 1))
        self.at(self.now + min(TICK, self.policy.batch_hours), self.tick)

    def answer(self, ask: Ask, reply: Reply) -> None:
        round_ = self.rounds.get(ask.work)
        if round_ is None or round_.asks.get(ask.person) is not ask:
            return
        self.people.note(ask.person, "accepted" if reply is Reply.YES else "refused")
        if reply is Reply.YES:
            del round_.asks[ask.person]
            self.begin(round_, ask.person)
        else:
            self.take_back(round_, ask, again_at=self.now + NOT_NOW)
            if reply is Reply.NO:
                self.people.rests_until[ask.person] = self.now + self.policy.rest_days * DAY
            self.seat_is_free(ask.work)

    def begin(self, round_: Round, person: int) -> None:
        due = self.now + self.policy.due_days * DAY
        reading = Reading(round_.work, person, self.now, due)
        round_.readings[person] = reading
        round_.accepts += 1
        if round_.accepts == round_.wanted:
            self.log.fills.append(timedelta(hours=self.now - round_.opened_at))
        needed = float(self.pool.answers.work[round_.work, person])
        if isfinite(needed):
            self.at(self.now + needed, self.finish, reading)
        self.at(due + self.policy.rescue_days * DAY, self.rescue, reading)

    def finish(self, reading: Reading) -> None:
        round_ = self.rounds.get(reading.work)
        if round_ is None or round_.readings.get(reading.person) is not reading:
            return
        del round_.readings[reading.person]
        self.free_place(reading.person)
        self.people.note(reading.person, "finished")
        round_.done[reading.person] = self.now
        self.log.finish(reading.work, reading.person)
        self.people.finished.add(self.people.pair(reading.person, reading.work))
        if len(round_.done) >= round_.wanted:
            self.close(round_)

    def rescue(self, reading: Reading) -> None:
        round_ = self.rounds.get(reading.work)
        if round_ is None or round_.readings.get(reading.person) is not reading:
            return
        self.people.note(reading.person, "failed")
        self.give_up(round_, reading)
        round_.refused[reading.person] = inf
        self.seat_is_free(reading.work)

    def visit(self, person: int) -> None:
        """Have somebody come by and take the oldest work that they may review."""
        if self.people.has_room(person, self.now):
            name = self.people.names[person]
            oldest = (
                round_
                for work, round_ in self.rounds.items()
                if round_.free
                and name in self.fits[work]
                and person not in round_.barred(self.now)
                and (self.people.author(work), name) not in self.people.finished
            )
            found = next(oldest, None)
            if found is not None:
                self.people.load[person] += 1
                self.log.offer()
                self.log.reciprocal += self.people.mask(person, found.work)
                self.begin(found, person)
                self.log.notice(found, found.note_seats(self.now))
        self.at(self.now + self.rng.exponential(self.policy.pull_hours), self.visit, person)

    # Who is asked.

    def route(self, rounds: Iterable[Round], moves: Mapping[int, Sequence[Ask]]) -> None:
        """Ask people for the free seats of some rounds; offers among `moves` may move."""
        places = self.people.places(moves.values(), self.now)
        known = self.people.known(with_offers=self.policy.masks_offers)
        seekers = [
            seeker
            for round_ in rounds
            for seeker in self.seekers(round_, moves.get(round_.work, ()), places)
        ]
        if seekers:
            people = [Free(name, free) for name, free in places.items()]
            self.follow(self.choose(seekers, people, known))

    def seekers(
        self, round_: Round, moves: Sequence[Ask], places: Mapping[str, int]
    ) -> Iterator[Seeker]:
        slots = round_.needed + len(moves)
        has_free_extra = round_.free > round_.needed
        if not slots and not has_free_extra:
            return
        moving = {self.people.names[ask.person] for ask in moves}
        out = {self.people.names[p] for p in (*round_.asks, *round_.barred(self.now))} - moving
        fits = {
            name: fit
            for name, fit in self.fits[round_.work].items()
            if name in places and name not in out
        }
        seated = tuple(self.people.names[person] for person in (*round_.readings, *round_.done))
        waiting = timedelta(hours=self.now - round_.opened_at)
        author, work = self.people.author(round_.work), str(round_.work)
        if slots:
            tier = relaxation.tier_of(self.free_for(round_), staff_after=self.told_after)
            yield Seeker(work, author, slots, fits, waiting, tuple(moving), seated, tier=tier)
        if has_free_extra:
            others = {name: fit for name, fit in fits.items() if name not in moving}
            yield Seeker(work, author, 1, others, waiting, (), seated, is_extra=True)

    def follow(self, routing: Routing) -> None:
        """Take back the offers that move, and make the new ones."""
        for work, name in routing.withdrawn:
            round_ = self.rounds[int(work)]
            self.take_back(round_, round_.asks[self.people.numbers[name]], again_at=None)
        for offer in routing.offers:
            round_, person = self.rounds[int(offer.seeker)], self.people.numbers[offer.reviewer]
            if offer.is_new and person not in round_.asks and round_.free:
                self.ask(round_, person)

    def ask(self, round_: Round, person: int) -> None:
        ask = Ask(round_.work, person, self.now)
        round_.asks[person] = ask
        self.people.load[person] += 1
        self.log.reciprocal += self.people.mask(person, round_.work)
        self.log.offer()
        self.log.notice(round_, round_.note_seats(self.now))
        times = round_.times_asked[person]
        round_.times_asked[person] += 1
        patience = self.policy.answer_hours
        wait, reply = self.pool.answers.meet(round_.work, person, times, patience)
        self.at(self.now + wait, self.answer, ask, reply)

    # What follows from it.

    def close(self, round_: Round) -> None:
        for ask in list(round_.asks.values()):
            self.take_back(round_, ask, again_at=inf)
        for reading in list(round_.readings.values()):
            self.log.surplus += 1
            self.give_up(round_, reading)
        self.log.close(round_, self.now)
        del self.rounds[round_.work], self.fits[round_.work]

    def give_up(self, round_: Round, reading: Reading) -> None:
        del round_.readings[reading.person]
        self.free_place(reading.person)
        self.people.unmask(reading.person, reading.work)

    def take_back(self, round_: Round, ask: Ask, *, again_at: float | None) -> None:
        del round_.asks[ask.person]
        self.free_place(ask.person)
        self.people.unmask(ask.person, ask.work)
        if again_at is not None:
            round_.refused[ask.person] = again_at

    def free_place(self, person: int) -> None:
        self.people.load[person] -= 1
        self.has_changed = True

    def seat_is_free(self, work: int) -> None:
        round_ = self.rounds[work]
        round_.note_seats(self.now)
        self.has_changed = True
        is_new = round_.opened_at == self.now
        at_once = self.policy.arrivals_at_once if is_new else self.policy.vacancies_at_once
        if at_once and self.policy.style is not Style.PULL:
            self.route([round_], {})

    def is_time_to_look(self) -> bool:
        """Tell that something has changed, or that time alone may help a seat that is free."""
        since = self.now - self.looked_at
        may_help = since >= LOOK_AGAIN and any(one.free for one in self.rounds.values())
        return since >= self.policy.batch_hours - 1e-9 and (self.has_changed or may_help)

    def escalate(self, round_: Round) -> None:
        if round_.free_since is None or round_.escalated_at is not None:
            return
        if self.free_for(round_) >= self.told_after:
            round_.escalated_at = self.now
            self.log.escalations += 1

    def free_for(self, round_: Round) -> timedelta:
        """Return how long a wanted seat has been free."""
        since = self.now if round_.free_since is None else round_.free_since
        return timedelta(hours=self.now - since)

    def wants_hedge(self, round_: Round) -> bool:
        """Tell that one more person should be asked; the next time only when much older."""
        may_ask = round_.extras < self.policy.hedges and not round_.free
        return may_ask and chances.wants_extra(
            age=timedelta(hours=self.now - round_.opened_at),
            chances=[self.people.finishes_yet(one, self.now) for one in round_.readings.values()],
            after=timedelta(days=self.policy.hedge_after_days),
            risk=self.policy.hedge_risk,
            extras=round_.extras,
        )
