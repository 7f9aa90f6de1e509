"""What somebody brings to have it checked: text, a file, or an address."""

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField

from core.forms import AssayForm, at_most
from credentials.verification.fetching import LONGEST_ADDRESS


class VerifyForm(AssayForm):
    """One badge to check; whose it should be may be said as well."""

    address = StringField(
        "Its address, or its number here",
        validators=[at_most(LONGEST_ADDRESS)],
        description="The address of a badge's page on this site, or of a badge file anywhere"
        " on the public web.",
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
    file = FileField("Or its file", description="The .json file that the holder has.")
    text = TextAreaField(
        "Or the badge itself, as text", render_kw={"rows": 8, "spellcheck": "false"}
    )
    recipient = StringField(
        "The holder's e-mail address",
        validators=[at_most(254)],
        description="If you give it, the badge must also be theirs.",
        render_kw={"autocomplete": "off", "inputmode": "email"},
    )
