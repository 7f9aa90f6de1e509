"""Reading badges and editions."""

import json
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from credentials.catalog.definition import EditionDefinition, parse
from credentials.catalog.models import Badge, BadgeEdition, Issuer
from credentials.catalog.states import EditionState


def published(session: Session) -> list[tuple[Badge, BadgeEdition]]:
    """Return every badge with its open edition, by title."""
    rows = session.execute(
        select(Badge, BadgeEdition)
        .join(BadgeEdition, BadgeEdition.badge_id == Badge.id)
        .where(BadgeEdition.state == EditionState.PUBLISHED.value)
        .order_by(BadgeEdition.title)
    )
    return [(row[0], row[1]) for row in rows]


def edition(session: Session, edition_id: str) -> BadgeEdition:
    """Return an edition, or raise NotFound."""
    found = session.get(BadgeEdition, edition_id)
    if found is None:
        raise NotFound()
    return found


def edition_by(
    session: Session, slug: str, version: str | None = None
) -> tuple[Badge, BadgeEdition]:
    """Return a badge with its open edition, or with the one of a version; drafts are not shown."""
    query = (
        select(Badge, BadgeEdition)
        .join(BadgeEdition, BadgeEdition.badge_id == Badge.id)
        .where(Badge.slug == slug)
    )
    if version is None:
        query = query.where(BadgeEdition.state == EditionState.PUBLISHED.value)
    else:
        query = query.where(
            BadgeEdition.version == version, BadgeEdition.state != EditionState.DRAFT.value
        )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row[0], row[1]


def any_edition(session: Session, slug: str, version: str) -> BadgeEdition:
    """Return an edition of a badge, a draft too, for those who keep the catalogue."""
    found = session.scalar(
        select(BadgeEdition)
        .join(Badge, Badge.id == BadgeEdition.badge_id)
        .where(Badge.slug == slug, BadgeEdition.version == version)
    )
    if found is None:
        raise NotFound(f"There is no edition {version} of {slug}.")
    return found


def latest_edition(session: Session, slug: str) -> tuple[Badge, BadgeEdition]:
    """Return a badge with its open edition, or with the last one that was open."""
    found = badge_by(session, slug)
    editions = editions_of(session, found.id)
    if not editions:
        raise NotFound()
    is_open = EditionState.PUBLISHED.value
    return found, next((one for one in editions if one.state == is_open), editions[0])


def editions_of(session: Session, badge_id: str) -> list[BadgeEdition]:
    """Return every edition of a badge that was ever out, newest first."""
    return list(
        session.scalars(
            select(BadgeEdition)
            .where(
                BadgeEdition.badge_id == badge_id,
                BadgeEdition.state != EditionState.DRAFT.value,
            )
            .order_by(BadgeEdition.published_at.desc())
        )
    )


def badges(session: Session) -> list[Badge]:
    """Return every badge, by slug."""
    return list(session.scalars(select(Badge).order_by(Badge.slug)))


def badge_by(session: Session, slug: str) -> Badge:
    """Return a badge by its slug, or raise NotFound."""
    found = session.scalar(select(Badge).where(Badge.slug == slug))
    if found is None:
        raise NotFound()
    return found


def issuer_of(session: Session, badge_id: str) -> Issuer:
    """Return who is responsible for a badge."""
    return session.scalars(
        select(Issuer).join(Badge, Badge.issuer_id == Issuer.id).where(Badge.id == badge_id)
    ).one()


def definition_of(found: BadgeEdition) -> EditionDefinition:
    """Return what an edition demands."""
    return _parsed(found.digest, found.definition)


@lru_cache(maxsize=256)
def _parsed(_digest: str, definition: str) -> EditionDefinition:
    return parse(json.loads(definition))
