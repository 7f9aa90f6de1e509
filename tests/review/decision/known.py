"""A family of the sample badge from whose reviews a fit was made, to have a model that speaks."""

from functools import lru_cache
from typing import Any

import numpy as np

from credentials.catalog import queries as catalog
from review.decision import fits
from review.decision.certainty import family_of
from review.decision.consensus import Reviews, fit
from review.decision.consensus.stored import model_of, reviewers_of
from review.decision.fits import Learned
from review.decision.models import FamilyFit
from tests.review.stages import Stage

SUBMISSIONS, REVIEWERS, EACH = 150, 30, 3
THRESHOLDS = np.array([-1.6, -0.6, 0.9])


@lru_cache
def world() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the model learns from 450 reviews of two criteria on levels 1 to 4."""
    chance = np.random.default_rng(11)
    works = chance.standard_normal((SUBMISSIONS, 1)) + 0.4 * chance.standard_normal(
        (SUBMISSIONS, 2)
    )
    severity = 0.4 * chance.standard_normal(REVIEWERS)
    submission = np.repeat(np.arange(SUBMISSIONS), EACH)
    reviewer = np.concatenate(
        [chance.choice(REVIEWERS, EACH, replace=False) for _ in range(SUBMISSIONS)]
    )
    seen = works[submission] - severity[reviewer][:, None]
    seen = seen + 0.5 * chance.standard_normal(seen.shape)
    levels = 1.0 + (seen[:, :, None] > THRESHOLDS).sum(2)
    made = fit(Reviews(submission, reviewer, levels, SUBMISSIONS, REVIEWERS))
    return model_of(made), reviewers_of(made)


def learned(stage: Stage, **changes: Any) -> Learned:
    """Return a fit of the stage's family, its reviewers among those that are known."""
    model, reviewers = world()
    definition = catalog.definition_of(stage.edition)
    people = [one.id for one in stage.reviewers]
    usual: dict[str, Any] = {
        "badge_id": stage.edition.badge_id,
        "family": family_of(stage.edition.badge_id, definition),
        "sources": "0" * 64,
        "reviews": SUBMISSIONS * EACH,
        "submissions": SUBMISSIONS,
        "iterations": 20,
        "is_converged": True,
        "hyper": model,
        "reviewers": dict(zip(people, reviewers, strict=False)),
    }
    return Learned(**{**usual, **changes})


def knows(stage: Stage, **changes: Any) -> FamilyFit:
    """Keep such a fit, so that the model has a say from now on."""
    with stage.edge.database.transaction() as session:
        kept = fits.keep(session, learned(stage, **changes), by=fits.FITTER, at=stage.edge.clock())
    assert kept is not None
    return kept
