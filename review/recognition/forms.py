"""What a reviewer chooses for a certificate, and what a manager notes after a talk."""

from wtforms import BooleanField, DateField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired

from core.forms import TEXT, AssayForm, at_most
from review.pool.forms import within_reach


class CertificateForm(AssayForm):
    """The days that a certificate is about, and whether it shows one's marks."""

    from_date = DateField("From", [InputRequired("Choose the first day."), within_reach])
    until_date = DateField("Until", [InputRequired("Choose the last day."), within_reach])
    shows_marks = BooleanField("Show my reviewer's marks on it")


class TalkForm(AssayForm):
    """What was agreed with a reviewer, and whether they go on."""

    note = TextAreaField(
        "What you agreed, which the reviewer reads",
        [
            InputRequired("Write down what you agreed, so that both of you can hold to it."),
            at_most(TEXT),
        ],
    )
    next = RadioField(
        "What comes next",
        [InputRequired("Say what comes next.")],
        choices=[
            SelectChoice("on", "They go on reviewing for this badge"),
            SelectChoice("rest", "It rests until they take it up again themselves"),
        ],
    )
