"""The residual network of a matching that is optimal and stays so, one unit of flow at a time.

Weights are whole numbers, so that prices never drift, however long the network lives. Every
reviewer has a price (what one more review by them is worth, never below 0, and 0 with room left)
and every submission a value (what its last slot is worth, or minus `EMPTY` when a slot is empty).
For a pair that is held `weight - price >= value`, for any other candidate `weight - price <=
value`: that these hold proves the optimum. Each step keeps them by a shortest path over reduced
costs (Dijkstra): forward from a slot that seeks a reviewer, backward from room that seeks a slot.

A path may leave a slot empty at the price `EMPTY`, above any sum of weights along a path, so that
as many slots as can be are filled before weight counts. In a search a reviewer is a number from 0
up, and submission s is ~s.
"""

from review.assignment.shortest import Search

# No path of fewer than 2**40 pairs below 2**60 each outweighs a slot.
EMPTY = 2**110


class Residual:
    """Candidates, who holds whom, and the prices that prove that nothing better exists."""

    def __init__(self) -> None:
        self.price: dict[int, int] = {}
        self.room: dict[int, int] = {}
        self.holders: dict[int, dict[int, int]] = {}
        self.takers: dict[int, dict[int, int]] = {}
        self.value: dict[int, int] = {}
        self.empty: dict[int, int] = {}
        self.held: dict[int, dict[int, int]] = {}
        # Candidates of each submission, the greatest weight first.
        self.order: dict[int, list[int]] = {}
        self.weights: dict[int, list[int]] = {}
        self.total = 0
        # What changed since the last page was closed, and bonuses of pairs while they are held.
        self.turned: dict[tuple[int, int], int] = {}
        self.boosted: dict[tuple[int, int], int] = {}
        self.lapsed: set[tuple[int, int]] = set()

    def add_reviewer(self, reviewer: int, weights: dict[int, int]) -> None:
        """Add a reviewer without room, as a candidate of some submissions."""
        dearest = max((w - self.value[s] for s, w in weights.items()), default=0)
        self.price[reviewer] = max(0, dearest)
        self.room[reviewer] = 0
        self.holders[reviewer] = {}
        self.takers[reviewer] = {}
        for submission, weight in weights.items():
            self._list(submission, reviewer, weight)

    def add_submission(self, submission: int, weights: dict[int, int]) -> None:
        """Add a submission without slots."""
        order = sorted(weights, key=lambda reviewer: (-weights[reviewer], reviewer))
        self.order[submission] = order
        self.weights[submission] = [weights[reviewer] for reviewer in order]
        self.value[submission] = max(weights.values(), default=0)
        self.empty[submission] = 0
        self.held[submission] = {}
        for reviewer, weight in weights.items():
            self.takers[reviewer][submission] = weight

    def remove_submission(self, submission: int) -> None:
        """Remove a submission; the room that its reviewers gain goes to whom it helps most."""
        freed = list(self.held[submission])
        for reviewer in freed:
            self.take_out(submission, reviewer)
        for reviewer in self.order.pop(submission):
            del self.takers[reviewer][submission]
        for table in (self.weights, self.value, self.empty, self.held):
            del table[submission]
        for reviewer in freed:
            self.open_room(reviewer)

    def add_pair(self, submission: int, reviewer: int, weight: int) -> None:
        """Make somebody a candidate of a submission."""
        self._list(submission, reviewer, weight)
        gain = weight - self.price[reviewer]
        if gain > self.value[submission]:
            self.raise_value(submission, gain)

    def remove_pair(self, submission: int, reviewer: int) -> None:
        """Take a candidate out whom the submission does not hold."""
        place = self.order[submission].index(reviewer)
        del self.order[submission][place], self.weights[submission][place]
        del self.takers[reviewer][submission]

    def raise_value(self, submission: int, value: int) -> None:
        """Let every slot of a submission worth less than `value` be sought afresh."""
        self.value[submission] = value
        weaker = [r for r, w in self.held[submission].items() if w - self.price[r] < value]
        slots, self.empty[submission] = self.empty[submission] + len(weaker), 0
        for reviewer in weaker:
            self.take_out(submission, reviewer)
        for _ in range(slots):
            self.open_slot(submission)
        for reviewer in weaker:
            self.open_room(reviewer)

    def take_out(self, submission: int, reviewer: int) -> None:
        """Let go of a pair with its slot and its room, which leaves every price valid."""
        self._let_go(submission, reviewer)
        self.room[reviewer] -= 1

    def open_slot(self, submission: int) -> None:
        """Add a slot, and fill it by the path that adds most."""
        self._forward(~submission)

    def close_slot(self, submission: int) -> None:
        """Take a slot away: an empty one, or the one whose reviewer adds most elsewhere."""
        if self.empty[submission]:
            self.empty[submission] -= 1
        else:
            self._backward(~submission)

    def open_room(self, reviewer: int) -> None:
        """Add room for one more review, and use it where that adds most."""
        self.room[reviewer] += 1
        if self.price[reviewer]:
            self._backward(reviewer)

    def close_room(self, reviewer: int) -> None:
        """Take room for one review away; who had it is given to somebody else, or to nobody."""
        self.room[reviewer] -= 1
        if self.room[reviewer] < 0:
            self._forward(reviewer)

    def boost(self, submission: int, reviewer: int, bonus: int) -> None:
        """Add a bonus to a pair for as long as it is held, which leaves every price valid."""
        self.boosted[submission, reviewer] = bonus
        weight = self.takers[reviewer][submission] + bonus
        self.held[submission][reviewer] = self.holders[reviewer][submission] = weight

    def close_page(self) -> dict[tuple[int, int], int]:
        """Return pairs that came (1) or went (-1) since the last call; who went loses the bonus."""
        turned, self.turned = self.turned, {}
        for submission, reviewer in self.lapsed:
            bonus = self.boosted.pop((submission, reviewer))
            if submission in self.takers[reviewer]:
                weight = self.takers[reviewer][submission] - bonus
                self.remove_pair(submission, reviewer)
                self._list(submission, reviewer, weight)
                if reviewer in self.held[submission]:
                    self.boost(submission, reviewer, bonus)
        self.lapsed = set()
        return turned

    def replace(self, pairs: set[tuple[int, int]]) -> None:
        """Hold exactly these pairs, whatever the prices say; the caller sets those right."""
        for submission, held in self.held.items():
            for reviewer in [one for one in held if (submission, one) not in pairs]:
                self._let_go(submission, reviewer)
        for submission, reviewer in sorted(pairs):
            if reviewer not in self.held[submission]:
                self._hold(submission, reviewer)

    def settle(self, submission: int, slots: int) -> list[int]:
        """Set a submission's value from the prices; let go, and return, who is worth less."""
        held = self.held[submission]
        others = [
            weight - self.price[reviewer]
            for reviewer, weight in zip(
                self.order[submission], self.weights[submission], strict=True
            )
            if reviewer not in held
        ]
        value = self.value[submission] = max(others, default=-EMPTY)
        if value <= -EMPTY:
            value = self.value[submission] = -EMPTY
        weaker = [one for one, weight in held.items() if weight - self.price[one] < value]
        for reviewer in weaker:
            self.take_out(submission, reviewer)
        self.empty[submission] = slots - len(held) if value == -EMPTY else 0
        return weaker

    def _list(self, submission: int, reviewer: int, weight: int) -> None:
        weights = self.weights[submission]
        place = sum(1 for other in weights if other >= weight)
        weights.insert(place, weight)
        self.order[submission].insert(place, reviewer)
        self.takers[reviewer][submission] = weight

    def _forward(self, start: int) -> None:
        search = Search(start)
        for far, node in search.settle():
            if node < 0:
                self._seek(search, far, node)
            else:
                self._push_out(search, far, node)
        for node, far in search.settled.items():
            if node < 0:
                self.value[~node] -= search.end - far
            else:
                self.price[node] += search.end - far
        if search.last < 0:
            self.empty[~search.last] += 1
        for earlier, node in search.path():
            if node < 0:
                self._let_go(~node, earlier)
            else:
                self._hold(~earlier, node)

    def _seek(self, search: Search, far: int, node: int) -> None:
        """Go on from a submission that lacks somebody: to nobody, or to any other candidate."""
        submission = ~node
        base = far + self.value[submission]
        search.finish(base + EMPTY, node)
        end, reached, held = search.end, search.reached, self.held[submission]
        price, room = self.price, self.room
        for reviewer, weight in zip(self.order[submission], self.weights[submission], strict=True):
            step = base - weight
            if step >= end:  # No price is below 0, so nobody further down is nearer.
                break
            step += price[reviewer]
            if step < end and step < reached.get(reviewer, end) and reviewer not in held:
                search.reach(step, reviewer, node)
                if room[reviewer] > 0:
                    search.finish(step, reviewer)
                    end = step

    def _push_out(self, search: Search, far: int, node: int) -> None:
        """Go on from a reviewer who has one too many: to whom they hold."""
        base, end, reached, value = far - self.price[node], search.end, search.reached, self.value
        for submission, weight in self.holders[node].items():
            step = base + weight - value[submission]
            if step < reached.get(~submission, end):
                search.reach(step, ~submission, node)

    def _backward(self, start: int) -> None:
        search = Search(start)
        for far, node in search.settle():
            if node < 0:
                self._drop(search, far, node)
            else:
                self._offer(search, far, node)
        for node, far in search.settled.items():
            if node < 0:
                self.value[~node] += search.end - far
            else:
                self.price[node] -= search.end - far
        if search.last < 0:
            self.empty[~search.last] -= 1
        for earlier, node in search.path():
            if node < 0:
                self._hold(~node, earlier)
            else:
                self._let_go(~earlier, node)

    def _offer(self, search: Search, far: int, node: int) -> None:
        """Go on from a reviewer with room: leave it, or give it to whoever may take it."""
        base = far + self.price[node]
        search.finish(base, node)
        end, reached, value, holders = search.end, search.reached, self.value, self.holders[node]
        for submission, weight in self.takers[node].items():
            step = base - weight + value[submission]
            if step < end and step < reached.get(~submission, end) and submission not in holders:
                search.reach(step, ~submission, node)

    def _drop(self, search: Search, far: int, node: int) -> None:
        """Go on from a submission with one too many: an empty slot takes it, or let one go."""
        submission = ~node
        if self.empty[submission]:
            search.finish(far, node)
        base, end, reached, price = (
            far - self.value[submission],
            search.end,
            search.reached,
            self.price,
        )
        for reviewer, weight in self.held[submission].items():
            step = base + weight - price[reviewer]
            if step < reached.get(reviewer, end):
                search.reach(step, reviewer, node)

    def _hold(self, submission: int, reviewer: int) -> None:
        weight = self.takers[reviewer][submission]
        self.held[submission][reviewer] = self.holders[reviewer][submission] = weight
        self.room[reviewer] -= 1
        self.total += weight
        if (submission, reviewer) in self.lapsed:
            self.total -= self.boosted[submission, reviewer]
        self._turn((submission, reviewer), 1)

    def _let_go(self, submission: int, reviewer: int) -> None:
        del self.held[submission][reviewer], self.holders[reviewer][submission]
        self.room[reviewer] += 1
        weight = self.takers[reviewer][submission]
        bonus = self.boosted.get((submission, reviewer), 0)
        if bonus and (submission, reviewer) not in self.lapsed:
            # Until the page is closed it may come back with its bonus.
            self.lapsed.add((submission, reviewer))
            weight += bonus
            self.remove_pair(submission, reviewer)
            self._list(submission, reviewer, weight)
        self.total -= weight - bonus
        self._turn((submission, reviewer), -1)

    def _turn(self, pair: tuple[int, int], by: int) -> None:
        turned = self.turned.pop(pair, 0) + by
        if turned:
            self.turned[pair] = turned
