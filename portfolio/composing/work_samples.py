"""Saying what a work sample is, putting the samples in order, and taking one out.

The bytes of a sample never change; another file is another sample. What was handed in stays
sealed whatever happens here.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import NotFound
from credentials.catalog import queries as catalog
from portfolio.composing.models import Claim
from portfolio.composing.queries import portfolio_of
from portfolio.composing.saving import locked, touch
from portfolio.composing.uploads import check_count, record, requirement_in
from portfolio.evidence import queries as evidence
from portfolio.evidence.models import EvidenceItem


def update(
    session: Session,
    item_id: str,
    *,
    title: str,
    requirement_key: str,
    date_of_work: date | None,
    own_contribution: str,
    by: str,
    at: datetime,
) -> EvidenceItem:
    """Change what is said about a work sample; its bytes never change."""
    item = own_item(session, item_id, by=by)
    portfolio = locked(session, item.portfolio_id, by)
    session.refresh(item)
    if item.removed_at is not None:
        raise NotFound()
    if requirement_key != item.requirement_key:
        definition = catalog.definition_of(catalog.edition(session, portfolio.edition_id))
        check_count(session, portfolio.id, requirement_in(definition, requirement_key))
    item.title = title
    item.requirement_key = requirement_key
    item.date_of_work = date_of_work
    item.own_contribution = own_contribution
    touch(portfolio, at=at)
    record(session, "evidence_changed", item, by=by, at=at)
    return item


def remove(session: Session, item_id: str, *, by: str, at: datetime) -> EvidenceItem:
    """Take a work sample out of a portfolio; what was handed in with it stays sealed (INV-02)."""
    item = own_item(session, item_id, by=by)
    portfolio = locked(session, item.portfolio_id, by)
    session.refresh(item)
    if item.removed_at is not None:
        return item
    item.removed_at = at
    session.execute(delete(Claim).where(Claim.item_id == item.id))
    touch(portfolio, at=at)
    record(session, "evidence_removed", item, by=by, at=at)
    return item


def reorder(
    session: Session, portfolio_id: str, item_ids: Sequence[str], *, by: str, at: datetime
) -> None:
    """Put the work samples of a portfolio into this order; any that is not named comes last."""
    portfolio = locked(session, portfolio_id, by)
    place = {item_id: number for number, item_id in enumerate(item_ids)}
    _number(
        sorted(_fresh_items(session, portfolio_id), key=lambda one: place.get(one.id, len(place)))
    )
    touch(portfolio, at=at)


def move(session: Session, item_id: str, *, is_up: bool, by: str, at: datetime) -> None:
    """Change places with the neighbour that is there for the same requirement, if there is one."""
    item = own_item(session, item_id, by=by)
    portfolio = locked(session, item.portfolio_id, by)
    items = _fresh_items(session, portfolio.id)
    beside = [one for one in items if one.requirement_key == item.requirement_key]
    here = next((number for number, one in enumerate(beside) if one.id == item_id), None)
    there = here if here is None else here + (-1 if is_up else 1)
    if here is None or there is None or not 0 <= there < len(beside):
        return
    first, second = items.index(beside[here]), items.index(beside[there])
    items[first], items[second] = items[second], items[first]
    _number(items)
    touch(portfolio, at=at)


def own_item(session: Session, item_id: str, *, by: str) -> EvidenceItem:
    """Return a work sample of one's own; anybody else's looks as if it did not exist."""
    item = evidence.item(session, item_id)
    portfolio_of(session, item.portfolio_id, learner_id=by)
    return item


def _fresh_items(session: Session, portfolio_id: str) -> list[EvidenceItem]:
    query = (
        select(EvidenceItem)
        .where(EvidenceItem.portfolio_id == portfolio_id, EvidenceItem.removed_at.is_(None))
        .order_by(EvidenceItem.position, EvidenceItem.uploaded_at, EvidenceItem.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _number(items: Sequence[EvidenceItem]) -> None:
    for position, item in enumerate(items, start=1):
        item.position = position
