"""Which later reviews a moderator reads: a share of them, the risky ones more often.

What is known of a review adds up to a weight of 1 or more. Among the reviews that a badge had
lately, this one included, each would be drawn with a chance of `scale` times its weight, at most
1; the scale is such that these chances have the policy's rate as their mean. So the expected
share is the rate, whatever the reviews are like, and a review of weight 4 is drawn four times as
often as one of weight 1. Nothing of it ever touches a level or an outcome (INV-24).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.digest import share_of

# Until somebody has given so many reviews for a badge, little is known of how they judge.
FEW_REVIEWS = 10
# So many criteria at one and the same level say that somebody may not have looked at each.
LEAST_STRAIGHT = 3
# Of the words that a reason wants, and of the minutes that a review is said to take.
SHORT_SHARE = 0.5
HASTY_SHARE = 1 / 3


@dataclass(frozen=True)
class Facts:
    """What is plainly known of a sealed review, as of its sealing.

    `earlier` counts the reviews its writer gave for the badge before it; `levels` holds None
    where a criterion could not be scored, `words` the length of each rationale. `is_checked`
    tells that its writer was given works to check them by lately: newcomers are, and whoever's
    reviews have slipped or drifted.
    """

    earlier: int
    levels: tuple[int | None, ...]
    words: tuple[int, ...]
    seconds: int
    is_checked: bool = False


def weight(facts: Facts, *, least_words: int, minutes: int) -> float:
    """Return how much more often than the safest review this one is drawn: 1 to 8.

    One more for each of: few reviews given, the same level everywhere, very short reasons, far
    less time than the `minutes` a review takes, a criterion that could not be scored; two more
    where its writer is being checked.
    """
    given = [level for level in facts.levels if level is not None]
    return 1.0 + sum(
        (
            facts.earlier < FEW_REVIEWS,
            len(given) >= LEAST_STRAIGHT and len(set(given)) == 1,
            bool(facts.words) and fmean(facts.words) < SHORT_SHARE * least_words,
            facts.seconds < HASTY_SHARE * 60 * minutes,
            len(given) < len(facts.levels),
            2 * facts.is_checked,
        )
    )


def chance(own: float, others: Sequence[float], rate: float) -> float:
    """Return with what probability a review of weight `own` is drawn, among `others` lately."""
    return min(1.0, scale((own, *others), rate) * own)


def scale(weights: Iterable[float], rate: float) -> float:
    """Return the c for which the mean of min(1, c w) over all `weights` is `rate`.

    The heaviest are certain first; what is left of the rate is shared by the rest by weight.
    """
    ordered = sorted(weights)
    total, left = rate * len(ordered), sum(ordered)
    for certain, heaviest in enumerate(reversed(ordered)):
        found = (total - certain) / left
        if found * heaviest <= 1.0:
            return max(found, 0.0)
        left -= heaviest
    return 1.0 / ordered[0]


def is_drawn(review_id: str, digest: str, probability: float) -> bool:
    """Whether a review is read, by a draw that is the same each time it is made.

    The id, which its writer never sees, keeps anybody from wording a review so that it escapes.
    """
    return share_of({"moderation": review_id, "sealed": digest}) < probability
