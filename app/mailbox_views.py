"""The demo's mail: what went out, on a page, since a demo has no mail server.

Outside the demo there is no such page, whoever asks.
"""

from flask import Blueprint, render_template, request
from sqlalchemy import select

from accounts.permissions import Permission
from accounts.web import permits
from core import mail
from core.errors import NotFound
from core.models import Mail
from core.web import db, runtime

blueprint = Blueprint("mailbox", __name__, template_folder="templates")

PAGE = 50


@blueprint.before_request
def only_in_the_demo() -> None:
    """Answer as if the page did not exist, unless this is a demo."""
    if not runtime().settings.demo:
        raise NotFound()


@blueprint.get("/demo/mail")
@permits(Permission.READ_DEMO_MAIL)
def inbox() -> str:
    """List the newest mails, of one address if it is given."""
    address = request.args.get("to", "").strip().casefold()[:254]
    query = select(Mail).order_by(Mail.created_at.desc(), Mail.id.desc()).limit(PAGE)
    if address:
        query = query.where(Mail.to_address == address)
    return render_template("mailbox/inbox.html", mails=db().scalars(query).all(), address=address)


@blueprint.get("/demo/mail/<mail_id>")
@permits(Permission.READ_DEMO_MAIL)
def message(mail_id: str) -> str:
    """Show one mail as its reader gets it, its link leading here."""
    found = db().get(Mail, mail_id)
    if found is None:
        raise NotFound()
    settings = runtime().settings
    letter = mail.compose(found, sender=settings.mail_from, base_url=settings.base_url)
    return render_template(
        "mailbox/message.html",
        mail=found,
        sender=letter["From"],
        link=f"{settings.base_url}{found.path}" if found.path else "",
    )
