"""Peers that are used where they are installed beside us: crowd-kit and statsmodels."""

import importlib
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy.special import ndtr

from bench._judgement_peers import Answer
from bench._judgement_sets import long
from bench._judgement_world import CRITERIA, TOP, World
from review.decision.consensus import Reviews, variance_components


def has(name: str) -> bool:
    """Whether a library is here."""
    return find_spec(name) is not None


def dawid_skene(world: World) -> Answer:
    """crowd-kit's Dawid-Skene, every criterion of a submission a task of its own."""
    return _by_tasks(world, "DawidSkene", n_iter=20)


def majority(world: World) -> Answer:
    """crowd-kit's majority vote, every criterion of a submission a task of its own."""
    return _by_tasks(world, "MajorityVote")


def _by_tasks(world: World, name: str, **settings: Any) -> Answer:
    crowd: Any = importlib.import_module("crowdkit.aggregation")
    tables: Any = importlib.import_module("pandas")
    task = world.submission[:, None] * CRITERIA + np.arange(CRITERIA)
    labels = tables.DataFrame(
        {
            "task": task.ravel(),
            "worker": np.repeat(world.reviewer, CRITERIA),
            "label": world.levels.astype(int).ravel(),
        }
    )
    chances = getattr(crowd, name)(**settings).fit_predict_proba(labels)
    chances = chances.reindex(index=np.unique(task), columns=range(TOP + 1), fill_value=0.0)
    by_level = chances.fillna(0.0).to_numpy().reshape(-1, CRITERIA, TOP + 1)
    expected = by_level @ np.arange(TOP + 1)
    spread = by_level @ np.arange(TOP + 1) ** 2 - expected**2
    found = expected.mean(1)
    deviation = np.sqrt(spread.sum(1).clip(1e-9)) / CRITERIA
    return Answer(found, ndtr((found - world.cut) / deviation))


def papers() -> tuple[list[float], list[float]]:
    """Variance components of 128 conference reviews: ours, and those of statsmodels.

    Paper, reviewer, residual. To statsmodels crossed effects are components of one single group,
    whose cost grows with the cube of the set: it is asked for a small one.
    """
    models: Any = importlib.import_module("statsmodels.api")
    tables: Any = importlib.import_module("pandas")
    given = long("immer09_conference_reviews", ("idpaper",), "idreviewer", ("score",))
    at, who, score = given.submission, given.reviewer, given.levels[:, 0]
    reviews = Reviews(at, who, given.levels, int(at.max()) + 1, int(who.max()) + 1)
    found = variance_components(reviews)
    frame = tables.DataFrame({"paper": at, "person": who, "score": score, "all": 1})
    parts = {"paper": "0 + C(paper)", "person": "0 + C(person)"}
    model = models.MixedLM.from_formula("score ~ 1", frame, groups="all", vc_formula=parts)
    fitted = model.fit(reml=False)
    theirs = dict(zip(model.exog_vc.names, fitted.vcomp, strict=True))
    return (
        [found.submission, found.severity, found.residual],
        [float(theirs["paper"]), float(theirs["person"]), float(fitted.scale)],
    )
