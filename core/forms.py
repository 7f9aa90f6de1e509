"""The form every room builds on: control characters stripped, lengths capped, at the edge."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import Length

from core.errors import Invalid
from core.text import clean_input

LINE = 200
TEXT = 4_000
LONG_TEXT = 20_000


class AssayForm(FlaskForm):  # type: ignore[misc]
    """A form whose text fields hold clean text; CSRF is checked before any view runs."""

    class Meta:
        """Keep Flask-WTF's field token, since `app.gate` has checked the request already."""

        csrf = False

        def bind_field(self, form: "AssayForm", unbound_field: Any, options: Any) -> Field:
            """Give every text field the filter that strips what no text should hold."""
            field_class = unbound_field.field_class
            if issubclass(field_class, StringField):
                filters = [clean_input, *unbound_field.kwargs.get("filters", [])]
                return unbound_field.bind(form=form, filters=filters, **options)
            return unbound_field.bind(form=form, **options)


def at_most(limit: int) -> Length:
    """Cap a text; the sentence says by how much it may be."""
    return Length(max=limit, message=f"Shorten this to {limit:,} characters at most.")


def blame(form: FlaskForm, error: Invalid) -> None:
    """Show a service's objection beside the field it names, or on top of the form."""
    if error.field is not None and error.field in form:
        field = form[error.field]
        field.errors = [*field.errors, error.reason]
    else:
        form.form_errors = [*form.form_errors, error.reason]
