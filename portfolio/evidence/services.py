"""Rows about files whose bytes are already in the store: blobs, their renditions, work samples.

Bytes go first and rows last, so a crash leaves at most bytes that nothing names, which a sweep
removes. Who may change a portfolio is decided downstream, where portfolios live.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from core import jobs
from core.stored import Store, Stored
from portfolio.evidence import previews
from portfolio.evidence.models import Blob, EvidenceItem, Rendition
from portfolio.evidence.preview_parts import Index
from portfolio.evidence.states import PreviewState


@dataclass(frozen=True)
class Kept:
    """One rendition whose bytes are in the store."""

    kind: str
    stored: Stored
    media_type: str
    title: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Previewed:
    """What became of a blob's preview."""

    state: str
    note: str
    renditions: tuple[Kept, ...]


def keep_blob(session: Session, stored: Stored, *, media_type: str, at: datetime) -> None:
    """Name a blob, and have its preview made; whoever was first is not to be seen from this."""
    dialect = session.get_bind().dialect.name
    insert_once = postgres_insert if dialect == "postgresql" else sqlite_insert
    session.execute(
        insert_once(Blob)
        .values(
            sha256=stored.sha256,
            size=stored.size,
            media_type=media_type,
            created_at=at,
            preview_state=PreviewState.PENDING.value,
            preview_note="",
        )
        .on_conflict_do_nothing()
    )
    jobs.enqueue(session, "evidence_uploaded", sha256=stored.sha256)


def add_item(session: Session, made: EvidenceItem) -> EvidenceItem:
    """Add a work sample behind the others of its portfolio."""
    last = session.scalar(
        select(EvidenceItem.position)
        .where(EvidenceItem.portfolio_id == made.portfolio_id)
        .order_by(EvidenceItem.position.desc())
        .limit(1)
    )
    made.position = 1 if last is None else last + 1
    session.add(made)
    session.flush()
    return made


def make_preview(store: Store, sha256: str, media_type: str) -> Previewed:
    """Make a blob's preview in a child and keep its renditions, with no transaction open."""
    with store.open(sha256) as source, previews.preview(source, media_type) as (index, folder):
        return Previewed(index.state, index.note, tuple(_keep(store, index, folder)))


def record_preview(session: Session, sha256: str, made: Previewed) -> None:
    """Save what became of a blob's preview, once; a job that comes twice changes nothing."""
    blob = session.scalars(
        select(Blob)
        .where(Blob.sha256 == sha256)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if blob is None or blob.preview_state != PreviewState.PENDING.value:
        return
    session.execute(delete(Rendition).where(Rendition.source_sha256 == sha256))
    session.add_all(_rows(sha256, made.renditions))
    blob.preview_state, blob.preview_note = made.state, made.note


def _keep(store: Store, index: Index, folder: Any) -> list[Kept]:
    kept = []
    for part in index.parts:
        with (folder / part.file).open("rb") as file:
            kept.append(Kept(part.kind, store.put(file), part.media_type, part.title, part.facts))
    return kept


def _rows(sha256: str, renditions: Sequence[Kept]) -> list[Rendition]:
    return [
        Rendition(
            source_sha256=sha256,
            kind=one.kind,
            position=position,
            title=one.title,
            sha256=one.stored.sha256,
            size=one.stored.size,
            media_type=one.media_type,
            facts=one.facts,
        )
        for position, one in enumerate(renditions, start=1)
    ]
