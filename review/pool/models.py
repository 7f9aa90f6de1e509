"""Reviewers: what they may judge, how much they take on, whom they must not judge."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from review.pool.states import (
    ApplicationState,
    BenchmarkState,
    ConflictKind,
    Part,
    QualificationSource,
    QualificationState,
)

YEARLY = 12


class ReviewerProfile(Base):
    """A volunteer's own limits; `max_open` is the number of reviews under way at once."""

    __tablename__ = "review_reviewer_profile"

    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"), primary_key=True)
    is_available: Mapped[bool] = mapped_column(default=True)
    paused_until: Mapped[datetime | None]
    max_open: Mapped[int] = mapped_column(default=2)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    sectors: Mapped[list[Any]] = mapped_column(default=list)
    topics: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    per_year: Mapped[int] = mapped_column(
        default=YEARLY, server_default=str(YEARLY), doc="Reviews a year they wish to give at most."
    )
    joined_at: Mapped[datetime]


class Qualification(Base):
    """The right of a person to review one badge until a date."""

    __tablename__ = "review_qualification"
    __table_args__ = (
        one_of("state", QualificationState, "state"),
        one_of("source", QualificationSource, "source"),
        CheckConstraint(
            "source <> 'granted' OR granted_by IS NOT NULL", name="a_grant_has_somebody_behind_it"
        ),
        unique_when("uq_review_qualification_pair", "person_id", "badge_id", where=None),
        Index("ix_review_qualification_badge_id", "badge_id", "state"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    state: Mapped[str] = mapped_column(String(16), default=QualificationState.QUALIFIED.value)
    source: Mapped[str] = mapped_column(String(16))
    granted_by: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    is_held: Mapped[bool] = mapped_column(
        default=False,
        server_default=false(),
        doc="Whether the programme lets it rest, so that its holder cannot take it up alone.",
    )
    calibrated_at: Mapped[datetime | None]
    calibrated_until: Mapped[datetime | None] = mapped_column(
        doc="Until when a passed calibration holds; nothing was passed yet when it is empty."
    )


class Benchmark(Base):
    """A consented, de-identified work with the committee's levels: a measure for reviewers.

    `levels` and `reasons` are by criterion key. It measures from `activated_at` on.
    """

    __tablename__ = "review_benchmark"
    __table_args__ = (
        one_of("state", BenchmarkState, "state"),
        CheckConstraint(
            "state <> 'active' OR (consented_at IS NOT NULL AND activated_at IS NOT NULL"
            " AND set_by IS NOT NULL AND deidentified_by IS NOT NULL)",
            name="active_has_consent_levels_and_a_look_for_names",
        ),
        Index("ix_review_benchmark_badge_id", "badge_id", "state"),
    )

    id: Mapped[str] = id_column()
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    submission_id: Mapped[str] = mapped_column(ForeignKey("portfolio_submission.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=BenchmarkState.ASKED.value)
    asked_by: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    asked_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]
    consent_text: Mapped[str] = mapped_column(Text, default="", doc="What was agreed to, verbatim.")
    levels: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    set_by: Mapped[str | None] = mapped_column(ForeignKey("accounts_person.id"))
    deidentified_by: Mapped[str | None] = mapped_column(ForeignKey("accounts_person.id"))
    activated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class DeclaredConflict(Base):
    """A tie between a person and another person or an organisation, with its dates.

    `other_key` is the folded address of somebody, who may have no account yet or ever.
    """

    __tablename__ = "review_conflict"
    __table_args__ = (
        one_of("kind", ConflictKind, "kind"),
        CheckConstraint(
            "(CASE WHEN other_person_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN other_key IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN organisation IS NULL THEN 0 ELSE 1 END) = 1",
            name="names_exactly_one_side",
        ),
        Index("ix_review_conflict_person_id", "person_id"),
        Index("ix_review_conflict_other_person_id", "other_person_id"),
        Index("ix_review_conflict_other_key", "other_key"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    other_person_id: Mapped[str | None] = mapped_column(ForeignKey("accounts_person.id"))
    other_key: Mapped[str | None] = mapped_column(String(254))
    organisation: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    is_derived: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class Holiday(Base):
    """Days on which a volunteer is not asked, both ends included."""

    __tablename__ = "review_holiday"
    __table_args__ = (
        CheckConstraint("from_date <= until_date", name="ends_after_it_begins"),
        Index("ix_review_holiday_person_id", "person_id", "until_date"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    from_date: Mapped[date]
    until_date: Mapped[date]


class Application(Base):
    """Somebody asks to review for a badge, with what they hold or did; a person answers."""

    __tablename__ = "review_application"
    __table_args__ = (
        one_of("state", ApplicationState, "state"),
        CheckConstraint(
            "state NOT IN ('qualified', 'declined')"
            " OR (answered_at IS NOT NULL AND answered_by IS NOT NULL)",
            name="an_answer_has_time_and_somebody_behind_it",
        ),
        unique_when("uq_review_application_open", "person_id", "badge_id", where="state = 'open'"),
        Index("ix_review_application_badge_id", "badge_id", "state"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    badge_id: Mapped[str] = mapped_column(ForeignKey("credentials_badge.id"))
    state: Mapped[str] = mapped_column(String(16), default=ApplicationState.OPEN.value)
    holdings: Mapped[str] = mapped_column(Text, doc="What they hold or did, in their own words.")
    applied_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[str] = mapped_column(Text, default="")


class MatterPart(Base):
    """The one part a person takes in a matter: a portfolio with all its attempts.

    The unique key keeps anybody from two parts in the same matter, whatever roles they hold.
    """

    __tablename__ = "review_part"
    __table_args__ = (
        one_of("part", Part, "part"),
        unique_when("uq_review_part_person", "portfolio_id", "person_id", where=None),
        Index("ix_review_part_person_id", "person_id"),
    )

    id: Mapped[str] = id_column()
    portfolio_id: Mapped[str] = mapped_column(ForeignKey("portfolio_portfolio.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    part: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
