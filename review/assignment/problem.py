"""The matching problem as given, and as the flow wants it: every number checked and named.

Input that cannot be taken raises Invalid with the row it is about; an option that the engine
does not know is refused rather than left out in silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from core.errors import Invalid
from review.assignment.flow import Network

UNKNOWN = (
    "reviewer_institution", "submission_institution", "institution_cap", "reviewer_region",
    "region_cap", "senior", "pair_cap", "current", "ageing",
)  # fmt: skip

Edges = list[list[tuple[int, float]]]


@dataclass(frozen=True)
class Problem:
    """Similarity is submissions x reviewers, dense or sparse; an absent entry is no candidate.

    `demand` counts the reviews each submission wants, `load_max` and `load_min` how many each
    reviewer takes; `forbidden` marks pairs that must never be.
    """

    similarity: Any
    demand: Any
    load_max: Any
    load_min: Any = None
    forbidden: Any = None
    reviewer_institution: Any = None
    submission_institution: Any = None
    institution_cap: Any = None
    reviewer_region: Any = None
    region_cap: Any = None
    senior: Any = None
    pair_cap: Any = None
    current: Any = None
    stickiness: float = 0.0
    ageing: Any = None


@dataclass(frozen=True)
class Checked:
    """The problem as the flow wants it; `known` counts candidates before the forbidden ones."""

    network: Network
    known: Sequence[int]


def check(problem: Problem) -> Checked:
    """Return the problem as a network; raise Invalid for what cannot be matched."""
    _refuse_what_is_not_there(problem)
    similarity = _matrix(problem.similarity)
    submissions, reviewers = similarity.shape
    network = Network(
        edges=_edges(similarity),
        demand=_counts(problem.demand, submissions, "demand", "submission"),
        load_max=_counts(problem.load_max, reviewers, "load_max", "reviewer"),
        load_min=[0] * reviewers
        if problem.load_min is None
        else _counts(problem.load_min, reviewers, "load_min", "reviewer"),
    )
    for row, (least, most) in enumerate(zip(network.load_min, network.load_max, strict=True)):
        if least > most:
            raise Invalid(
                f"Reviewer {row} has a load_min of {least} above the load_max of {most}.",
                "load_min",
            )
    known = [len(row) for row in network.edges]
    banned = _forbidden(problem.forbidden, (submissions, reviewers))
    edges = [
        [edge for edge in row if (submission, edge[0]) not in banned]
        for submission, row in enumerate(network.edges)
    ]
    return Checked(Network(edges, network.demand, network.load_max, network.load_min), known)


def _refuse_what_is_not_there(problem: Problem) -> None:
    for name in UNKNOWN:
        if getattr(problem, name) is not None:
            raise Invalid(f"Matching does not take {name} into account; leave it out.", name)
    if problem.stickiness != 0:
        raise Invalid("Matching does not take stickiness into account; leave it at 0.")


def _matrix(given: Any) -> sparse.coo_array:
    """Return the similarity as coordinates, every entry finite and not negative."""
    try:
        made: Any = given if sparse.issparse(given) else np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise Invalid("The similarity must be a matrix of numbers.", "similarity") from error
    if made.ndim != 2:
        raise Invalid("The similarity must be submissions x reviewers.", "similarity")
    if sparse.issparse(made):
        listed = made.tocsr(copy=True).astype(float)
        listed.sum_duplicates()
        listed = listed.tocoo()
    else:
        rows, columns = np.indices(made.shape)
        listed = sparse.coo_array((made.ravel(), (rows.ravel(), columns.ravel())), made.shape)
    wrong = np.flatnonzero(~np.isfinite(listed.data) | (listed.data < 0))
    if wrong.size:
        at = wrong[0]
        raise Invalid(
            f"The similarity of submission {listed.row[at]} and reviewer {listed.col[at]} is"
            f" {listed.data[at]}; it must be a number from 0 up.",
            "similarity",
        )
    return listed


def _edges(similarity: sparse.coo_array) -> Edges:
    edges: Edges = [[] for _ in range(similarity.shape[0])]
    for row, column, value in zip(
        similarity.row.tolist(), similarity.col.tolist(), similarity.data.tolist(), strict=True
    ):
        edges[row].append((column, value))
    return [sorted(row) for row in edges]


def _counts(given: Any, length: int, name: str, noun: str) -> list[int]:
    """Return whole numbers from 0 up, one for each row."""
    try:
        made = np.asarray(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise Invalid(f"The {name} must be whole numbers.", name) from error
    if made.shape != (length,):
        raise Invalid(f"The {name} must have one number for each {noun}, {length} in all.", name)
    wrong = np.flatnonzero(~np.isfinite(made) | (made < 0) | (made % 1 != 0))
    if wrong.size:
        row = wrong[0]
        raise Invalid(
            f"The {name} of {noun} {row} is {made[row]:g}; it must be a whole number from 0 up.",
            name,
        )
    return [int(one) for one in made]


def _forbidden(given: Any, shape: tuple[int, int]) -> set[tuple[int, int]]:
    if given is None:
        return set()
    made = given if sparse.issparse(given) else np.asarray(given)
    if made.shape != shape:
        raise Invalid(f"Forbidden must be {shape[0]} x {shape[1]}, as the similarity.", "forbidden")
    rows, columns = made.nonzero()
    return set(zip(rows.tolist(), columns.tolist(), strict=True))
