"""Reviews made ready for the fit: sorted, emptied of silence, and joined with what is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import Invalid
from review.decision.consensus.anchors import Anchors, read_anchors
from review.decision.consensus.kept import Kept, Priors
from review.decision.consensus.messages import Graph, build_graph
from review.decision.consensus.patterns import Patterns, find_patterns
from review.decision.consensus.reviews import Floats, Ints, Reviews

MOST_LEVELS = 12  # beyond this, scores are measurements and not steps of a rubric
FEWEST_CRITERIA = 2  # one level alone cannot tell noise within a review from its position
FAMILY = 30  # reviews, under which nothing is learned (design: judgement 6)
REVIEWS_PER_THRESHOLD = 10


@dataclass(frozen=True, slots=True)
class Prepared:
    """Reviews that say something, sorted by reviewer. `raw` (n,) mean levels; `score` (n,) the
    same, freed of which criteria were scored; `offsets` (criteria,) the criteria's own means;
    `active` (A,) reviewers; `anchored` (a,) submissions with mean levels `found` (a,)."""

    graph: Graph
    patterns: Patterns
    levels: Floats
    raw: Floats
    score: Floats
    offsets: Floats
    active: Ints
    n_submissions: int
    anchored: Ints
    found: Floats
    kept: Kept | None

    @property
    def is_ordinal(self) -> bool:
        """Whether the levels are read through thresholds, or the mean scores as they are.

        Thresholds need ten reviews each, or to be known from before.
        """
        criteria, values = self.levels.shape[1], self.patterns.values
        is_few = criteria >= FEWEST_CRITERIA and 2 <= len(values) <= MOST_LEVELS
        needed = max(FAMILY, REVIEWS_PER_THRESHOLD * criteria * (len(values) - 1))
        is_known = self.kept is not None and self.kept.fits(criteria, values)
        return is_few and (is_known or len(self.raw) >= needed)


def prepare(reviews: Reviews, anchors: Anchors | None, priors: Priors | None) -> Prepared:
    """Sort the reviews by reviewer and drop the empty ones; raises `Invalid` if none is left."""
    said = np.flatnonzero(~np.isnan(reviews.levels).all(1))
    if not len(said):
        raise Invalid("There is no review with a level in it.", "levels")
    pair = reviews.reviewer[said] * reviews.n_submissions + reviews.submission[said]
    order = said[np.argsort(pair, kind="stable")]  # the order of arrival must not matter
    levels = reviews.levels[order]
    count = np.bincount(reviews.reviewer[order], minlength=reviews.n_reviewers)
    active = np.flatnonzero(count)
    seen = ~np.isnan(levels)
    filled = np.where(seen, levels, 0.0)
    scored = seen.sum(1)
    means = filled.sum(0) / np.maximum(seen.sum(0), 1)
    offsets = np.where(seen.any(0), means - means[seen.any(0)].mean(), 0.0)
    anchored, found = read_anchors(anchors, reviews.n_submissions, levels.shape[1])
    kept = Kept.read(priors) if priors else None
    patterns = find_patterns(levels, kept.values if kept is not None else None)
    return Prepared(
        graph=build_graph(reviews.submission[order], patterns.of_review, count[active]),
        patterns=patterns,
        levels=levels,
        raw=filled.sum(1) / scored,
        score=(filled - seen * offsets).sum(1) / scored,
        offsets=offsets,
        active=active,
        n_submissions=reviews.n_submissions,
        anchored=anchored,
        found=found,
        kept=kept,
    )
