"""The scoring model on what people really gave, against figures that others worked out."""

import csv
import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from review.decision.consensus import Reviews, fit, variance_components
from tests.review.decision.simulated import is_sound


def columns(folder: Path, name: str) -> dict[str, list[str]]:
    with gzip.open(folder / "aggregation" / f"{name}.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(names: Sequence[str]) -> NDArray[np.int64]:
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def reviews_from(
    submission: list[str], reviewer: list[str], levels: NDArray[np.float64]
) -> Reviews:
    at, who = numbers(submission), numbers(reviewer)
    return Reviews(at, who, levels, int(at.max()) + 1, int(who.max()) + 1)


def components_of(folder: Path, name: str) -> list[float]:
    """Submission, rater and residual, as lme4 has them by restricted maximum likelihood."""
    oracles = json.loads((folder / "aggregation" / "oracles.json").read_text())
    found = oracles["lme4_reml_review_mean"][name]
    return [found["submission"], found["rater"], found["residual"]]


def as_list(reviews: Reviews) -> list[float]:
    found = variance_components(reviews)
    assert found.converged
    return [found.submission, found.severity, found.residual]


def test_ratings_of_lecturers_have_the_components_of_lme4(shared_data: Path) -> None:
    rated = columns(shared_data, "lme4_InstEval")
    score = np.array(rated["y"], dtype=np.float64)

    found = as_list(reviews_from(rated["d"], rated["s"], score))
    turned = as_list(reviews_from(rated["s"], rated["d"], score))

    assert found == pytest.approx(components_of(shared_data, "InstEval"), rel=0.01)
    assert turned == pytest.approx([found[1], found[0], found[2]], rel=1e-3)


@pytest.mark.parametrize(
    ("name", "file", "submission", "reviewer", "score"),
    [
        ("nih_overall_score", "nih_r01_reviews", "ID", "RevID", "Score"),
        ("kuhlisch_immer09", "immer09_conference_reviews", "idpaper", "idreviewer", "score"),
    ],
)
def test_reviews_of_proposals_and_papers_have_the_components_of_lme4(
    shared_data: Path, name: str, file: str, submission: str, reviewer: str, score: str
) -> None:
    given = columns(shared_data, file)
    levels = np.array([float(each) if each not in {"", "NA"} else np.nan for each in given[score]])

    found = as_list(reviews_from(given[submission], given[reviewer], levels))

    # Restricted maximum likelihood differs where submissions are few, by 1.2 % of the whole here.
    wanted = components_of(shared_data, name)
    assert found == pytest.approx(wanted, abs=0.015 * sum(wanted))


def test_conference_reviews_are_taken_through_scores(shared_data: Path) -> None:
    given = columns(shared_data, "immer09_conference_reviews")
    reviews = reviews_from(
        given["idpaper"], given["idreviewer"], np.array(given["score"], dtype=np.float64)
    )

    answer = fit(reviews, cut=4.0)

    assert is_sound(answer)
    assert answer.converged
    assert answer.hyper["kind"] == "scores"
    assert np.corrcoef(answer.mean, answer.raw_mean)[0, 1] > 0.9
