"""Check a badge: anybody's, from a file, a text or an address; nothing of it is kept."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from accounts.permissions import Permission
from accounts.throttle import Limit
from accounts.web import network, permits, slow_down
from core.errors import Unavailable
from core.web import at, db, runtime
from credentials.verification.baked import badge_in, is_png
from credentials.verification.checks import Report, check
from credentials.verification.explained import said_by, verdict_on
from credentials.verification.fetching import NotFetched, fetch
from credentials.verification.forms import VerifyForm
from credentials.verification.reading import LARGEST, Handed, Unreadable
from credentials.verification.sources import own_document, sources_for

blueprint = Blueprint("verification", __name__, template_folder="templates")

CHECKS = Limit("badge-check", 30, 600)
PLACES = BoundedSemaphore(3)
PATIENCE_SECONDS = 2


class NothingHanded(Unreadable):
    """The form was sent with nothing in it, or with something that leads to no badge."""


@blueprint.get("/verify")
@permits(Permission.READ_PUBLIC_PAGES)
def verify() -> Response:
    """Offer the check; one of our own badges, named in the address, is checked at once."""
    named = request.args.get("id", "").strip()
    form = VerifyForm(formdata=None, address=named[:200])
    if not named:
        return _page(form)
    document = own_document(db(), _base_url(), named)
    if document is None:
        form.address.errors = ["There is no badge with this number here."]
        return _page(form, status=404)
    return _page(form, report=_check(db(), document, is_own=True))


@blueprint.post("/verify")
@permits(Permission.READ_PUBLIC_PAGES)
def verify_handed() -> Response:
    """Check what was brought, and explain each step."""
    form = VerifyForm()
    if not form.validate():
        return _page(form, status=422)
    slow_down((CHECKS, network()))
    recipient = (form.recipient.data or "").strip() or None
    # Read-only, since a check may wait for somebody's server and nobody should wait for it.
    with _place(), runtime().database.transaction(read_only=True) as session:
        try:
            handed, is_own = _handed(session, form)
        except (NotFetched, Unreadable) as error:
            form[error.field or "text"].errors = [error.reason]
            return _page(form, status=422)
        report = _check(session, handed, is_own=is_own, recipient=recipient)
    return _page(form, report=report)


@contextmanager
def _place() -> Iterator[None]:
    """Hold one of the few places: a check may wait for strangers, and pages must not for it."""
    if not PLACES.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable(
            "Several badges are being checked just now. Yours was not looked at yet; try again"
            " in a moment."
        )
    try:
        yield
    finally:
        PLACES.release()


def _handed(session: Session, form: VerifyForm) -> tuple[Handed, bool]:
    """Return what to check, and whether we have it in our own database."""
    upload = request.files.get("file")
    with closing(upload or BytesIO()) as source:
        content = source.read(LARGEST * 2)
    if content:
        return (badge_in(content) if is_png(content) else content), False
    address = (form.address.data or "").strip()
    if address:
        own = own_document(session, _base_url(), address)
        return (own, True) if own is not None else (_fetched(address), False)
    # Not from the form, which tidies what people type: a signature covers every letter.
    text = request.form.get("text", "").strip()
    if not text:
        raise NothingHanded("Give an address, choose a file, or paste the badge.", "address")
    return text, False


def _fetched(address: str) -> bytes:
    try:
        return fetch(address)
    except NotFetched as error:
        raise NotFetched(error.reason, "address") from None


def _check(
    session: Session, handed: Handed, *, is_own: bool, recipient: str | None = None
) -> Report:
    sources = sources_for(session, _base_url(), is_own=is_own)
    return check(handed, at=at(), sources=sources, recipient=recipient)


def _base_url() -> str:
    return str(runtime().settings.base_url)


def _page(form: VerifyForm, *, report: Report | None = None, status: int = 200) -> Response:
    told: dict[str, Any] = {}
    if report is not None:
        told = {"verdict": verdict_on(report), "said": said_by(report.credential)}
    page = render_template("verification/verify.html", form=form, report=report, **told)
    return Response(page, status=status)
