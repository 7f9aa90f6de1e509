"""What every request passes before any look-up, and what every answer carries.

Cross-site writes are refused twice over: by Fetch Metadata and by a token in the form.
Only the host of the configured base URL is answered. The content policy lets nothing run or
load that we did not serve, and uploads get a stricter one of their own where they are served.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect

from core.errors import Refused
from core.web import SAFE_METHODS, runtime

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Put the checks before, and the headers after, every request of `app`."""

    def check() -> None:
        _check_host()
        if request.method not in SAFE_METHODS:
            _check_same_site()
            csrf.protect()

    app.before_request(check)
    app.after_request(set_headers)


def set_headers(response: Response) -> Response:
    """Add the headers that every answer carries, unless the view chose stricter ones."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if runtime().settings.is_https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static" and not response.cache_control.public:
        headers["Cache-Control"] = "no-store"
        headers.add("Vary", "Cookie")
    return response


def _check_host() -> None:
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    expected = urlsplit(runtime().settings.base_url).hostname
    if host == expected or (expected in LOCAL_HOSTS and host in LOCAL_HOSTS):
        return
    abort(400)


def _check_same_site() -> None:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in ("same-origin", "none"):
        raise Refused("This request came from another site, so nothing was done.")
