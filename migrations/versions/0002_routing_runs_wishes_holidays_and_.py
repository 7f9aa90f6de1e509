"""Routing runs, wishes, holidays and applications."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring a database to this revision."""
    op.create_table(
        "review_holiday",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("until_date", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "from_date <= until_date", name=op.f("ck_review_holiday_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_holiday_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_holiday")),
    )
    with op.batch_alter_table("review_holiday", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_holiday_person_id", ["person_id", "until_date"], unique=False
        )

    op.create_table(
        "review_application",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("holdings", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'qualified', 'declined', 'withdrawn')",
            name=op.f("ck_review_application_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('qualified', 'declined') OR (answered_at IS NOT NULL AND answered_by IS NOT NULL)",
            name=op.f("ck_review_application_an_answer_has_time_and_somebody_behind_it"),
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_application_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_application_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_application")),
    )
    with op.batch_alter_table("review_application", schema=None) as batch_op:
        batch_op.create_index("ix_review_application_badge_id", ["badge_id", "state"], unique=False)
        batch_op.create_index(
            "uq_review_application_open",
            ["person_id", "badge_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "review_routing_run",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column(
            "summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("kind IN ('sweep', 'manual')", name=op.f("ck_review_routing_run_kind")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)",
            name=op.f("ck_review_routing_run_an_undoing_has_somebody_behind_it"),
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_routing_run_badge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_routing_run")),
    )
    with op.batch_alter_table("review_routing_run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_routing_run_badge_id", ["badge_id", "made_at"], unique=False
        )

    op.create_table(
        "review_routing_wish",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("reviewer_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('pin', 'forbid')", name=op.f("ck_review_routing_wish_kind")),
        sa.ForeignKeyConstraint(
            ["made_by"], ["accounts_person.id"], name=op.f("fk_review_routing_wish_made_by")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["accounts_person.id"], name=op.f("fk_review_routing_wish_reviewer_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_routing_wish_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_routing_wish")),
    )
    with op.batch_alter_table("review_routing_wish", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_routing_wish_submission_id", ["submission_id"], unique=False
        )
        batch_op.create_index(
            "uq_review_routing_wish_pair",
            ["submission_id", "reviewer_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ask_again_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("run_id", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("ended_run_id", sa.String(length=26), nullable=True))
        batch_op.create_index("ix_review_assignment_ended_run_id", ["ended_run_id"], unique=False)
        batch_op.create_index("ix_review_assignment_run_id", ["run_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_review_assignment_run_id"), "review_routing_run", ["run_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_review_assignment_ended_run_id"),
            "review_routing_run",
            ["ended_run_id"],
            ["id"],
        )

    with op.batch_alter_table("review_reviewer_profile", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "topics",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )
        batch_op.add_column(
            sa.Column("per_year", sa.Integer(), server_default="12", nullable=False)
        )

    with op.batch_alter_table("review_round", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("extra_seats", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Bring a database back to the revision before."""
    with op.batch_alter_table("review_round", schema=None) as batch_op:
        batch_op.drop_column("escalated_at")
        batch_op.drop_column("held_until")
        batch_op.drop_column("extra_seats")

    with op.batch_alter_table("review_reviewer_profile", schema=None) as batch_op:
        batch_op.drop_column("per_year")
        batch_op.drop_column("topics")

    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_review_assignment_ended_run_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_review_assignment_run_id"), type_="foreignkey")
        batch_op.drop_index("ix_review_assignment_run_id")
        batch_op.drop_index("ix_review_assignment_ended_run_id")
        batch_op.drop_column("ended_run_id")
        batch_op.drop_column("run_id")
        batch_op.drop_column("ask_again_at")

    with op.batch_alter_table("review_routing_wish", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_routing_wish_pair",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_review_routing_wish_submission_id")

    op.drop_table("review_routing_wish")
    with op.batch_alter_table("review_routing_run", schema=None) as batch_op:
        batch_op.drop_index("ix_review_routing_run_badge_id")

    op.drop_table("review_routing_run")
    with op.batch_alter_table("review_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_application_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_review_application_badge_id")

    op.drop_table("review_application")
    with op.batch_alter_table("review_holiday", schema=None) as batch_op:
        batch_op.drop_index("ix_review_holiday_person_id")

    op.drop_table("review_holiday")
