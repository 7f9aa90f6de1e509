"""Decisions: computed once from a round's reviews, never edited, only superseded."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.decision.states import Basis, Outcome


class Decision(Base):
    """What the reviews of a submission add up to, with all that is needed to compute it again.

    `inputs` holds the sealed levels by review digest, `result` the outcome per criterion,
    `reasons` values and not sentences. `number` counts the decisions of a submission; the
    highest one stands.
    """

    __tablename__ = "review_decision"
    __table_args__ = (
        one_of("outcome", Outcome, "outcome"),
        one_of("basis", Basis, "basis"),
        unique_when("uq_review_decision_number", "submission_id", "number", where=None),
        unique_when("uq_review_decision_round", "round_id", where="basis = 'aggregation'"),
        unique_when("uq_review_decision_supersedes", "supersedes_id", where=None),
    )

    id: Mapped[str] = id_column()
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("review_round.id"))
    number: Mapped[int]
    basis: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(24))
    rule_version: Mapped[str] = mapped_column(String(32))
    inputs: Mapped[dict[str, Any]]
    inputs_digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    decided_by: Mapped[str] = mapped_column(String(64), doc="A person's id, or a system rule.")
    decided_at: Mapped[datetime]
    release_at: Mapped[datetime]
    supersedes_id: Mapped[str | None] = mapped_column(ForeignKey("review_decision.id"))


class Release(Base):
    """The moment a learner was told; a row of its own, since a decision never changes."""

    __tablename__ = "review_release"
    __table_args__ = (Index("ix_review_release_released_at", "released_at"),)

    decision_id: Mapped[str] = mapped_column(ForeignKey("review_decision.id"), primary_key=True)
    released_at: Mapped[datetime]
    released_by: Mapped[str] = mapped_column(String(64), doc="A person's id, or a system rule.")


class FamilyFit(Base):
    """What the scoring model learned from all reviews of a badge family, kept as plain values.

    A family is a badge as long as its rubric stays the same. `reviewers` maps a person's id to
    what the fit says of them; `digest` is over model, hyper-parameters and reviewers, `sources`
    over the reviews and anchors that were read.
    """

    __tablename__ = "review_family_fit"
    __table_args__ = (Index("ix_review_family_fit_family", "family", "fitted_at"),)

    id: Mapped[str] = id_column()
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    family: Mapped[str] = mapped_column(String(64))
    model_version: Mapped[str] = mapped_column(String(32))
    fitted_at: Mapped[datetime]
    reviews: Mapped[int]
    submissions: Mapped[int]
    iterations: Mapped[int]
    is_converged: Mapped[bool]
    hyper: Mapped[dict[str, Any]]
    reviewers: Mapped[dict[str, Any]]
    sources: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class DecisionAudit(Base):
    """A clear decision drawn for a blind reading by the committee; it changes no outcome."""

    __tablename__ = "review_decision_audit"
    __table_args__ = (
        CheckConstraint(
            "ended_at IS NULL OR assignment_id IS NOT NULL OR lapse_reason <> ''",
            name="an_end_has_a_reading_or_a_reason",
        ),
        Index("ix_review_decision_audit_ended_at", "ended_at"),
    )

    decision_id: Mapped[str] = mapped_column(ForeignKey("review_decision.id"), primary_key=True)
    drawn_at: Mapped[datetime]
    chance: Mapped[float] = mapped_column(doc="With what probability it was drawn, over 0 to 1.")
    due_at: Mapped[datetime]
    assignment_id: Mapped[str | None] = mapped_column(
        ForeignKey("review_assignment.id"), unique=True
    )
    verdict: Mapped[str | None] = mapped_column(String(24), doc="The outcome that the reading has.")
    ended_at: Mapped[datetime | None]
    lapse_reason: Mapped[str] = mapped_column(String(200), default="")
