"""Opening a study of the standard, and rating one whole portfolio."""

from wtforms import IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from core.forms import TEXT, AssayForm, at_most
from review.panels.cuts import CATEGORIES
from review.panels.rules import FEWEST_PORTFOLIOS, MOST_PORTFOLIOS


class OpenForm(AssayForm):
    """How many portfolios the panel reads, and why now."""

    count = IntegerField(
        "How many portfolios",
        default=20,
        validators=[
            InputRequired(message="Say how many."),
            NumberRange(
                FEWEST_PORTFOLIOS,
                MOST_PORTFOLIOS,
                message=f"Between {FEWEST_PORTFOLIOS} and {MOST_PORTFOLIOS}.",
            ),
        ],
        description=f"{FEWEST_PORTFOLIOS} to {MOST_PORTFOLIOS}; all there are, where there are"
        " fewer. They are spread over the mean levels, without names.",
    )
    note = TextAreaField("Why this study", validators=[at_most(TEXT)])


class RateForm(AssayForm):
    """Where one portfolio lies, held against what the badge claims."""

    category = RadioField(
        "As a whole, against what this badge claims",
        choices=[SelectChoice(value, words) for value, words in CATEGORIES.items()],
        coerce=int,
        validators=[InputRequired(message="Choose one of the three.")],
        description="Borderline is a portfolio that only just shows it, or only just does not.",
    )
