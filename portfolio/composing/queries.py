"""Reading a portfolio and everything in it, without a query per row."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound
from portfolio.composing.coverage import Contents
from portfolio.composing.models import Attestation, Claim, Portfolio, Reflection
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


def work_in(session: Session, portfolio: Portfolio) -> Work:
    """Return everything in a portfolio, in five queries whatever its size."""
    items = items_of(session, portfolio.id)
    held = {item.id for item in items}
    claims = session.scalars(
        select(Claim)
        .where(Claim.portfolio_id == portfolio.id)
        .order_by(Claim.criterion_key, Claim.created_at)
    )
    reflections = session.scalars(select(Reflection).where(Reflection.portfolio_id == portfolio.id))
    attestations = session.scalars(
        select(Attestation)
        .where(Attestation.portfolio_id == portfolio.id)
        .order_by(Attestation.requested_at)
    )
    return Work(
        portfolio=portfolio,
        items=tuple(items),
        claims=tuple(claim for claim in claims if claim.item_id in held),
        reflections={one.prompt_key: one for one in reflections},
        attestations=tuple(attestations),
    )


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
