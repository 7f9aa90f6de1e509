"""Who may moderate, what is plainly missing from a review, and what a note must never say."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.errors import Invalid
from credentials.catalog.definition import EditionDefinition
from review.moderation.states import ReturnReason
from review.pool.rules import objection_to_part
from review.pool.states import Part
from review.scoring.rules import Answer

BUSINESS_DAYS = 2
TO_MEND = timedelta(days=3)
FEWEST_NOTE_WORDS = 5

REASON_WORDS: dict[ReturnReason, str] = {
    ReturnReason.MISSING_RATIONALE: "A reason is missing, or too short to learn from",
    ReturnReason.TONE: "The tone would hurt, or speaks of the person and not of the work",
}

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# What a number may stand in, or count, without being a level.
_COUNTED = "words?|sentences?|lines?|examples?|times|days?|hours?|minutes?|reasons?"
_PLACED = re.compile(
    r"(?:page|p|pp|slide|part|section|minute|min|second|line|row|sheet|step|point|figure|table|item"
    r"|sample|paragraph|chapter|question|criterion|criteria)s?\.?\s*"
    r"(?:\d+\s*(?:,|to|and|or|-|–)\s*)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hint:
    """Something that plain rules see in one criterion's answer; never what its level should be."""

    criterion: str
    words: str


@dataclass(frozen=True)
class Closeness:
    """What ties a moderator to one matter; `part` is what they are in it, if anything."""

    part: Part | None = None
    was_asked: bool = False
    is_tied: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether even a refusal would tell too much: on their own, or near somebody's, work."""
        return self.part in (Part.LEARNER, Part.REVIEWER) or self.was_asked or self.is_tied

    @property
    def objection(self) -> str | None:
        """Why they may not moderate in this matter, or None (INV-05)."""
        return objection_to_part(self.part, Part.MODERATOR)


def hints(definition: EditionDefinition, answers: Mapping[str, Answer]) -> tuple[Hint, ...]:
    """Return what is short or missing in a review, in the order of the rubric."""
    return tuple(
        Hint(one.key, words)
        for one in definition.criteria
        for words in _missing(definition, one.pass_level, answers.get(one.key, Answer()))
    )


def _missing(definition: EditionDefinition, pass_level: int, answer: Answer) -> Iterator[str]:
    least = definition.review_policy.min_rationale_words
    count = len(answer.rationale.split())
    if count == 0:
        yield "No reason is given."
    elif count < least:
        yield f"The reason has {count} {'word' if count == 1 else 'words'}; {least} are asked for."
    is_below = answer.level is not None and answer.level < pass_level
    if is_below and not answer.locator.strip():
        yield "Below the pass level, and no place in the evidence is named."


def check_return(
    definition: EditionDefinition,
    *,
    reasons: Sequence[ReturnReason],
    criteria: Sequence[str],
    note: str,
) -> None:
    """Raise Invalid unless a return has a reason, names its criteria and suggests no level."""
    if not reasons:
        raise Invalid("Choose why it goes back.", "reasons")
    if not {one.key for one in definition.criteria} >= set(criteria):
        raise Invalid("The rubric has no such criterion.", "criteria")
    if ReturnReason.MISSING_RATIONALE in reasons and not criteria:
        raise Invalid("Say for which criteria a reason is missing.", "criteria")
    if len(note.split()) < FEWEST_NOTE_WORDS:
        raise Invalid(
            f"Tell the reviewer in {FEWEST_NOTE_WORDS} words or more what would help.", "note"
        )
    found = level_named(definition, note)
    if found is not None:
        raise Invalid(
            f"“{found}” reads like a level. What level it is, the reviewer alone decides: say what"
            " is missing from the reasons, and leave levels and their numbers out.",
            "note",
        )


def level_named(definition: EditionDefinition, note: str) -> str | None:
    """Return what in a note names a level of this rubric, or may be read so; None if nothing does.

    A plain check: the names of the levels as whole words; their values as digits, unless they
    belong to a place in the evidence ("page 3") or count something ("3 sentences"); their values
    in words beside "level" and the like.
    """
    text = unicodedata.normalize("NFKC", note)
    names = "|".join(re.escape(level.name) for level in definition.levels)
    found = (
        re.search(rf"(?<!\w)(?:{names})(?!\w)", text, re.IGNORECASE)
        or _digit(definition, text)
        or _spelled(definition, text)
    )
    return None if found is None else found.group(0).strip()


def _digit(definition: EditionDefinition, text: str) -> re.Match[str] | None:
    values = "|".join(str(level.value) for level in definition.levels)
    alone = rf"(?<![\w:.])(?:{values})(?![\w:]|\.\d|\s*(?:{_COUNTED})\b)"
    return next(
        (
            found
            for found in re.finditer(alone, text, re.IGNORECASE)
            if not _PLACED.search(text[: found.start()])
        ),
        None,
    )


def _spelled(definition: EditionDefinition, text: str) -> re.Match[str] | None:
    values = [level.value for level in definition.levels]
    words = "|".join(_NUMBERS[value - 1] for value in values if value <= len(_NUMBERS))
    judged = r"(?:level|score|rating|grade|mark|rung)s?"
    return re.search(
        rf"\b{judged}\W+(?:\w+\W+){{0,3}}(?:{words})\b"
        rf"|\b(?:{words})\W+(?:out\W+)?of\W+(?:{words})\b",
        text,
        re.IGNORECASE,
    )
