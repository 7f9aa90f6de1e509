"""What a portfolio still lacks before it can be handed in: one list for meter and guard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from credentials.catalog.definition import EditionDefinition


class PartKind(StrEnum):
    """What kind of thing is wanted."""

    CONTEXT = "context"
    EVIDENCE = "evidence"
    CLAIM = "claim"
    REFLECTION = "reflection"
    DISCLOSURE = "disclosure"
    STATEMENT = "statement"
    ATTESTATION = "attestation"


@dataclass(frozen=True)
class Contents:
    """What a portfolio holds, as plain values.

    `evidence` maps requirement key to number of files, `claims` criterion key to number of
    claims, `reflections` prompt key to text, `disclosures` kind to text; `statements` are the
    keys agreed to, `attestations` the states of live ones.
    """

    role: str = ""
    sector: str = ""
    context: str = ""
    evidence: Mapping[str, int] = field(default_factory=dict)
    claims: Mapping[str, int] = field(default_factory=dict)
    reflections: Mapping[str, str] = field(default_factory=dict)
    disclosures: Mapping[str, str] = field(default_factory=dict)
    statements: frozenset[str] = frozenset()
    attestations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One thing that is wanted; `advice` says what to do while it is not there."""

    kind: PartKind
    key: str
    title: str
    is_done: bool
    advice: str = ""


@dataclass(frozen=True)
class Coverage:
    """Everything that is wanted, and how much of it is there."""

    parts: tuple[Part, ...]

    @property
    def missing(self) -> tuple[Part, ...]:
        """What is still to do."""
        return tuple(part for part in self.parts if not part.is_done)

    @property
    def done(self) -> int:
        """How many parts are there."""
        return len(self.parts) - len(self.missing)

    @property
    def is_complete(self) -> bool:
        """Whether the portfolio can be handed in."""
        return not self.missing


def words_in(text: str) -> int:
    """Return the number of words, as a reader would count them."""
    return len(text.split())


def coverage(definition: EditionDefinition, contents: Contents) -> Coverage:
    """Return what the edition wants, each with whether the contents have it."""
    return Coverage(
        (
            *_context(contents),
            *_evidence(definition, contents),
            *_claims(definition, contents),
            *_reflections(definition, contents),
            *_disclosures(definition, contents),
            *_statements(definition, contents),
            *_attestation(definition, contents),
        )
    )


def _context(contents: Contents) -> Sequence[Part]:
    return [
        Part(
            PartKind.CONTEXT,
            "role",
            "Your role in this work",
            bool(contents.role.strip()),
            "Say which role you had, such as producer or lead designer.",
        ),
        Part(
            PartKind.CONTEXT,
            "sector",
            "The sector you work in",
            bool(contents.sector.strip()),
            "Name the sector; reviewers see it, but never your employer.",
        ),
        Part(
            PartKind.CONTEXT,
            "context",
            "The setting",
            bool(contents.context.strip()),
            "Describe in a few sentences what the work was for, naming nobody.",
        ),
    ]


def _evidence(definition: EditionDefinition, contents: Contents) -> Sequence[Part]:
    return [
        Part(
            PartKind.EVIDENCE,
            wanted.key,
            wanted.title,
            wanted.min_count <= contents.evidence.get(wanted.key, 0) <= wanted.max_count,
            _count_advice(contents.evidence.get(wanted.key, 0), wanted.min_count, wanted.max_count),
        )
        for wanted in definition.evidence_requirements
        if wanted.required or contents.evidence.get(wanted.key, 0)
    ]


def _count_advice(have: int, least: int, most: int) -> str:
    if have > most:
        return f"Remove {have - most}: at most {most} are taken."
    lacking = max(least - have, 0)
    more = "more " if have else ""
    return f"Upload {lacking} {more}file{'' if lacking == 1 else 's'}."


def _claims(definition: EditionDefinition, contents: Contents) -> Sequence[Part]:
    return [
        Part(
            PartKind.CLAIM,
            criterion.key,
            criterion.name,
            contents.claims.get(criterion.key, 0) > 0,
            f"Point at least one work sample to {criterion.key}.",
        )
        for criterion in definition.criteria
        if criterion.required
    ]


def _reflections(definition: EditionDefinition, contents: Contents) -> Sequence[Part]:
    return [
        Part(
            PartKind.REFLECTION,
            prompt.key,
            prompt.title,
            prompt.min_words
            <= words_in(contents.reflections.get(prompt.key, ""))
            <= prompt.max_words,
            f"Write {prompt.min_words} to {prompt.max_words} words;"
            f" there are {words_in(contents.reflections.get(prompt.key, ''))} now.",
        )
        for prompt in definition.reflections
    ]


def _disclosures(definition: EditionDefinition, contents: Contents) -> Sequence[Part]:
    wanted = [("ai_use", "How AI tools were used", "Say how, or that none were used.")]
    if definition.team_policy:
        wanted.append(
            ("team_share", "Your own share", "Say what was yours, or that you worked alone.")
        )
    return [
        Part(
            PartKind.DISCLOSURE, key, title, bool(contents.disclosures.get(key, "").strip()), advice
        )
        for key, title, advice in wanted
    ]


def _statements(definition: EditionDefinition, contents: Contents) -> Sequence[Part]:
    return [
        Part(
            PartKind.STATEMENT,
            statement.key,
            statement.text,
            statement.key in contents.statements,
            "Read it and agree to it, if it is true.",
        )
        for statement in definition.statements
    ]


def _attestation(definition: EditionDefinition, contents: Contents) -> Sequence[Part]:
    if definition.attestation == "none":
        return []
    enough = {"received"} if definition.attestation == "received" else {"requested", "received"}
    return [
        Part(
            PartKind.ATTESTATION,
            "attestation",
            "Somebody who confirms your part",
            bool(enough & set(contents.attestations)),
            "Ask a client or line manager to confirm it; they get one page and need no account."
            if not contents.attestations
            else "Wait for the answer, or ask somebody else.",
        )
    ]
