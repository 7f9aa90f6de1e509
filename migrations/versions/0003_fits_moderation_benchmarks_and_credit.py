"""Fits, moderation, benchmarks, calibration, recognition and studies."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


SEATED = "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
KINDS_BEFORE = (
    ("review_round", "kind", ("initial", "adjudication", "fresh")),
    ("review_part", "part", ("learner", "checker", "reviewer", "committee")),
)
KINDS_NOW = (
    (
        "review_round",
        "kind",
        ("initial", "adjudication", "fresh", "calibration", "gold", "audit"),
    ),
    ("review_part", "part", ("learner", "checker", "moderator", "reviewer", "committee")),
)


def _allow(table: str, column: str, values: Sequence[str]) -> None:
    """Let a column hold these values and no others."""
    wanted = f"{column} IN ({', '.join(repr(one) for one in values)})"
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{column}"), wanted)


def upgrade() -> None:
    """Bring a database to this revision."""
    op.create_table(
        "review_certificate",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("until_date", sa.Date(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "from_date <= until_date", name=op.f("ck_review_certificate_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_certificate_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_review_certificate_code")),
    )
    with op.batch_alter_table("review_certificate", schema=None) as batch_op:
        batch_op.create_index("ix_review_certificate_person_id", ["person_id"], unique=False)

    op.create_table(
        "review_credit_entry",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('review', 'calibration', 'audit', 'moderation')",
            name=op.f("ck_review_credit_entry_kind"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_review_credit_entry_minutes_are_some")),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_credit_entry_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_credit_entry_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_credit_entry")),
    )
    with op.batch_alter_table("review_credit_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_credit_entry_person_id", ["person_id", "earned_at"], unique=False
        )
        batch_op.create_index("uq_review_credit_entry_subject", ["kind", "subject_id"], unique=True)

    op.create_table(
        "review_family_fit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("family", sa.String(length=64), nullable=False),
        sa.Column("model_version", sa.String(length=32), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("iterations", sa.Integer(), nullable=False),
        sa.Column("is_converged", sa.Boolean(), nullable=False),
        sa.Column(
            "hyper", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "reviewers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("sources", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_family_fit_badge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_family_fit")),
    )
    with op.batch_alter_table("review_family_fit", schema=None) as batch_op:
        batch_op.create_index("ix_review_family_fit_family", ["family", "fitted_at"], unique=False)

    op.create_table(
        "review_ladder_step",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("rung", sa.String(length=8), nullable=False),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("end_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "rung IN ('note', 'gold', 'pause', 'talk')", name=op.f("ck_review_ladder_step_rung")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_review_ladder_step_an_end_has_somebody_behind_it"),
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_ladder_step_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_ladder_step_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_ladder_step")),
    )
    with op.batch_alter_table("review_ladder_step", schema=None) as batch_op:
        batch_op.create_index(
            "uq_review_ladder_step_open",
            ["person_id", "badge_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "review_standard_study",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "portfolios", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.String(length=26), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=26), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR (closed_at IS NOT NULL AND closed_by IS NOT NULL AND result IS NOT NULL)",
            name=op.f("ck_review_standard_study_closed_has_time_somebody_and_result"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closed', 'withdrawn')", name=op.f("ck_review_standard_study_state")
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_standard_study_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["accounts_person.id"], name=op.f("fk_review_standard_study_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["credentials_edition.id"],
            name=op.f("fk_review_standard_study_edition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["accounts_person.id"], name=op.f("fk_review_standard_study_opened_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_standard_study")),
    )
    with op.batch_alter_table("review_standard_study", schema=None) as batch_op:
        batch_op.create_index(
            "uq_review_standard_study_number", ["badge_id", "number"], unique=True
        )
        batch_op.create_index(
            "uq_review_standard_study_open",
            ["badge_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "review_benchmark",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column(
            "levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("set_by", sa.String(length=26), nullable=True),
        sa.Column("deidentified_by", sa.String(length=26), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'active' OR (consented_at IS NOT NULL AND activated_at IS NOT NULL AND set_by IS NOT NULL AND deidentified_by IS NOT NULL)",
            name=op.f("ck_review_benchmark_active_has_consent_levels_and_a_look_for_names"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'consented', 'active', 'declined', 'retired')",
            name=op.f("ck_review_benchmark_state"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["accounts_person.id"], name=op.f("fk_review_benchmark_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_benchmark_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["deidentified_by"],
            ["accounts_person.id"],
            name=op.f("fk_review_benchmark_deidentified_by"),
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["accounts_person.id"], name=op.f("fk_review_benchmark_set_by")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_benchmark_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_benchmark")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_review_benchmark_submission_id")),
    )
    with op.batch_alter_table("review_benchmark", schema=None) as batch_op:
        batch_op.create_index("ix_review_benchmark_badge_id", ["badge_id", "state"], unique=False)

    op.create_table(
        "review_standard_rating",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("study_id", sa.String(length=26), nullable=False),
        sa.Column("panellist_id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("category", sa.Integer(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "category BETWEEN 1 AND 3", name=op.f("ck_review_standard_rating_category_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["panellist_id"],
            ["accounts_person.id"],
            name=op.f("fk_review_standard_rating_panellist_id"),
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["review_standard_study.id"],
            name=op.f("fk_review_standard_rating_study_id"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_standard_rating_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_standard_rating")),
    )
    with op.batch_alter_table("review_standard_rating", schema=None) as batch_op:
        batch_op.create_index(
            "uq_review_standard_rating_pair",
            ["study_id", "panellist_id", "submission_id"],
            unique=True,
        )

    op.create_table(
        "review_calibration_result",
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("benchmark_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_gold", sa.Boolean(), nullable=False),
        sa.Column("criteria", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("gating_misses", sa.Integer(), nullable=False),
        sa.Column(
            "differences", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "agreed BETWEEN 0 AND criteria",
            name=op.f("ck_review_calibration_result_agreed_among_criteria"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["review_assignment.id"],
            name=op.f("fk_review_calibration_result_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"],
            ["credentials_badge.id"],
            name=op.f("fk_review_calibration_result_badge_id"),
        ),
        sa.ForeignKeyConstraint(
            ["benchmark_id"],
            ["review_benchmark.id"],
            name=op.f("fk_review_calibration_result_benchmark_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_person.id"],
            name=op.f("fk_review_calibration_result_person_id"),
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_review_calibration_result")),
    )
    with op.batch_alter_table("review_calibration_result", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_calibration_result_benchmark_id", ["benchmark_id"], unique=False
        )
        batch_op.create_index(
            "uq_review_calibration_result_number", ["person_id", "badge_id", "number"], unique=True
        )

    op.create_table(
        "review_decision_audit",
        sa.Column("decision_id", sa.String(length=26), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=True),
        sa.Column("verdict", sa.String(length=24), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapse_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "ended_at IS NULL OR assignment_id IS NOT NULL OR lapse_reason <> ''",
            name=op.f("ck_review_decision_audit_an_end_has_a_reading_or_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["review_assignment.id"],
            name=op.f("fk_review_decision_audit_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["review_decision.id"],
            name=op.f("fk_review_decision_audit_decision_id"),
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_review_decision_audit")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_review_decision_audit_assignment_id")),
    )
    with op.batch_alter_table("review_decision_audit", schema=None) as batch_op:
        batch_op.create_index("ix_review_decision_audit_ended_at", ["ended_at"], unique=False)

    op.create_table(
        "review_helpfulness",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("review_id", sa.String(length=26), nullable=False),
        sa.Column("criterion_key", sa.String(length=16), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rating BETWEEN 1 AND 3", name=op.f("ck_review_helpfulness_rating_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review_review.id"], name=op.f("fk_review_helpfulness_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_helpfulness")),
    )
    with op.batch_alter_table("review_helpfulness", schema=None) as batch_op:
        batch_op.create_index(
            "uq_review_helpfulness_reason", ["review_id", "criterion_key"], unique=True
        )

    op.create_table(
        "review_moderation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("review_id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_by", sa.String(length=26), nullable=True),
        sa.Column(
            "return_reasons",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("return_note", sa.Text(), nullable=False),
        sa.Column("returned_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "returned_content",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_by", sa.String(length=64), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('first_reviews', 'sample')", name=op.f("ck_review_moderation_reason")
        ),
        sa.CheckConstraint(
            "state <> 'passed' OR (passed_at IS NOT NULL AND passed_by IS NOT NULL)",
            name=op.f("ck_review_moderation_a_pass_has_time_and_somebody_behind_it"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR (returned_at IS NOT NULL AND returned_by IS NOT NULL)",
            name=op.f("ck_review_moderation_a_return_has_time_and_somebody_behind_it"),
        ),
        sa.CheckConstraint(
            "(returned_at IS NULL) = (returned_digest = '')",
            name=op.f("ck_review_moderation_a_return_keeps_what_was_sealed"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'returned', 'passed')", name=op.f("ck_review_moderation_state")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"], ["accounts_person.id"], name=op.f("fk_review_moderation_returned_by")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review_review.id"], name=op.f("fk_review_moderation_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_review_moderation_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_moderation")),
        sa.UniqueConstraint("review_id", name=op.f("uq_review_moderation_review_id")),
    )
    with op.batch_alter_table("review_moderation", schema=None) as batch_op:
        batch_op.create_index("ix_review_moderation_round_id", ["round_id"], unique=False)
        batch_op.create_index("ix_review_moderation_state", ["state", "due_at"], unique=False)

    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_counted", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
        batch_op.drop_index("uq_review_assignment_reviewer")
        batch_op.create_index(
            "uq_review_assignment_reviewer",
            ["submission_id", "reviewer_id"],
            unique=True,
            sqlite_where=sa.text(f"{SEATED} AND is_counted"),
            postgresql_where=sa.text(f"{SEATED} AND is_counted"),
        )

    for table, name, values in KINDS_NOW:
        _allow(table, name, values)

    with op.batch_alter_table("review_qualification", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_held", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("calibrated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("calibrated_until", sa.DateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    """Bring a database back to the revision before."""
    for table, name, values in KINDS_BEFORE:
        _allow(table, name, values)

    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.drop_index("uq_review_assignment_reviewer")
        batch_op.create_index(
            "uq_review_assignment_reviewer",
            ["submission_id", "reviewer_id"],
            unique=True,
            sqlite_where=sa.text(SEATED),
            postgresql_where=sa.text(SEATED),
        )

    with op.batch_alter_table("review_qualification", schema=None) as batch_op:
        batch_op.drop_column("calibrated_until")
        batch_op.drop_column("calibrated_at")
        batch_op.drop_column("is_held")

    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.drop_column("is_counted")

    with op.batch_alter_table("review_moderation", schema=None) as batch_op:
        batch_op.drop_index("ix_review_moderation_state")
        batch_op.drop_index("ix_review_moderation_round_id")

    op.drop_table("review_moderation")
    with op.batch_alter_table("review_helpfulness", schema=None) as batch_op:
        batch_op.drop_index("uq_review_helpfulness_reason")

    op.drop_table("review_helpfulness")
    with op.batch_alter_table("review_decision_audit", schema=None) as batch_op:
        batch_op.drop_index("ix_review_decision_audit_ended_at")

    op.drop_table("review_decision_audit")
    with op.batch_alter_table("review_calibration_result", schema=None) as batch_op:
        batch_op.drop_index("uq_review_calibration_result_number")
        batch_op.drop_index("ix_review_calibration_result_benchmark_id")

    op.drop_table("review_calibration_result")
    with op.batch_alter_table("review_standard_rating", schema=None) as batch_op:
        batch_op.drop_index("uq_review_standard_rating_pair")

    op.drop_table("review_standard_rating")
    with op.batch_alter_table("review_benchmark", schema=None) as batch_op:
        batch_op.drop_index("ix_review_benchmark_badge_id")

    op.drop_table("review_benchmark")
    with op.batch_alter_table("review_standard_study", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_standard_study_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("uq_review_standard_study_number")

    op.drop_table("review_standard_study")
    with op.batch_alter_table("review_ladder_step", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_ladder_step_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("review_ladder_step")
    with op.batch_alter_table("review_family_fit", schema=None) as batch_op:
        batch_op.drop_index("ix_review_family_fit_family")

    op.drop_table("review_family_fit")
    with op.batch_alter_table("review_credit_entry", schema=None) as batch_op:
        batch_op.drop_index("uq_review_credit_entry_subject")
        batch_op.drop_index("ix_review_credit_entry_person_id")

    op.drop_table("review_credit_entry")
    with op.batch_alter_table("review_certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_review_certificate_person_id")

    op.drop_table("review_certificate")
