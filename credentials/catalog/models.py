"""Issuers, badges and their immutable editions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from credentials.catalog.states import EditionState


class Issuer(Base):
    """Who is responsible for the badges of this installation."""

    __tablename__ = "credentials_issuer"

    id: Mapped[str] = id_column()
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    created_at: Mapped[datetime]


class Badge(Base):
    """The lasting idea of a badge; what it demands is in its editions."""

    __tablename__ = "credentials_badge"

    id: Mapped[str] = id_column()
    issuer_id: Mapped[str] = mapped_column(ForeignKey("credentials_issuer.id"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]


class BadgeEdition(Base):
    """One version of a badge: rubric, evidence rules and policy in `definition`, frozen once out.

    `definition` is canonical JSON of `credentials.catalog.definition.EditionDefinition`;
    `digest` is its SHA-256.
    """

    __tablename__ = "credentials_edition"
    __table_args__ = (
        one_of("state", EditionState, "state"),
        CheckConstraint(
            "state = 'draft' OR (published_at IS NOT NULL AND published_by IS NOT NULL)",
            name="published_has_who_and_when",
        ),
        unique_when("uq_credentials_edition_open", "badge_id", where="state = 'published'"),
        unique_when("uq_credentials_edition_version", "badge_id", "version", where=None),
    )

    id: Mapped[str] = id_column()
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    version: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default=EditionState.DRAFT.value)
    definition: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(64))
    retired_at: Mapped[datetime | None]
