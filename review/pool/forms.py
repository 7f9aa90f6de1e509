"""What a volunteer and a programme manager type about the pool."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import LINE, TEXT, AssayForm, at_most
from review.pool.models import YEARLY
from review.pool.rules import MOST_OPEN, MOST_YEARLY
from review.pool.states import ConflictKind, QualificationState

LANGUAGES = (
    ("en", "English"),
    ("de", "German"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("it", "Italian"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
)
KINDS = (
    (ConflictKind.EMPLOYER.value, "We work, or lately worked, for the same organisation"),
    (ConflictKind.LINE.value, "One of us reports to the other"),
    (ConflictKind.FAMILY.value, "Family or close friends"),
    (ConflictKind.MENTOR.value, "One of us coaches or mentors the other"),
    (ConflictKind.COLLABORATOR.value, "We work together on something"),
    (ConflictKind.OTHER.value, "Something else"),
)
YEARS = (1900, 2200)
ENDS = (
    (QualificationState.RESTING.value, "Let it rest for now"),
    (QualificationState.SUSPENDED.value, "Suspend it"),
    (QualificationState.LAPSED.value, "End it"),
)


def within_reach(_form: Form, field: Field) -> None:
    """Refuse a day so far away that no time zone, and nobody's plans, reach it."""
    if field.data is not None and not YEARS[0] <= field.data.year <= YEARS[1]:
        raise ValidationError(f"Choose a day between the years {YEARS[0]} and {YEARS[1]}.")


def start_of(day: date | None, zone: str) -> datetime | None:
    """Return when a day begins in a zone, or None without a day."""
    return None if day is None else datetime.combine(day, time(), ZoneInfo(zone))


def names_in(typed: str | None) -> list[str]:
    """Return names parted by commas, each once, in the order they were typed."""
    names = (" ".join(part.split())[:LINE] for part in (typed or "").split(","))
    return list(dict.fromkeys(name for name in names if name))


class LimitsForm(AssayForm):
    """How much a volunteer takes on."""

    is_available = BooleanField("I am open to invitations")
    max_open = IntegerField(
        "Reviews at once, at most",
        validators=[
            InputRequired("Write a number."),
            NumberRange(1, MOST_OPEN, f"Choose between 1 and {MOST_OPEN} reviews at once."),
        ],
        render_kw={"min": 1, "max": MOST_OPEN, "inputmode": "numeric"},
    )
    per_year = IntegerField(
        "Reviews a year, as you wish",
        default=YEARLY,
        validators=[
            Optional(),
            NumberRange(1, MOST_YEARLY, f"Choose between 1 and {MOST_YEARLY} reviews a year."),
        ],
        render_kw={"min": 1, "max": MOST_YEARLY, "inputmode": "numeric"},
    )
    paused_until = DateField("Pause until", validators=[Optional(), within_reach])
    languages = SelectMultipleField(
        "Languages I review in",
        choices=[SelectChoice(*one) for one in LANGUAGES],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    sectors = StringField(
        "Sectors I know", validators=[at_most(LINE * 5)], render_kw={"autocomplete": "off"}
    )
    topics = StringField(
        "Topics you know well", validators=[at_most(LINE * 5)], render_kw={"autocomplete": "off"}
    )

    def sector_names(self) -> list[str]:
        """Return the sectors, each once, in the order they were typed."""
        return names_in(self.sectors.data)

    def topic_names(self) -> list[str]:
        """Return the topics, each once, in the order they were typed."""
        return names_in(self.topics.data)


class HolidayForm(AssayForm):
    """Days off, both ends included."""

    from_date = DateField(
        "First day", validators=[InputRequired("Choose the first day."), within_reach]
    )
    until_date = DateField(
        "Last day", validators=[InputRequired("Choose the last day."), within_reach]
    )


class ApplicationForm(AssayForm):
    """What somebody holds or did who wants to review."""

    holdings = TextAreaField(
        "What you hold or did",
        validators=[DataRequired("Write what you hold or did."), at_most(TEXT)],
        render_kw={"rows": 8},
    )


class AnswerForm(AssayForm):
    """A programme manager's answer to an application."""

    answer = RadioField(
        "Your answer",
        choices=[
            SelectChoice("qualify", "Qualify them for this badge"),
            SelectChoice("decline", "Not this time"),
        ],
        validators=[InputRequired("Choose one.")],
    )
    reason = TextAreaField(
        "In your words",
        validators=[DataRequired("Write a sentence or two; they read it."), at_most(TEXT)],
        render_kw={"rows": 4},
    )
    valid_until = DateField("Qualified until", validators=[Optional(), within_reach])


class TieForm(AssayForm):
    """A tie to a person or to an organisation."""

    kind = RadioField(
        "What ties you",
        choices=[SelectChoice(*one) for one in KINDS],
        validators=[InputRequired("Choose what ties you.")],
    )
    organisation = StringField("Organisation", validators=[at_most(LINE)])
    address = StringField(
        "Or the person's e-mail address", validators=[at_most(254)], render_kw={"type": "email"}
    )
    begins = DateField("From", validators=[Optional(), within_reach])
    until = DateField("Until", validators=[Optional(), within_reach])
    note = StringField("A note for yourself", validators=[at_most(LINE)])


class QualifyForm(AssayForm):
    """Somebody's right to review, given by hand."""

    address = StringField(
        "Their e-mail address",
        validators=[DataRequired("Write the address of their account."), at_most(254)],
        render_kw={"type": "email", "autocomplete": "off"},
    )
    reason = TextAreaField(
        "What it rests on",
        validators=[DataRequired("Say what the qualification rests on."), at_most(TEXT)],
        render_kw={"rows": 3},
    )
    valid_until = DateField("Until", validators=[Optional(), within_reach])


class EndForm(AssayForm):
    """How a right to review ends, and why."""

    to = RadioField(
        "What happens",
        choices=[SelectChoice(*one) for one in ENDS],
        validators=[InputRequired("Choose one.")],
    )
    reason = TextAreaField("Why", validators=[at_most(TEXT)], render_kw={"rows": 3})
