"""The scored form as it is posted: one answer per criterion of the rubric, and what goes with it.

The fields come from the edition's rubric, never from what was posted. A level and a reason for
giving none are choices of one list, so that nobody can send both.
"""

from collections.abc import Mapping
from typing import Any, cast

from wtforms import (
    BooleanField,
    FormField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from core.forms import TEXT, AssayForm, at_most
from credentials.catalog.definition import EditionDefinition
from review.assignment.states import DeclineReason
from review.scoring.rules import Answer, Gap
from review.scoring.states import CannotScore

LOCATOR = 120
MOST_SECONDS = 24 * 3600

CANNOT_SCORE_WORDS: dict[CannotScore, str] = {
    CannotScore.CANNOT_OPEN: "I cannot open the evidence for it",
    CannotScore.MISSING_EVIDENCE: "The evidence for it is missing",
    CannotScore.OUTSIDE_EXPERTISE: "It is outside what I can judge",
    CannotScore.CONFLICTING_EVIDENCE: "The evidence contradicts itself",
}
STEP_BACK_WORDS: dict[DeclineReason, str] = {
    DeclineReason.RECOGNISED_AUTHOR: "I recognise whose work this is",
    DeclineReason.CONFLICT: "I have a tie to the people or the organisation in it",
    DeclineReason.OUTSIDE_EXPERTISE: "It is outside what I can judge",
    DeclineReason.NO_TIME: "I no longer have the time",
    DeclineReason.LANGUAGE: "I cannot judge work in this language",
    DeclineReason.OTHER: "Another reason",
}


class _ReviewFields(AssayForm):
    """What every review has, whatever its rubric."""

    version = IntegerField(
        "Version", [InputRequired(), NumberRange(min=0)], widget=HiddenInput(), default=1
    )
    seconds = IntegerField(
        "Seconds", [Optional(), NumberRange(0, MOST_SECONDS)], widget=HiddenInput(), default=0
    )
    feedback = TextAreaField("Overall feedback", [at_most(TEXT)])
    private_note = TextAreaField("Private note to the moderator", [at_most(TEXT)])


class SealForm(AssayForm):
    """The last word before a review is sealed."""

    version = IntegerField("Version", [InputRequired()], widget=HiddenInput())
    names_may_stay = BooleanField("I have seen this, and it may stay as it is")


class RecuseForm(AssayForm):
    """Stepping back from a review that was begun."""

    reason = SelectField(
        "Why do you step back?",
        choices=[SelectChoice(reason.value, words) for reason, words in STEP_BACK_WORDS.items()],
    )
    note = TextAreaField("Anything the programme should know", [at_most(TEXT)])


def review_form(definition: EditionDefinition, **values: Any) -> Any:
    """Return the form for a rubric; `values` go to its constructor."""
    fields = {
        one.key: FormField(_answer_form(definition, one.key), label=f"{one.key} {one.name}")
        for one in definition.criteria
    }
    return type("ReviewForm", (_ReviewFields,), fields)(**values)


def initial(
    answers: Mapping[str, Answer], *, version: int, feedback: str, private_note: str
) -> dict[str, Any]:
    """Return what the form shows for a saved review."""
    return {
        "version": version,
        "feedback": feedback,
        "private_note": private_note,
        **{
            key: {
                "answer": _choice(answer),
                "rationale": answer.rationale,
                "locator": answer.locator,
            }
            for key, answer in answers.items()
        },
    }


def answers_in(form: Any, definition: EditionDefinition) -> dict[str, Answer]:
    """Return what a valid form says, by criterion key."""
    return {one.key: _answer(form[one.key].form) for one in definition.criteria}


def show_gaps(form: Any, missing: tuple[Gap, ...]) -> None:
    """Put what keeps a review from being sealed at its place in the form."""
    for gap in missing:
        field = form[gap.criterion].form["answer" if gap.field == "level" else gap.field]
        field.errors = [*field.errors, gap.reason]


def _answer_form(definition: EditionDefinition, key: str) -> type[AssayForm]:
    levels = [
        SelectChoice(str(level.value), f"{level.value} · {level.name}")
        for level in definition.levels
    ]
    reasons = [SelectChoice(reason.value, words) for reason, words in CANNOT_SCORE_WORDS.items()]
    fields = {
        "answer": RadioField(f"Level for {key}", [Optional()], choices=levels + reasons),
        "rationale": TextAreaField(f"Why {key} is at this level", [at_most(TEXT)]),
        "locator": StringField(f"Where in the evidence {key} shows", [at_most(LOCATOR)]),
    }
    return cast(type[AssayForm], type("AnswerForm", (AssayForm,), fields))


def _choice(answer: Answer) -> str | None:
    if answer.cannot_score is not None:
        return answer.cannot_score.value
    return None if answer.level is None else str(answer.level)


def _answer(form: Any) -> Answer:
    chosen = form.answer.data or ""
    return Answer(
        level=int(chosen) if chosen.isdigit() else None,
        cannot_score=CannotScore(chosen) if chosen and not chosen.isdigit() else None,
        rationale=form.rationale.data or "",
        locator=form.locator.data or "",
    )
