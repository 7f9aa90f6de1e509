"""What an author answers, what a manager proposes, and what a committee member sets."""

from typing import Any

from wtforms import BooleanField, FormField, HiddenField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired

from core.forms import TEXT, AssayForm, at_most
from credentials.catalog.definition import Criterion, EditionDefinition

YES, NO = "yes", "no"


class ProposeForm(AssayForm):
    """Which work is proposed."""

    submission_id = HiddenField(validators=[InputRequired(), at_most(64)])


class ConsentForm(AssayForm):
    """Whether somebody agrees that their work is a benchmark."""

    answer = RadioField(
        "Your answer",
        [InputRequired("Say yes or no; either is fine.")],
        choices=[
            SelectChoice(YES, "Yes, reviewers may read it as a benchmark"),
            SelectChoice(NO, "No, it stays between me and my reviewers"),
        ],
    )


def levels_form(definition: EditionDefinition, **kwargs: Any) -> Any:
    """Return the form in which a level and a reason is set for each criterion."""
    fields: dict[str, Any] = {
        one.key: FormField(_criterion_form(definition, one), label=f"{one.key} {one.name}")
        for one in definition.criteria
    }
    fields["has_no_names"] = BooleanField(
        "I looked through all of the work for names of people and organisations, and it shows none"
    )
    return type("LevelsForm", (AssayForm,), fields)(**kwargs)


def _criterion_form(definition: EditionDefinition, criterion: Criterion) -> type[AssayForm]:
    fields = {
        "level": RadioField(
            "Level",
            [InputRequired(f"Choose a level for {criterion.key}.")],
            choices=[
                SelectChoice(
                    str(level.value),
                    f"{level.value} {level.name}: {criterion.descriptors.get(level.value, '')}",
                )
                for level in definition.levels
            ],
        ),
        "reason": TextAreaField(
            "Why this level",
            [InputRequired(f"Say why {criterion.key} is at this level."), at_most(TEXT)],
        ),
    }
    return type(f"Level{criterion.key}Form", (AssayForm,), fields)
