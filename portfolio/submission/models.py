"""The sealed edition of a portfolio: what was handed in, for life."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from portfolio.submission.states import OPEN, SubmissionState

_OPEN_SQL = "state IN (" + ", ".join(f"'{state.value}'" for state in sorted(OPEN)) + ")"


class Submission(Base):
    """Attempt `attempt` of a portfolio, sealed: `manifest` is canonical JSON, `digest` its SHA-256.

    Everything but `state`, `state_since` and `withdrawn_at` is frozen from the first insert.
    """

    __tablename__ = "portfolio_submission"
    __table_args__ = (
        one_of("state", SubmissionState, "state"),
        CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn_has_a_time"
        ),
        unique_when("uq_portfolio_submission_attempt", "portfolio_id", "attempt", where=None),
        unique_when("uq_portfolio_submission_open", "learner_id", "badge_id", where=_OPEN_SQL),
        Index("ix_portfolio_submission_state", "state", "state_since"),
        Index("ix_portfolio_submission_edition_id", "edition_id", "state"),
        Index("ix_portfolio_submission_learner_id", "learner_id"),
    )

    id: Mapped[str] = id_column()
    portfolio_id: Mapped[str] = mapped_column(ForeignKey("portfolio_portfolio.id"))
    learner_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    edition_id: Mapped[str] = mapped_column(ForeignKey("credentials_edition.id"))
    attempt: Mapped[int]
    pseudonym: Mapped[str] = mapped_column(String(40))
    manifest: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    supersedes_id: Mapped[str | None] = mapped_column(ForeignKey("portfolio_submission.id"))
    change_note: Mapped[str] = mapped_column(Text, default="")
    sealed_at: Mapped[datetime]
    promised_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(24), default=SubmissionState.SUBMITTED.value)
    state_since: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SealedItem(Base):
    """One work sample inside a submission, under the neutral name reviewers see it by."""

    __tablename__ = "portfolio_sealed_item"
    __table_args__ = (
        unique_when("uq_portfolio_sealed_item_position", "submission_id", "position", where=None),
        Index("ix_portfolio_sealed_item_sha256", "sha256"),
    )

    id: Mapped[str] = id_column()
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("portfolio_evidence_item.id"))
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("portfolio_blob.sha256"))


class SealedText(Base):
    """A reflection of a submission as cleaned HTML, rendered once when it was sealed."""

    __tablename__ = "portfolio_sealed_text"
    __table_args__ = (
        unique_when("uq_portfolio_sealed_text_key", "submission_id", "prompt_key", where=None),
    )

    id: Mapped[str] = id_column()
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    prompt_key: Mapped[str] = mapped_column(String(16))
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[str] = mapped_column(String(64))
