"""What the floor itself keeps: the audit trail, mail on its way out, and signs of life."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column

DIGEST_LENGTH = 64


class AuditEvent(Base):
    """One state change; `hash` seals every other column, the hash of the event before included.

    `detail` is kept as plain JSON text on every database, because PostgreSQL's JSONB rewrites
    numbers and a rewritten number would no longer match its hash.
    """

    __tablename__ = "core_audit_event"
    __table_args__ = (
        CheckConstraint("(actor_id IS NULL) <> (rule IS NULL)", name="somebody_or_a_rule_did_it"),
        Index("ix_core_audit_event_subject", "subject_kind", "subject_id"),
        Index("ix_core_audit_event_actor_id", "actor_id"),
    )

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(26), unique=True)
    at: Mapped[datetime]
    actor_id: Mapped[str | None] = mapped_column(String(64))
    rule: Mapped[str | None] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[str] = mapped_column(String(128))
    before_digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    after_digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH))
    reason: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    hash: Mapped[str] = mapped_column(String(DIGEST_LENGTH))


class AuditHead(Base):
    """The one row that says where the chain ends; whoever appends holds its lock."""

    __tablename__ = "core_audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one_chain"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(DIGEST_LENGTH))


class Mail(Base):
    """One message to one person; it is posted with the change that it announces."""

    __tablename__ = "core_mail"
    __table_args__ = (
        Index("ix_core_mail_created_at", "created_at"),
        Index("ix_core_mail_to_address", "to_address"),
    )

    id: Mapped[str] = id_column()
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(300), default="", doc="A local path to act on it.")
    kind: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(500))


class Worker(Base):
    """When a worker was last heard from."""

    __tablename__ = "core_worker"

    worker_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime]
