"""Standard setting: whole portfolios rated by a panel, and the cut that follows."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.panels.states import StudyState


class StandardStudy(Base):
    """One study of a badge, numbered; `result` holds the cut, its error and what it rests on."""

    __tablename__ = "review_standard_study"
    __table_args__ = (
        one_of("state", StudyState, "state"),
        CheckConstraint(
            "state <> 'closed' OR (closed_at IS NOT NULL AND closed_by IS NOT NULL"
            " AND result IS NOT NULL)",
            name="closed_has_time_somebody_and_result",
        ),
        unique_when("uq_review_standard_study_number", "badge_id", "number", where=None),
        unique_when("uq_review_standard_study_open", "badge_id", where="state = 'open'"),
    )

    id: Mapped[str] = id_column()
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    edition_id: Mapped[str] = mapped_column(ForeignKey("credentials_edition.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=StudyState.OPEN.value)
    portfolios: Mapped[list[Any]] = mapped_column(doc="Submission ids, in the order they are read.")
    note: Mapped[str] = mapped_column(Text, default="")
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    opened_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("accounts_person.id"))
    closed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]


class StandardRating(Base):
    """What one panellist says of one whole portfolio: clearly below, borderline, clearly above."""

    __tablename__ = "review_standard_rating"
    __table_args__ = (
        CheckConstraint("category BETWEEN 1 AND 3", name="category_in_range"),
        unique_when(
            "uq_review_standard_rating_pair",
            "study_id",
            "panellist_id",
            "submission_id",
            where=None,
        ),
    )

    id: Mapped[str] = id_column()
    study_id: Mapped[str] = mapped_column(ForeignKey("review_standard_study.id"))
    panellist_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"))
    category: Mapped[int]
    rated_at: Mapped[datetime]
