"""The answers to an invitation."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired

from core.forms import TEXT, AssayForm, at_most
from review.assignment.states import DeclineReason

D = DeclineReason
REASONS: dict[DeclineReason, str] = {
    D.NO_TIME: "No time just now",
    D.OUTSIDE_EXPERTISE: "Outside my expertise",
    D.CONFLICT: "I have a conflict of interest",
    D.RECOGNISED_AUTHOR: "I think I know whose work it is",
    D.LANGUAGE: "Not a language I review in",
    D.OTHER: "Something else (say what, above)",
}


class AcceptForm(AssayForm):
    """A yes, with the declaration that goes with it."""

    no_conflict = BooleanField(
        "I know of no conflict of interest: I do not work with, report to, coach or live with"
        " anybody whose work this could be.",
        validators=[
            InputRequired("Say that you know of no conflict, or decline and say what it is.")
        ],
    )


class DeclineForm(AssayForm):
    """A no, with its reason, and a sentence beside it."""

    note = TextAreaField(
        "A sentence, if you like", validators=[at_most(TEXT)], render_kw={"rows": 2}
    )
    reason = StringField(
        "Reason",
        validators=[AnyOf([one.value for one in D], message="Choose one of the reasons.")],
    )
