"""The learner's work area for one badge edition, and every text ever saved in it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from portfolio.composing.states import AttestationState


class Portfolio(Base):
    """A learner's mutable portfolio; `version` counts its changes, so two tabs cannot collide.

    `disclosures` maps ai_use, team_share, earlier_use to texts; `statements` maps the key of
    each statement agreed to to the time of agreeing.
    """

    __tablename__ = "portfolio_portfolio"
    __table_args__ = (
        unique_when("uq_portfolio_portfolio_learner", "learner_id", "badge_id", where=None),
        Index("ix_portfolio_portfolio_edition_id", "edition_id"),
    )

    id: Mapped[str] = id_column()
    learner_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    edition_id: Mapped[str] = mapped_column(ForeignKey("credentials_edition.id"))
    version: Mapped[int] = mapped_column(default=1)
    role: Mapped[str] = mapped_column(String(120), default="")
    sector: Mapped[str] = mapped_column(String(120), default="")
    context: Mapped[str] = mapped_column(Text, default="")
    disclosures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    statements: Mapped[dict[str, Any]] = mapped_column(default=dict)
    change_note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]


class Reflection(Base):
    """The answer to one reflection prompt: Markdown as typed, HTML as cleaned."""

    __tablename__ = "portfolio_reflection"
    __table_args__ = (
        unique_when("uq_portfolio_reflection_key", "portfolio_id", "prompt_key", where=None),
    )

    id: Mapped[str] = id_column()
    portfolio_id: Mapped[str] = mapped_column(ForeignKey("portfolio_portfolio.id"))
    prompt_key: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(64), default="")
    saved_at: Mapped[datetime]


class Revision(Base):
    """A text as it stood when it was replaced; nothing typed is ever lost."""

    __tablename__ = "portfolio_revision"
    __table_args__ = (Index("ix_portfolio_revision_portfolio_id", "portfolio_id", "saved_at"),)

    id: Mapped[str] = id_column()
    portfolio_id: Mapped[str] = mapped_column(ForeignKey("portfolio_portfolio.id"))
    part: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]


class Claim(Base):
    """This work sample shows this criterion, and where to look in it."""

    __tablename__ = "portfolio_claim"
    __table_args__ = (
        unique_when("uq_portfolio_claim_pair", "item_id", "criterion_key", where=None),
        Index("ix_portfolio_claim_portfolio_id", "portfolio_id"),
    )

    id: Mapped[str] = id_column()
    portfolio_id: Mapped[str] = mapped_column(ForeignKey("portfolio_portfolio.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("portfolio_evidence_item.id"))
    criterion_key: Mapped[str] = mapped_column(String(16))
    locator: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]


class Attestation(Base):
    """What a named outside person confirms about the work; the link's secret is kept hashed."""

    __tablename__ = "portfolio_attestation"
    __table_args__ = (
        one_of("state", AttestationState, "state"),
        CheckConstraint(
            "state NOT IN ('received', 'declined') OR answered_at IS NOT NULL",
            name="an_answer_has_a_time",
        ),
        unique_when(
            "uq_portfolio_attestation_live",
            "portfolio_id",
            "address",
            where="state IN ('requested', 'received')",
        ),
    )

    id: Mapped[str] = id_column()
    portfolio_id: Mapped[str] = mapped_column(ForeignKey("portfolio_portfolio.id"))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(254))
    relation: Mapped[str] = mapped_column(String(120), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=AttestationState.REQUESTED.value)
    confirmed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    remark: Mapped[str] = mapped_column(Text, default="")
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
