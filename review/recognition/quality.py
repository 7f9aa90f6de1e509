"""How somebody's reviews fare, for their own eyes: every figure with an interval, or none yet.

Accuracy is against known work, helpfulness is what learners say: they are different things with
different consequences and are never put together. The length of reasons and the minutes are
floors only, since more of either is not better. What somebody declined, or when they paused or
rested, is no part of anything here (INV-40): there is no place to say it in.

The criteria of one review are not independent of each other. A share over criteria has the
interval of fewer cases: with m criteria a review, n / (1 + (m - 1) HALO) of n (Kish 1965).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from statistics import fmean

from review.decision.figures import Figure, Lack, known, normal_quantile, share, unknown, wilson
from review.recognition.retaliation import Effects

FEWEST = 5
HALO = 0.3
NEWEST = 40  # reviews that a figure looks back on
READINGS = 10  # readings of known work that a figure looks back on
FEWEST_FITTED = 10
FEWEST_LEVELS = 3
HASTE = 0.2  # of the minutes that the edition estimates


@dataclass(frozen=True)
class OwnReview:
    """One sealed review: per criterion the level (None without one), whether it says where in the
    evidence, and the words of the reason; with the minutes and the floors of its edition.
    """

    levels: tuple[int | None, ...]
    cites: tuple[bool, ...]
    words: tuple[int, ...]
    least_words: int
    minutes: float
    estimated_minutes: int


@dataclass(frozen=True)
class Reading:
    """One reading of work whose levels are known: how many criteria agreed, of how many."""

    agreed: int
    criteria: int


@dataclass(frozen=True)
class RatedReview:
    """What one learner said of one review: the gap and the rating of each rated reason."""

    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Quality:
    """Everything there is to say of one reviewer's reviews for one badge, newest first.

    `informative` is the model's probability that the levels follow the work, None where too few
    reviews stand behind it.
    """

    reviews: int
    agreement: Figure
    informative: float | None
    helpfulness: Figure
    cited: Figure
    short: Figure
    hasty: Figure
    alike: Figure
    returned: Figure


def agreement_of(readings: Sequence[Reading]) -> Figure:
    """Return the share of criteria on which known work was read as it was meant."""
    return clustered(
        sum(one.agreed for one in readings), [one.criteria for one in readings if one.criteria]
    )


def clustered(hits: int, sizes: Sequence[int]) -> Figure:
    """Return the share of hits among cases that come in groups of these sizes."""
    total = sum(sizes)
    if total < FEWEST:
        return unknown(Lack.TOO_FEW if total else Lack.NONE_GIVEN, total)
    effective = total / (1 + (total / len(sizes) - 1) * HALO)
    return known(hits / total, *wilson(hits / total, effective), total)


def helpfulness_of(effects: Effects, rated: Sequence[RatedReview]) -> Figure:
    """Return how useful learners find the reasons, from 0 to 1, with retaliation taken out.

    It moves by whole groups of FEWEST reviews, in the order of `rated`, so that no step of it
    tells what one learner said. Each review counts once. The interval is that of a share of as
    many cases, which is wide enough for any figure between 0 and 1, widened by what is not known
    of the effects.
    """
    told = rated[: len(rated) - len(rated) % FEWEST]
    if not told:
        return unknown(Lack.TOO_FEW if rated else Lack.NONE_GIVEN, len(rated))
    means = [fmean(effects.cleaned(gap, said) for gap, said in one.answers) for one in told]
    value = min(max(fmean(means), 0.0), 1.0)
    doubt = normal_quantile(0.95) * effects.doubt([gap for one in told for gap, _ in one.answers])
    low, high = wilson(value, len(told))
    return known(
        value,
        max(0.0, value - hypot(value - low, doubt)),
        min(1.0, value + hypot(high - value, doubt)),
        len(told),
    )


def quality_of(
    reviews: Sequence[OwnReview],
    *,
    readings: Sequence[Reading],
    informative: float | None,
    helpfulness: Figure,
    returns: Sequence[bool],
) -> Quality:
    """Return every figure; `returns` says of each review that was moderated whether it came back.

    All are the newest first; only so many count, as NEWEST and READINGS say.
    """
    newest = list(reviews[:NEWEST])
    scored = [one for one in newest if _given(one) >= FEWEST_LEVELS]
    return Quality(
        reviews=len(reviews),
        agreement=agreement_of(readings[:READINGS]),
        informative=informative if len(reviews) >= FEWEST_FITTED else None,
        helpfulness=helpfulness,
        cited=clustered(
            sum(sum(one.cites) for one in newest), [len(one.cites) for one in newest if one.cites]
        ),
        short=clustered(
            sum(sum(count < one.least_words for count in one.words) for one in newest),
            [len(one.words) for one in newest if one.words],
        ),
        hasty=_share([one.minutes < HASTE * one.estimated_minutes for one in newest]),
        alike=_share([len({level for level in one.levels if level}) == 1 for one in scored]),
        returned=_share(returns),
    )


def _given(review: OwnReview) -> int:
    return sum(level is not None for level in review.levels)


def _share(cases: Sequence[bool]) -> Figure:
    if len(cases) < FEWEST:
        return unknown(Lack.TOO_FEW if cases else Lack.NONE_GIVEN, len(cases))
    return share(sum(cases), len(cases))
