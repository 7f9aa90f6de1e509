"""The engine on the sets of real conferences that others have published figures for."""

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from review.assignment.matching import Plan, Problem, match


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


def test_authors_who_review_one_another_keep_most_of_their_fit_under_every_rule(
    shared_data: Path,
) -> None:
    """Prototypes reached 83.7 % of the fit that remains beside co-authors and own institutions."""
    problem = _iclr18(shared_data)

    plan = match(problem, fair=False)

    before = plan.total + sum(plan.prices.values())
    assert before == pytest.approx(602.6677, abs=1e-4)
    assert plan.total >= 0.85 * before
    assert _broken(problem, plan) == []


def _iclr18(folder: Path) -> Problem:
    """Every author may review; their institution is that of a work of theirs, regions by lot."""
    found = np.load(folder / "assignment" / "iclr18_tfidf.npz")
    shape = found["sim_x10000"].shape
    at = found["author_paper"], found["author_reviewer"]
    wrote = sparse.csr_array((np.ones(len(at[0]), dtype=np.int64), at), shape=shape)
    together = (wrote.T @ wrote) > 0
    of_work, of_person = np.full(shape[0], -1), np.full(shape[1], -1)
    of_work[found["inst_paper"][::-1]] = found["inst_id"][::-1]
    work, person = wrote.nonzero()
    of_person[person] = of_work[work]
    return Problem(
        found["sim_x10000"] / 1e4,
        np.full(shape[0], 3),
        np.full(shape[1], 6),
        forbidden=((wrote @ together.astype(np.int64)) > 0).toarray(),
        reviewer_institution=of_person,
        submission_institution=of_work,
        institution_cap=1,
        reviewer_region=np.where(of_person >= 0, of_person % 5, -1),
        region_cap=2,
        senior=np.asarray(wrote.sum(axis=0)).ravel() >= 2,
        author=wrote.astype(bool),
    )


def _broken(problem: Problem, plan: Plan) -> list[str]:
    row, col = plan.pairs.T
    sits = sparse.csr_array((np.ones(len(row)), (row, col)), shape=problem.similarity.shape)
    edges = ((sits.T @ problem.author) > 0).astype(np.int64)

    def most(label: np.ndarray) -> float:
        known = sparse.csr_array(
            (np.ones(len(label)), (np.arange(len(label)), label)),
            shape=(len(label), label.max() + 1),
        )
        return float((sits @ known).max())

    found = {
        "slots": len(row) != 3 * sits.shape[0],
        "twice": sits.max() > 1,
        "load": sits.sum(axis=0).max() > 6,
        "forbidden": bool(problem.forbidden[row, col].any()),
        "own": bool(
            (problem.reviewer_institution[col] == problem.submission_institution[row]).any()
        ),
        "institution": most(problem.reviewer_institution) > 1,
        "region": most(problem.reviewer_region) > 2,
        "senior": (sits @ problem.senior).min() < 1,
        "two": edges.multiply(edges.T).sum() > 0,
        "three": (edges @ edges).multiply(edges.T).sum() > 0,
    }
    return [name for name, is_broken in found.items() if is_broken]
