"""Roles, permissions, and the kinds of one-time link."""

from enum import StrEnum


class Role(StrEnum):
    """What a grant makes of a person; learners and reviewers need no grant to be such."""

    MODERATOR = "moderator"
    COMMITTEE = "committee"
    PROGRAMME_MANAGER = "programme_manager"
    ISSUER_ADMIN = "issuer_admin"
    AUDITOR = "auditor"


class TokenKind(StrEnum):
    """What a mailed link is for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a kind, not a secret
