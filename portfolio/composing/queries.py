"""Reading a portfolio and everything in it, without a query per row."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.digest import sha256_hex
from core.errors import NotFound
from credentials.catalog.models import BadgeEdition
from credentials.catalog.states import EditionState
from portfolio.composing.coverage import Contents
from portfolio.composing.models import Attestation, Claim, Portfolio, Reflection, Revision
from portfolio.composing.states import AttestationState
from portfolio.evidence.models import EvidenceItem

LIVE = (AttestationState.REQUESTED.value, AttestationState.RECEIVED.value)


@dataclass(frozen=True)
class Work:
    """A portfolio with its parts, each in a stable order."""

    portfolio: Portfolio
    items: tuple[EvidenceItem, ...]
    claims: tuple[Claim, ...]
    reflections: dict[str, Reflection]
    attestations: tuple[Attestation, ...]


def portfolio_of(session: Session, portfolio_id: str, *, learner_id: str) -> Portfolio:
    """Return a learner's own portfolio; somebody else's looks as if it did not exist."""
    found = session.get(Portfolio, portfolio_id)
    if found is None or found.learner_id != learner_id:
        raise NotFound()
    return found


def portfolios_of(session: Session, learner_id: str) -> list[Portfolio]:
    """Return a learner's portfolios, the one saved last first."""
    return list(
        session.scalars(
            select(Portfolio)
            .where(Portfolio.learner_id == learner_id)
            .order_by(Portfolio.saved_at.desc(), Portfolio.id)
        )
    )


def items_of(session: Session, portfolio_id: str) -> list[EvidenceItem]:
    """Return the work samples now in a portfolio, in their order."""
    return list(
        session.scalars(
            select(EvidenceItem)
            .where(EvidenceItem.portfolio_id == portfolio_id, EvidenceItem.removed_at.is_(None))
            .order_by(EvidenceItem.position, EvidenceItem.uploaded_at, EvidenceItem.id)
        )
    )


def editions_by_id(session: Session, ids: Iterable[str]) -> dict[str, BadgeEdition]:
    """Return editions by their ids."""
    rows = session.scalars(select(BadgeEdition).where(BadgeEdition.id.in_(set(ids))))
    return {row.id: row for row in rows}


def open_edition(session: Session, badge_id: str) -> BadgeEdition | None:
    """Return the edition of a badge that is open to new portfolios, if there is one."""
    return session.scalar(
        select(BadgeEdition).where(
            BadgeEdition.badge_id == badge_id, BadgeEdition.state == EditionState.PUBLISHED.value
        )
    )


def attestation_by(session: Session, secret: str, *, at: datetime) -> Attestation:
    """Return the request that a mailed link opens; a wrong, ended or late link opens nothing."""
    found = session.scalar(select(Attestation).where(Attestation.token_hash == sha256_hex(secret)))
    if found is None or found.state == AttestationState.WITHDRAWN.value or _is_late(found, at):
        raise NotFound(
            "This link does not lead anywhere any more: it was withdrawn, has ended, or was cut"
            " short on its way. Whoever asked you can send a new one."
        )
    return found


def _is_late(found: Attestation, at: datetime) -> bool:
    return found.state == AttestationState.REQUESTED.value and found.expires_at <= at


def item_in(session: Session, portfolio_id: str, item_id: str) -> EvidenceItem:
    """Return a work sample that is now in a portfolio, or raise NotFound."""
    found = session.get(EvidenceItem, item_id)
    if found is None or found.portfolio_id != portfolio_id or found.removed_at is not None:
        raise NotFound()
    return found


def claims_on(session: Session, item_id: str) -> list[Claim]:
    """Return which criteria a work sample is claimed for, by criterion."""
    return list(
        session.scalars(
            select(Claim)
            .where(Claim.item_id == item_id)
            .order_by(Claim.criterion_key)
            .execution_options(populate_existing=True)
        )
    )


def reflection_of(session: Session, portfolio_id: str, key: str) -> Reflection | None:
    """Return the answer to one prompt as it is stored now."""
    return session.scalar(
        select(Reflection)
        .where(Reflection.portfolio_id == portfolio_id, Reflection.prompt_key == key)
        .execution_options(populate_existing=True)
    )


def revisions_of(session: Session, portfolio_id: str, *, limit: int = 200) -> list[Revision]:
    """Return the texts that were replaced in a portfolio, the last one first."""
    return list(
        session.scalars(
            select(Revision)
            .where(Revision.portfolio_id == portfolio_id)
            .order_by(Revision.saved_at.desc(), Revision.id)
            .limit(limit)
        )
    )


def work_in(session: Session, portfolio: Portfolio) -> Work:
    """Return everything in a portfolio, in four queries whatever its size."""
    return works_in(session, [portfolio])[portfolio.id]


def contents_of(work: Work) -> Contents:
    """Return a portfolio's parts as the plain values that `coverage` judges."""
    portfolio = work.portfolio
    return Contents(
        role=portfolio.role,
        sector=portfolio.sector,
        context=portfolio.context,
        evidence=Counter(item.requirement_key for item in work.items),
        claims=Counter(claim.criterion_key for claim in work.claims),
        reflections={key: one.text for key, one in work.reflections.items()},
        disclosures=portfolio.disclosures,
        statements=frozenset(portfolio.statements),
        attestations=tuple(one.state for one in work.attestations if one.state in LIVE),
    )


def works_in(session: Session, portfolios: Sequence[Portfolio]) -> dict[str, Work]:
    """Return everything in several portfolios by id, in four queries whatever their number.

    Rows are read afresh, so that whoever holds a portfolio's lock sees what is stored now.
    """
    ids = [one.id for one in portfolios]
    items: dict[str, list[EvidenceItem]] = defaultdict(list)
    for item in session.scalars(
        select(EvidenceItem)
        .where(EvidenceItem.portfolio_id.in_(ids), EvidenceItem.removed_at.is_(None))
        .order_by(EvidenceItem.position, EvidenceItem.uploaded_at, EvidenceItem.id)
        .execution_options(populate_existing=True)
    ):
        items[item.portfolio_id].append(item)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in session.scalars(
        select(Claim)
        .where(Claim.portfolio_id.in_(ids))
        .order_by(Claim.criterion_key, Claim.created_at, Claim.id)
        .execution_options(populate_existing=True)
    ):
        claims[claim.portfolio_id].append(claim)
    reflections: dict[str, dict[str, Reflection]] = defaultdict(dict)
    for reflection in session.scalars(
        select(Reflection)
        .where(Reflection.portfolio_id.in_(ids))
        .execution_options(populate_existing=True)
    ):
        reflections[reflection.portfolio_id][reflection.prompt_key] = reflection
    attestations: dict[str, list[Attestation]] = defaultdict(list)
    for attestation in session.scalars(
        select(Attestation)
        .where(Attestation.portfolio_id.in_(ids))
        .order_by(Attestation.requested_at, Attestation.id)
        .execution_options(populate_existing=True)
    ):
        attestations[attestation.portfolio_id].append(attestation)
    return {
        one.id: _work(one, items[one.id], claims[one.id], reflections[one.id], attestations[one.id])
        for one in portfolios
    }


def _work(
    portfolio: Portfolio,
    items: Sequence[EvidenceItem],
    claims: Sequence[Claim],
    reflections: dict[str, Reflection],
    attestations: Sequence[Attestation],
) -> Work:
    held = {item.id for item in items}
    return Work(
        portfolio=portfolio,
        items=tuple(items),
        claims=tuple(claim for claim in claims if claim.item_id in held),
        reflections=reflections,
        attestations=tuple(attestations),
    )
