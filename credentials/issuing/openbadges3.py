"""The Open Badge itself: an OpenBadgeCredential (Open Badges 3.0) built from plain values.

The credential says what was achieved, at which level per criterion, how that was judged and by
which programme. Lists carry no order once signed, so order is written into `level` and `points`.
"""

import hashlib
from typing import Any
from urllib.parse import quote, urlsplit

from core.clock import iso_seconds
from core.errors import Invalid
from credentials.issuing.content import (
    Achievement,
    Alignment,
    CredentialInput,
    EvidenceLink,
    Profile,
    Recipient,
    RubricCriterion,
    StatusEntry,
)
from credentials.issuing.signable import clean_text

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
SHORTEST_SALT = 16

Node = dict[str, Any]


def build(credential: CredentialInput) -> Node:
    """Return the unsigned OpenBadgeCredential; raise Invalid if it would contradict itself."""
    _check(credential)
    document: Node = _node(
        {
            "@context": list(CONTEXTS),
            "id": _address(credential.id),
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": credential.achievement.name,
            "issuer": _profile(credential.issuer),
            "awardedDate": iso_seconds(credential.awarded_at),
            "validFrom": iso_seconds(credential.valid_from),
            "validUntil": credential.valid_until and iso_seconds(credential.valid_until),
            "credentialSubject": _subject(credential),
            "evidence": [_evidence(link) for link in credential.evidence],
            "credentialStatus": status_entry(credential.status),
        }
    )
    return document


def identity_hash(email: str, salt: str) -> str:
    """Return `sha256$` and the hash of the lower-cased address followed by the salt."""
    text = email.strip().lower() + salt
    return "sha256$" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def status_entry(status: StatusEntry) -> Node:
    """Return the BitstringStatusListEntry (W3C Bitstring Status List 1.0, 2.1)."""
    return {
        "id": f"{_address(status.list_url)}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": status.purpose,
        "statusListIndex": str(status.index),
        "statusListCredential": status.list_url,
    }


def criterion_id(achievement: Achievement, criterion: RubricCriterion) -> str:
    """Return the address of a criterion; it names the edition, since rubrics change with it."""
    return f"{achievement.id}#{quote(achievement.version)}-{quote(criterion.key)}"


def level_id(achievement: Achievement, criterion: RubricCriterion, ordinal: int) -> str:
    """Return the address of one level of a criterion."""
    return f"{criterion_id(achievement, criterion)}-{ordinal}"


def _check(credential: CredentialInput) -> None:
    until = credential.valid_until
    if until is not None and until <= credential.valid_from:
        raise Invalid("A credential must end after it begins.", "valid_until")
    if len(credential.recipient.salt) < SHORTEST_SALT:
        raise Invalid("The salt of an identity needs at least 128 random bits.", "salt")
    if credential.status.index < 0:
        raise Invalid("A place in a status list cannot be negative.", "status")
    _check_texts(credential)
    criteria = {criterion.key: criterion for criterion in credential.achievement.criteria}
    if not credential.levels or not set(credential.levels) <= set(criteria):
        raise Invalid("A level belongs to a criterion, and there must be some.", "levels")
    for key, level in credential.levels.items():
        _check_level(criteria[key], level)


def _check_texts(credential: CredentialInput) -> None:
    needed = {
        "name": credential.achievement.name,
        "description": credential.achievement.description,
        "criteria_narrative": credential.achievement.criteria_narrative,
        "version": credential.achievement.version,
        "method": credential.method,
        "issuer": credential.issuer.name,
    }
    for field, text in needed.items():
        if not clean_text(text).strip():
            raise Invalid(f"A credential cannot leave out its {field.replace('_', ' ')}.", field)


def _check_level(criterion: RubricCriterion, achieved: int) -> None:
    ordinals = [level.ordinal for level in criterion.levels]
    if len(ordinals) != len(set(ordinals)):
        raise Invalid(f"Criterion {criterion.key} has the same level twice.", "levels")
    if criterion.pass_level not in ordinals or achieved not in ordinals:
        raise Invalid(f"Criterion {criterion.key} has no such level.", "levels")


def _subject(credential: CredentialInput) -> Node:
    return {
        "id": credential.recipient.did,
        "type": ["AchievementSubject"],
        "identifier": _identifiers(credential.recipient),
        "achievement": _achievement(credential.achievement),
        "narrative": credential.method,
        "result": _results(credential) if credential.shows_levels else [],
        "source": _profile(credential.programme),
    }


def _identifiers(recipient: Recipient) -> list[Node]:
    hashed = {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": identity_hash(recipient.email, recipient.salt),
        "identityType": "emailAddress",
        "salt": recipient.salt,
    }
    if recipient.name is None:
        return [hashed]
    named = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": recipient.name,
        "identityType": "name",
    }
    return [hashed, named]


def _achievement(achievement: Achievement) -> Node:
    return {
        "id": _address(achievement.id),
        "type": ["Achievement"],
        "achievementType": achievement.kind,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {
            "id": _web_address(achievement.criteria_url),
            "narrative": achievement.criteria_narrative,
        },
        "image": _image(achievement.image_url, achievement.image_caption),
        "version": achievement.version,
        "inLanguage": achievement.language,
        "tag": list(achievement.tags),
        "alignment": [_alignment(alignment) for alignment in achievement.alignments],
        "resultDescription": [
            _result_description(achievement, criterion) for criterion in achievement.criteria
        ],
    }


def _result_description(achievement: Achievement, criterion: RubricCriterion) -> Node:
    return {
        "id": criterion_id(achievement, criterion),
        "type": ["ResultDescription"],
        "name": criterion.name,
        "resultType": "RubricCriterionLevel",
        "requiredLevel": level_id(achievement, criterion, criterion.pass_level),
        "rubricCriterionLevel": [
            {
                "id": level_id(achievement, criterion, level.ordinal),
                "type": ["RubricCriterionLevel"],
                "name": level.name,
                "description": level.description,
                "level": str(level.ordinal),
                "points": str(level.ordinal),
            }
            for level in criterion.levels
        ],
    }


def _results(credential: CredentialInput) -> list[Node]:
    achievement = credential.achievement
    return [
        {
            "type": ["Result"],
            "resultDescription": criterion_id(achievement, criterion),
            "achievedLevel": level_id(achievement, criterion, credential.levels[criterion.key]),
            "value": str(credential.levels[criterion.key]),
            "status": "Completed",
        }
        for criterion in achievement.criteria
        if criterion.key in credential.levels
    ]


def _profile(profile: Profile) -> Node:
    return {
        "id": _address(profile.id),
        "type": ["Profile"],
        "name": profile.name,
        "url": _web_address(profile.url),
        "email": profile.email,
        "description": profile.description,
        "image": _image(profile.image_url, None),
    }


def _alignment(alignment: Alignment) -> Node:
    return {
        "type": ["Alignment"],
        "targetName": alignment.name,
        "targetUrl": _web_address(alignment.url),
        "targetDescription": alignment.description,
        "targetFramework": alignment.framework,
        "targetCode": alignment.code,
        "targetType": alignment.kind,
    }


def _evidence(link: EvidenceLink) -> Node:
    return {
        "id": _web_address(link.url),
        "type": ["Evidence"],
        "name": link.name,
        "description": link.description,
        "genre": link.genre,
    }


def _image(url: str | None, caption: str | None) -> Node | None:
    return None if url is None else {"id": _web_address(url), "type": "Image", "caption": caption}


def _address(text: str) -> str:
    """Return an identifier that is a full address without spaces, which signing depends on."""
    if ":" not in text or any(letter.isspace() for letter in text):
        raise Invalid(f"{text[:80]!r} is not a full address.")
    return text


def _web_address(text: str | None) -> str | None:
    """Return a link; `data:` and the like are refused, as they would carry the thing itself."""
    if text is not None and urlsplit(_address(text)).scheme not in ("http", "https"):
        raise Invalid(f"{text[:80]!r} is not a web address.")
    return text


def _node(value: Any) -> Any:
    """Return the value without empty members, its texts free of control characters."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_node(item) for item in value]
    if isinstance(value, dict):
        full = {name: _node(member) for name, member in value.items()}
        return {name: member for name, member in full.items() if member not in (None, [], "")}
    return value
