"""Rounds of review and the invitations that fill their seats."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.assignment.states import SEATED, AssignmentState, RoundKind, RunKind, WishKind

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
    extra_seats: Mapped[int] = mapped_column(
        default=0, server_default="0", doc="Seats beyond those wanted, in case a review fails."
    )
    held_until: Mapped[datetime | None] = mapped_column(
        doc="Until when the router leaves the seats to a person."
    )
    escalated_at: Mapped[datetime | None] = mapped_column(
        doc="When staff were told that nobody can be found."
    )


class RoutingRun(Base):
    """One look of the router at many seats together, so that it can be undone as one."""

    __tablename__ = "review_routing_run"
    __table_args__ = (
        one_of("kind", RunKind, "kind"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)", name="an_undoing_has_somebody_behind_it"
        ),
        Index("ix_review_routing_run_badge_id", "badge_id", "made_at"),
    )

    id: Mapped[str] = id_column()
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    kind: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(64))
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(64))


class RoutingWish(Base):
    """A programme manager wants one person asked for one submission, or never asked."""

    __tablename__ = "review_routing_wish"
    __table_args__ = (
        one_of("kind", WishKind, "kind"),
        unique_when(
            "uq_review_routing_wish_pair", "submission_id", "reviewer_id", where="ended_at IS NULL"
        ),
        Index("ix_review_routing_wish_submission_id", "submission_id"),
    )

    id: Mapped[str] = id_column()
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Assignment(Base):
    """One reviewer asked for one seat; `explanation` says why they were chosen.

    One that is not counted belongs to a round of calibration, gold or audit: a reading apart, which
    is never part of a decision (INV-22). `run_id` is the run that made the offer, `ended_run_id`
    the run that took it away again.
    """

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
            "uq_review_assignment_reviewer",
            "submission_id",
            "reviewer_id",
            where=f"{_SEATED_SQL} AND is_counted",
        ),
        Index("ix_review_assignment_reviewer_id", "reviewer_id", "state"),
        Index("ix_review_assignment_submission_id", "submission_id", "state"),
        Index("ix_review_assignment_answer_by", "state", "answer_by"),
        Index("ix_review_assignment_run_id", "run_id"),
        Index("ix_review_assignment_ended_run_id", "ended_run_id"),
    )

    id: Mapped[str] = id_column()
    round_id: Mapped[str] = mapped_column(ForeignKey("review_round.id"))
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    seat: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=AssignmentState.INVITED.value)
    is_counted: Mapped[bool] = mapped_column(default=True, server_default=true())
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
    ask_again_at: Mapped[datetime | None] = mapped_column(
        doc="From when they may be asked again for this work; never, when it is empty."
    )
    run_id: Mapped[str | None] = mapped_column(ForeignKey("review_routing_run.id"))
    ended_run_id: Mapped[str | None] = mapped_column(ForeignKey("review_routing_run.id"))
