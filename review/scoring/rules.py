"""When a review may be sealed: every criterion answered, and reasons where they matter most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from credentials.catalog.definition import EditionDefinition
from portfolio.evidence.identity import mask, spans
from review.scoring.states import CannotScore


@dataclass(frozen=True)
class Answer:
    """What a reviewer says on one criterion: a level, or why there is none."""

    level: int | None = None
    cannot_score: CannotScore | None = None
    rationale: str = ""
    locator: str = ""


@dataclass(frozen=True)
class Gap:
    """One thing that keeps a review from being sealed, at its place in the form."""

    criterion: str
    field: str
    reason: str


def gaps(definition: EditionDefinition, answers: Mapping[str, Answer]) -> tuple[Gap, ...]:
    """Return what is missing before sealing (INV-17, INV-18), in the order of the rubric."""
    return tuple(
        gap
        for criterion in definition.criteria
        for gap in _gaps_of(
            definition, criterion.key, criterion.pass_level, answers.get(criterion.key, Answer())
        )
    )


def _gaps_of(definition: EditionDefinition, key: str, pass_level: int, answer: Answer) -> list[Gap]:
    if answer.cannot_score is not None:
        return [] if answer.rationale.strip() else [_say_why(key)]
    if answer.level is None:
        return [Gap(key, "level", f"Choose a level for {key}, or say why it cannot be scored.")]
    if not needs_reasons(definition, pass_level, answer.level):
        return []
    found = []
    least = definition.review_policy.min_rationale_words
    if len(answer.rationale.split()) < least:
        found.append(
            Gap(key, "rationale", f"Say in at least {least} words why {key} is at this level.")
        )
    if not answer.locator.strip():
        found.append(
            Gap(key, "locator", f"Say where in the evidence {key} shows, such as “E1, page 2”.")
        )
    return found


def is_answered(answer: Answer) -> bool:
    """Whether a criterion has a level, or a reason for none."""
    return answer.level is not None or answer.cannot_score is not None


def own_traces(
    definition: EditionDefinition,
    answers: Mapping[str, Answer],
    feedback: str,
    needles: Sequence[str],
) -> tuple[str, ...]:
    """Return where a reviewer's own names or addresses stand in what the learner will read.

    Only the writer's own words are looked for: telling a reviewer that they hit on the
    learner's name would answer the question that must not be asked (BR13, INV-12).
    """
    places = [
        (f"what you wrote on {criterion.key}", f"{answer.rationale}\n{answer.locator}")
        for criterion in definition.criteria
        for answer in [answers.get(criterion.key, Answer())]
    ]
    places.append(("your overall feedback", feedback))
    return tuple(place for place, text in places if spans(text, needles))


def masked_answer(answer: Answer, needles: Sequence[str]) -> Answer:
    """Return an answer with some words masked in everything that was typed."""
    return replace(
        answer, rationale=mask(answer.rationale, needles), locator=mask(answer.locator, needles)
    )


def needs_reasons(definition: EditionDefinition, pass_level: int, level: int) -> bool:
    """Whether a level wants rationale and locator: below the pass level, and at the very top."""
    return level < pass_level or level == definition.top_level


def _say_why(key: str) -> Gap:
    return Gap(key, "rationale", f"Say in a sentence why {key} cannot be scored.")
