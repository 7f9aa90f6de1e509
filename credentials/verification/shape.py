"""Does it have what Open Badges 3.0 asks for? Required members and their kinds, in a table.

After the published JSON schema of the OpenBadgeCredential, but lenient where the JSON-LD schema
is: a single value may stand where a list is wanted. Members that are not named here are left to
the signature.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

VC = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = re.compile(
    r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)*\.json", re.ASCII
)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|^`\\]+")

Check = Callable[[Any, str], str | None]


class Member(NamedTuple):
    """One member of an object: its name, what it must be, and whether it must be there."""

    name: str
    check: Check
    is_required: bool = False


def moment(text: object) -> datetime | None:
    """Return the aware time that an RFC 3339 text with its zone says, or None."""
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def listed(value: Any) -> list[Any]:
    """Return a list as it is, a single value as a list of one, and nothing as an empty list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def fault_in_credential(document: Mapping[str, Any]) -> str | None:
    """Return the first thing that is missing or of the wrong kind, in words, or None."""
    return fault_in_contexts(document) or _one("OpenBadgeCredential")(document, "The badge")


def fault_in_contexts(document: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the first two vocabularies, whose order is fixed."""
    declared = document.get("@context")
    if not isinstance(declared, list) or len(declared) < 2 or declared[0] != VC:
        return "It does not begin with the vocabulary of Verifiable Credentials 2.0."
    if not isinstance(declared[1], str) or not OPEN_BADGES.fullmatch(declared[1]):
        return "Its second vocabulary is not the one of Open Badges 3.0."
    return None


def _text(value: Any, path: str) -> str | None:
    return None if isinstance(value, str) and value.strip() else f"{path} is not a text."


def _texts(value: Any, path: str) -> str | None:
    return next((fault for item in listed(value) if (fault := _text(item, path))), None)


def _flag(value: Any, path: str) -> str | None:
    return None if isinstance(value, bool) else f"{path} is neither true nor false."


def _time(value: Any, path: str) -> str | None:
    return None if moment(value) else f"{path} is not a date with time and zone."


def _address(value: Any, path: str) -> str | None:
    is_full = isinstance(value, str) and _ADDRESS.fullmatch(value)
    return None if is_full else f"{path} is not a full address."


def _one(kind: str) -> Check:
    def check(value: Any, path: str) -> str | None:
        if not isinstance(value, Mapping):
            return f"{path} is not an object."
        return _fault_in_type(value, kind, path) or _fault_in_members(value, kind, path)

    return check


def _many(kind: str) -> Check:
    check_one = _one(kind)

    def check(value: Any, path: str) -> str | None:
        return next((fault for item in listed(value) if (fault := check_one(item, path))), None)

    return check


def _one_or_address(kind: str) -> Check:
    check_one = _one(kind)

    def check(value: Any, path: str) -> str | None:
        return _address(value, path) if isinstance(value, str) else check_one(value, path)

    return check


def _fault_in_type(value: Mapping[str, Any], kind: str, path: str) -> str | None:
    wanted = TYPES.get(kind, (frozenset({kind}),))
    found = {name for name in listed(value.get("type")) if isinstance(name, str)}
    for names in wanted:
        if not names & found:
            return f"{path} is not marked with the type {' or '.join(sorted(names))}."
    return None


def _fault_in_members(value: Mapping[str, Any], kind: str, path: str) -> str | None:
    for member in MEMBERS[kind]:
        here = f"{path} / {member.name}"
        if member.name not in value:
            if member.is_required:
                return f"{here} is missing."
        elif fault := member.check(value[member.name], here):
            return fault
    if kind in EITHER and not any(value.get(name) for name in EITHER[kind]):
        return f"{path} has neither {' nor '.join(EITHER[kind])}."
    return None


# Where the type of an object is not simply its name; each set needs one of its names.
TYPES: dict[str, tuple[frozenset[str], ...]] = {
    "OpenBadgeCredential": (
        frozenset({"VerifiableCredential"}),
        frozenset({"OpenBadgeCredential", "AchievementCredential"}),
    ),
    "Criteria": (),
    "CredentialStatus": (),
    "Proof": (),
}

# Of these one at least must be there.
EITHER: dict[str, tuple[str, ...]] = {
    "AchievementSubject": ("id", "identifier"),
    "Criteria": ("id", "narrative"),
}

MEMBERS: dict[str, tuple[Member, ...]] = {
    "OpenBadgeCredential": (
        Member("id", _address, True),
        Member("issuer", _one_or_address("Profile"), True),
        Member("validFrom", _time, True),
        Member("validUntil", _time),
        Member("awardedDate", _time),
        Member("name", _text),
        Member("description", _text),
        Member("credentialSubject", _one("AchievementSubject"), True),
        Member("evidence", _many("Evidence")),
        Member("credentialStatus", _many("CredentialStatus")),
        Member("proof", _many("Proof"), True),
    ),
    "AchievementSubject": (
        Member("id", _address),
        Member("identifier", _many("IdentityObject")),
        Member("achievement", _one("Achievement"), True),
        Member("narrative", _text),
        Member("result", _many("Result")),
        Member("source", _one("Profile")),
        Member("role", _text),
        Member("licenseNumber", _text),
        Member("term", _text),
    ),
    "Achievement": (
        Member("id", _address, True),
        Member("name", _text, True),
        Member("description", _text, True),
        Member("criteria", _one("Criteria"), True),
        Member("achievementType", _text),
        Member("version", _text),
        Member("inLanguage", _text),
        Member("fieldOfStudy", _text),
        Member("specialization", _text),
        Member("humanCode", _text),
        Member("tag", _texts),
        Member("alignment", _many("Alignment")),
        Member("creator", _one("Profile")),
        Member("image", _one_or_address("Image")),
        Member("resultDescription", _many("ResultDescription")),
    ),
    "Criteria": (Member("id", _address), Member("narrative", _text)),
    "ResultDescription": (
        Member("id", _address, True),
        Member("name", _text, True),
        Member("resultType", _text, True),
        Member("requiredLevel", _address),
        Member("requiredValue", _text),
        Member("rubricCriterionLevel", _many("RubricCriterionLevel")),
    ),
    "RubricCriterionLevel": (
        Member("id", _address, True),
        Member("name", _text, True),
        Member("description", _text),
        Member("level", _text),
        Member("points", _text),
    ),
    "Result": (
        Member("resultDescription", _address),
        Member("achievedLevel", _address),
        Member("value", _text),
        Member("status", _text),
    ),
    "Evidence": (
        Member("id", _address),
        Member("name", _text),
        Member("description", _text),
        Member("narrative", _text),
        Member("genre", _text),
        Member("audience", _text),
    ),
    "Alignment": (
        Member("targetName", _text, True),
        Member("targetUrl", _address, True),
        Member("targetDescription", _text),
        Member("targetFramework", _text),
        Member("targetCode", _text),
        Member("targetType", _text),
    ),
    "IdentityObject": (
        Member("hashed", _flag, True),
        Member("identityHash", _text, True),
        Member("identityType", _text, True),
        Member("salt", _text),
    ),
    "Profile": (
        Member("id", _address, True),
        Member("name", _text),
        Member("url", _address),
        Member("email", _text),
        Member("phone", _text),
        Member("description", _text),
        Member("image", _one_or_address("Image")),
    ),
    "Image": (Member("id", _address, True), Member("caption", _text)),
    "CredentialStatus": (
        Member("id", _address),
        Member("type", _texts, True),
        Member("statusPurpose", _text),
        Member("statusListCredential", _address),
    ),
    "Proof": (Member("type", _text, True), Member("proofValue", _text)),
}
