"""The store against the database, in both directions.

A blob is written before the row that names it, so a crash can leave a blob without a row, and
never a row without its blob. Whatever this finds in the second direction is a loss: restore it
from a backup.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.runtime import Runtime
from core.stored import CHUNK, Damaged, Entry, Store
from credentials.issuing.models import EvidenceConsent
from portfolio.evidence.models import Blob, Rendition

GRACE = timedelta(hours=24)
BATCH = 500

# Every column by which a row keeps a blob in the store.
NAMING: tuple[InstrumentedAttribute[str], ...] = (
    Blob.sha256,
    Rendition.sha256,
    EvidenceConsent.sha256,
)


@dataclass(frozen=True)
class Finding:
    """One disagreement: which blob, what is wrong with it, and who names it."""

    sha256: str
    problem: str
    where: str
    is_loss: bool


def named(session: Session) -> Iterator[tuple[str, str, int | None]]:
    """Yield each blob that a row names: its SHA-256, the table, its length if that is kept."""
    for column in NAMING:
        kind = column.class_
        size_column = getattr(kind, "size", null())
        rows = select(column, size_column).distinct().execution_options(yield_per=BATCH)
        for sha256, size in session.execute(rows):
            yield sha256, kind.__tablename__, size


def count(edge: Runtime) -> int:
    """Return how many names `check` will follow."""
    with edge.database.transaction(read_only=True) as session:
        return sum(1 for _name in named(session))


def check(edge: Runtime, *, on_progress: Callable[[], object] = lambda: None) -> list[Finding]:
    """Read every blob that a row names and look at every other; return what disagrees."""
    lying = {entry.sha256: entry for entry in edge.storage.listing()}
    with edge.database.transaction(read_only=True) as session:
        names = list(named(session))
    findings, condition = [], dict[str, str | None]()
    for sha256, where, size in names:
        if sha256 not in condition:
            condition[sha256] = _damage(edge.storage, sha256, lying.get(sha256))
        problem = condition[sha256] or _wrong_length(lying[sha256], size)
        if problem:
            findings.append(Finding(sha256, problem, where, is_loss=True))
        on_progress()
    orphans = sorted(set(lying) - set(condition))
    return findings + [Finding(one, "nothing names it", "store", is_loss=False) for one in orphans]


def sweep(edge: Runtime) -> int:
    """Delete what nothing names and what a `put` left half-way, both a day old; return how many."""
    before = edge.clock() - GRACE
    count = edge.storage.discard_unfinished(before)
    old = [entry.sha256 for entry in edge.storage.listing() if entry.modified_at < before]
    for start in range(0, len(old), BATCH):
        batch = old[start : start + BATCH]
        for sha256 in _nameless(edge, batch):
            count += _delete_if_still(edge, sha256, before)
    return count


def _delete_if_still(edge: Runtime, sha256: str, before: datetime) -> int:
    """Delete one blob unless it was put again meanwhile, which makes it young."""
    with edge.database.transaction() as session:
        is_named = any(
            session.scalar(select(column).where(column == sha256).limit(1)) for column in NAMING
        )
    modified_at = edge.storage.modified_at(sha256)
    if is_named or modified_at is None or modified_at >= before:
        return 0
    edge.storage.delete(sha256)
    return 1


def _nameless(edge: Runtime, sha256s: list[str]) -> list[str]:
    with edge.database.transaction(read_only=True) as session:
        known = {
            sha256
            for column in NAMING
            for sha256 in session.scalars(select(column).where(column.in_(sha256s)))
        }
    return [sha256 for sha256 in sha256s if sha256 not in known]


def _damage(store: Store, sha256: str, entry: Entry | None) -> str | None:
    """Return what is wrong with a blob's bytes, by reading them all."""
    if entry is None:
        return "missing"
    digest = hashlib.sha256()
    try:
        with store.open(sha256) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except Damaged:
        return "damaged"
    return None if digest.hexdigest() == sha256 else "damaged"


def _wrong_length(entry: Entry, size: int | None) -> str | None:
    return None if size in (None, entry.size) else f"{entry.size} bytes, not {size}"
