"""The forms about people; a password is never shown again."""

from zoneinfo import available_timezones

from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Regexp

from accounts.passwords import LONGEST
from accounts.permissions import ROLE_NAMES
from core.forms import LINE, TEXT, AssayForm, at_most

ADDRESS_LENGTH = 254
NO_ADDRESS = "Write the e-mail address."
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and zone[0].isupper())
SCOPE = r"^[a-z0-9-]*$"


def _address(label: str = "E-mail address") -> StringField:
    return StringField(
        label,
        validators=[DataRequired(NO_ADDRESS), at_most(ADDRESS_LENGTH)],
        render_kw={"type": "email", "autocomplete": "username", "maxlength": ADDRESS_LENGTH},
    )


def _password(label: str, *, autocomplete: str) -> PasswordField:
    return PasswordField(
        label,
        validators=[DataRequired("Write the password."), at_most(LONGEST)],
        render_kw={"autocomplete": autocomplete},
    )


def _name() -> StringField:
    return StringField(
        "Name",
        validators=[
            DataRequired("Write your name as it should stand on your badge."),
            at_most(LINE),
        ],
        render_kw={"autocomplete": "name", "maxlength": LINE},
    )


class SignUpForm(AssayForm):
    """Who joins."""

    name = _name()
    address = _address()
    password = _password("Password", autocomplete="new-password")


class SignInForm(AssayForm):
    """Who comes back."""

    address = _address()
    password = _password("Password", autocomplete="current-password")


class ForgotPasswordForm(AssayForm):
    """Where the link goes."""

    address = _address()


class ResetPasswordForm(AssayForm):
    """The password from now on."""

    password = _password("New password", autocomplete="new-password")


class ProfileForm(AssayForm):
    """What a person says about themselves."""

    name = _name()
    time_zone = SelectField(
        "Time zone", choices=["UTC", *ZONES], validators=[InputRequired("Choose a time zone.")]
    )
    sector = StringField("Sector", validators=[at_most(120)], render_kw={"maxlength": 120})
    employers = TextAreaField("Employers", validators=[at_most(TEXT)], render_kw={"rows": 4})

    def employer_names(self) -> list[str]:
        """Return the employers, each once, in the order they were typed."""
        lines = (self.employers.data or "").split("\n")
        names = (" ".join(line.split())[:LINE] for line in lines)
        return list(dict.fromkeys(name for name in names if name))


class ChangePasswordForm(AssayForm):
    """The old password, as proof, and the new one."""

    old = _password("Present password", autocomplete="current-password")
    new = _password("New password", autocomplete="new-password")


class AddAddressForm(AssayForm):
    """Another address of one's own, with the password as proof."""

    address = StringField(
        "Another e-mail address",
        validators=[DataRequired(NO_ADDRESS), at_most(ADDRESS_LENGTH)],
        render_kw={"type": "email", "autocomplete": "email", "maxlength": ADDRESS_LENGTH},
    )
    password = _password("Your password", autocomplete="current-password")


class GrantRoleForm(AssayForm):
    """A role for somebody, for one badge or for all."""

    person_id = StringField("Person", validators=[DataRequired("Choose a person.")])
    role = SelectField(
        "Role",
        choices=[SelectChoice(role.value, name.capitalize()) for role, name in ROLE_NAMES.items()],
    )
    scope = StringField(
        "Badge",
        validators=[
            at_most(64),
            Regexp(SCOPE, message="Write the badge's short name, as in its address."),
        ],
        render_kw={"maxlength": 64, "autocomplete": "off"},
    )
