"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring a database to this revision."""
    op.create_table(
        "accounts_joining",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_joining")),
    )
    with op.batch_alter_table("accounts_joining", schema=None) as batch_op:
        batch_op.create_index("ix_accounts_joining_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "accounts_person",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("sector", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_person")),
    )
    op.create_table(
        "accounts_throttle",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window", name=op.f("pk_accounts_throttle")),
    )
    op.create_table(
        "core_audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=True),
        sa.Column("rule", sa.String(length=64), nullable=True),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("subject_kind", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=128), nullable=False),
        sa.Column("before_digest", sa.String(length=64), nullable=True),
        sa.Column("after_digest", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(actor_id IS NULL) <> (rule IS NULL)",
            name=op.f("ck_core_audit_event_somebody_or_a_rule_did_it"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_core_audit_event")),
        sa.UniqueConstraint("id", name=op.f("uq_core_audit_event_id")),
    )
    with op.batch_alter_table("core_audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_core_audit_event_actor_id", ["actor_id"], unique=False)
        batch_op.create_index(
            "ix_core_audit_event_subject", ["subject_kind", "subject_id"], unique=False
        )

    op.create_table(
        "core_audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_core_audit_head_there_is_one_chain")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_audit_head")),
    )
    op.create_table(
        "core_mail",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_core_mail_message_id")),
    )
    with op.batch_alter_table("core_mail", schema=None) as batch_op:
        batch_op.create_index("ix_core_mail_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_core_mail_to_address", ["to_address"], unique=False)

    op.create_table(
        "core_worker",
        sa.Column("worker_id", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_core_worker")),
    )
    op.create_table(
        "credentials_issuer",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_issuer")),
        sa.UniqueConstraint("slug", name=op.f("uq_credentials_issuer_slug")),
    )
    op.create_table(
        "portfolio_blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("preview_state", sa.String(length=16), nullable=False),
        sa.Column("preview_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "preview_state IN ('pending', 'ready', 'failed', 'none')",
            name=op.f("ck_portfolio_blob_preview_state"),
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_portfolio_blob")),
    )
    op.create_table(
        "accounts_email",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("identity_key", sa.String(length=254), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_email_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_email")),
    )
    with op.batch_alter_table("accounts_email", schema=None) as batch_op:
        batch_op.create_index("ix_accounts_email_address", ["address"], unique=True)
        batch_op.create_index("ix_accounts_email_person_id", ["person_id"], unique=False)
        batch_op.create_index(
            "uq_accounts_email_identity",
            ["identity_key"],
            unique=True,
            sqlite_where=sa.text("verified_at IS NOT NULL"),
            postgresql_where=sa.text("verified_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_accounts_email_primary",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("is_primary"),
            postgresql_where=sa.text("is_primary"),
        )

    op.create_table(
        "accounts_employment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=True),
        sa.Column("until_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_employment_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_employment")),
    )
    with op.batch_alter_table("accounts_employment", schema=None) as batch_op:
        batch_op.create_index("ix_accounts_employment_person_id", ["person_id"], unique=False)

    op.create_table(
        "accounts_notice",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_notice_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_notice")),
    )
    with op.batch_alter_table("accounts_notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_accounts_notice_person_id", ["person_id", "created_at"], unique=False
        )

    op.create_table(
        "accounts_role_grant",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("granted_by", sa.String(length=64), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "role IN ('moderator', 'committee', 'programme_manager', 'issuer_admin', 'auditor')",
            name=op.f("ck_accounts_role_grant_role"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)",
            name=op.f("ck_accounts_role_grant_an_end_has_somebody_who_ended_it"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_role_grant_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_role_grant")),
    )
    with op.batch_alter_table("accounts_role_grant", schema=None) as batch_op:
        batch_op.create_index(
            "uq_accounts_role_grant_live",
            ["person_id", "role", "scope"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "accounts_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_session")),
    )
    with op.batch_alter_table("accounts_session", schema=None) as batch_op:
        batch_op.create_index("ix_accounts_session_person_id", ["person_id"], unique=False)

    op.create_table(
        "accounts_token",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('verify_email', 'reset_password')", name=op.f("ck_accounts_token_kind")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_accounts_token_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_token")),
    )
    with op.batch_alter_table("accounts_token", schema=None) as batch_op:
        batch_op.create_index("ix_accounts_token_person_id", ["person_id"], unique=False)

    op.create_table(
        "credentials_badge",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("issuer_id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["credentials_issuer.id"], name=op.f("fk_credentials_badge_issuer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_badge")),
        sa.UniqueConstraint("slug", name=op.f("uq_credentials_badge_slug")),
    )
    op.create_table(
        "credentials_signing_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("issuer_id", sa.String(length=26), nullable=False),
        sa.Column("public_multibase", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compromised_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["credentials_issuer.id"],
            name=op.f("fk_credentials_signing_key_issuer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_signing_key")),
        sa.UniqueConstraint(
            "public_multibase", name=op.f("uq_credentials_signing_key_public_multibase")
        ),
    )
    with op.batch_alter_table("credentials_signing_key", schema=None) as batch_op:
        batch_op.create_index(
            "uq_credentials_signing_key_current",
            ["issuer_id"],
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.create_table(
        "credentials_status_list",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("issuer_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issuer_id"],
            ["credentials_issuer.id"],
            name=op.f("fk_credentials_status_list_issuer_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_status_list")),
    )
    with op.batch_alter_table("credentials_status_list", schema=None) as batch_op:
        batch_op.create_index(
            "ix_credentials_status_list_issuer_id", ["issuer_id", "purpose"], unique=False
        )

    op.create_table(
        "portfolio_rendition",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column(
            "facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.CheckConstraint(
            "kind IN ('page', 'image', 'text', 'blocks', 'table', 'copy')",
            name=op.f("ck_portfolio_rendition_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["source_sha256"],
            ["portfolio_blob.sha256"],
            name=op.f("fk_portfolio_rendition_source_sha256"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_rendition")),
    )
    with op.batch_alter_table("portfolio_rendition", schema=None) as batch_op:
        batch_op.create_index(
            "ix_portfolio_rendition_source", ["source_sha256", "position"], unique=False
        )

    op.create_table(
        "review_conflict",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("other_person_id", sa.String(length=26), nullable=True),
        sa.Column("other_key", sa.String(length=254), nullable=True),
        sa.Column("organisation", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("is_derived", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('employer', 'line', 'family', 'mentor', 'attester', 'collaborator', 'recognised', 'other')",
            name=op.f("ck_review_conflict_kind"),
        ),
        sa.CheckConstraint(
            "(CASE WHEN other_person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN other_key IS NULL THEN 0 ELSE 1 END) + (CASE WHEN organisation IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_review_conflict_names_exactly_one_side"),
        ),
        sa.ForeignKeyConstraint(
            ["other_person_id"],
            ["accounts_person.id"],
            name=op.f("fk_review_conflict_other_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_conflict_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_conflict")),
    )
    with op.batch_alter_table("review_conflict", schema=None) as batch_op:
        batch_op.create_index("ix_review_conflict_other_key", ["other_key"], unique=False)
        batch_op.create_index(
            "ix_review_conflict_other_person_id", ["other_person_id"], unique=False
        )
        batch_op.create_index("ix_review_conflict_person_id", ["person_id"], unique=False)

    op.create_table(
        "review_reviewer_profile",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_open", sa.Integer(), nullable=False),
        sa.Column(
            "languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "sectors", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_reviewer_profile_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_review_reviewer_profile")),
    )
    op.create_table(
        "credentials_edition",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=64), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state = 'draft' OR (published_at IS NOT NULL AND published_by IS NOT NULL)",
            name=op.f("ck_credentials_edition_published_has_who_and_when"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'retired')", name=op.f("ck_credentials_edition_state")
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_credentials_edition_badge_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_edition")),
    )
    with op.batch_alter_table("credentials_edition", schema=None) as batch_op:
        batch_op.create_index(
            "uq_credentials_edition_open",
            ["badge_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.create_index(
            "uq_credentials_edition_version", ["badge_id", "version"], unique=True
        )

    op.create_table(
        "review_qualification",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("granted_by", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "source <> 'granted' OR granted_by IS NOT NULL",
            name=op.f("ck_review_qualification_a_grant_has_somebody_behind_it"),
        ),
        sa.CheckConstraint(
            "source IN ('badge_holder', 'granted')", name=op.f("ck_review_qualification_source")
        ),
        sa.CheckConstraint(
            "state IN ('qualified', 'resting', 'suspended', 'lapsed')",
            name=op.f("ck_review_qualification_state"),
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_review_qualification_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_qualification_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_qualification")),
    )
    with op.batch_alter_table("review_qualification", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_qualification_badge_id", ["badge_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_review_qualification_pair", ["person_id", "badge_id"], unique=True
        )

    op.create_table(
        "credentials_award",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("decision_ref", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "levels", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("has_distinction", sa.Boolean(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visibility", sa.String(length=16), nullable=True),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'issued', 'suspended', 'revoked', 'declined')",
            name=op.f("ck_credentials_award_state"),
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'declined', 'suspended', 'revoked') OR (accepted_at IS NOT NULL AND visibility IS NOT NULL)",
            name=op.f("ck_credentials_award_accepted_has_time_and_visibility"),
        ),
        sa.CheckConstraint(
            "visibility IS NULL OR visibility IN ('public', 'unlisted')",
            name=op.f("ck_credentials_award_visibility"),
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["credentials_edition.id"], name=op.f("fk_credentials_award_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["accounts_person.id"], name=op.f("fk_credentials_award_learner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_award")),
        sa.UniqueConstraint("decision_ref", name=op.f("uq_credentials_award_decision_ref")),
    )
    with op.batch_alter_table("credentials_award", schema=None) as batch_op:
        batch_op.create_index(
            "ix_credentials_award_edition_id", ["edition_id", "state"], unique=False
        )
        batch_op.create_index("ix_credentials_award_learner_id", ["learner_id"], unique=False)
        batch_op.create_index(
            "uq_credentials_award_active",
            ["learner_id", "edition_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'accepted', 'issued', 'suspended')"),
            postgresql_where=sa.text("state IN ('offered', 'accepted', 'issued', 'suspended')"),
        )

    op.create_table(
        "portfolio_portfolio",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=120), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column(
            "disclosures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "statements", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_portfolio_portfolio_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["credentials_edition.id"],
            name=op.f("fk_portfolio_portfolio_edition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["accounts_person.id"], name=op.f("fk_portfolio_portfolio_learner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_portfolio")),
    )
    with op.batch_alter_table("portfolio_portfolio", schema=None) as batch_op:
        batch_op.create_index("ix_portfolio_portfolio_edition_id", ["edition_id"], unique=False)
        batch_op.create_index(
            "uq_portfolio_portfolio_learner", ["learner_id", "badge_id"], unique=True
        )

    op.create_table(
        "credentials_credential",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("award_id", sa.String(length=26), nullable=False),
        sa.Column("key_id", sa.String(length=26), nullable=False),
        sa.Column("status_list_id", sa.String(length=26), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["award_id"], ["credentials_award.id"], name=op.f("fk_credentials_credential_award_id")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["credentials_signing_key.id"],
            name=op.f("fk_credentials_credential_key_id"),
        ),
        sa.ForeignKeyConstraint(
            ["status_list_id"],
            ["credentials_status_list.id"],
            name=op.f("fk_credentials_credential_status_list_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_credential")),
    )
    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.create_index(
            "uq_credentials_credential_award",
            ["award_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.create_index(
            "uq_credentials_credential_index", ["status_list_id", "status_index"], unique=True
        )

    op.create_table(
        "credentials_evidence_consent",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("award_id", sa.String(length=26), nullable=False),
        sa.Column("evidence_ref", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["award_id"],
            ["credentials_award.id"],
            name=op.f("fk_credentials_evidence_consent_award_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credentials_evidence_consent")),
    )
    with op.batch_alter_table("credentials_evidence_consent", schema=None) as batch_op:
        batch_op.create_index(
            "ix_credentials_evidence_consent_award_id", ["award_id"], unique=False
        )

    op.create_table(
        "portfolio_attestation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("portfolio_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("relation", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "confirmed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'received', 'declined', 'withdrawn')",
            name=op.f("ck_portfolio_attestation_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('received', 'declined') OR answered_at IS NOT NULL",
            name=op.f("ck_portfolio_attestation_an_answer_has_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio_portfolio.id"],
            name=op.f("fk_portfolio_attestation_portfolio_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_attestation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_portfolio_attestation_token_hash")),
    )
    with op.batch_alter_table("portfolio_attestation", schema=None) as batch_op:
        batch_op.create_index(
            "uq_portfolio_attestation_live",
            ["portfolio_id", "address"],
            unique=True,
            sqlite_where=sa.text("state IN ('requested', 'received')"),
            postgresql_where=sa.text("state IN ('requested', 'received')"),
        )

    op.create_table(
        "portfolio_evidence_item",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("portfolio_id", sa.String(length=26), nullable=False),
        sa.Column("requirement_key", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("date_of_work", sa.Date(), nullable=True),
        sa.Column("own_contribution", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio_portfolio.id"],
            name=op.f("fk_portfolio_evidence_item_portfolio_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["portfolio_blob.sha256"], name=op.f("fk_portfolio_evidence_item_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_evidence_item")),
    )
    with op.batch_alter_table("portfolio_evidence_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_portfolio_evidence_item_portfolio_id", ["portfolio_id", "position"], unique=False
        )
        batch_op.create_index("ix_portfolio_evidence_item_sha256", ["sha256"], unique=False)

    op.create_table(
        "portfolio_reflection",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("portfolio_id", sa.String(length=26), nullable=False),
        sa.Column("prompt_key", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio_portfolio.id"],
            name=op.f("fk_portfolio_reflection_portfolio_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_reflection")),
    )
    with op.batch_alter_table("portfolio_reflection", schema=None) as batch_op:
        batch_op.create_index(
            "uq_portfolio_reflection_key", ["portfolio_id", "prompt_key"], unique=True
        )

    op.create_table(
        "portfolio_revision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("portfolio_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio_portfolio.id"],
            name=op.f("fk_portfolio_revision_portfolio_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_revision")),
    )
    with op.batch_alter_table("portfolio_revision", schema=None) as batch_op:
        batch_op.create_index(
            "ix_portfolio_revision_portfolio_id", ["portfolio_id", "saved_at"], unique=False
        )

    op.create_table(
        "portfolio_submission",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("portfolio_id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("badge_id", sa.String(length=26), nullable=False),
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("supersedes_id", sa.String(length=26), nullable=True),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_at IS NOT NULL",
            name=op.f("ck_portfolio_submission_withdrawn_has_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('submitted', 'intake', 'returned_incomplete', 'awaiting_reviewers', 'under_review', 'in_adjudication', 'in_committee', 'decided', 'released', 'closed', 'withdrawn', 'on_hold')",
            name=op.f("ck_portfolio_submission_state"),
        ),
        sa.ForeignKeyConstraint(
            ["badge_id"], ["credentials_badge.id"], name=op.f("fk_portfolio_submission_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["credentials_edition.id"],
            name=op.f("fk_portfolio_submission_edition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["accounts_person.id"], name=op.f("fk_portfolio_submission_learner_id")
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio_portfolio.id"],
            name=op.f("fk_portfolio_submission_portfolio_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_portfolio_submission_supersedes_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_submission")),
    )
    with op.batch_alter_table("portfolio_submission", schema=None) as batch_op:
        batch_op.create_index(
            "ix_portfolio_submission_edition_id", ["edition_id", "state"], unique=False
        )
        batch_op.create_index("ix_portfolio_submission_learner_id", ["learner_id"], unique=False)
        batch_op.create_index(
            "ix_portfolio_submission_state", ["state", "state_since"], unique=False
        )
        batch_op.create_index(
            "uq_portfolio_submission_attempt", ["portfolio_id", "attempt"], unique=True
        )
        batch_op.create_index(
            "uq_portfolio_submission_open",
            ["learner_id", "badge_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('awaiting_reviewers', 'decided', 'in_adjudication', 'in_committee', 'intake', 'on_hold', 'submitted', 'under_review')"
            ),
            postgresql_where=sa.text(
                "state IN ('awaiting_reviewers', 'decided', 'in_adjudication', 'in_committee', 'intake', 'on_hold', 'submitted', 'under_review')"
            ),
        )

    op.create_table(
        "review_part",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("portfolio_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "part IN ('learner', 'checker', 'reviewer', 'committee')",
            name=op.f("ck_review_part_part"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_review_part_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"], ["portfolio_portfolio.id"], name=op.f("fk_review_part_portfolio_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_part")),
    )
    with op.batch_alter_table("review_part", schema=None) as batch_op:
        batch_op.create_index("ix_review_part_person_id", ["person_id"], unique=False)
        batch_op.create_index("uq_review_part_person", ["portfolio_id", "person_id"], unique=True)

    op.create_table(
        "portfolio_claim",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("portfolio_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("criterion_key", sa.String(length=16), nullable=False),
        sa.Column("locator", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["portfolio_evidence_item.id"], name=op.f("fk_portfolio_claim_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio_portfolio.id"],
            name=op.f("fk_portfolio_claim_portfolio_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_claim")),
    )
    with op.batch_alter_table("portfolio_claim", schema=None) as batch_op:
        batch_op.create_index("ix_portfolio_claim_portfolio_id", ["portfolio_id"], unique=False)
        batch_op.create_index("uq_portfolio_claim_pair", ["item_id", "criterion_key"], unique=True)

    op.create_table(
        "portfolio_sealed_item",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["portfolio_evidence_item.id"],
            name=op.f("fk_portfolio_sealed_item_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["portfolio_blob.sha256"], name=op.f("fk_portfolio_sealed_item_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_portfolio_sealed_item_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_sealed_item")),
    )
    with op.batch_alter_table("portfolio_sealed_item", schema=None) as batch_op:
        batch_op.create_index("ix_portfolio_sealed_item_sha256", ["sha256"], unique=False)
        batch_op.create_index(
            "uq_portfolio_sealed_item_position", ["submission_id", "position"], unique=True
        )

    op.create_table(
        "portfolio_sealed_text",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("prompt_key", sa.String(length=16), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("renderer", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_portfolio_sealed_text_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_sealed_text")),
    )
    with op.batch_alter_table("portfolio_sealed_text", schema=None) as batch_op:
        batch_op.create_index(
            "uq_portfolio_sealed_text_key", ["submission_id", "prompt_key"], unique=True
        )

    op.create_table(
        "review_intake_check",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column(
            "findings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.String(length=64), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('passed', 'returned', 'needs_a_person')",
            name=op.f("ck_review_intake_check_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_intake_check_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_intake_check")),
    )
    with op.batch_alter_table("review_intake_check", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_intake_check_submission_id", ["submission_id", "checked_at"], unique=False
        )

    op.create_table(
        "review_round",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('initial', 'adjudication', 'fresh')", name=op.f("ck_review_round_kind")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_round_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
    )
    with op.batch_alter_table("review_round", schema=None) as batch_op:
        batch_op.create_index("ix_review_round_closed_at", ["closed_at"], unique=False)
        batch_op.create_index("uq_review_round_number", ["submission_id", "number"], unique=True)
        batch_op.create_index(
            "uq_review_round_open",
            ["submission_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "review_assignment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("reviewer_id", sa.String(length=26), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "explanation", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decline_reason", sa.String(length=24), nullable=True),
        sa.Column("decline_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'declined' OR (decline_reason IS NOT NULL AND ended_at IS NOT NULL)",
            name=op.f("ck_review_assignment_a_decline_has_reason_and_time"),
        ),
        sa.CheckConstraint(
            "state IN ('invited', 'accepted', 'in_progress', 'sealed', 'closed', 'declined', 'lapsed', 'recused', 'reassigned', 'withdrawn', 'voided')",
            name=op.f("ck_review_assignment_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'in_progress', 'sealed', 'closed') OR (accepted_at IS NOT NULL AND due_at IS NOT NULL)",
            name=op.f("ck_review_assignment_accepted_has_time_and_due_date"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["accounts_person.id"], name=op.f("fk_review_assignment_reviewer_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_review_assignment_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_assignment_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assignment")),
    )
    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_assignment_answer_by", ["state", "answer_by"], unique=False
        )
        batch_op.create_index(
            "ix_review_assignment_reviewer_id", ["reviewer_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_review_assignment_submission_id", ["submission_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_review_assignment_reviewer",
            ["submission_id", "reviewer_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
            postgresql_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
        )
        batch_op.create_index(
            "uq_review_assignment_seat",
            ["round_id", "seat"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
            postgresql_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
        )

    op.create_table(
        "review_decision",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("round_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("rule_version", sa.String(length=32), nullable=False),
        sa.Column(
            "inputs", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("inputs_digest", sa.String(length=64), nullable=False),
        sa.Column(
            "result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supersedes_id", sa.String(length=26), nullable=True),
        sa.CheckConstraint(
            "basis IN ('aggregation', 'determination')", name=op.f("ck_review_decision_basis")
        ),
        sa.CheckConstraint(
            "outcome IN ('granted', 'not_yet')", name=op.f("ck_review_decision_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_review_decision_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_decision_submission_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["review_decision.id"], name=op.f("fk_review_decision_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_decision")),
    )
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.create_index("uq_review_decision_number", ["submission_id", "number"], unique=True)
        batch_op.create_index(
            "uq_review_decision_round",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("basis = 'aggregation'"),
            postgresql_where=sa.text("basis = 'aggregation'"),
        )
        batch_op.create_index("uq_review_decision_supersedes", ["supersedes_id"], unique=True)

    op.create_table(
        "review_reconsideration",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("submission_id", sa.String(length=26), nullable=False),
        sa.Column("decision_id", sa.String(length=26), nullable=False),
        sa.Column("learner_id", sa.String(length=26), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("criteria", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("determined_by", sa.String(length=26), nullable=True),
        sa.Column("determined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('lodged', 'upheld', 'fresh_review', 'withdrawn')",
            name=op.f("ck_review_reconsideration_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('upheld', 'fresh_review') OR (determined_by IS NOT NULL AND determined_at IS NOT NULL AND reasons <> '')",
            name=op.f("ck_review_reconsideration_a_determination_has_who_when_and_why"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["review_decision.id"],
            name=op.f("fk_review_reconsideration_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["determined_by"],
            ["accounts_person.id"],
            name=op.f("fk_review_reconsideration_determined_by"),
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"],
            ["accounts_person.id"],
            name=op.f("fk_review_reconsideration_learner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["portfolio_submission.id"],
            name=op.f("fk_review_reconsideration_submission_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_reconsideration")),
    )
    with op.batch_alter_table("review_reconsideration", schema=None) as batch_op:
        batch_op.create_index("ix_review_reconsideration_state", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "uq_review_reconsideration_decision",
            ["decision_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "review_release",
        sa.Column("decision_id", sa.String(length=26), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["review_decision.id"], name=op.f("fk_review_release_decision_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_review_release")),
    )
    with op.batch_alter_table("review_release", schema=None) as batch_op:
        batch_op.create_index("ix_review_release_released_at", ["released_at"], unique=False)

    op.create_table(
        "review_review",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("assignment_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("private_note", sa.Text(), nullable=False),
        sa.Column("seconds_spent", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "state = 'draft' OR (sealed_at IS NOT NULL AND digest IS NOT NULL)",
            name=op.f("ck_review_review_sealed_has_time_and_digest"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'sealed', 'voided')", name=op.f("ck_review_review_state")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["review_assignment.id"], name=op.f("fk_review_review_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_review")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_review_review_assignment_id")),
    )
    op.create_table(
        "review_criterion_score",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("review_id", sa.String(length=26), nullable=False),
        sa.Column("criterion_key", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("cannot_score", sa.String(length=32), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("locator", sa.String(length=120), nullable=False),
        sa.CheckConstraint(
            "cannot_score IS NULL OR cannot_score IN ('cannot_open', 'missing_evidence', 'outside_expertise', 'conflicting_evidence')",
            name=op.f("ck_review_criterion_score_cannot_score"),
        ),
        sa.CheckConstraint(
            "level IS NULL OR cannot_score IS NULL",
            name=op.f("ck_review_criterion_score_a_level_or_a_reason"),
        ),
        sa.CheckConstraint(
            "level IS NULL OR level BETWEEN 1 AND 9",
            name=op.f("ck_review_criterion_score_level_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review_review.id"], name=op.f("fk_review_criterion_score_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_criterion_score")),
    )
    with op.batch_alter_table("review_criterion_score", schema=None) as batch_op:
        batch_op.create_index(
            "uq_review_criterion_score_key", ["review_id", "criterion_key"], unique=True
        )


def downgrade() -> None:
    """Bring a database back to the revision before."""
    with op.batch_alter_table("review_criterion_score", schema=None) as batch_op:
        batch_op.drop_index("uq_review_criterion_score_key")

    op.drop_table("review_criterion_score")
    op.drop_table("review_review")
    with op.batch_alter_table("review_release", schema=None) as batch_op:
        batch_op.drop_index("ix_review_release_released_at")

    op.drop_table("review_release")
    with op.batch_alter_table("review_reconsideration", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_reconsideration_decision",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.drop_index("ix_review_reconsideration_state")

    op.drop_table("review_reconsideration")
    with op.batch_alter_table("review_decision", schema=None) as batch_op:
        batch_op.drop_index("uq_review_decision_supersedes")
        batch_op.drop_index(
            "uq_review_decision_round",
            sqlite_where=sa.text("basis = 'aggregation'"),
            postgresql_where=sa.text("basis = 'aggregation'"),
        )
        batch_op.drop_index("uq_review_decision_number")

    op.drop_table("review_decision")
    with op.batch_alter_table("review_assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_assignment_seat",
            sqlite_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
            postgresql_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
        )
        batch_op.drop_index(
            "uq_review_assignment_reviewer",
            sqlite_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
            postgresql_where=sa.text(
                "state IN ('accepted', 'closed', 'in_progress', 'invited', 'sealed')"
            ),
        )
        batch_op.drop_index("ix_review_assignment_submission_id")
        batch_op.drop_index("ix_review_assignment_reviewer_id")
        batch_op.drop_index("ix_review_assignment_answer_by")

    op.drop_table("review_assignment")
    with op.batch_alter_table("review_round", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_round_open",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index("uq_review_round_number")
        batch_op.drop_index("ix_review_round_closed_at")

    op.drop_table("review_round")
    with op.batch_alter_table("review_intake_check", schema=None) as batch_op:
        batch_op.drop_index("ix_review_intake_check_submission_id")

    op.drop_table("review_intake_check")
    with op.batch_alter_table("portfolio_sealed_text", schema=None) as batch_op:
        batch_op.drop_index("uq_portfolio_sealed_text_key")

    op.drop_table("portfolio_sealed_text")
    with op.batch_alter_table("portfolio_sealed_item", schema=None) as batch_op:
        batch_op.drop_index("uq_portfolio_sealed_item_position")
        batch_op.drop_index("ix_portfolio_sealed_item_sha256")

    op.drop_table("portfolio_sealed_item")
    with op.batch_alter_table("portfolio_claim", schema=None) as batch_op:
        batch_op.drop_index("uq_portfolio_claim_pair")
        batch_op.drop_index("ix_portfolio_claim_portfolio_id")

    op.drop_table("portfolio_claim")
    with op.batch_alter_table("review_part", schema=None) as batch_op:
        batch_op.drop_index("uq_review_part_person")
        batch_op.drop_index("ix_review_part_person_id")

    op.drop_table("review_part")
    with op.batch_alter_table("portfolio_submission", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_portfolio_submission_open",
            sqlite_where=sa.text(
                "state IN ('awaiting_reviewers', 'decided', 'in_adjudication', 'in_committee', 'intake', 'on_hold', 'submitted', 'under_review')"
            ),
            postgresql_where=sa.text(
                "state IN ('awaiting_reviewers', 'decided', 'in_adjudication', 'in_committee', 'intake', 'on_hold', 'submitted', 'under_review')"
            ),
        )
        batch_op.drop_index("uq_portfolio_submission_attempt")
        batch_op.drop_index("ix_portfolio_submission_state")
        batch_op.drop_index("ix_portfolio_submission_learner_id")
        batch_op.drop_index("ix_portfolio_submission_edition_id")

    op.drop_table("portfolio_submission")
    with op.batch_alter_table("portfolio_revision", schema=None) as batch_op:
        batch_op.drop_index("ix_portfolio_revision_portfolio_id")

    op.drop_table("portfolio_revision")
    with op.batch_alter_table("portfolio_reflection", schema=None) as batch_op:
        batch_op.drop_index("uq_portfolio_reflection_key")

    op.drop_table("portfolio_reflection")
    with op.batch_alter_table("portfolio_evidence_item", schema=None) as batch_op:
        batch_op.drop_index("ix_portfolio_evidence_item_sha256")
        batch_op.drop_index("ix_portfolio_evidence_item_portfolio_id")

    op.drop_table("portfolio_evidence_item")
    with op.batch_alter_table("portfolio_attestation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_portfolio_attestation_live",
            sqlite_where=sa.text("state IN ('requested', 'received')"),
            postgresql_where=sa.text("state IN ('requested', 'received')"),
        )

    op.drop_table("portfolio_attestation")
    with op.batch_alter_table("credentials_evidence_consent", schema=None) as batch_op:
        batch_op.drop_index("ix_credentials_evidence_consent_award_id")

    op.drop_table("credentials_evidence_consent")
    with op.batch_alter_table("credentials_credential", schema=None) as batch_op:
        batch_op.drop_index("uq_credentials_credential_index")
        batch_op.drop_index(
            "uq_credentials_credential_award",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.drop_table("credentials_credential")
    with op.batch_alter_table("portfolio_portfolio", schema=None) as batch_op:
        batch_op.drop_index("uq_portfolio_portfolio_learner")
        batch_op.drop_index("ix_portfolio_portfolio_edition_id")

    op.drop_table("portfolio_portfolio")
    with op.batch_alter_table("credentials_award", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_credentials_award_active",
            sqlite_where=sa.text("state IN ('offered', 'accepted', 'issued', 'suspended')"),
            postgresql_where=sa.text("state IN ('offered', 'accepted', 'issued', 'suspended')"),
        )
        batch_op.drop_index("ix_credentials_award_learner_id")
        batch_op.drop_index("ix_credentials_award_edition_id")

    op.drop_table("credentials_award")
    with op.batch_alter_table("review_qualification", schema=None) as batch_op:
        batch_op.drop_index("uq_review_qualification_pair")
        batch_op.drop_index("ix_review_qualification_badge_id")

    op.drop_table("review_qualification")
    with op.batch_alter_table("credentials_edition", schema=None) as batch_op:
        batch_op.drop_index("uq_credentials_edition_version")
        batch_op.drop_index(
            "uq_credentials_edition_open",
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )

    op.drop_table("credentials_edition")
    op.drop_table("review_reviewer_profile")
    with op.batch_alter_table("review_conflict", schema=None) as batch_op:
        batch_op.drop_index("ix_review_conflict_person_id")
        batch_op.drop_index("ix_review_conflict_other_person_id")
        batch_op.drop_index("ix_review_conflict_other_key")

    op.drop_table("review_conflict")
    with op.batch_alter_table("portfolio_rendition", schema=None) as batch_op:
        batch_op.drop_index("ix_portfolio_rendition_source")

    op.drop_table("portfolio_rendition")
    with op.batch_alter_table("credentials_status_list", schema=None) as batch_op:
        batch_op.drop_index("ix_credentials_status_list_issuer_id")

    op.drop_table("credentials_status_list")
    with op.batch_alter_table("credentials_signing_key", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_credentials_signing_key_current",
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.drop_table("credentials_signing_key")
    op.drop_table("credentials_badge")
    with op.batch_alter_table("accounts_token", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_token_person_id")

    op.drop_table("accounts_token")
    with op.batch_alter_table("accounts_session", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_session_person_id")

    op.drop_table("accounts_session")
    with op.batch_alter_table("accounts_role_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_accounts_role_grant_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("accounts_role_grant")
    with op.batch_alter_table("accounts_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_notice_person_id")

    op.drop_table("accounts_notice")
    with op.batch_alter_table("accounts_employment", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_employment_person_id")

    op.drop_table("accounts_employment")
    with op.batch_alter_table("accounts_email", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_accounts_email_primary",
            sqlite_where=sa.text("is_primary"),
            postgresql_where=sa.text("is_primary"),
        )
        batch_op.drop_index(
            "uq_accounts_email_identity",
            sqlite_where=sa.text("verified_at IS NOT NULL"),
            postgresql_where=sa.text("verified_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_accounts_email_person_id")
        batch_op.drop_index("ix_accounts_email_address")

    op.drop_table("accounts_email")
    op.drop_table("portfolio_blob")
    op.drop_table("credentials_issuer")
    op.drop_table("core_worker")
    with op.batch_alter_table("core_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_core_mail_to_address")
        batch_op.drop_index("ix_core_mail_created_at")

    op.drop_table("core_mail")
    op.drop_table("core_audit_head")
    with op.batch_alter_table("core_audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_core_audit_event_subject")
        batch_op.drop_index("ix_core_audit_event_actor_id")

    op.drop_table("core_audit_event")
    op.drop_table("accounts_throttle")
    op.drop_table("accounts_person")
    with op.batch_alter_table("accounts_joining", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_joining_expires_at")

    op.drop_table("accounts_joining")
