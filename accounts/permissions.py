"""Who may do what, in one enumeration and one table; rooms add the rules about whose thing it is.

A permission held by `ANYONE` needs no account, one held by `SIGNED_IN` only an account: there
the room's own rule looks at the object (its learner, its reviewer, its award) and gives the
reason for a no.
"""

from enum import Enum, StrEnum

from accounts.states import Role


class Audience(Enum):
    """The two audiences that need no grant."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"


class Permission(StrEnum):
    """Every kind of act in Assay that a route stands for."""

    READ_PUBLIC_PAGES = "read public pages"
    SIGN_IN = "sign in or sign up"
    ANSWER_ATTESTATION = "answer an attestation"
    READ_DEMO_MAIL = "read the demo's mail"
    MANAGE_OWN_ACCOUNT = "manage one's own account"
    SEE_OWN_HOME = "see what waits for oneself"
    COMPOSE_PORTFOLIO = "compose one's own portfolio"
    FOLLOW_OWN_SUBMISSION = "follow one's own submission"
    HOLD_AWARD = "accept and share one's own award"
    REQUEST_RECONSIDERATION = "ask for reconsideration of a decision on one's own work"
    VOLUNTEER = "set one's own reviewing limits"
    ANSWER_INVITATION = "answer an invitation to review"
    SCORE = "score a submission one was asked to review"
    CHECK_INTAKE = "check submissions at intake"
    MODERATE = "moderate reviews"
    AUDIT_DECISIONS = "read decided work again without knowing the decision"
    DETERMINE = "determine requests for reconsideration"
    WATCH_FLOW = "watch the flow of submissions"
    STEER_ROUTING = "steer whom submissions are offered to"
    QUALIFY_REVIEWERS = "qualify reviewers"
    WATCH_QUALITY = "watch how reviews and decisions hold up"
    SET_STANDARDS = "set standards with a panel"
    RATE_FOR_STANDARDS = "rate portfolios for a standard"
    PUBLISH_BADGES = "publish badges"
    GRANT_ROLES = "grant roles"
    READ_AUDIT = "read the audit trail"


HOLDERS: dict[Permission, Audience | frozenset[Role]] = {
    Permission.READ_PUBLIC_PAGES: Audience.ANYONE,
    Permission.SIGN_IN: Audience.ANYONE,
    Permission.ANSWER_ATTESTATION: Audience.ANYONE,
    Permission.READ_DEMO_MAIL: Audience.ANYONE,
    Permission.MANAGE_OWN_ACCOUNT: Audience.SIGNED_IN,
    Permission.SEE_OWN_HOME: Audience.SIGNED_IN,
    Permission.COMPOSE_PORTFOLIO: Audience.SIGNED_IN,
    Permission.FOLLOW_OWN_SUBMISSION: Audience.SIGNED_IN,
    Permission.HOLD_AWARD: Audience.SIGNED_IN,
    Permission.REQUEST_RECONSIDERATION: Audience.SIGNED_IN,
    Permission.VOLUNTEER: Audience.SIGNED_IN,
    Permission.ANSWER_INVITATION: Audience.SIGNED_IN,
    Permission.SCORE: Audience.SIGNED_IN,
    Permission.CHECK_INTAKE: frozenset({Role.MODERATOR}),
    Permission.MODERATE: frozenset({Role.MODERATOR}),
    Permission.AUDIT_DECISIONS: frozenset({Role.COMMITTEE}),
    Permission.DETERMINE: frozenset({Role.COMMITTEE}),
    Permission.WATCH_FLOW: frozenset({Role.PROGRAMME_MANAGER}),
    Permission.STEER_ROUTING: frozenset({Role.PROGRAMME_MANAGER}),
    Permission.QUALIFY_REVIEWERS: frozenset({Role.PROGRAMME_MANAGER}),
    Permission.WATCH_QUALITY: frozenset({Role.PROGRAMME_MANAGER, Role.AUDITOR}),
    Permission.SET_STANDARDS: frozenset({Role.PROGRAMME_MANAGER}),
    Permission.RATE_FOR_STANDARDS: frozenset({Role.COMMITTEE}),
    Permission.PUBLISH_BADGES: frozenset({Role.PROGRAMME_MANAGER}),
    Permission.GRANT_ROLES: frozenset({Role.ISSUER_ADMIN}),
    Permission.READ_AUDIT: frozenset({Role.AUDITOR, Role.ISSUER_ADMIN}),
}

ROLE_NAMES: dict[Role, str] = {
    Role.MODERATOR: "moderator",
    Role.COMMITTEE: "committee member",
    Role.PROGRAMME_MANAGER: "programme manager",
    Role.ISSUER_ADMIN: "issuer administrator",
    Role.AUDITOR: "auditor",
}
