"""Intake checks: what was looked at before any reviewer was asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of
from review.intake.states import IntakeOutcome


class IntakeCheck(Base):
    """One look at a submission: `findings` lists each check with its verdict and where."""

    __tablename__ = "review_intake_check"
    __table_args__ = (
        one_of("outcome", IntakeOutcome, "outcome"),
        Index("ix_review_intake_check_submission_id", "submission_id", "checked_at"),
    )

    id: Mapped[str] = id_column()
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    outcome: Mapped[str] = mapped_column(String(16))
    findings: Mapped[list[Any]] = mapped_column(default=list)
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[str] = mapped_column(String(64), doc="A person's id, or a system rule.")
    checked_at: Mapped[datetime]
