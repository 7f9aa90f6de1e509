"""People, their addresses and employers, sessions, one-time links, roles and notices."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from accounts.states import Role, TokenKind
from core.db import Base, id_column, one_of, unique_when


class Person(Base):
    """Somebody with an account; `identity_key` tells second accounts of one mailbox apart."""

    __tablename__ = "accounts_person"

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None]
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    language: Mapped[str] = mapped_column(String(16), default="en")
    theme: Mapped[str] = mapped_column(String(8), default="auto")
    sector: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class EmailAddress(Base):
    """One address of a person; `identity_key` folds case, +tags and Unicode forms."""

    __tablename__ = "accounts_email"
    __table_args__ = (
        unique_when("uq_accounts_email_primary", "person_id", where="is_primary"),
        unique_when("uq_accounts_email_identity", "identity_key", where="verified_at IS NOT NULL"),
        Index("ix_accounts_email_address", "address", unique=True),
        Index("ix_accounts_email_person_id", "person_id"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    address: Mapped[str] = mapped_column(String(254))
    identity_key: Mapped[str] = mapped_column(String(254))
    is_primary: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]


class Employment(Base):
    """Where a person works or worked; used for conflicts, never shown to reviewers."""

    __tablename__ = "accounts_employment"
    __table_args__ = (Index("ix_accounts_employment_person_id", "person_id"),)

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    organisation: Mapped[str] = mapped_column(String(200))
    from_date: Mapped[date | None]
    until_date: Mapped[date | None]


class SignInSession(Base):
    """A revocable sign-in; the cookie holds the secret, the row only its SHA-256."""

    __tablename__ = "accounts_session"
    __table_args__ = (Index("ix_accounts_session_person_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    authenticated_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(String(200), default="")


class OneTimeToken(Base):
    """A mailed link that works once; the row holds the SHA-256 of its secret."""

    __tablename__ = "accounts_token"
    __table_args__ = (
        one_of("kind", TokenKind, "kind"),
        Index("ix_accounts_token_person_id", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    kind: Mapped[str] = mapped_column(String(32))
    address: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Joining(Base):
    """Somebody who wants to join, until the mailed link is used; `id` is its secret's SHA-256."""

    __tablename__ = "accounts_joining"
    __table_args__ = (Index("ix_accounts_joining_expires_at", "expires_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role given to a person, for one badge or for the whole issuer."""

    __tablename__ = "accounts_role_grant"
    __table_args__ = (
        one_of("role", Role, "role"),
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name="an_end_has_somebody_who_ended_it"
        ),
        unique_when(
            "uq_accounts_role_grant_live", "person_id", "role", "scope", where="ended_at IS NULL"
        ),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    role: Mapped[str] = mapped_column(String(32))
    scope: Mapped[str] = mapped_column(String(64), default="", doc="A badge's slug, or empty.")
    granted_by: Mapped[str] = mapped_column(String(64), doc="A person's id, or a system rule.")
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))


class Throttle(Base):
    """Attempts counted in a window, shared by every host."""

    __tablename__ = "accounts_throttle"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    window: Mapped[int] = mapped_column(Integer, primary_key=True, doc="Start, in Unix seconds.")
    attempts: Mapped[int] = mapped_column(default=0)


class Notice(Base):
    """Something a person was told, in the app; mail goes out beside it."""

    __tablename__ = "accounts_notice"
    __table_args__ = (Index("ix_accounts_notice_person_id", "person_id", "created_at"),)

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    kind: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(300), default="", doc="A local path to act on it.")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
