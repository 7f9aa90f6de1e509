"""Putting files into a portfolio: checked, kept by content, counted under the portfolio's lock.

An upload is three steps, so that nobody waits for a large file: `terms` reads what is taken,
`receive` checks and keeps the bytes with no transaction open, and `add` writes the rows while
it holds the portfolio's row, under which the quota is exact. `upload` is the three in one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy.orm import Session

from core import audit
from core.errors import Invalid, NotFound
from core.stored import Store, Stored
from credentials.catalog import queries as catalog
from credentials.catalog.definition import EditionDefinition, EvidenceRequirement
from portfolio.composing.queries import portfolio_of
from portfolio.composing.saving import locked, touch
from portfolio.evidence import detection, kinds, previews
from portfolio.evidence import queries as evidence
from portfolio.evidence import services as keeping
from portfolio.evidence.detection import Found
from portfolio.evidence.kinds import Kind
from portfolio.evidence.models import EvidenceItem
from portfolio.evidence.naming import title_from

# How long one's own new file is shown without its preview; the worker is faster as a rule.
SETTLING = timedelta(seconds=10)
GIB = 1024 * 1024 * 1024
MOST_ITEMS = 60
MOST_BYTES = 2 * GIB


@dataclass(frozen=True)
class Terms:
    """What is taken for one requirement."""

    key: str
    title: str
    taken: tuple[Kind, ...]
    limit_mb: int
    max_count: int

    @property
    def endings(self) -> tuple[str, ...]:
        """The name endings that are taken, without dots."""
        return kinds.extensions(self.taken)

    @property
    def sentence(self) -> str:
        """What is taken, in words."""
        return kinds.sentence(self.taken)

    @property
    def too_large(self) -> str:
        """What is said of a file past the limit."""
        return detection.too_large(self.limit_mb)


@dataclass(frozen=True)
class Received:
    """A file that was checked and whose bytes are in the store."""

    found: Found
    stored: Stored


def terms_of(definition: EditionDefinition, key: str, *, most_mb: int) -> Terms:
    """Return what an edition takes for a requirement, on an installation that takes `most_mb`."""
    wanted = requirement_in(definition, key)
    return Terms(
        key=wanted.key,
        title=wanted.title,
        taken=kinds.taken(wanted.accepts, allow_zip=definition.allow_zip),
        limit_mb=min(wanted.max_megabytes, most_mb),
        max_count=wanted.max_count,
    )


def terms(session: Session, portfolio_id: str, key: str, *, most_mb: int, by: str) -> Terms:
    """Return what is taken for a requirement of one's own portfolio."""
    portfolio = portfolio_of(session, portfolio_id, learner_id=by)
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    return terms_of(definition, key, most_mb=most_mb)


def receive(store: Store, source: BinaryIO, file_name: str, wanted: Terms) -> Received:
    """Check a file and keep its bytes, or raise Invalid with the sentence for its owner."""
    found = detection.detect(source, file_name, taken=wanted.taken, limit_mb=wanted.limit_mb)
    if found.is_locked and previews.needs_password(source):
        raise Invalid(f"“{found.name}” was not taken. {detection.LOCKED}", "file")
    source.seek(0)
    return Received(found, store.put(source, limit=wanted.limit_mb * detection.MIB))


def add(
    session: Session,
    portfolio_id: str,
    received: Received,
    *,
    requirement_key: str,
    title: str,
    by: str,
    at: datetime,
) -> EvidenceItem:
    """Add a received file to one's own portfolio, within the requirement and the quota."""
    portfolio = locked(session, portfolio_id, by)
    definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
    wanted = requirement_in(definition, requirement_key)
    _check_room(session, portfolio_id, wanted, received.found)
    media_type = received.found.kind.media_type
    keeping.keep_blob(session, received.stored, media_type=received.found.kind.stored_type, at=at)
    made = keeping.add_item(
        session,
        EvidenceItem(
            portfolio_id=portfolio.id,
            requirement_key=wanted.key,
            title=title.strip()[:200] or title_from(received.found.name),
            file_name=received.found.name,
            sha256=received.stored.sha256,
            size=received.stored.size,
            media_type=media_type,
            uploaded_at=at,
        ),
    )
    touch(portfolio, at=at)
    record(session, "evidence_uploaded", made, by=by, at=at)
    return made


def upload(
    session: Session,
    store: Store,
    portfolio_id: str,
    *,
    requirement_key: str,
    file_name: str,
    source: BinaryIO,
    title: str = "",
    most_mb: int = 2_000,
    by: str,
    at: datetime,
) -> EvidenceItem:
    """Check a file, keep it, and add it to one's own portfolio."""
    wanted = terms(session, portfolio_id, requirement_key, most_mb=most_mb, by=by)
    received = receive(store, source, file_name, wanted)
    return add(
        session,
        portfolio_id,
        received,
        requirement_key=requirement_key,
        title=title,
        by=by,
        at=at,
    )


def requirement_in(definition: EditionDefinition, key: str) -> EvidenceRequirement:
    """Return one of an edition's requirements, or raise NotFound."""
    found = next((one for one in definition.evidence_requirements if one.key == key), None)
    if found is None:
        raise NotFound()
    return found


def _check_room(
    session: Session, portfolio_id: str, wanted: EvidenceRequirement, found: Found
) -> None:
    check_count(session, portfolio_id, wanted)
    count, size = evidence.totals(session, portfolio_id)
    if count >= MOST_ITEMS:
        raise Invalid(f"A portfolio holds {MOST_ITEMS} files at most. Remove one first.", "file")
    if size + found.size > MOST_BYTES:
        raise Invalid(
            f"“{found.name}” was not taken. A portfolio holds {MOST_BYTES // GIB} GB at most,"
            " and this one would go past that. Remove a file first.",
            "file",
        )


def check_count(session: Session, portfolio_id: str, wanted: EvidenceRequirement) -> None:
    """Raise Invalid when a requirement has as many files as it takes; call it under the lock."""
    if evidence.count_for(session, portfolio_id, wanted.key) >= wanted.max_count:
        files = "one file" if wanted.max_count == 1 else f"{wanted.max_count} files"
        raise Invalid(
            f"“{wanted.title}” takes {files} at most, and there are that many."
            " Remove one first, or choose another requirement.",
            "requirement_key",
        )


def record(session: Session, verb: str, item: EvidenceItem, *, by: str, at: datetime) -> None:
    """Write what happened to a work sample into the audit trail, its file by digest alone."""
    audit.record(
        session,
        verb,
        subject_kind="evidence",
        subject_id=item.id,
        by=by,
        at=at,
        after=item.sha256,
        detail={"portfolio": item.portfolio_id, "size": item.size},
    )
