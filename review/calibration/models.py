"""How one reading of a benchmark compares with the committee's levels."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, unique_when


class CalibrationResult(Base):
    """A reading of a benchmark, compared once; `number` counts a person's readings for a badge.

    `differences` maps criterion key to the level given less the committee's, None where no level
    was given. A gold reading came as any other invitation; `is_gold` says so.
    """

    __tablename__ = "review_calibration_result"
    __table_args__ = (
        CheckConstraint("agreed BETWEEN 0 AND criteria", name="agreed_among_criteria"),
        unique_when(
            "uq_review_calibration_result_number", "person_id", "badge_id", "number", where=None
        ),
        Index("ix_review_calibration_result_benchmark_id", "benchmark_id"),
    )

    assignment_id: Mapped[str] = mapped_column(ForeignKey("review_assignment.id"), primary_key=True)
    benchmark_id: Mapped[str] = mapped_column(ForeignKey("review_benchmark.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    number: Mapped[int]
    is_gold: Mapped[bool] = mapped_column(default=False)
    criteria: Mapped[int]
    agreed: Mapped[int]
    gating_misses: Mapped[int]
    differences: Mapped[dict[str, Any]]
    is_passed: Mapped[bool]
    compared_at: Mapped[datetime]
