"""What a programme manager fills in to steer whom work is offered to."""

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from core.forms import TEXT, AssayForm, at_most
from review.assignment.states import WishKind

KINDS = [
    SelectChoice(WishKind.PIN.value, "Have them asked as soon as a seat is free"),
    SelectChoice(WishKind.FORBID.value, "Do not have them asked for this work"),
]


class WishForm(AssayForm):
    """A wish about one person and one work, with its reason."""

    kind = RadioField(
        "What you want", choices=KINDS, validators=[InputRequired("Choose one of the two.")]
    )
    reason = TextAreaField(
        "Why",
        description="Other programme managers and auditors read it; the person and the learner"
        " do not.",
        validators=[InputRequired("Say in a few words why."), at_most(TEXT)],
        render_kw={"rows": 3},
    )


class SwapForm(AssayForm):
    """Another unanswered offer whose reviewer is to change places with this one."""

    other = SelectField("Change places with", validators=[InputRequired("Choose the other offer.")])
    reason = TextAreaField(
        "Why",
        description="It is kept in the audit trail.",
        validators=[InputRequired("Say in a few words why."), at_most(TEXT)],
        render_kw={"rows": 3},
    )
