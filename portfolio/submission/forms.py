"""What a learner sends along with the hand-in."""

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import InputRequired

from core.forms import TEXT, AssayForm, at_most


class HandInForm(AssayForm):
    """The explicit act of handing in; `seen` names exactly what was looked at (INV-34)."""

    seen = HiddenField(validators=[InputRequired("Look the portfolio through once more.")])
    sure = BooleanField(
        "I have looked this through and hand it in as it is.",
        validators=[InputRequired("Tick this to hand in; nothing is handed in without it.")],
    )


class HandInAgainForm(HandInForm):
    """A later attempt says what is different now."""

    change_note = TextAreaField(
        "What changed since your last attempt",
        description="Two or three sentences, naming nobody. Reviewers read it with the work, but"
        " see neither the earlier outcome nor its reasons. 4,000 characters at most.",
        validators=[
            InputRequired("Say in a sentence or two what is different now."),
            at_most(TEXT),
        ],
        render_kw={"rows": 4},
    )
