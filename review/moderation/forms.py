"""What a moderator says when a review goes back to its writer."""

from typing import Any

from wtforms import SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import TEXT, AssayForm, at_most
from credentials.catalog.definition import EditionDefinition
from review.moderation.rules import REASON_WORDS


class ReturnForm(AssayForm):
    """Why a review goes back, for which criteria, and what would help."""

    reasons = SelectMultipleField(
        "Why it goes back",
        choices=[SelectChoice(reason.value, words) for reason, words in REASON_WORDS.items()],
        validators=[InputRequired("Choose why it goes back.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    criteria = SelectMultipleField(
        "Where a reason is missing",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField(
        "What would help",
        [InputRequired("Tell the reviewer what would help."), at_most(TEXT)],
        render_kw={"rows": 5},
    )


def return_form(definition: EditionDefinition, **values: Any) -> ReturnForm:
    """Return the form for a rubric; `values` go to its constructor."""
    form = ReturnForm(**values)
    form.criteria.choices = [
        SelectChoice(one.key, f"{one.key} {one.name}") for one in definition.criteria
    ]
    return form
