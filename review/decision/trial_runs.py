"""What a policy costs and risks: the live rule and model over made-up work, before it is live.

The model learns from earlier reviews of the same people, as it does each night, and speaks of the
new work by what it kept, as it does in a decision; the steps are those of `policy.advise`. Whom
the committee decides about is counted as decided rightly, and not among the automatic decisions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from credentials.catalog.definition import ReviewPolicy
from review.decision.consensus import Reviews, fit
from review.decision.consensus.passing import Wanted
from review.decision.consensus.stored import answer, frozen, model_of, reviewers_of
from review.decision.policy import Confidence, NextStep, advise
from review.decision.rule import decide
from review.decision.states import Outcome
from review.decision.trial_world import World

EARLIER = 3  # reviews of each earlier work
USUAL = 3  # reviews of each work where a mean of three decides
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Share:
    """A share of all that was counted, between 0 and 1, with its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Trial:
    """What became of the works under one policy.

    `reviews` per decision; the shares that went to `more` reviewers than planned and to the
    `committee`; and among automatic decisions those that were `wrong`, of which `granted` and
    `denied` in error. `asked` counts works by their number of reviews.
    """

    works: int
    reviews: float
    reviews_error: float
    more: Share
    committee: Share
    wrong: Share
    granted: Share
    denied: Share
    asked: dict[int, int]


class Trials:
    """One made-up world with what the model has learned, on which policies are compared."""

    def __init__(self, world: World, wanted: Wanted, *, earlier: int) -> None:
        """Learn from the first `earlier` works; the others are those to be decided."""
        self.world, self.wanted, self.earlier = world, wanted, earlier
        self.known_reviews = earlier * EARLIER
        rule = world.rubric.rule
        self._keys = [one.key for one in rule.criteria]
        self._passes = [self._settled(row) is Outcome.GRANTED for row in world.truth[earlier:]]
        self._chances: dict[tuple[int, int], Confidence] = {}
        if earlier:
            self._learn()

    @property
    def passing(self) -> float:
        """The share of works that should pass."""
        return float(np.mean(self._passes))

    def _learn(self) -> None:
        at, world = np.arange(self.earlier), self.world
        levels = world.levels[at, :EARLIER].reshape(-1, len(self._keys)).astype(np.float64)
        who = world.reviewer[at, :EARLIER].ravel()
        made = fit(Reviews(at.repeat(EARLIER), who, levels, self.earlier, world.reviewers))
        self._model = model_of(made)
        self._people = [frozen(one, self._model) for one in reviewers_of(made)]

    def under(self, policy: ReviewPolicy, on_progress: Progress = lambda _share: None) -> Trial:
        """Decide every work under a policy."""
        outcomes: list[Outcome | None] = []
        counts = []
        for work in range(len(self._passes)):
            outcome, count = self._course(work, policy)
            outcomes.append(outcome)
            counts.append(count)
            on_progress((work + 1) / len(self._passes))
        return _summed(self._passes, outcomes, counts, policy.reviewers)

    def by_mean(self) -> Trial:
        """Decide every work by the nearest level to the mean of three, criterion by criterion."""
        values = np.array(self.world.rubric.values)
        means = self.world.levels[self.earlier :, :USUAL].mean(1)
        # Exactly half-way counts for the learner.
        nearest = values[np.searchsorted((values[1:] + values[:-1]) / 2, means, side="right")]
        outcomes = [self._settled(row) for row in nearest]
        return _summed(self._passes, outcomes, [USUAL] * len(outcomes), USUAL)

    def _settled(self, levels: Sequence[int]) -> Outcome | None:
        given = dict(zip(self._keys, map(int, levels), strict=True))
        return decide(self.world.rubric.rule, [given, given]).outcome

    def _course(self, work: int, policy: ReviewPolicy) -> tuple[Outcome | None, int]:
        """The outcome, None for the committee's, and how many reviews it took."""
        rule, rows = self.world.rubric.rule, self.world.levels[self.earlier + work]
        has_say = self.known_reviews >= policy.confidence_from and self.earlier > 0
        count = policy.reviewers
        while True:
            reviews = [dict(zip(self._keys, map(int, row), strict=True)) for row in rows[:count]]
            ruling = decide(rule, reviews)
            advice = advise(
                rule,
                ruling,
                reviews,
                is_adjudicated=count > policy.reviewers,
                policy=policy,
                confidence=self._confidence(work, count) if has_say else None,
            )
            if advice.step is NextStep.ONE_MORE_REVIEWER:
                count += 1
                continue
            return (ruling.outcome if advice.step is NextStep.RELEASE else None), count

    def _confidence(self, work: int, count: int) -> Confidence:
        if (work, count) not in self._chances:
            row = self.earlier + work
            told = [
                (list(map(float, levels)), self._people[who])
                for levels, who in zip(
                    self.world.levels[row, :count], self.world.reviewer[row, :count], strict=True
                )
            ]
            chance, credible = answer(self._model, told, self.wanted)
            self._chances[work, count] = Confidence(chance, credible, self.known_reviews)
        return self._chances[work, count]


def _summed(
    passes: Sequence[bool], outcomes: Sequence[Outcome | None], counts: Sequence[int], planned: int
) -> Trial:
    works = len(passes)
    decided = [one for one in zip(passes, outcomes, strict=True) if one[1] is not None]
    granted = sum(not right and one is Outcome.GRANTED for right, one in decided)
    denied = sum(right and one is not Outcome.GRANTED for right, one in decided)
    asked = np.array(counts)
    return Trial(
        works=works,
        reviews=float(asked.mean()),
        reviews_error=float(asked.std() / sqrt(works)),
        more=_share(int((asked > planned).sum()), works),
        committee=_share(works - len(decided), works),
        wrong=_share(granted + denied, len(decided)),
        granted=_share(granted, len(decided)),
        denied=_share(denied, len(decided)),
        asked={int(count): int((asked == count).sum()) for count in np.unique(asked)},
    )


def _share(count: int, whole: int) -> Share:
    """A share of `whole`; of nothing it is 0."""
    value = count / whole if whole else 0.0
    return Share(value, sqrt(value * (1 - value) / whole) if whole else 0.0)
