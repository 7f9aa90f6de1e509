"""A learner says what the reasons they were given were worth to them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from core import audit
from core.errors import Conflict, Invalid, NotFound
from portfolio.submission import queries as submissions
from portfolio.submission.queries import locked_submission
from review.decision import queries as decisions
from review.recognition import ratings
from review.recognition.models import Helpfulness
from review.recognition.rules import NO_ANSWER, RATINGS, objection_to_rating


def rate_reasons(
    session: Session, submission_id: str, *, said: Mapping[str, int], by: str, at: datetime
) -> int:
    """Keep what a learner says of reasons, by their names; returns how many changed.

    0 takes an answer back, and what is left out stays as it was. The outcome is the newest one
    that the learner was told. Raises NotFound where there is none or it is somebody else's,
    Conflict when the time is over or the outcome has changed, Invalid for an odd answer.
    """
    submissions.submission_of(session, submission_id, learner_id=by)
    locked_submission(session, submission_id)
    told = decisions.released_decision(session, submission_id)
    if told is None:
        raise NotFound()
    found, release = told
    objection = objection_to_rating(until=ratings.rating_ends(release), at=at)
    if objection is not None:
        raise Conflict(objection)
    spoken = ratings.spoken_in(session, found)
    places = {one.name: one for one in spoken}
    if not set(said) <= set(places):
        raise Conflict("The outcome has changed meanwhile. Open it again; nothing was kept.")
    if not set(said.values()) <= {NO_ANSWER, *RATINGS}:
        raise Invalid("Choose one of the answers beside each reason.")
    before = ratings.ratings_of(session, spoken)
    changed = 0
    for name, rating in said.items():
        place = places[name]
        changed += _keep(session, before.get(name), place.review_id, place.key, rating, at=at)
    session.flush()
    if changed:
        # How many, and not which or what: the trail must not say what one learner thinks of whom.
        audit.record(
            session,
            "reasons_rated",
            subject_kind="submission",
            subject_id=submission_id,
            by=by,
            at=at,
            detail={"changed": changed},
        )
    return changed


def _keep(
    session: Session,
    row: Helpfulness | None,
    review_id: str,
    key: str,
    rating: int,
    *,
    at: datetime,
) -> bool:
    """Have one reason be rated so; returns whether that changes anything."""
    if rating == (NO_ANSWER if row is None else row.rating):
        return False
    if row is None:
        session.add(Helpfulness(review_id=review_id, criterion_key=key, rating=rating, rated_at=at))
    elif rating == NO_ANSWER:
        session.delete(row)
    else:
        # `rated_at` stays the first time, so that figures move by the same groups as before.
        row.rating = rating
    return True
