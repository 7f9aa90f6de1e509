"""What a moderator says at intake."""

from wtforms import SelectChoice, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import TEXT, AssayForm, at_most
from review.intake.rules import RETURN_WORDS


class ReturnForm(AssayForm):
    """Why a hand-in goes back."""

    reasons = SelectMultipleField(
        "What has to change",
        choices=[SelectChoice(reason.value, words) for reason, (words, _) in RETURN_WORDS.items()],
        validators=[InputRequired("Choose at least one reason.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = TextAreaField(
        "What exactly, and where",
        validators=[at_most(TEXT)],
        render_kw={"rows": 4},
    )


class PassForm(AssayForm):
    """That a hand-in may go on."""

    note = TextAreaField("A note for the record", validators=[at_most(TEXT)], render_kw={"rows": 2})
