"""Rounds of review and the invitations that fill their seats."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.assignment.states import SEATED, AssignmentState, RoundKind

_SEATED_SQL = "state IN (" + ", ".join(f"'{state.value}'" for state in sorted(SEATED)) + ")"


class ReviewRound(Base):
    """`seats` reviews wanted of one submission, for one reason."""

    __tablename__ = "review_round"
    __table_args__ = (
        one_of("kind", RoundKind, "kind"),
        unique_when("uq_review_round_number", "submission_id", "number", where=None),
        unique_when("uq_review_round_open", "submission_id", where="closed_at IS NULL"),
        Index("ix_review_round_closed_at", "closed_at"),
    )

    id: Mapped[str] = id_column()
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    seats: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Assignment(Base):
    """One reviewer asked for one seat; `explanation` says why they were chosen."""

    __tablename__ = "review_assignment"
    __table_args__ = (
        one_of("state", AssignmentState, "state"),
        CheckConstraint(
            "state <> 'declined' OR (decline_reason IS NOT NULL AND ended_at IS NOT NULL)",
            name="a_decline_has_reason_and_time",
        ),
        CheckConstraint(
            "state NOT IN ('accepted', 'in_progress', 'sealed', 'closed')"
            " OR (accepted_at IS NOT NULL AND due_at IS NOT NULL)",
            name="accepted_has_time_and_due_date",
        ),
        unique_when("uq_review_assignment_seat", "round_id", "seat", where=_SEATED_SQL),
        unique_when(
            "uq_review_assignment_reviewer", "submission_id", "reviewer_id", where=_SEATED_SQL
        ),
        Index("ix_review_assignment_reviewer_id", "reviewer_id", "state"),
        Index("ix_review_assignment_submission_id", "submission_id", "state"),
        Index("ix_review_assignment_answer_by", "state", "answer_by"),
    )

    id: Mapped[str] = id_column()
    round_id: Mapped[str] = mapped_column(ForeignKey("review_round.id"))
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    seat: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=AssignmentState.INVITED.value)
    explanation: Mapped[dict[str, Any]] = mapped_column(default=dict)
    invited_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0, doc="How many were sent, of three.")
    ended_at: Mapped[datetime | None]
    decline_reason: Mapped[str | None] = mapped_column(String(24))
    decline_note: Mapped[str] = mapped_column(Text, default="")
