"""What a holder chooses when accepting a badge, and later."""

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import AssayForm
from credentials.issuing.states import Visibility

VISIBILITIES = [
    SelectChoice(
        Visibility.UNLISTED.value, "Unlisted: only people I give its address to find the page"
    ),
    SelectChoice(Visibility.PUBLIC.value, "Public: anybody may find the page"),
]


def _visibility() -> RadioField:
    return RadioField(
        "Who may find the page of your badge?",
        choices=VISIBILITIES,
        default=Visibility.UNLISTED.value,
        validators=[InputRequired("Choose who may find the page.")],
        description="You can change this at any time.",
    )


class ChoicesForm(AssayForm):
    """What the badge shows; nothing is shown that is not chosen here."""

    visibility = _visibility()
    shows_name = BooleanField(
        "Show my name",
        description="Signed into the badge for good. Without it, the badge holds only a salted"
        " hash of your e-mail address, by which you can prove that it is yours.",
    )
    evidence = SelectMultipleField(
        "Work samples to link from the page",
        description="None is shown unless you tick it. Whoever sees the page can then download"
        " the file as you handed it in. You can withdraw each one at any time.",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=True,
    )


class AcceptForm(ChoicesForm):
    """The same choices, now agreed to."""

    agrees = BooleanField(
        "I agree to this, word for word",
        validators=[InputRequired("Tick this to have the badge signed.")],
    )


class VisibilityForm(AssayForm):
    """Who finds the page from now on."""

    visibility = _visibility()
