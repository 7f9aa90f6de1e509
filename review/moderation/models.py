"""One look at one sealed review by a moderator, who may hand it back once."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of
from review.moderation.states import ModerationReason, ModerationState


class Moderation(Base):
    """Holds a round open until a moderator has read one of its reviews.

    `sealed_at` is when the review was sealed first. What a returned review said stays in
    `returned_content`, with the digest it was sealed by; it is never changed (INV-23).
    """

    __tablename__ = "review_moderation"
    __table_args__ = (
        one_of("state", ModerationState, "state"),
        one_of("reason", ModerationReason, "reason"),
        CheckConstraint(
            "state <> 'passed' OR (passed_at IS NOT NULL AND passed_by IS NOT NULL)",
            name="a_pass_has_time_and_somebody_behind_it",
        ),
        CheckConstraint(
            "state <> 'returned' OR (returned_at IS NOT NULL AND returned_by IS NOT NULL)",
            name="a_return_has_time_and_somebody_behind_it",
        ),
        CheckConstraint(
            "(returned_at IS NULL) = (returned_digest = '')", name="a_return_keeps_what_was_sealed"
        ),
        Index("ix_review_moderation_state", "state", "due_at"),
        Index("ix_review_moderation_round_id", "round_id"),
    )

    id: Mapped[str] = id_column()
    review_id: Mapped[str] = mapped_column(ForeignKey("review_review.id"), unique=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("review_round.id"))
    state: Mapped[str] = mapped_column(String(16), default=ModerationState.WAITING.value)
    reason: Mapped[str] = mapped_column(String(24))
    sealed_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[str | None] = mapped_column(ForeignKey("accounts_person.id"))
    return_reasons: Mapped[list[Any]] = mapped_column(default=list)
    return_note: Mapped[str] = mapped_column(Text, default="")
    returned_digest: Mapped[str] = mapped_column(String(64), default="")
    returned_content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    passed_at: Mapped[datetime | None]
    passed_by: Mapped[str | None] = mapped_column(String(64), doc="A person's id, or a rule.")
    escalated_at: Mapped[datetime | None] = mapped_column(doc="When managers were told it is late.")
