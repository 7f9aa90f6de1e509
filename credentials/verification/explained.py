"""What a report means, in the words that stand above its steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials.verification.checks import Report
from credentials.verification.findings import Overall
from credentials.verification.shape import listed, moment

TITLES = {
    Overall.VALID: ("This badge is valid", "earned"),
    Overall.EXPIRED: ("This badge has expired", "attention"),
    Overall.SUSPENDED: ("This badge is suspended", "attention"),
    Overall.REVOKED: ("This badge has been revoked", "harm"),
    Overall.UNKNOWN: ("We cannot tell whether this badge is valid", "attention"),
    Overall.INVALID: ("This is not a valid badge", "harm"),
}
MEANINGS = {
    Overall.VALID: "It was signed by the issuer it names, not a letter was changed, and it stands"
    " today.",
    Overall.EXPIRED: "It is genuine, but the time for which it was given is over.",
    Overall.SUSPENDED: "It is genuine, but its issuer says not to rely on it for now.",
    Overall.REVOKED: "It is genuine, but its issuer has taken it back.",
    Overall.UNKNOWN: "Something that is needed for an answer could not be found out here. That"
    " makes it neither valid nor false; the steps say what is missing.",
    Overall.INVALID: "Do not rely on it. The steps say what is wrong.",
}


@dataclass(frozen=True)
class Verdict:
    """A heading, its tone and one sentence."""

    title: str
    tone: str
    meaning: str


@dataclass(frozen=True)
class Said:
    """What the badge says of itself, as plain text of a stranger: escape it."""

    name: str
    issuer: str
    issuer_id: str
    awarded: str
    until: str


def verdict_on(report: Report) -> Verdict:
    """Return what the steps add up to."""
    title, tone = TITLES[report.overall]
    return Verdict(title, tone, MEANINGS[report.overall])


def said_by(document: Mapping[str, Any] | None) -> Said | None:
    """Return what a badge says of itself, as far as it can be read; raise nothing."""
    if document is None:
        return None
    issuer = document.get("issuer")
    issuer = issuer if isinstance(issuer, Mapping) else {"id": issuer}
    subject = _first(document.get("credentialSubject"))
    achievement = _first(subject.get("achievement"))
    return Said(
        name=_text(achievement.get("name") or document.get("name")),
        issuer=_text(issuer.get("name")),
        issuer_id=_text(issuer.get("id")),
        awarded=_day(document.get("awardedDate") or document.get("validFrom")),
        until=_day(document.get("validUntil")),
    )


def _first(value: Any) -> Mapping[str, Any]:
    return next((one for one in listed(value) if isinstance(one, Mapping)), {})


def _text(value: object) -> str:
    return value[:200] if isinstance(value, str) else ""


def _day(value: object) -> str:
    found = moment(value)
    return f"{found.day} {found:%B %Y}" if found else ""
