"""Studies of the standard: opened by a manager, rated blind by a panel, closed with a cut."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core import audit
from core.digest import digest_of, sha256_hex
from core.errors import Conflict, Invalid, NotFound
from core.states import move
from credentials.catalog import queries as catalog
from credentials.catalog.models import Badge, BadgeEdition
from review.panels import studies
from review.panels.cuts import CATEGORIES, result_of
from review.panels.models import StandardRating, StandardStudy
from review.panels.rules import objection_to_closing, objection_to_opening
from review.panels.spread import spread_over
from review.panels.states import MOVES, StudyState


def open_study(
    session: Session,
    badge: Badge,
    edition: BadgeEdition,
    *,
    count: int,
    note: str,
    by: str,
    at: datetime,
) -> StandardStudy:
    """Begin a study of so many portfolios, spread over their mean levels, and ask the panel.

    Raises Conflict while one is open, and Invalid where portfolios or panellists are too few.
    """
    session.scalar(select(Badge).where(Badge.id == badge.id).with_for_update())
    if any(one.state == StudyState.OPEN.value for one in studies.studies_of(session, badge.id)):
        raise Conflict("A study of this badge is open already. Close or withdraw it first.")
    number = studies.next_number(session, badge.id)
    scores = studies.scores_of(session, badge.id, catalog.definition_of(edition), at=at)
    chosen = spread_over(scores, count, salt=f"{badge.id}/{number}")
    panel = studies.panel_for(session, badge, chosen, at=at) if chosen else []
    reason = objection_to_opening(len(chosen), len(panel))
    if reason is not None:
        raise Invalid(reason)
    made = StandardStudy(
        badge_id=badge.id,
        edition_id=edition.id,
        number=number,
        portfolios=chosen,
        note=note.strip(),
        opened_by=by,
        opened_at=at,
    )
    session.add(made)
    session.flush()
    _record(session, made, "standard_study_opened", by=by, at=at, portfolios=len(chosen))
    for person_id in panel:
        notify(
            session,
            person_id,
            kind="standard_study_opened",
            title=f"A panel sets the standard of {edition.title}",
            body=f"Please read portfolios blind and rate each as a whole, by"
            f" {at + studies.TO_RATE:%d %B %Y}.",
            path=f"/badges/{badge.slug}/standards/{number}/rate",
            at=at,
        )
    return made


def rate(
    session: Session,
    badge_id: str,
    number: int,
    place: int,
    *,
    category: int,
    by: str,
    at: datetime,
) -> StandardRating:
    """Say how one portfolio compares with the standard; may be changed until the study closes.

    Raises NotFound for a portfolio that is not in the study, or in which the panellist has a part.
    """
    study = studies.study_by(session, badge_id, number, is_locked=True)
    seat = studies.seat_of(session, study, by, at=at)
    if place not in seat.places:
        raise NotFound()
    if study.state != StudyState.OPEN.value:
        raise Conflict("This study is closed, so ratings can no longer be given or changed.")
    if category not in CATEGORIES:
        raise Invalid("Choose one of the three.", "category")
    found = session.scalar(
        select(StandardRating).where(
            StandardRating.study_id == study.id,
            StandardRating.panellist_id == by,
            StandardRating.submission_id == seat.places[place],
        )
    )
    if found is None:
        found = StandardRating(study_id=study.id, panellist_id=by, submission_id=seat.places[place])
        session.add(found)
    found.category, found.rated_at = category, at
    session.flush()
    _record(session, study, "standard_rated", by=by, at=at, place=place)
    return found


def close_study(
    session: Session, badge_id: str, number: int, *, by: str, at: datetime
) -> StandardStudy:
    """Close a study for good, and keep the cuts with all that they rest on.

    A cut changes no edition. Raises Conflict where it is closed already, Invalid where the
    ratings are too few. Panellists are kept in an order that does not follow from who they are.
    """
    study = studies.study_by(session, badge_id, number, is_locked=True)
    if study.state != StudyState.OPEN.value:
        raise Conflict("Somebody has closed or withdrawn this study already.")
    given = studies.ratings_of(session, study, at=at)
    reason = objection_to_closing({person: len(own) for person, own in given.items()})
    if reason is not None:
        raise Invalid(reason)
    edition = catalog.edition(session, study.edition_id)
    scores = studies.scores_of(session, badge_id, catalog.definition_of(edition), at=at)
    kept = [one for one in study.portfolios if one in scores]
    panel = sorted(given, key=lambda person: sha256_hex(f"{study.id}/{person}"))
    result: dict[str, Any] = result_of(
        [scores[one] for one in kept],
        [[given[person].get(one) for one in kept] for person in panel],
        [study.portfolios.index(one) + 1 for one in kept],
    )
    result["digest"] = digest_of(result)
    move(study, StudyState.CLOSED, MOVES)
    study.closed_by, study.closed_at, study.result = by, at, result
    session.flush()
    _record(session, study, "standard_study_closed", by=by, at=at, digest=result["digest"])
    return study


def withdraw_study(
    session: Session, badge_id: str, number: int, *, by: str, at: datetime
) -> StandardStudy:
    """End a study without a cut."""
    study = studies.study_by(session, badge_id, number, is_locked=True)
    if study.state != StudyState.OPEN.value:
        raise Conflict("Somebody has closed or withdrawn this study already.")
    move(study, StudyState.WITHDRAWN, MOVES)
    session.flush()
    _record(session, study, "standard_study_withdrawn", by=by, at=at)
    return study


def _record(
    session: Session, study: StandardStudy, verb: str, *, by: str, at: datetime, **detail: Any
) -> None:
    """Write down what was done; how somebody rated is left out."""
    audit.record(
        session,
        verb,
        subject_kind="standard_study",
        subject_id=study.id,
        by=by,
        at=at,
        detail={"number": study.number, **detail},
    )
