"""Requests for reconsideration and what a committee member determined."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.disputes.states import RequestState


class ReconsiderationRequest(Base):
    """A learner asks a person to look again at one released decision."""

    __tablename__ = "review_reconsideration"
    __table_args__ = (
        one_of("state", RequestState, "state"),
        CheckConstraint(
            "state NOT IN ('upheld', 'fresh_review')"
            " OR (determined_by IS NOT NULL AND determined_at IS NOT NULL AND reasons <> '')",
            name="a_determination_has_who_when_and_why",
        ),
        unique_when(
            "uq_review_reconsideration_decision", "decision_id", where="state <> 'withdrawn'"
        ),
        Index("ix_review_reconsideration_state", "state", "due_at"),
    )

    id: Mapped[str] = id_column()
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("review_decision.id"))
    learner_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    request: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(16), default=RequestState.LODGED.value)
    lodged_at: Mapped[datetime]
    due_at: Mapped[datetime]
    determined_by: Mapped[str | None] = mapped_column(ForeignKey("accounts_person.id"))
    determined_at: Mapped[datetime | None]
    reasons: Mapped[str] = mapped_column(Text, default="")
