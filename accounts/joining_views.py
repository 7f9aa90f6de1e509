"""Joining, and coming back without a password: every answer is the same for a known address."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from accounts import services
from accounts.addresses import mailbox
from accounts.forms import ForgotPasswordForm, ResetPasswordForm, SignUpForm
from accounts.permissions import Permission
from accounts.throttle import RESET_ACCOUNT, RESET_ADDRESS, SIGN_UP_ACCOUNT, SIGN_UP_ADDRESS
from accounts.web import end_session, local_path, network, permits, slow_down
from core.errors import Invalid
from core.forms import blame
from core.web import at, db, see_other

LONGEST_WAY = 120


def _onward() -> str:
    """Return where somebody was on their way to, if it is a short path of this site."""
    wanted = request.args.get("next", "")
    return local_path(wanted, "") if len(wanted) <= LONGEST_WAY else ""


@permits(Permission.SIGN_IN)
def sign_up() -> ResponseReturnValue:
    """Ask who joins, mail a link, and say so."""
    form = SignUpForm()
    if form.validate_on_submit():
        slow_down((SIGN_UP_ADDRESS, network()), (SIGN_UP_ACCOUNT, mailbox(form.address.data)))
        try:
            services.sign_up(
                db(),
                name=form.name.data,
                address=form.address.data,
                password=form.password.data,
                onward=_onward(),
                at=at(),
            )
        except Invalid as error:
            blame(form, error)
        else:
            return see_other("accounts.mail_sent")
    return render_template("accounts/sign_up.html", form=form), 422 if form.errors else 200


@permits(Permission.SIGN_IN)
def mail_sent() -> ResponseReturnValue:
    """Say that a mail is on its way, whoever asked."""
    return render_template("accounts/mail_sent.html")


@permits(Permission.SIGN_IN)
def verify_email(secret: str) -> ResponseReturnValue:
    """Show a button; pressing it uses the link. Looking never does, since scanners look."""
    if request.method != "POST":
        return render_template("accounts/verify_email.html")
    services.verify_email(db(), secret, at=at())
    flash("Your address is confirmed. Sign in to begin.", "progress")
    return see_other("accounts.sign_in", next=_onward() or None)


@permits(Permission.SIGN_IN)
def forgot_password() -> ResponseReturnValue:
    """Ask for the address, and say that a link is on its way if it is known."""
    form = ForgotPasswordForm()
    if form.validate_on_submit():
        slow_down((RESET_ADDRESS, network()), (RESET_ACCOUNT, mailbox(form.address.data)))
        try:
            services.request_reset(db(), form.address.data)
        except Invalid as error:
            blame(form, error)
        else:
            return see_other("accounts.mail_sent")
    return render_template("accounts/forgot_password.html", form=form), 422 if form.errors else 200


@permits(Permission.SIGN_IN)
def reset_password(secret: str) -> ResponseReturnValue:
    """Ask for the new password; saving it uses the link and ends every sign-in."""
    form = ResetPasswordForm()
    if form.validate_on_submit():
        slow_down((RESET_ADDRESS, network()))
        try:
            services.reset_password(db(), secret, form.password.data, at=at())
        except Invalid as error:
            blame(form, error)
        else:
            response = end_session(see_other("accounts.sign_in"))
            flash("Your new password is set. Sign in with it.", "progress")
            return response
    return render_template("accounts/reset_password.html", form=form), 422 if form.errors else 200
