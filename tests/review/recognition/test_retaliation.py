"""Retaliation is found and taken out, and nothing else is: on reviewers whose worth is known."""

from collections import Counter
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import pytest

from review.recognition.quality import RatedReview, helpfulness_of
from review.recognition.retaliation import GAPS, WORTH, Cell, effects_of

CRITERIA = 4


@dataclass
class Told:
    """A badge's ratings; `good` and `harsh` (R,) are what is true of its reviewers."""

    good: np.ndarray
    harsh: np.ndarray
    rated: list[list[RatedReview]]

    def cells(self) -> list[Cell]:
        counted = Counter(
            (str(number), gap, said)
            for number, reviews in enumerate(self.rated)
            for one in reviews
            for gap, said in one.answers
        )
        return [Cell(who, gap, said, count) for (who, gap, said), count in counted.items()]

    def plain(self) -> np.ndarray:
        return np.array(
            [
                fmean(WORTH[said] for one in reviews for _, said in one.answers)
                for reviews in self.rated
            ]
        )

    def cleaned(self) -> np.ndarray:
        effects = effects_of(self.cells())
        return np.array([helpfulness_of(effects, reviews).value for reviews in self.rated])


def drawn(seed, *, reviewers=60, reviews=15, retaliation=1.5, step=True, first=None):
    """Draw ratings: a latent worth, less `retaliation` below the pass level (or by every level)."""
    rng = np.random.default_rng(seed)
    good, harsh = rng.normal(0, 0.6, reviewers), rng.normal(0, 0.7, reviewers)
    if first is not None:
        good[0], harsh[0] = first
    rated = []
    for number in range(reviewers):
        mine = []
        for _ in range(reviews):
            work, mood = rng.normal(0.2, 0.8), rng.normal(0, 0.3)
            answers = []
            for _ in range(CRITERIA):
                gap = int(np.clip(np.round(work - harsh[number] + rng.normal(0, 0.6)), -2, 1))
                anger = retaliation * (gap < 0 if step else (1 - gap) / 2)
                latent = good[number] + mood + rng.normal(0, 0.8) - anger
                answers.append((gap, 1 + int(latent > -0.9) + int(latent > 0.1)))
            mine.append(RatedReview(tuple(answers)))
        rated.append(mine)
    return Told(good, harsh, rated)


@pytest.mark.parametrize("step", [True, False])
def test_planted_retaliation_disappears(step):
    plain, cleaned, true_plain, true_cleaned = [], [], [], []
    for seed in range(12):
        told = drawn(seed, step=step)
        plain.append(np.corrcoef(told.plain(), told.harsh)[0, 1])
        cleaned.append(np.corrcoef(told.cleaned(), told.harsh)[0, 1])
        true_plain.append(np.corrcoef(told.plain(), told.good)[0, 1])
        true_cleaned.append(np.corrcoef(told.cleaned(), told.good)[0, 1])

    assert fmean(plain) < -0.35
    assert abs(fmean(cleaned)) < 0.1
    assert fmean(true_cleaned) > fmean(true_plain) + 0.05


def test_a_harsh_but_good_reviewer_does_not_come_out_worse():
    plain, cleaned = [], []
    for seed in range(20):
        told = drawn(seed, first=(0.6, 1.4))
        plain.append(told.plain()[0] - np.median(told.plain()))
        cleaned.append(told.cleaned()[0] - np.median(told.cleaned()))

    assert fmean(plain) < -0.05
    assert fmean(cleaned) > 0.05
    assert fmean(one > 0 for one in cleaned) >= 0.8


def test_a_poor_reviewer_is_not_excused_by_being_harsh():
    apart = [
        told.cleaned()[0] - np.median(told.cleaned())
        for told in (drawn(seed, first=(-1.0, 1.4)) for seed in range(12))
    ]

    assert fmean(apart) < -0.08


def test_where_nobody_retaliates_nothing_much_is_taken_out():
    told = drawn(3, retaliation=0.0)

    effects = effects_of(told.cells())

    assert np.abs(effects.added).max() < 0.05
    assert np.abs(told.cleaned() - told.plain()).max() < 0.05


def test_low_levels_that_are_rated_higher_are_no_retaliation():
    told = drawn(5, retaliation=-1.5)

    assert np.allclose(effects_of(told.cells()).added, 0, atol=1e-9)


def test_how_good_reviewers_are_has_no_part_in_the_effect():
    """The harsh are all poor here; nobody retaliates; the difference is theirs and stays."""
    rng = np.random.default_rng(8)
    cells = [Cell(f"kind{n}", gap, 3, 8) for n in range(20) for gap in (0, 1)]
    cells += [Cell(f"harsh{n}", gap, 1, 8) for n in range(20) for gap in (-1, -2)]
    cells += [Cell(f"both{n}", int(rng.integers(-2, 2)), 2, 8) for n in range(20)]

    assert np.allclose(effects_of(cells).added, 0, atol=1e-9)


def test_few_ratings_move_little_and_leave_much_doubt():
    few = [Cell("one", -1, 1, 1), Cell("one", 1, 3, 1)]
    many = [Cell(str(n), gap, said, 10) for n in range(50) for gap, said in ((-1, 1), (1, 3))]

    span_of_few, span_of_many = (np.ptp(effects_of(cells).added) for cells in (few, many))

    assert span_of_few < 0.25 < 0.9 < span_of_many
    assert effects_of(few).doubt([-2, -2]) > 2 * effects_of(many).doubt([-1, -1])


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [Cell("one", 0, 2, 1)],
        [Cell("one", -9, 1, 3), Cell("one", 9, 3, 3)],
        [Cell("one", 0, 3, 10_000)],
        [Cell(str(number), 0, 3, 1) for number in range(50)],
    ],
)
def test_odd_ratings_give_finite_effects(cells):
    effects = effects_of(cells)

    assert np.isfinite(effects.added).all()
    assert np.isfinite(effects.covariance).all()
    assert np.isfinite(effects.doubt([0, 1]))
    assert len(effects.added) == len(GAPS)
    assert abs(float(effects.mix @ effects.added)) < 1e-9
