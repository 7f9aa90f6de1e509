"""What a learner sends with a file, and says about a work sample."""

from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Optional, ValidationError

from core.forms import LINE, TEXT, AssayForm, at_most

EARLIEST = date(1950, 1, 1)


class UploadForm(AssayForm):
    """For which requirement files are uploaded; the files themselves are read by the view."""

    requirement_key = HiddenField(validators=[at_most(16)])


class MoveForm(AssayForm):
    """One place up or down."""

    direction = HiddenField(validators=[AnyOf(["up", "down"])])


class ItemForm(AssayForm):
    """What is said about a work sample."""

    title = StringField(
        "Title",
        description="What reviewers read above it, such as “Run sheet of the autumn meeting”.",
        validators=[InputRequired("Give it a title."), at_most(LINE)],
    )
    requirement_key = SelectField(
        "Uploaded for", validators=[InputRequired("Choose what it is for.")]
    )
    date_of_work = DateField(
        "Date of the work",
        description="When you made or used it; roughly is enough.",
        validators=[Optional()],
    )
    own_contribution = TextAreaField(
        "Your own part",
        description="What in it is yours, if others worked on it too. Name nobody.",
        validators=[at_most(TEXT)],
        render_kw={"rows": 5},
    )

    def validate_title(self, field: StringField) -> None:
        """Refuse a title of spaces."""
        if not (field.data or "").strip():
            raise ValidationError("Give it a title.")

    def validate_date_of_work(self, field: DateField) -> None:
        """Refuse a date that is not a day of somebody's working life."""
        if field.data is not None and field.data < EARLIEST:
            raise ValidationError("Check the year.")

    def values(self) -> dict[str, Any]:
        """Return what `work_samples.update` takes."""
        return {
            "title": (self.title.data or "").strip(),
            "requirement_key": self.requirement_key.data,
            "date_of_work": self.date_of_work.data,
            "own_contribution": self.own_contribution.data or "",
        }
