"""The sealed snapshot: one canonical JSON document that names every part by digest.

The digest of the document is the learner's receipt; it recomputes equal for life (INV-01).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.digest import canonical_json, sha256_hex

FORMAT = "assay-submission/1"


@dataclass(frozen=True)
class ManifestItem:
    """One work sample, as sealed."""

    item_id: str
    requirement: str
    title: str
    file_name: str
    sha256: str
    size: int
    media_type: str
    date_of_work: date | None
    own_contribution: str


@dataclass(frozen=True)
class ManifestClaim:
    """One claim: this item shows this criterion, there."""

    item_id: str
    criterion: str
    locator: str


@dataclass(frozen=True)
class ManifestParts:
    """Everything that is sealed, as plain values."""

    edition: Mapping[str, str]
    attempt: int
    role: str
    sector: str
    context: str
    items: Sequence[ManifestItem]
    claims: Sequence[ManifestClaim]
    reflections: Mapping[str, str]
    disclosures: Mapping[str, str]
    statements: Sequence[tuple[str, str, str]]
    attestations: Sequence[Mapping[str, Any]]
    change_note: str


def build(parts: ManifestParts) -> str:
    """Return the manifest as canonical JSON; items are numbered from 1 in their order."""
    number = {item.item_id: position for position, item in enumerate(parts.items, start=1)}
    return canonical_json(
        {
            "format": FORMAT,
            "edition": dict(parts.edition),
            "attempt": parts.attempt,
            "context": {"role": parts.role, "sector": parts.sector, "context": parts.context},
            "items": [_item(item, number[item.item_id]) for item in parts.items],
            "claims": sorted(
                (
                    {
                        "position": number[claim.item_id],
                        "criterion": claim.criterion,
                        "locator": claim.locator,
                    }
                    for claim in parts.claims
                    if claim.item_id in number
                ),
                key=lambda claim: (claim["criterion"], claim["position"]),
            ),
            "reflections": [
                {"key": key, "text": text, "sha256": sha256_hex(text)}
                for key, text in sorted(parts.reflections.items())
            ],
            "disclosures": dict(parts.disclosures),
            "statements": [
                {"key": key, "text": text, "agreed_at": agreed_at}
                for key, text, agreed_at in parts.statements
            ],
            "attestations": [dict(one) for one in parts.attestations],
            "change_note": parts.change_note,
        }
    )


def digest(manifest: str) -> str:
    """Return the SHA-256 of a manifest, the number on the learner's receipt."""
    return sha256_hex(manifest)


def _item(item: ManifestItem, position: int) -> dict[str, Any]:
    return {
        "position": position,
        "requirement": item.requirement,
        "title": item.title,
        "file_name": item.file_name,
        "sha256": item.sha256,
        "size": item.size,
        "media_type": item.media_type,
        "date_of_work": item.date_of_work.isoformat() if item.date_of_work else None,
        "own_contribution": item.own_contribution,
    }
