"""Reading what the figures of a reviewer are made of: sealed reviews, known work, ratings, returns.

Nothing here reads who was asked, declined, paused or rested (INV-40): only reviews that were
sealed and count. Each function answers for all badges of one person in a fixed number of reads.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition
from credentials.catalog.models import BadgeEdition
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.states import DONE_STATES
from review.calibration.models import CalibrationResult
from review.decision.figures import Figure
from review.decision.models import FamilyFit
from review.moderation.models import Moderation
from review.pool import queries as pool
from review.recognition.ladder import LAST_MODERATED
from review.recognition.models import Helpfulness
from review.recognition.quality import (
    OwnReview,
    Quality,
    RatedReview,
    Reading,
    helpfulness_of,
    quality_of,
)
from review.recognition.retaliation import Cell, effects_of
from review.scoring.models import CriterionScore, Review
from review.scoring.states import ReviewState

Editions = Mapping[str, EditionDefinition]
SEALED_AND_COUNTED = (
    Assignment.is_counted,
    Assignment.state.in_(DONE_STATES),
    Review.state == ReviewState.SEALED.value,
)


def quality_by_badge(session: Session, person_id: str) -> list[tuple[str, Quality]]:
    """Return a person's figures for each badge they may or might review, by the badge's title."""
    held = [
        (found.badge_id, title) for found, _, title in pool.qualifications_of(session, person_id)
    ]
    badge_ids = [badge_id for badge_id, _ in held]
    reviews = own_reviews(session, person_id)
    known = readings(session, CalibrationResult.person_id == person_id)
    fits = informative(session, badge_ids)
    said = _helpfulness(session, person_id)
    returns = returned(session, Assignment.reviewer_id == person_id)
    return [
        (
            title,
            quality_of(
                reviews.get(badge_id, []),
                readings=[reading for reading, _ in known.get((person_id, badge_id), [])],
                informative=fits.get(badge_id, {}).get(person_id),
                helpfulness=said.get(badge_id) or helpfulness_of(effects_of([]), []),
                returns=[is_back for is_back, _ in returns.get((person_id, badge_id), [])],
            ),
        )
        for badge_id, title in held
    ]


def definitions(session: Session, edition_ids: Collection[str]) -> dict[str, EditionDefinition]:
    """Return what some editions demand, by their ids."""
    rows = session.scalars(select(BadgeEdition).where(BadgeEdition.id.in_(set(edition_ids))))
    return {one.id: catalog.definition_of(one) for one in rows}


def own_reviews(session: Session, person_id: str) -> dict[str, list[OwnReview]]:
    """Return a person's sealed, counted reviews by badge, the newest first."""
    rows = session.execute(
        select(Review, Submission.badge_id, Submission.edition_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Assignment.reviewer_id == person_id, *SEALED_AND_COUNTED)
        .order_by(Review.sealed_at.desc(), Review.id)
    ).all()
    scores: dict[str, list[CriterionScore]] = defaultdict(list)
    for score in session.scalars(
        select(CriterionScore)
        .join(Review, Review.id == CriterionScore.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .where(Assignment.reviewer_id == person_id, *SEALED_AND_COUNTED)
        .order_by(CriterionScore.criterion_key)
    ):
        scores[score.review_id].append(score)
    editions = definitions(session, [row.edition_id for row in rows])
    found: dict[str, list[OwnReview]] = defaultdict(list)
    for review, badge_id, edition_id in rows:
        policy = editions[edition_id].review_policy
        found[badge_id].append(
            OwnReview(
                levels=tuple(one.level for one in scores[review.id]),
                cites=tuple(bool(one.locator) for one in scores[review.id]),
                words=tuple(len(one.rationale.split()) for one in scores[review.id]),
                least_words=policy.min_rationale_words,
                minutes=review.seconds_spent / 60,
                estimated_minutes=policy.estimated_minutes,
            )
        )
    return found


def readings(
    session: Session, of: ColumnElement[bool]
) -> dict[tuple[str, str], list[tuple[Reading, datetime]]]:
    """Return the readings of known work by person and badge, the newest first, with their times."""
    found: dict[tuple[str, str], list[tuple[Reading, datetime]]] = defaultdict(list)
    for one in session.scalars(
        select(CalibrationResult)
        .where(of)
        .order_by(CalibrationResult.compared_at.desc(), CalibrationResult.number.desc())
    ):
        reading = Reading(one.agreed, one.criteria)
        found[one.person_id, one.badge_id].append((reading, one.compared_at))
    return found


def informative(session: Session, badge_ids: Collection[str]) -> dict[str, dict[str, float]]:
    """Return by badge and person what the newest fit says of how far levels follow the work."""
    newest = (
        select(FamilyFit.badge_id, func.max(FamilyFit.fitted_at).label("fitted_at"))
        .where(FamilyFit.badge_id.in_(set(badge_ids)))
        .group_by(FamilyFit.badge_id)
        .subquery()
    )
    rows = session.execute(
        select(FamilyFit.badge_id, FamilyFit.reviewers).join(
            newest,
            (newest.c.badge_id == FamilyFit.badge_id) & (newest.c.fitted_at == FamilyFit.fitted_at),
        )
    )
    return {
        badge_id: {
            person: float(said["p_informative"])
            for person, said in reviewers.items()
            if "p_informative" in said
        }
        for badge_id, reviewers in rows
    }


def returned(
    session: Session, of: ColumnElement[bool]
) -> dict[tuple[str, str], list[tuple[bool, datetime]]]:
    """Return by person and badge whether each of the last moderated reviews came back, and when."""
    found: dict[tuple[str, str], list[tuple[bool, datetime]]] = defaultdict(list)
    for person, badge_id, returned_at, passed_at, opened_at in session.execute(
        select(
            Assignment.reviewer_id,
            Submission.badge_id,
            Moderation.returned_at,
            Moderation.passed_at,
            Moderation.opened_at,
        )
        .join(Review, Review.id == Moderation.review_id)
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(of, Moderation.passed_at.is_not(None) | Moderation.returned_at.is_not(None))
        .order_by(Moderation.opened_at.desc(), Moderation.id)
    ):
        last = found[person, badge_id]
        if len(last) < LAST_MODERATED:
            last.append((returned_at is not None, returned_at or passed_at or opened_at))
    return found


def _helpfulness(session: Session, person_id: str) -> dict[str, Figure]:
    """Return how useful a person's reasons were found, by badge."""
    own = session.execute(
        _rated(Review.id).where(Assignment.reviewer_id == person_id).order_by(*_FIRST_SAID)
    ).all()
    if not own:
        return {}
    places = (Assignment.reviewer_id, *_RATED)
    badge_ids = {row.badge_id for row in own}
    everybody = session.execute(
        _rated(Assignment.reviewer_id, func.count().label("times"))
        .where(Submission.badge_id.in_(badge_ids))
        .group_by(*places)
        .order_by(*places)
    ).all()
    editions = definitions(session, [row.edition_id for row in (*own, *everybody)])
    cells: dict[str, list[Cell]] = defaultdict(list)
    for row in everybody:
        gap = _gap(row, editions)
        cells[row.badge_id].append(Cell(row.reviewer_id, gap, row.rating, row.times))
    answers: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in own:
        answers[row.badge_id][row.id].append((_gap(row, editions), row.rating))
    return {
        badge_id: helpfulness_of(
            effects_of(cells[badge_id]), [RatedReview(tuple(one)) for one in reviews.values()]
        )
        for badge_id, reviews in answers.items()
    }


def _rated(*also: Any) -> Select[Any]:
    """Return the query of every rating of a reason that was given for a level."""
    return (
        select(*_RATED, *also)
        .join_from(Helpfulness, Review, Review.id == Helpfulness.review_id)
        .join(
            CriterionScore,
            (CriterionScore.review_id == Review.id)
            & (CriterionScore.criterion_key == Helpfulness.criterion_key),
        )
        .join(Assignment, Assignment.id == Review.assignment_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(CriterionScore.level.is_not(None), *SEALED_AND_COUNTED)
    )


def _gap(row: Row[Any], editions: Editions) -> int:
    criterion = editions[row.edition_id].criterion(row.criterion_key)
    return int(row.level) - criterion.pass_level


_RATED = (
    Submission.badge_id,
    Submission.edition_id,
    CriterionScore.criterion_key,
    CriterionScore.level,
    Helpfulness.rating,
)
_FIRST_SAID = (Helpfulness.rated_at, Review.id, CriterionScore.criterion_key)
