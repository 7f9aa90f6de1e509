"""Learning from all reviews of a badge family, and keeping what was learned.

What is read is compared with what the newest fit read, by digest, so that a fit is only made
where something changed. Reading and fitting hold no lock; keeping takes the badge's row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.digest import digest_of
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import Badge
from review.decision import families
from review.decision.certainty import Family, family_of, stated
from review.decision.consensus import Reviews, fit
from review.decision.consensus.stored import MODEL_VERSION, model_of, reviewers_of
from review.decision.families import Read
from review.decision.models import FamilyFit
from review.decision.record import SealedReview

FITTER = "system:nightly-fit"


@dataclass(frozen=True)
class Learned:
    """A fit that is not kept yet, and what it was compared with."""

    badge_id: str
    family: str
    sources: str
    reviews: int
    submissions: int
    iterations: int
    is_converged: bool
    hyper: dict[str, Any]
    reviewers: dict[str, Any]


def learn(session: Session, badge_id: str, family: str) -> Learned | None:
    """Fit the model to all reviews of a family; None where nothing changed since the newest fit.

    What the newest fit that settled found goes in as what is known from before.
    """
    editions = families.families(session, badge_id).get(family, [])
    if not editions:
        return None
    definition = catalog.definition_of(catalog.edition(session, editions[0]))
    keys = [one.key for one in definition.criteria]
    read = families.read(session, badge_id, editions, keys)
    newest = families.newest_fit(session, family)
    if not read.reviews or (newest is not None and newest.sources == read.digest):
        return None
    before = families.newest_fit(session, family, is_converged=True)
    submissions = sorted({one.submission_id for one in read.reviews} | set(read.anchors))
    people = sorted({one.reviewer_id for one in read.reviews})
    made = fit(
        _as_reviews(read, submissions, people),
        anchors={
            number: read.anchors[one]
            for number, one in enumerate(submissions)
            if one in read.anchors
        },
        priors=None if before is None else before.hyper,
    )
    return Learned(
        badge_id=badge_id,
        family=family,
        sources=read.digest,
        reviews=len(read.reviews),
        submissions=len(submissions),
        iterations=made.iterations,
        is_converged=made.converged,
        hyper=model_of(made),
        reviewers=dict(zip(people, reviewers_of(made), strict=True)),
    )


def keep(session: Session, learned: Learned, *, by: str, at: datetime) -> FamilyFit | None:
    """Keep a fit; None where another host has kept the same one meanwhile."""
    session.scalars(select(Badge.id).where(Badge.id == learned.badge_id).with_for_update()).all()
    newest = families.newest_fit(session, learned.family)
    if newest is not None and newest.sources == learned.sources:
        return None
    content = {
        "model": MODEL_VERSION,
        "hyper": learned.hyper,
        "reviewers": learned.reviewers,
    }
    made = FamilyFit(
        badge_id=learned.badge_id,
        family=learned.family,
        model_version=MODEL_VERSION,
        fitted_at=at,
        reviews=learned.reviews,
        submissions=learned.submissions,
        iterations=learned.iterations,
        is_converged=learned.is_converged,
        hyper=learned.hyper,
        reviewers=learned.reviewers,
        sources=learned.sources,
        digest=digest_of(content),
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "family_fitted",
        subject_kind="family_fit",
        subject_id=made.id,
        by=by,
        at=at,
        after=made.digest,
        detail={
            "badge": made.badge_id,
            "reviews": made.reviews,
            "submissions": made.submissions,
            "converged": made.is_converged,
        },
    )
    return made


def certainty_of(
    session: Session,
    badge_id: str,
    definition: EditionDefinition,
    reviews: Sequence[SealedReview],
) -> dict[str, Any] | None:
    """Return how sure the model is of a submission's reviews; None while it has no say.

    It speaks from `confidence_from` reviews of the family on, by the newest fit that settled.
    """
    needed = definition.review_policy.confidence_from
    found = families.newest_fit(session, family_of(badge_id, definition), is_converged=True)
    if (0 if found is None else found.reviews) < needed:
        return None
    family = None
    if found is not None:
        family = Family(
            found.model_version, found.digest, found.reviews, found.hyper, found.reviewers
        )
    return stated(definition, reviews, families.writers_of(session, reviews), family)


def _as_reviews(read: Read, submissions: list[str], people: list[str]) -> Reviews:
    """The reviews as arrays; numbers go by id, so that the same reviews always give the same."""
    place = {one: number for number, one in enumerate(submissions)}
    seat = {one: number for number, one in enumerate(people)}
    return Reviews(
        np.array([place[one.submission_id] for one in read.reviews], dtype=np.int64),
        np.array([seat[one.reviewer_id] for one in read.reviews], dtype=np.int64),
        np.array([one.levels for one in read.reviews], dtype=np.float64),
        len(submissions),
        len(people),
    )
