"""What the badge of an award would say: gathered for its preview, and again when it is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts import queries as people
from credentials.catalog import queries as catalog
from credentials.issuing import openbadges3
from credentials.issuing.achievement import achievement_of
from credentials.issuing.content import (
    CredentialInput,
    EvidenceLink,
    Profile,
    Recipient,
    StatusEntry,
)
from credentials.issuing.models import Award
from credentials.issuing.multikey import did_web

LATER = "assigned-when-it-is-signed"


@dataclass(frozen=True)
class Place:
    """What only signing knows: the badge's identifier, its salt, its status entry and the time."""

    credential_id: str
    salt: str
    status: StatusEntry
    at: datetime


def content_of(
    session: Session,
    base_url: str,
    award: Award,
    place: Place,
    *,
    shows_name: bool,
    evidence: Sequence[EvidenceLink],
) -> CredentialInput:
    """Return everything the badge of an award says at a place."""
    edition = catalog.edition(session, award.edition_id)
    definition = catalog.definition_of(edition)
    issuer = catalog.issuer_of(session, edition.badge_id)
    person = people.person(session, award.learner_id)
    return CredentialInput(
        id=f"{base_url}/credentials/{place.credential_id}",
        issuer=Profile(
            id=did_web(base_url),
            name=issuer.name,
            url=issuer.url or base_url,
            email=issuer.email or None,
            description=issuer.description or None,
        ),
        achievement=achievement_of(definition, base_url),
        recipient=Recipient(
            email=people.primary_address(session, award.learner_id),
            salt=place.salt,
            name=person.name if shows_name else None,
        ),
        levels=award.levels,
        method=award.method,
        programme=Profile(
            id=f"{base_url}/badges/{definition.slug}#review",
            name=f"Peer review for {definition.title}",
            url=f"{base_url}/badges/{definition.slug}",
        ),
        awarded_at=award.granted_at,
        valid_from=place.at,
        valid_until=valid_until(definition.validity_months, place.at),
        status=place.status,
        evidence=tuple(evidence),
    )


def evidence_link(
    base_url: str,
    credential_id: str,
    consent_id: str,
    *,
    title: str,
    sha256: str,
    media_type: str,
    at: datetime,
) -> EvidenceLink:
    """Return the link to a work sample that its holder agreed to show at `at`."""
    return EvidenceLink(
        url=f"{base_url}/credentials/{credential_id}/evidence/{consent_id}?sha256={sha256}",
        name=title,
        consented_at=at,
        genre=media_type,
    )


def preview(
    session: Session,
    base_url: str,
    award: Award,
    *,
    shows_name: bool,
    evidence: Sequence[tuple[str, str, str]],
    at: datetime,
) -> dict[str, Any]:
    """Return the document as it would be signed now; what signing adds is said to come.

    `evidence` gives title, digest and media type of each work sample that would be shown.
    """
    links = [
        evidence_link(
            base_url, LATER, str(number), title=title, sha256=sha256, media_type=kind, at=at
        )
        for number, (title, sha256, kind) in enumerate(evidence, start=1)
    ]
    place = Place(LATER, LATER, StatusEntry(f"{base_url}/status/{LATER}", 0), at)
    told = content_of(session, base_url, award, place, shows_name=shows_name, evidence=links)
    document = openbadges3.build(told)
    document["credentialStatus"]["statusListIndex"] = LATER
    document["credentialStatus"]["id"] = f"{base_url}/status/{LATER}"
    for identifier in document["credentialSubject"]["identifier"]:
        if identifier.get("hashed"):
            identifier["identityHash"] = f"sha256${LATER}"
    return document


def valid_until(months: int | None, at: datetime) -> datetime | None:
    """Return the end of a validity in months, on the last day of a shorter month if need be."""
    if not months:
        return None
    years, month = divmod(at.month - 1 + months, 12)
    for day in range(at.day, at.day - 4, -1):
        try:
            return at.replace(year=at.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th day")
