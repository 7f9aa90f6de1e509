"""What an edition of a badge demands, as frozen plain values; published, it never changes.

`parse` takes the plain mapping that a badge file or the database holds, `to_mapping` gives it
back, and `digest` names the whole by its SHA-256 (INV-04). Defaults follow domain 2.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

from core.digest import canonical_json, digest_of
from core.errors import Invalid
from credentials.catalog.policy_defaults import ABSENT, FIT_WEIGHTS


@dataclass(frozen=True)
class Level:
    """One step of the scale that every criterion uses; `value` grows with quality from 1."""

    value: int
    name: str


@dataclass(frozen=True)
class Criterion:
    """One thing the work is held against; `descriptors` maps level value to its text."""

    key: str
    name: str
    descriptors: Mapping[int, str]
    pass_level: int = 3
    required: bool = True
    must_pass: bool = False
    weight: float = 1


@dataclass(frozen=True)
class EvidenceRequirement:
    """One kind of work sample that is asked for."""

    key: str
    title: str
    description: str
    accepts: tuple[str, ...]
    min_count: int = 1
    max_count: int = 3
    max_megabytes: int = 100
    required: bool = True
    applied_work: bool = True


@dataclass(frozen=True)
class ReflectionPrompt:
    """One question the learner answers in prose of a given length, in words."""

    key: str
    title: str
    prompt: str
    min_words: int
    max_words: int


@dataclass(frozen=True)
class Statement:
    """A sentence the learner agrees to, sealed verbatim with the submission."""

    key: str
    text: str


@dataclass(frozen=True)
class PassRule:
    """How criteria combine: all_required, k_of_electives or, opted into, weighted_mean."""

    mode: str = "all_required"
    electives_needed: int | None = None
    mean_needed: float | None = None
    distinction_count: int | None = None


@dataclass(frozen=True)
class ReviewPolicy:
    """How the work is judged, and what is promised; days are business days where said.

    At most `per_organisation` and `per_sector` reviewers of one portfolio come from the same
    one. One more person is asked when a round is older than `hedge_after_days` or when a review
    fails to end in time with a probability above `hedge_risk`; up to `hedges` in all, the next
    when the round is half as old again.

    Until `confidence_from` reviews of the badge are known, the model of all reviews has no say in
    what happens next. The first `moderated_reviews` of a reviewer, and a share of the later ones,
    are read by a moderator before anybody else; a share of clear decisions is read again, blind.
    Reviewers are held against benchmarks, where the badge has them.
    """

    reviewers: int = 2
    adjudicators: int = 1
    blindness: str = "double"
    answer_hours: int = 24
    invitation_days: int | None = None
    review_days: int = 7
    intake_business_days: int = 2
    promise_business_days: int = 15
    hold_back_hours: int = 0
    attempts: int = 3
    min_rationale_words: int = 12
    estimated_minutes: int = 45
    per_organisation: int = 1
    per_sector: int | None = None
    hedges: int = 1
    hedge_after_days: int = 6
    hedge_risk: float = 0.2
    max_reviews: int = 5
    grant_above: float = 0.9
    deny_below: float = 0.1
    small_family: int = 30
    small_grant_above: float = 0.95
    small_deny_below: float = 0.05
    confidence_from: int = 30
    moderated_reviews: int = 0
    moderation_rate: float = 0.0
    audit_rate: float = 0.0
    calibration_agreement: float = 0.8
    calibration_months: int = 12
    gold_items: int = 2
    fit_weights: Mapping[str, float] = field(default_factory=lambda: dict(FIT_WEIGHTS))

    @property
    def hours_to_answer(self) -> int:
        """How long an invitation stands; `invitation_days` is how older editions say it."""
        return self.answer_hours if self.invitation_days is None else 24 * self.invitation_days


@dataclass(frozen=True)
class EditionDefinition:
    """A whole edition."""

    slug: str
    version: str
    title: str
    claim: str
    summary: str
    workload_hours: int
    levels: tuple[Level, ...]
    criteria: tuple[Criterion, ...]
    evidence_requirements: tuple[EvidenceRequirement, ...]
    reflections: tuple[ReflectionPrompt, ...] = ()
    statements: tuple[Statement, ...] = ()
    competencies: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = "en"
    validity_months: int | None = None
    currency_years: int = 3
    ai_policy: str = ""
    team_policy: str = ""
    attestation: str = "requested"
    reviewer_rule: str = ""
    allow_zip: bool = False
    pass_rule: PassRule = field(default_factory=PassRule)
    review_policy: ReviewPolicy = field(default_factory=ReviewPolicy)

    def criterion(self, key: str) -> Criterion:
        """Return the criterion with a key; raise KeyError when there is none."""
        return self._by_key[key]

    def level_name(self, value: int) -> str:
        """Return the name of a level."""
        return next(level.name for level in self.levels if level.value == value)

    @property
    def top_level(self) -> int:
        """The highest level value."""
        return max(level.value for level in self.levels)

    def has_distinction(self, levels: Mapping[str, int]) -> bool:
        """Whether levels by criterion earn the mark of distinction, where the edition has one."""
        wanted = self.pass_rule.distinction_count
        return wanted is not None and (
            sum(level >= self.top_level for level in levels.values()) >= wanted
        )

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON of the whole definition."""
        return digest_of(to_mapping(self))

    @cached_property
    def _by_key(self) -> dict[str, Criterion]:
        return {criterion.key: criterion for criterion in self.criteria}


# Which class the members of each list field have.
MEMBERS: dict[str, type] = {
    "levels": Level,
    "criteria": Criterion,
    "evidence_requirements": EvidenceRequirement,
    "reflections": ReflectionPrompt,
    "statements": Statement,
}
PARTS: dict[str, type] = {"pass_rule": PassRule, "review_policy": ReviewPolicy}


def parse(mapping: Mapping[str, Any]) -> EditionDefinition:
    """Return the definition that a checked mapping stands for; raise Invalid on a wrong shape."""
    values: dict[str, Any] = {}
    for name, value in mapping.items():
        if name in MEMBERS:
            values[name] = tuple(_part(MEMBERS[name], member, name) for member in value)
        elif name in PARTS:
            values[name] = _part(PARTS[name], value, name)
        else:
            values[name] = _plain(value)
    made: EditionDefinition = _make(EditionDefinition, values, "definition")
    return made


def to_mapping(definition: EditionDefinition) -> dict[str, Any]:
    """Return the plain mapping of a definition, its descriptors keyed by text as JSON has it."""
    mapping = asdict(definition)
    policy = mapping["review_policy"]
    for name, value in ABSENT.items():
        if policy[name] == value:
            del policy[name]
    for criterion in mapping["criteria"]:
        criterion["descriptors"] = {
            str(value): text for value, text in sorted(criterion["descriptors"].items())
        }
    plain = _as_lists(mapping)
    if not isinstance(plain, dict):
        raise TypeError("a definition is a mapping")
    return plain


def to_json(definition: EditionDefinition) -> str:
    """Return the canonical JSON of a definition, as stored with its edition."""
    return canonical_json(to_mapping(definition))


def _part(kind: type, value: Any, name: str) -> Any:
    if not isinstance(value, Mapping):
        raise Invalid(f"{name} must be a mapping.", name)
    members = {key: _plain(member) for key, member in value.items()}
    if kind is Criterion:
        members["descriptors"] = {
            int(level): text for level, text in dict(value.get("descriptors", {})).items()
        }
    return _make(kind, members, name)


def _make(kind: type, values: Mapping[str, Any], name: str) -> Any:
    known = {one.name for one in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Invalid(f"{name} has no field called {unknown[0]}.", unknown[0])
    try:
        return kind(**values)
    except TypeError as error:
        raise Invalid(f"{name} lacks a field: {error}.", name) from error


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _as_lists(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_lists(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_as_lists(member) for member in value]
    return value
