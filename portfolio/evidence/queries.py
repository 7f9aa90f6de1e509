"""Reading blobs, their renditions and the work samples that name them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from portfolio.evidence.models import Blob, EvidenceItem, Rendition
from portfolio.evidence.states import PreviewState


def renditions(
    session: Session, sha256s: Iterable[str]
) -> dict[str, tuple[Blob, tuple[Rendition, ...]]]:
    """Return blobs by their SHA-256, each with its renditions in order, in two queries."""
    wanted = set(sha256s)
    blobs = session.scalars(select(Blob).where(Blob.sha256.in_(wanted)))
    found: dict[str, tuple[Blob, tuple[Rendition, ...]]] = {one.sha256: (one, ()) for one in blobs}
    rows = session.scalars(
        select(Rendition)
        .where(Rendition.source_sha256.in_(wanted))
        .order_by(Rendition.source_sha256, Rendition.position)
    )
    for row in rows:
        blob, before = found[row.source_sha256]
        found[row.source_sha256] = (blob, (*before, row))
    return found


def rendition_of(session: Session, sha256: str, rendition_id: str) -> Rendition:
    """Return one rendition of a blob; one of another blob looks as if it did not exist."""
    found = session.get(Rendition, rendition_id)
    if found is None or found.source_sha256 != sha256:
        raise NotFound()
    return found


def item(session: Session, item_id: str) -> EvidenceItem:
    """Return a work sample that is still in its portfolio, or raise NotFound."""
    found = session.get(EvidenceItem, item_id)
    if found is None or found.removed_at is not None:
        raise NotFound()
    return found


def totals(session: Session, portfolio_id: str) -> tuple[int, int]:
    """Return how many work samples a portfolio holds, and their bytes."""
    count, size = session.execute(
        select(func.count(), func.coalesce(func.sum(EvidenceItem.size), 0)).where(
            EvidenceItem.portfolio_id == portfolio_id, EvidenceItem.removed_at.is_(None)
        )
    ).one()
    return count, int(size)


def count_for(session: Session, portfolio_id: str, requirement_key: str) -> int:
    """Return how many work samples a portfolio holds for one requirement."""
    query = select(func.count()).where(
        EvidenceItem.portfolio_id == portfolio_id,
        EvidenceItem.requirement_key == requirement_key,
        EvidenceItem.removed_at.is_(None),
    )
    return session.scalar(query) or 0


def waiting_blobs(session: Session, *, before: datetime, limit: int = 200) -> list[str]:
    """Return files whose preview should have been made by then, oldest first."""
    query = (
        select(Blob.sha256)
        .where(Blob.preview_state == PreviewState.PENDING.value, Blob.created_at < before)
        .order_by(Blob.created_at)
        .limit(limit)
    )
    return list(session.scalars(query))
