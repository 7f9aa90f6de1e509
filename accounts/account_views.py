"""One's own account: who one is, how one signs in, and what one was told."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts import notices, profile, queries, services, sessions
from accounts.browsers import browser_name
from accounts.forms import AddAddressForm, ChangePasswordForm, ProfileForm
from accounts.permissions import Permission
from accounts.throttle import SIGN_IN_ACCOUNT
from accounts.web import me, permits, secret, slow_down
from core.digest import sha256_hex
from core.errors import Invalid
from core.forms import blame
from core.web import at, db, see_other


@permits(Permission.MANAGE_OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Show the account, and save what one says about oneself."""
    form = ProfileForm()
    if form.validate_on_submit():
        try:
            profile.save_profile(
                db(),
                name=form.name.data,
                time_zone=form.time_zone.data,
                sector=form.sector.data or "",
                employers=form.employer_names(),
                by=me(),
                at=at(),
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash("Saved.", "progress")
            return see_other("accounts.account")
    return _page(profile_form=form)


@permits(Permission.MANAGE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Change the password; every other sign-in ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        slow_down((SIGN_IN_ACCOUNT, me()))
        try:
            services.change_password(
                db(), old=form.old.data, new=form.new.data, keep_secret=secret(), by=me(), at=at()
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash("Your password is changed, and your other sign-ins are ended.", "progress")
            return see_other("accounts.account")
    return _page(password_form=form)


@permits(Permission.MANAGE_OWN_ACCOUNT)
def add_address() -> ResponseReturnValue:
    """Add an address; it counts once its mailed link is used."""
    form = AddAddressForm()
    if form.validate_on_submit():
        slow_down((SIGN_IN_ACCOUNT, me()))
        try:
            profile.add_address(
                db(), form.address.data, password=form.password.data, by=me(), at=at()
            )
        except Invalid as error:
            blame(form, error)
        else:
            flash("Look in that mailbox: a link there adds the address.", "progress")
            return see_other("accounts.account")
    return _page(address_form=form)


@permits(Permission.MANAGE_OWN_ACCOUNT)
def make_main(email_id: str) -> ResponseReturnValue:
    """Send mail to another of one's addresses from now on."""
    profile.make_main(db(), email_id, by=me(), at=at())
    flash("Your mail goes there from now on.", "progress")
    return see_other("accounts.account")


@permits(Permission.MANAGE_OWN_ACCOUNT)
def remove_address(email_id: str) -> ResponseReturnValue:
    """Remove an address that was never confirmed."""
    profile.remove_address(db(), email_id, by=me(), at=at())
    flash("The address is removed.", "progress")
    return see_other("accounts.account")


@permits(Permission.MANAGE_OWN_ACCOUNT)
def end_other_sign_ins() -> ResponseReturnValue:
    """End every sign-in but this one."""
    sessions.end_all(db(), me(), except_secret=secret())
    flash("Every other sign-in is ended.", "progress")
    return see_other("accounts.account")


@permits(Permission.MANAGE_OWN_ACCOUNT)
def notice_list() -> ResponseReturnValue:
    """Show what one was told, newest first."""
    return render_template("accounts/notices.html", notices=notices.latest(db(), me()))


@permits(Permission.MANAGE_OWN_ACCOUNT)
def read_notices() -> ResponseReturnValue:
    """Mark everything as read."""
    notices.mark_read(db(), me(), at=at())
    return redirect(url_for("accounts.notices"), 303)


def _page(
    *,
    profile_form: ProfileForm | None = None,
    password_form: ChangePasswordForm | None = None,
    address_form: AddAddressForm | None = None,
) -> tuple[str, int]:
    """Return the account page; the form that was sent shows what is wrong with it."""
    forms = {
        "profile_form": profile_form or _blank(ProfileForm),
        "password_form": password_form or _blank(ChangePasswordForm),
        "address_form": address_form or _blank(AddAddressForm),
    }
    if request.method != "POST" or profile_form is None:
        _fill(forms["profile_form"])
    page = render_template(
        "accounts/account.html",
        emails=queries.address_rows(db(), me()),
        sign_ins=queries.live_sessions(db(), me(), since=at() - sessions.IDLE),
        this_sign_in=sha256_hex(secret()),
        browser_name=browser_name,
        **forms,
    )
    return page, 422 if any(form.errors for form in forms.values()) else 200


def _blank(form: Any) -> Any:
    return form(formdata=None)


def _fill(form: ProfileForm) -> None:
    person = queries.person(db(), me())
    form.name.data, form.sector.data = person.name, person.sector
    form.time_zone.data = person.time_zone
    form.employers.data = "\n".join(queries.present_employers(db(), me()))
