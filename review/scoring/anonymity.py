"""What a reviewer may know of a submission; everything else does not leave this layer.

A reviewer sees a pseudonym, role, sector and setting, the work under neutral names, and texts
in which the learner's own names, addresses and employers are masked. The original file name,
the attester's name and any earlier attempt are not in the result (INV-12, 13, 16; BR2, BR4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portfolio.evidence.identity import mask, mask_html, needles_for

EXTENSIONS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "image/png": "png",
    "image/jpeg": "jpg",
    "video/mp4": "mp4",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "text/plain": "txt",
    "text/markdown": "md",
    "text/csv": "csv",
    "application/zip": "zip",
}

__all__ = ["mask", "mask_html", "needles_for"]


@dataclass(frozen=True)
class BlindItem:
    """One work sample as a reviewer sees it; `shows` maps criterion key to locator."""

    position: int
    name: str
    requirement: str
    title: str
    media_type: str
    size: int
    own_contribution: str
    shows: Mapping[str, str]


@dataclass(frozen=True)
class BlindText:
    """A reflection as a reviewer sees it: cleaned HTML with names masked."""

    key: str
    html: str


@dataclass(frozen=True)
class BlindSubmission:
    """All that a reviewer may know of one submission."""

    pseudonym: str
    role: str
    sector: str
    context: str
    items: tuple[BlindItem, ...]
    texts: tuple[BlindText, ...]
    disclosures: Mapping[str, str]
    attested_by: tuple[str, ...]


def neutral_name(position: int, media_type: str) -> str:
    """Return the name a work sample goes by: its number and kind, nothing of its origin."""
    extension = EXTENSIONS.get(media_type, "bin")
    return f"evidence-{position}.{extension}"


def for_reviewer(
    manifest: Mapping[str, Any],
    *,
    pseudonym: str,
    html: Mapping[str, str],
    needles: Sequence[str],
) -> BlindSubmission:
    """Return what a reviewer may know, from the sealed manifest and its rendered reflections."""
    return BlindSubmission(
        pseudonym=pseudonym,
        role=mask(manifest["context"]["role"], needles),
        sector=mask(manifest["context"]["sector"], needles),
        context=mask(manifest["context"]["context"], needles),
        items=tuple(_item(item, manifest["claims"], needles) for item in manifest["items"]),
        texts=tuple(
            BlindText(one["key"], mask_html(html.get(one["key"], ""), needles))
            for one in manifest["reflections"]
        ),
        disclosures={
            key: mask(text, needles) for key, text in manifest["disclosures"].items() if text
        },
        attested_by=tuple(
            mask(one["relation"], needles)
            for one in manifest["attestations"]
            if one["state"] == "received"
        ),
    )


def _item(
    item: Mapping[str, Any], claims: Sequence[Mapping[str, Any]], needles: Sequence[str]
) -> BlindItem:
    return BlindItem(
        position=item["position"],
        name=neutral_name(item["position"], item["media_type"]),
        requirement=item["requirement"],
        title=mask(item["title"], needles),
        media_type=item["media_type"],
        size=item["size"],
        own_contribution=mask(item["own_contribution"], needles),
        shows={
            claim["criterion"]: mask(claim["locator"], needles)
            for claim in claims
            if claim["position"] == item["position"]
        },
    )
