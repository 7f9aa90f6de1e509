"""Helpfulness as the author says it, credit for time given, certificates, and the ladder."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.recognition.states import CreditKind, Rung


class Helpfulness(Base):
    """What an author says, after the outcome, of the reasons one reviewer gave on one criterion.

    By criterion and not by reviewer, so that an author cannot put one reviewer's reasons together.
    """

    __tablename__ = "review_helpfulness"
    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 3", name="rating_in_range"),
        unique_when("uq_review_helpfulness_reason", "review_id", "criterion_key", where=None),
    )

    id: Mapped[str] = id_column()
    review_id: Mapped[str] = mapped_column(ForeignKey("review_review.id"))
    criterion_key: Mapped[str] = mapped_column(String(16))
    rating: Mapped[int] = mapped_column(doc="1 of no use, 2 of some use, 3 of use.")
    rated_at: Mapped[datetime]


class CreditEntry(Base):
    """Minutes that somebody gave, once per thing they gave them for."""

    __tablename__ = "review_credit_entry"
    __table_args__ = (
        one_of("kind", CreditKind, "kind"),
        CheckConstraint("minutes > 0", name="minutes_are_some"),
        unique_when("uq_review_credit_entry_subject", "kind", "subject_id", where=None),
        Index("ix_review_credit_entry_person_id", "person_id", "earned_at"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    kind: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[str] = mapped_column(String(26), doc="The assignment, or the moderation.")
    minutes: Mapped[int]
    earned_at: Mapped[datetime]


class Certificate(Base):
    """A statement of hours that anybody can check by its code; it never changes."""

    __tablename__ = "review_certificate"
    __table_args__ = (
        CheckConstraint("from_date <= until_date", name="ends_after_it_begins"),
        Index("ix_review_certificate_person_id", "person_id"),
    )

    id: Mapped[str] = id_column()
    code: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    from_date: Mapped[date]
    until_date: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(doc="Name, issuer, entries and sum as printed.")
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class LadderStep(Base):
    """One rung that somebody stands on for one badge, with the figures behind it."""

    __tablename__ = "review_ladder_step"
    __table_args__ = (
        one_of("rung", Rung, "rung"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name="an_end_has_somebody_behind_it"
        ),
        unique_when(
            "uq_review_ladder_step_open", "person_id", "badge_id", where="ended_at IS NULL"
        ),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    rung: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    taken_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64), doc="A person's id, or a rule.")
    end_note: Mapped[str] = mapped_column(Text, default="")
