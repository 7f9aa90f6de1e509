"""Bringing badges in, and publishing editions that from then on are frozen."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.errors import Conflict, Invalid, NotFound
from core.states import move
from credentials.catalog.definition import EditionDefinition, to_json
from credentials.catalog.lint import errors_in
from credentials.catalog.models import Badge, BadgeEdition, Issuer
from credentials.catalog.states import MOVES, EditionState


def ensure_issuer(
    session: Session,
    *,
    slug: str,
    name: str,
    description: str = "",
    url: str = "",
    email: str = "",
    time_zone: str = "UTC",
    at: datetime,
) -> Issuer:
    """Return the issuer with a slug, made when there is none."""
    found = session.scalar(select(Issuer).where(Issuer.slug == slug))
    if found is None:
        found = Issuer(
            slug=slug,
            name=name,
            description=description,
            url=url,
            email=email,
            time_zone=time_zone,
            created_at=at,
        )
        session.add(found)
        session.flush()
    return found


def import_edition(
    session: Session, definition: EditionDefinition, *, issuer: Issuer, by: str, at: datetime
) -> BadgeEdition:
    """Store a definition as a draft edition; importing the same again returns what is there.

    Raises Conflict when the version exists with other content: a published edition is
    immutable, so a change needs a new version number.
    """
    badge = session.scalar(select(Badge).where(Badge.slug == definition.slug))
    if badge is None:
        badge = Badge(issuer_id=issuer.id, slug=definition.slug, created_at=at)
        session.add(badge)
        session.flush()
    found = session.scalar(
        select(BadgeEdition).where(
            BadgeEdition.badge_id == badge.id, BadgeEdition.version == definition.version
        )
    )
    if found is not None and found.digest == definition.digest:
        return found
    if found is not None and found.state != EditionState.DRAFT.value:
        raise Conflict(
            f"Version {definition.version} of {definition.slug} is published and cannot change."
            " Give the file a higher version."
        )
    if found is None:
        found = BadgeEdition(badge_id=badge.id, version=definition.version, created_at=at)
        session.add(found)
    found.title = definition.title
    found.definition, found.digest = to_json(definition), definition.digest
    session.flush()
    _record(session, "edition_imported", found, by=by, at=at)
    return found


def publish(session: Session, edition_id: str, *, by: str, at: datetime) -> BadgeEdition:
    """Open an edition to learners and retire the one before it, in one step (INV-28)."""
    found = session.get(BadgeEdition, edition_id)
    if found is None:
        raise NotFound()
    session.scalars(select(Badge).where(Badge.id == found.badge_id).with_for_update()).one()
    problems = errors_in(found.definition)
    if problems:
        raise Invalid(" ".join(problem.reason for problem in problems))
    before = session.scalar(
        select(BadgeEdition).where(
            BadgeEdition.badge_id == found.badge_id,
            BadgeEdition.state == EditionState.PUBLISHED.value,
        )
    )
    if before is not None and before.id == found.id:
        return found
    if before is not None:
        move(before, EditionState.RETIRED, MOVES)
        before.retired_at = at
        session.flush()
    found.published_at, found.published_by = at, by
    move(found, EditionState.PUBLISHED, MOVES)
    session.flush()
    _record(session, "edition_published", found, by=by, at=at)
    return found


def _record(session: Session, verb: str, found: BadgeEdition, *, by: str, at: datetime) -> None:
    audit.record(
        session,
        verb,
        subject_kind="edition",
        subject_id=found.id,
        by=by,
        at=at,
        after=found.digest,
    )
