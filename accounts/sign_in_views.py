"""Signing in and out, and how pages look for whoever is asking."""

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue

from accounts import profile, services, sessions
from accounts.addresses import mailbox
from accounts.forms import SignInForm
from accounts.permissions import Permission
from accounts.profile import Theme
from accounts.throttle import SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, SIGN_IN_ALL
from accounts.web import (
    came_from,
    end_session,
    local_path,
    me,
    network,
    permits,
    secret,
    slow_down,
    start_session,
    visitor,
)
from core.web import at, db, runtime, see_other

HOME = "/home"
THEME_COOKIE = "assay-theme"
THEME_SECONDS = 31_536_000
NO_MATCH = (
    "Address and password do not match, or the address is not confirmed yet. Lost the mail that"
    " confirms it? Sign up again with the same address, and a new one comes."
)


@permits(Permission.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Ask for address and password, and go on to where the visitor wanted to be."""
    form = SignInForm()
    target = local_path(request.values.get("next"), HOME)
    if form.validate_on_submit():
        slow_down(
            (SIGN_IN_ALL, "all"),
            (SIGN_IN_ADDRESS, network()),
            (SIGN_IN_ACCOUNT, mailbox(form.address.data)),
        )
        # Hashing takes its time, so it must not hold the lock of a writing transaction.
        with runtime().database.transaction(read_only=True) as reading:
            proof = services.authenticate(reading, form.address.data, form.password.data)
        if proof is not None:
            services.note_sign_in(db(), proof, form.password.data, at=at())
            sessions.end(db(), secret())
            made = sessions.start(db(), proof.person_id, user_agent=_browser(), at=at())
            return start_session(_go(target), made)
        form.form_errors = [NO_MATCH]
    page = render_template("accounts/sign_in.html", form=form, next=target)
    return page, 422 if form.errors else 200


@permits(Permission.SIGN_IN)
def sign_out() -> ResponseReturnValue:
    """End this sign-in at once, on every host, and what pages kept on the device."""
    sessions.end(db(), secret())
    response = end_session(see_other("home.front"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    flash("You are signed out.", "neutral")
    return response


@permits(Permission.READ_PUBLIC_PAGES)
def set_theme() -> ResponseReturnValue:
    """Keep how pages look: on the device, and with the account of who is signed in."""
    wanted = request.form.get("theme", "")
    theme = Theme(wanted) if wanted in set(Theme) else Theme.AUTO
    if visitor().is_signed_in:
        profile.set_theme(db(), theme, by=me())
    response = _go(local_path(request.form.get("next"), came_from("/")))
    response.set_cookie(
        THEME_COOKIE,
        theme.value,
        max_age=THEME_SECONDS,
        secure=runtime().settings.is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _go(path: str) -> Response:
    response = see_other("home.front")
    response.headers["Location"] = path
    return response


def _browser() -> str:
    return request.headers.get("User-Agent", "")
