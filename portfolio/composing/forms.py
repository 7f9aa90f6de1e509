"""What a learner types about their work, and what an outside person answers."""

from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from core.forms import LONG_TEXT, TEXT, AssayForm, at_most
from credentials.catalog.definition import EditionDefinition

LOCATOR = 120
SHORT_LINE = 120
SHOWS = "shows_"
WHERE = "where_"


class Wanted:
    """Mark a field as wanted for the hand-in, while a draft may still be saved without it."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads it as a class attribute

    def __call__(self, form: Any, field: Field) -> None:
        """Accept anything; `coverage` says what is missing."""


def needed(message: str) -> InputRequired:
    """Ask for an answer, in words that say what to write."""
    return InputRequired(message)


class SavedForm(AssayForm):
    """A form that says by `base` which saved text it started from."""

    base = HiddenField(validators=[at_most(64)])


class ContextForm(SavedForm):
    """The learner's role, sector and setting."""

    role = StringField(
        "Your role in this work",
        description="As you would say it at work, such as producer or lead designer.",
        validators=[Wanted(), at_most(SHORT_LINE)],
    )
    sector = StringField(
        "The sector you work in",
        description="Reviewers see the sector, never your employer's name.",
        validators=[Wanted(), at_most(SHORT_LINE)],
    )
    context = TextAreaField(
        "The setting",
        description="What the work was for, for whom and under which conditions, naming nobody."
        " A few sentences; 4,000 characters at most.",
        validators=[Wanted(), at_most(TEXT)],
        render_kw={"rows": 8},
    )


class ReflectionForm(SavedForm):
    """The answer to one prompt."""

    words = TextAreaField(
        "Your reflection",
        validators=[Wanted(), at_most(LONG_TEXT)],
        render_kw={"rows": 22, "spellcheck": "true"},
    )


class DisclosuresForm(SavedForm):
    """What others should know about how the work came about."""

    ai_use = TextAreaField(
        "How AI tools were used",
        description="Which tools, for what, and what you checked; or that none were used."
        " 4,000 characters at most.",
        validators=[Wanted(), at_most(TEXT)],
        render_kw={"rows": 5},
    )
    team_share = TextAreaField(
        "Your own share",
        description="What was yours and what others did, without their names; or that you"
        " worked alone. 4,000 characters at most.",
        validators=[at_most(TEXT)],
        render_kw={"rows": 5},
    )
    earlier_use = TextAreaField(
        "Earlier use",
        description="If any of this was handed in before, for another badge, a course or a"
        " prize, say where. 4,000 characters at most.",
        validators=[at_most(TEXT)],
        render_kw={"rows": 3},
    )


class StatementsForm(AssayForm):
    """The edition's statements, each agreed to by itself."""

    statements = SelectMultipleField(
        "I agree that",
        validators=[Wanted()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class AttesterForm(AssayForm):
    """Who is asked to confirm the work."""

    name = StringField(
        "Their name", validators=[needed("Write the person's name."), at_most(SHORT_LINE)]
    )
    address = EmailField(
        "Their e-mail address",
        description="One mail with one link goes there. It is not shown to reviewers.",
        validators=[needed("Write the address that the mail goes to."), at_most(254)],
    )
    relation = StringField(
        "Who they are to this work",
        description="Such as client, line manager or sponsor, without a name.",
        validators=[needed("Say who this person is to the work."), at_most(SHORT_LINE)],
    )


class ConfirmForm(AssayForm):
    """The three facts that an outside person confirms."""

    who = BooleanField()
    when = BooleanField()
    fair = BooleanField()
    remark = TextAreaField(
        "Anything to add",
        description="The learner and the programme's intake read this, reviewers do not.",
        validators=[at_most(TEXT)],
        render_kw={"rows": 3},
    )

    @property
    def facts(self) -> set[str]:
        """The facts that are ticked."""
        return {field.name for field in (self.who, self.when, self.fair) if field.data}


class DeclineForm(AssayForm):
    """Why an outside person cannot confirm."""

    remark = TextAreaField(
        "What you cannot confirm",
        description="The learner and the programme's intake read this, reviewers do not.",
        validators=[needed("Say in a sentence what you cannot confirm."), at_most(TEXT)],
        id="decline-remark",
        render_kw={"rows": 3},
    )


class PreviewForm(AssayForm):
    """A text to look at as it will be shown."""

    text = TextAreaField(validators=[at_most(LONG_TEXT)])


class ClaimsForm(SavedForm):
    """For each criterion of an edition: does this piece show it, and where to look."""

    def pairs(self, definition: EditionDefinition) -> list[tuple[Any, Any, Any]]:
        """Return each criterion with its tick and its locator field."""
        return [
            (criterion, self[SHOWS + criterion.key], self[WHERE + criterion.key])
            for criterion in definition.criteria
        ]

    def claims(self, definition: EditionDefinition) -> dict[str, str]:
        """Return the locator of each criterion that is ticked."""
        return {
            criterion.key: (where.data or "").strip()
            for criterion, shows, where in self.pairs(definition)
            if shows.data
        }


def claims_form(definition: EditionDefinition) -> type[ClaimsForm]:
    """Return the form for the criteria of an edition; what else is posted is ignored."""
    fields: dict[str, Any] = {}
    for criterion in definition.criteria:
        fields[SHOWS + criterion.key] = BooleanField(f"{criterion.key} {criterion.name}")
        fields[WHERE + criterion.key] = StringField(
            f"Where in this piece it shows {criterion.key}",
            description="Such as “page 3”, “sheet Cues, row 12” or “4:10”.",
            validators=[at_most(LOCATOR), _needs_tick(SHOWS + criterion.key)],
        )
    return type("EditionClaimsForm", (ClaimsForm,), fields)


def _needs_tick(name: str) -> Any:
    def check(form: Any, field: Field) -> None:
        if field.data and not form[name].data:
            raise ValidationError("Tick the criterion as well, or clear this place.")

    return check
