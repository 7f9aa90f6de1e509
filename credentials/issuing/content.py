"""What a badge says, as plain frozen values: the input of every badge standard we write.

There is no field for evidence itself, for comments, for reviewers' names or for the number of
attempts, and so no way to publish one of them by mistake.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Profile:
    """An issuer, or the programme that judged for it; `id` is a DID or a full address."""

    id: str
    name: str
    url: str | None = None
    email: str | None = None
    description: str | None = None
    image_url: str | None = None


@dataclass(frozen=True)
class Alignment:
    """A competency in somebody's framework; `kind` is for instance `ceasn:Competency`."""

    name: str
    url: str
    description: str | None = None
    framework: str | None = None
    code: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class RubricLevel:
    """One level of a criterion; `ordinal` grows with quality and also serves as points."""

    ordinal: int
    name: str
    description: str | None = None


@dataclass(frozen=True)
class RubricCriterion:
    """One criterion, its levels, and the lowest level that passes; `key` is short, as `C1`."""

    key: str
    name: str
    pass_level: int
    levels: tuple[RubricLevel, ...]


@dataclass(frozen=True)
class Achievement:
    """What an edition of a badge says to the world; `id` stays the same across editions."""

    id: str
    name: str
    description: str
    version: str
    criteria_narrative: str
    criteria: tuple[RubricCriterion, ...]
    criteria_url: str | None = None
    image_url: str | None = None
    image_caption: str | None = None
    kind: str = "MicroCredential"
    language: str | None = None
    tags: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()


@dataclass(frozen=True)
class Recipient:
    """Whose badge it is. `salt` is random and used for this credential only; `name` is shown
    only if its holder agreed, so leave it out otherwise."""

    email: str
    salt: str
    name: str | None = None
    did: str | None = None


@dataclass(frozen=True)
class EvidenceLink:
    """A work sample whose holder agreed, at `consented_at`, to link it from the badge."""

    url: str
    name: str
    consented_at: datetime
    description: str | None = None
    genre: str | None = None


@dataclass(frozen=True)
class StatusEntry:
    """Where to look up whether the credential still stands: a bit in a signed list."""

    list_url: str
    index: int
    purpose: str = "revocation"


@dataclass(frozen=True)
class CredentialInput:
    """Everything one credential says.

    `levels` gives the achieved ordinal for each criterion key; an elective that was left open has
    none. With `shows_levels` off they are
    left out. `method` is one public sentence on how the work was judged. `awarded_at` is the
    first award and stays when a corrected credential has a later `valid_from`.
    """

    id: str
    issuer: Profile
    achievement: Achievement
    recipient: Recipient
    levels: Mapping[str, int]
    method: str
    programme: Profile
    awarded_at: datetime
    valid_from: datetime
    status: StatusEntry
    valid_until: datetime | None = None
    shows_levels: bool = True
    evidence: tuple[EvidenceLink, ...] = ()
