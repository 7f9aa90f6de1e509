"""The portfolio as a short walk: its sections in order, how far each is, what comes next."""

from dataclasses import dataclass

from portfolio.composing.coverage import Coverage, Part, PartKind


@dataclass(frozen=True)
class Section:
    """One station of the walk; `parts` are the things that are wanted in it."""

    key: str
    title: str
    lead: str
    parts: tuple[Part, ...]

    @property
    def done(self) -> int:
        """How many of its parts are there."""
        return sum(part.is_done for part in self.parts)

    @property
    def is_done(self) -> bool:
        """Whether nothing is missing in it."""
        return self.done == len(self.parts)

    @property
    def missing(self) -> tuple[Part, ...]:
        """What is still to do in it."""
        return tuple(part for part in self.parts if not part.is_done)


WALK: tuple[tuple[str, PartKind, str, str], ...] = (
    ("context", PartKind.CONTEXT, "Context", "Your role, your sector and the setting."),
    ("evidence", PartKind.EVIDENCE, "Evidence", "The work itself, in files."),
    ("criteria", PartKind.CLAIM, "Criteria", "Which piece shows what, and where to look."),
    ("reflection", PartKind.REFLECTION, "Reflection", "What you did and why, in your words."),
    ("disclosures", PartKind.DISCLOSURE, "Disclosures", "AI, your own share, earlier use."),
    ("statements", PartKind.STATEMENT, "Statements", "What you agree to, sentence by sentence."),
    ("attestations", PartKind.ATTESTATION, "Attestation", "Somebody who confirms your part."),
)
SECTION_OF: dict[PartKind, str] = {kind: key for key, kind, _title, _lead in WALK}


def sections(coverage: Coverage) -> tuple[Section, ...]:
    """Return the sections that this edition asks for, in the order to walk them."""
    walk = (
        Section(key, title, lead, tuple(part for part in coverage.parts if part.kind is kind))
        for key, kind, title, lead in WALK
    )
    return tuple(section for section in walk if section.parts)


def next_section(walk: tuple[Section, ...]) -> Section | None:
    """Return the first section in which something is missing."""
    return next((section for section in walk if not section.is_done), None)
