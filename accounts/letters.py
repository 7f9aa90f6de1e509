"""The mails about an account; they say what to do, and what to do if it was not you."""

from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from core import mail


def post_verification(
    session: Session, address: str, secret: str, *, onward: str = "", at: datetime
) -> None:
    """Mail the link that confirms an address, and then leads on to a local path if one is given."""
    way = f"?{urlencode({'next': onward})}" if onward else ""
    mail.post(
        session,
        to=address,
        subject="Confirm your e-mail address",
        text="Welcome. Open the link and press the button to confirm that this address is"
        " yours. It works once, for a day. If you did not ask for it, leave it; without the"
        " button nothing happens.",
        path=f"/verify-email/{secret}{way}",
        kind="verify_email",
        at=at,
    )


def post_already_known(session: Session, address: str, *, at: datetime) -> None:
    """Tell the owner of an address that has an account that somebody gave it again."""
    mail.post(
        session,
        to=address,
        subject="You already have an account",
        text="Somebody, probably you, gave this address to join Assay, but it has an account"
        " already. Sign in, or set a new password if you forgot it.",
        path="/sign-in",
        kind="already_known",
        at=at,
    )


def post_reset(session: Session, address: str, secret: str, *, at: datetime) -> None:
    """Mail the link that sets a new password."""
    mail.post(
        session,
        to=address,
        subject="Set a new password",
        text="Somebody, probably you, asked to set a new password for your account. The link"
        " works once, for an hour. If it was not you, leave it; nothing has changed.",
        path=f"/reset-password/{secret}",
        kind="reset_password",
        at=at,
    )


def post_password_changed(session: Session, address: str, *, at: datetime) -> None:
    """Tell a person that their password is a new one."""
    mail.post(
        session,
        to=address,
        subject="Your password was changed",
        text="The password of your account was changed, and every other sign-in was ended. If it"
        " was not you, set a new one now.",
        path="/forgot-password",
        kind="password_changed",
        at=at,
    )
