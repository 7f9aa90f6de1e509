"""What every request passes before any look-up, and what every answer carries.

Cross-site writes are refused twice over: by Fetch Metadata and by a token in the form.
Only the host of the configured base URL is answered. The content policy lets nothing run or
load that we did not serve, and uploads get a stricter one of their own where they are served.
"""

import re
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from core.errors import Refused
from core.web import SAFE_METHODS, runtime

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost"})
DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"(?P<name>[a-zA-Z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:(?P<port>[0-9]{1,5}))?")


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Put the checks before, and the headers after, every request of `app`."""

    def check() -> Response | None:
        if not is_our_host(request.environ.get("HTTP_HOST", ""), runtime().settings.base_url):
            # No page: its links would be made from a host that is not ours.
            return Response("This is not the address of this site.\n", 400, mimetype="text/plain")
        if request.method not in SAFE_METHODS:
            _check_same_site()
            if request.mimetype != "multipart/form-data":
                # Such a body is read into memory whole, which MAX_FORM_MEMORY_SIZE cannot stop.
                request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]
            csrf.protect()
        return None

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
    is_static = request.endpoint == "static" and response.status_code < 400
    if is_static and response.mimetype == "text/javascript" and "v" not in request.args:
        # Modules import one another by their plain names: those are asked for anew each time.
        headers["Cache-Control"] = "no-cache"
    if not is_static and not response.cache_control.public:
        headers["Cache-Control"] = "no-store"
        headers.add("Vary", "Cookie")
    return response


def is_our_host(given: str, base_url: str) -> bool:
    """Whether a Host header names the installation at `base_url`, and nothing around it."""
    expected = urlsplit(base_url)
    match = HOST.fullmatch(given)
    if match is None:
        return False
    name = match["name"].casefold()
    if expected.hostname in LOCAL_HOSTS:
        return name in LOCAL_HOSTS
    default = DEFAULT_PORTS.get(expected.scheme)
    port = int(match["port"]) if match["port"] else default
    return name == expected.hostname and port == (expected.port or default)


def _check_same_site() -> None:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in ("same-origin", "none"):
        raise Refused("This request came from another site, so nothing was done.")
