"""The one table from our errors to HTTP, for pages and for programs alike, without traces.

Whatever goes wrong with a form, the page shows the words that were typed into it, so that a
long text outlives an expired sign-in, a lost race or a fault of ours.
"""

import logging
from typing import Any

from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from accounts.web import SignInNeeded, came_from, visitor
from app.typed import typed_texts
from core.errors import (
    AssayError,
    Conflict,
    Invalid,
    NotFound,
    Refused,
    TooMany,
    Unavailable,
)
from core.web import SAFE_METHODS, runtime, wants_json

LOG = logging.getLogger("assay.errors")

STATUS: dict[type[AssayError], int] = {
    NotFound: 404,
    SignInNeeded: 401,
    Refused: 403,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}
TITLES = {
    400: "That request could not be read",
    401: "Sign in to go on",
    403: "This is not open to you",
    404: "There is nothing here",
    405: "That cannot be done here",
    409: "This has moved on",
    413: "That is too large",
    422: "Something needs changing",
    429: "Too many tries",
    500: "Something broke on our side",
    503: "Not available just now",
}
WORDS = {
    400: "Go back, reload the page and try again.",
    404: "The address is wrong, or what was here is not for you to see.",
    405: "Go back and use the buttons on the page.",
    413: "Choose a smaller file, or shorten the text, and send it again.",
    500: "Nothing you saved before is lost. Try again in a minute.",
}
SIGN_IN_ENDED = "Your sign-in ended before this arrived. Sign in, and send it once more."
# Input that a library or the database chokes on: too deep, too large a number, a NUL.
UNREADABLE = (RecursionError, OverflowError, UnicodeError, DataError)


def install(app: Flask) -> None:
    """Make every error of `app` end in a page, or JSON, that says what to do now."""
    app.register_error_handler(AssayError, on_assay_error)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(IntegrityError, on_integrity_error)
    app.register_error_handler(OperationalError, on_operational_error)
    app.register_error_handler(Exception, on_surprise)


def on_assay_error(error: AssayError) -> Any:
    """Answer one of our own errors in its own words."""
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    if status == 401 and request.method in SAFE_METHODS and not wants_json():
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    response = answer(status, SIGN_IN_ENDED if status == 401 else error.reason)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if status == 503:
        response.headers["Retry-After"] = "10"
    return response


def on_csrf_error(_error: CSRFError) -> Response:
    """Answer a form that is too old, or was never ours."""
    return answer(
        403,
        "This page was open for too long, or in another sign-in, so nothing was changed. Go"
        " back to the form, and send it again.",
    )


def on_http_error(error: HTTPException) -> Any:
    """Answer what Flask itself refuses."""
    code = error.code or 500
    if code in (301, 302, 303, 307, 308):
        return error
    words = WORDS.get(code, WORDS[400])
    if code == 413:
        most = runtime().settings.max_upload_mb
        words = f"A file may have {most} MB at most, all texts of a form 2 MB. {words}"
    return answer(code, words)


def on_integrity_error(error: IntegrityError) -> Response:
    """Answer the loser of a race: a once-only rule of the database held."""
    LOG.info("a constraint held: %s", type(error.orig).__name__)
    return answer(409, "Somebody, or another tab, was faster. Reload the page to see how it is.")


def on_operational_error(error: OperationalError) -> Any:
    """Answer while the database does not."""
    LOG.error("the database failed: %s", type(error.orig).__name__)
    return on_assay_error(
        Unavailable("The database does not answer just now. Nothing was changed; try again.")
    )


def on_surprise(error: Exception) -> Response:
    """Answer what nobody foresaw; the trace goes to the log only."""
    if isinstance(error, UNREADABLE):
        return answer(400, WORDS[400])
    LOG.exception("unexpected error at %s", request.endpoint)
    return answer(500, WORDS[500])


def answer(status: int, reason: str) -> Response:
    """Return the error as a page, or as JSON for a program."""
    title = TITLES.get(status, TITLES[400])
    # The page must stand even where the database does not.
    g.unread_count = g.get("unread_count", 0)
    g.is_reviewer = g.get("is_reviewer", False)
    if wants_json():
        response = jsonify(error=title, message=reason)
    else:
        page = render_template(
            "error.html",
            title=title,
            reason=reason,
            status=status,
            visitor=visitor(),
            typed=[] if request.method in SAFE_METHODS else typed_texts(),
            back=came_from(url_for("home.front")),
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response
