"""The matching problem as given, and as the engine wants it: every number checked and named.

Input that cannot be taken raises Invalid with the row it is about; nothing is left out in silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from core.errors import Invalid
from review.assignment.candidates import Arcs, Bools, Candidates, Dense, Floats, Ints, Sparse
from review.assignment.candidates import from_sparse as listed_pairs
from review.assignment.checks import LARGEST, counts, labels, mask, number, pairs_of, share
from review.assignment.limits import Limits
from review.assignment.rings import Rings


@dataclass(frozen=True)
class Problem:
    """Similarity is submissions x reviewers, dense or sparse; an absent entry is no candidate.

    `demand` counts the reviews each submission wants, `load_max` and `load_min` how many each
    reviewer takes; `forbidden` marks pairs that must never be. Labels are whole numbers from 0
    up, -1 for none: no reviewer takes work from their own institution, and one submission has at
    most `institution_cap` reviewers of one institution and `region_cap` of one region.

    `senior` marks reviewers of whom each submission should have one, where that leaves no slot
    empty. `pair_cap` is how probable a pair may be at most. `current` are pairs that stand (n x 2
    or a mask) and `stickiness` what keeping one is worth beside its similarity. `ageing` says, in
    similarity, how much more it counts when a slot of a submission stays empty.

    `author` says which reviewer wrote each submission (-1 for none, or a mask for several), and
    `reviewed` are pairs (reviewer, author) of the past, offers included: nobody reviews whom they
    are reviewed by, and no three review in a ring.
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
    author: Any = None
    reviewed: Any = None


@dataclass(frozen=True)
class Checked:
    """The problem as the engine wants it.

    `known` counts the candidates of each submission, `allowed` those who are not forbidden, and
    `candidates` are those of them who take anything. They are worth their similarity, and
    `bonus` more where they stand already.
    """

    candidates: Candidates
    limits: Limits
    known: Ints
    allowed: Ints
    rings: Rings | None
    pair_cap: float | None
    current: Ints
    bonus: float

    @cached_property
    def worth(self) -> Candidates:
        """The candidates with the bonus of the pairs that stand."""
        if not self.bonus or not len(self.current):
            return self.candidates
        return self.candidates.raised(self.current[:, 0], self.current[:, 1], self.bonus)


def check(problem: Problem) -> Checked:
    """Return the problem with every number checked; raise Invalid for what cannot be matched."""
    matrix, is_listed = _matrix(problem.similarity)
    submissions, reviewers = shape = (int(matrix.shape[0]), int(matrix.shape[1]))
    load_max = counts(problem.load_max, reviewers, "load_max", "reviewer")
    institution = labels(problem.reviewer_institution, reviewers, "reviewer_institution")
    rings = _rings(problem, shape)
    barred = [mask(problem.forbidden, shape, "forbidden")]
    barred.append(_same_institution(problem, institution, submissions))
    barred.append(None if rings is None else rings.barred())
    candidates, known, allowed = _candidates(matrix, is_listed, barred, load_max)
    limits = Limits(
        demand=counts(problem.demand, submissions, "demand", "submission"),
        load_max=load_max,
        load_min=_load_min(problem, load_max),
        institution=institution,
        institution_cap=_cap(problem.institution_cap, institution, "institution"),
        region=(region := labels(problem.reviewer_region, reviewers, "reviewer_region")),
        region_cap=_cap(problem.region_cap, region, "region"),
        senior=_senior(problem.senior, reviewers),
        empty=_ageing(problem.ageing, submissions),
    )
    return Checked(
        candidates=candidates,
        limits=limits,
        known=known,
        allowed=allowed,
        rings=rings,
        pair_cap=share(problem.pair_cap),
        current=pairs_of(problem.current, shape, "current"),
        bonus=number(problem.stickiness, "stickiness"),
    )


def _matrix(given: Any) -> tuple[Any, bool]:
    """Return the similarity as an array, or in sparse rows; every entry finite and from 0 up."""
    is_listed = bool(sparse.issparse(given))
    try:
        made = given if is_listed else np.array(given, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise Invalid("The similarity must be a matrix of numbers.", "similarity") from error
    if made.ndim != 2:
        raise Invalid("The similarity must be submissions x reviewers.", "similarity")
    if is_listed:
        made = sparse.csr_array(made, dtype=np.float64, copy=True)
        made.sum_duplicates()
    values: Floats = np.asarray(made.data) if is_listed else made
    if values.size and not (values.min() >= 0 and values.max() <= LARGEST):
        _refuse(made, is_listed)
    return made, is_listed


def _refuse(made: Any, is_listed: bool) -> None:
    pairs = made.tocoo() if is_listed else None
    values = pairs.data if pairs is not None else made.ravel()
    at = int(np.flatnonzero(~((values >= 0) & (values <= LARGEST)))[0])
    row, column = (pairs.row[at], pairs.col[at]) if pairs is not None else divmod(at, made.shape[1])
    raise Invalid(
        f"The similarity of submission {row} and reviewer {column} is {values[at]:g};"
        " it must be a number from 0 up.",
        "similarity",
    )


def _candidates(
    matrix: Any, is_listed: bool, barred: Sequence[Any], load_max: Ints
) -> tuple[Candidates, Ints, Ints]:
    shape = (int(matrix.shape[0]), int(matrix.shape[1]))
    masks = [one for one in barred if one is not None]
    if not is_listed:
        for barring in masks:
            matrix[_as_dense(barring)] = -np.inf
        table = Dense(matrix)
        known, allowed = np.full(shape[0], shape[1]), table.counts
        if not load_max.all():
            matrix[:, load_max == 0] = -np.inf
            table = Dense(matrix)
        return table, known, allowed
    arcs = listed_pairs(matrix)
    known = np.bincount(arcs.row, minlength=shape[0]).astype(np.int64)
    kept = np.ones(len(arcs), dtype=bool)
    for barring in masks:
        kept &= ~_marks(barring, arcs, shape[1])
    allowed = np.bincount(arcs.row[kept], minlength=shape[0]).astype(np.int64)
    return Sparse(arcs.where(kept & (load_max[arcs.col] > 0)), shape), known, allowed


def _as_dense(mask: Any) -> Bools:
    made: Bools = mask.toarray() if sparse.issparse(mask) else mask
    return made.astype(bool)


def _marks(mask: Any, arcs: Arcs, reviewers: int) -> Bools:
    """Return which pairs a mask marks."""
    if not sparse.issparse(mask):
        found: Bools = mask[arcs.row, arcs.col]
        return found
    listed = sparse.csr_array(mask)
    listed.eliminate_zeros()
    rows = np.repeat(np.arange(listed.shape[0], dtype=np.int64), np.diff(listed.indptr))
    return np.isin(arcs.row * reviewers + arcs.col, rows * reviewers + listed.indices)


def _load_min(problem: Problem, load_max: Ints) -> Ints:
    if problem.load_min is None:
        return np.zeros_like(load_max)
    made = counts(problem.load_min, len(load_max), "load_min", "reviewer")
    above = np.flatnonzero(made > load_max)
    if len(above):
        row = int(above[0])
        raise Invalid(
            f"Reviewer {row} has a load_min of {made[row]} above the load_max of {load_max[row]}.",
            "load_min",
        )
    return made


def _same_institution(problem: Problem, institution: Ints | None, submissions: int) -> Any:
    """Return the pairs within one institution: its own people do not review its work."""
    name = "submission_institution"
    given = labels(problem.submission_institution, submissions, name)
    if given is None or institution is None:
        return None
    top = int(max(given.max(initial=-1), institution.max(initial=-1))) + 1
    ours, theirs = (_incidence(one, top) for one in (given, institution))
    return ours @ theirs.T


def _incidence(label: Ints, top: int) -> sparse.csr_array:
    rows = np.flatnonzero(label >= 0)
    return sparse.csr_array(
        (np.ones(len(rows), dtype=bool), (rows, label[rows])), shape=(len(label), max(top, 1))
    )


def _cap(given: Any, label: Ints | None, noun: str) -> int | None:
    name = f"{noun}_cap"
    if given is None:
        return None
    found = number(given, name)
    if found < 1 or found % 1:
        raise Invalid(f"The {name} is {found:g}; it must be a whole number from 1 up.", name)
    if label is None:
        raise Invalid(f"The {name} needs reviewer_{noun} to count by.", name)
    return int(found)


def _senior(given: Any, reviewers: int) -> Bools | None:
    if given is None:
        return None
    made = np.asarray(given)
    if made.shape != (reviewers,):
        raise Invalid(f"Senior must have one mark for each reviewer, {reviewers} in all.", "senior")
    return made.astype(bool)


def _ageing(given: Any, submissions: int) -> Floats | None:
    if given is None:
        return None
    made = np.asarray(given, dtype=np.float64)
    if made.shape != (submissions,):
        raise Invalid(
            f"The ageing must have one number for each submission, {submissions} in all.", "ageing"
        )
    wrong = ~((made >= 0) & (made <= LARGEST))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise Invalid(
            f"The ageing of submission {row} is {made[row]:g}; it must be a number from 0 up.",
            "ageing",
        )
    return made


def _rings(problem: Problem, shape: tuple[int, int]) -> Rings | None:
    if problem.author is None:
        if problem.reviewed is not None:
            raise Invalid("Who reviewed whom needs author to say whose work it is.", "reviewed")
        return None
    submissions, reviewers = shape
    given = problem.author
    if sparse.issparse(given) or np.ndim(given) == 2:
        wrote = sparse.csr_array(mask(given, shape, "author"), dtype=bool)
    else:
        found = labels(given, submissions, "author")
        if found is None or found.max(initial=-1) >= reviewers:
            raise Invalid("An author is not among the reviewers.", "author")
        wrote = _incidence(found, reviewers)
    return Rings(wrote, pairs_of(problem.reviewed, (reviewers, reviewers), "reviewed"))
