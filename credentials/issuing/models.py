"""Awards, signed credentials, the public half of signing keys, and status lists."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, id_column, one_of, unique_when
from credentials.issuing.states import AwardState, Visibility


class Award(Base):
    """The entitlement of one learner to one edition, and what its holder chose to show.

    `levels` maps criterion key to level; `decision_ref` names what it rests on, once.
    """

    __tablename__ = "credentials_award"
    __table_args__ = (
        one_of("state", AwardState, "state"),
        CheckConstraint(
            f"visibility IS NULL OR visibility IN ('{Visibility.PUBLIC}', '{Visibility.UNLISTED}')",
            name="visibility",
        ),
        CheckConstraint(
            "state IN ('offered', 'declined', 'suspended', 'revoked')"
            " OR (accepted_at IS NOT NULL AND visibility IS NOT NULL)",
            name="accepted_has_time_and_visibility",
        ),
        unique_when(
            "uq_credentials_award_active",
            "learner_id",
            "edition_id",
            where="state IN ('offered', 'accepted', 'issued', 'suspended')",
        ),
        Index("ix_credentials_award_learner_id", "learner_id"),
        Index("ix_credentials_award_edition_id", "edition_id", "state"),
    )

    id: Mapped[str] = id_column()
    learner_id: Mapped[str] = mapped_column(ForeignKey("accounts_person.id"))
    edition_id: Mapped[str] = mapped_column(ForeignKey("credentials_edition.id"))
    decision_ref: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16), default=AwardState.OFFERED.value)
    levels: Mapped[dict[str, Any]]
    has_distinction: Mapped[bool] = mapped_column(default=False)
    method: Mapped[str] = mapped_column(Text, doc="How it was judged, in one public sentence.")
    granted_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    visibility: Mapped[str | None] = mapped_column(String(16))
    shows_name: Mapped[bool] = mapped_column(default=False)
    consent_text: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]


class EvidenceConsent(Base):
    """One work sample the holder chose to show on the badge page, until withdrawn."""

    __tablename__ = "credentials_evidence_consent"
    __table_args__ = (Index("ix_credentials_evidence_consent_award_id", "award_id"),)

    id: Mapped[str] = id_column()
    award_id: Mapped[str] = mapped_column(ForeignKey("credentials_award.id"))
    evidence_ref: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(120))
    consented_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SigningKey(Base):
    """The public half of a key; the private half is a file that the database never sees."""

    __tablename__ = "credentials_signing_key"
    __table_args__ = (
        unique_when("uq_credentials_signing_key_current", "issuer_id", where="retired_at IS NULL"),
    )

    id: Mapped[str] = id_column()
    issuer_id: Mapped[str] = mapped_column(ForeignKey("credentials_issuer.id"))
    public_multibase: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    compromised_at: Mapped[datetime | None]


class StatusList(Base):
    """One Bitstring status list; `signed` is the current signed document as served."""

    __tablename__ = "credentials_status_list"
    __table_args__ = (Index("ix_credentials_status_list_issuer_id", "issuer_id", "purpose"),)

    id: Mapped[str] = id_column()
    issuer_id: Mapped[str] = mapped_column(ForeignKey("credentials_issuer.id"))
    purpose: Mapped[str] = mapped_column(String(16), doc="revocation or suspension")
    bits: Mapped[bytes] = mapped_column(LargeBinary)
    signed: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class Credential(Base):
    """A signed Open Badge: the exact bytes that were signed, never changed afterwards."""

    __tablename__ = "credentials_credential"
    __table_args__ = (
        unique_when("uq_credentials_credential_award", "award_id", where="superseded_at IS NULL"),
        unique_when(
            "uq_credentials_credential_index", "status_list_id", "status_index", where=None
        ),
    )

    id: Mapped[str] = id_column()
    award_id: Mapped[str] = mapped_column(ForeignKey("credentials_award.id"))
    key_id: Mapped[str] = mapped_column(ForeignKey("credentials_signing_key.id"))
    status_list_id: Mapped[str] = mapped_column(ForeignKey("credentials_status_list.id"))
    status_index: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
