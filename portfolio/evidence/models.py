"""Work samples: blobs by digest, the items that name them, and derived views of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of
from portfolio.evidence.states import PreviewState, RenditionKind


class Blob(Base):
    """Bytes in the store; written there before this row names them."""

    __tablename__ = "portfolio_blob"
    __table_args__ = (one_of("preview_state", PreviewState, "preview_state"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    preview_state: Mapped[str] = mapped_column(String(16), default=PreviewState.PENDING.value)
    preview_note: Mapped[str] = mapped_column(Text, default="", doc="Why there is no preview.")


class Rendition(Base):
    """One derived view of a blob, itself stored by digest: a page, an image, a text, a copy."""

    __tablename__ = "portfolio_rendition"
    __table_args__ = (
        one_of("kind", RenditionKind, "kind"),
        Index("ix_portfolio_rendition_source", "source_sha256", "position"),
    )

    id: Mapped[str] = id_column()
    source_sha256: Mapped[str] = mapped_column(ForeignKey("portfolio_blob.sha256"))
    kind: Mapped[str] = mapped_column(String(16))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200), default="")
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class EvidenceItem(Base):
    """One work sample in a portfolio; removing it keeps the row and any sealed blob."""

    __tablename__ = "portfolio_evidence_item"
    __table_args__ = (
        Index("ix_portfolio_evidence_item_portfolio_id", "portfolio_id", "position"),
        Index("ix_portfolio_evidence_item_sha256", "sha256"),
    )

    id: Mapped[str] = id_column()
    portfolio_id: Mapped[str] = mapped_column(ForeignKey("portfolio_portfolio.id"))
    requirement_key: Mapped[str] = mapped_column(String(16), default="")
    title: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(ForeignKey("portfolio_blob.sha256"))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(120))
    date_of_work: Mapped[date | None]
    own_contribution: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    uploaded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
