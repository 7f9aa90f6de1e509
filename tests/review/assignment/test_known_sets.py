"""The engine on the sets of real conferences that others have published figures for."""

from pathlib import Path

import numpy as np
import pytest

from review.assignment.matching import Problem, match


def _midl(folder: Path, least: int) -> Problem:
    found = np.load(folder / "assignment" / "midl.npz")
    fits = np.clip(found["sim"], 0, None)
    reviewers = fits.shape[1]
    minimum = np.full(reviewers, least)
    return Problem(fits / fits.max(), np.full(len(fits), 3), found["load_max"], minimum)


def test_midl_gets_its_greatest_total_and_its_fairest_worst(shared_data: Path) -> None:
    plain, fair = match(_midl(shared_data, 0), fair=False), match(_midl(shared_data, 0))

    assert plain.total == pytest.approx(201.8849, abs=1e-4)
    assert fair.worst >= 0.9448
    assert fair.total >= 0.999 * plain.total


def test_midl_with_two_reviews_for_everybody_is_fair_at_little_cost(shared_data: Path) -> None:
    plain, fair = match(_midl(shared_data, 2), fair=False), match(_midl(shared_data, 2))

    assert plain.total == pytest.approx(150.0431, abs=1e-4)
    assert fair.worst >= 0.69
    assert fair.total >= 0.955 * plain.total
