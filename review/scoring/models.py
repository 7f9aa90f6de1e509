"""Reviews: one reviewer's level, reasons and evidence pointer for every criterion."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.scoring.states import CannotScore, ReviewState


class Review(Base):
    """The form of one assignment; `digest` is over its sealed content."""

    __tablename__ = "review_review"
    __table_args__ = (
        one_of("state", ReviewState, "state"),
        CheckConstraint(
            "state = 'draft' OR (sealed_at IS NOT NULL AND digest IS NOT NULL)",
            name="sealed_has_time_and_digest",
        ),
    )

    id: Mapped[str] = id_column()
    assignment_id: Mapped[str] = mapped_column(ForeignKey("review_assignment.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=ReviewState.DRAFT.value)
    feedback: Mapped[str] = mapped_column(Text, default="")
    private_note: Mapped[str] = mapped_column(Text, default="")
    seconds_spent: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    digest: Mapped[str | None] = mapped_column(String(64))


class CriterionScore(Base):
    """A level, or a reason for none, with rationale and where in the evidence it shows."""

    __tablename__ = "review_criterion_score"
    __table_args__ = (
        CheckConstraint("level IS NULL OR cannot_score IS NULL", name="a_level_or_a_reason"),
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 9", name="level_in_range"),
        CheckConstraint(
            "cannot_score IS NULL OR cannot_score IN ("
            + ", ".join(f"'{reason.value}'" for reason in CannotScore)
            + ")",
            name="cannot_score",
        ),
        unique_when("uq_review_criterion_score_key", "review_id", "criterion_key", where=None),
    )

    id: Mapped[str] = id_column()
    review_id: Mapped[str] = mapped_column(ForeignKey("review_review.id"))
    criterion_key: Mapped[str] = mapped_column(String(16))
    level: Mapped[int | None]
    cannot_score: Mapped[str | None] = mapped_column(String(32))
    rationale: Mapped[str] = mapped_column(Text, default="")
    locator: Mapped[str] = mapped_column(String(120), default="")
