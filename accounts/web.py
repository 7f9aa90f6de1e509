"""The visitor of this request, the cookie that names them, and the tag every view carries."""

import re
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, g, request, session

from accounts import sessions, throttle
from accounts.permissions import Permission
from accounts.throttle import Limit
from accounts.visitor import NOBODY, Visitor, objection
from core.errors import Refused, TooMany
from core.web import SAFE_METHODS, apart, at, db, runtime

View = TypeVar("View", bound=Callable[..., Any])
PERMISSION = "assay_permission"
# One slash, then anything but what a browser would read as another slash or drop in silence.
LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")


class SignInNeeded(Refused):
    """The page is for people with an account, and nobody is signed in."""


def permits(permission: Permission) -> Callable[[View], View]:
    """Declare what kind of act a view is; a view without it never gets into the application."""

    def tag(view: View) -> View:
        setattr(view, PERMISSION, permission)
        return view

    return tag


def visitor() -> Visitor:
    """Return who is asking."""
    return cast(Visitor, g.get("visitor", NOBODY))


def me() -> str:
    """Return the id of the signed-in person."""
    return visitor().person_id


def cookie_name() -> str:
    """The sign-in cookie's name; over TLS it is bound to this host."""
    return "__Host-assay" if runtime().settings.is_https else "assay"


def secret() -> str:
    """Return the secret of this sign-in, or nothing."""
    return request.cookies.get(cookie_name(), "")


def load_visitor() -> None:
    """Find out who is asking, from the sign-in cookie; a dead one simply means nobody.

    A writing request looks in a transaction of its own: the one it will write in must not be
    open while the last-seen time is noted, and not before the visitor's rights are known.
    """
    if not secret():
        return
    if request.method in SAFE_METHODS:
        found = sessions.find(db(), secret(), at=at())
    else:
        with runtime().database.transaction(read_only=True) as reading:
            found = sessions.find(reading, secret(), at=at())
    if found is None:
        return
    g.visitor = found.visitor
    if found.is_stale:
        with apart() as writing:
            sessions.touch(writing, secret(), at=at())


def start_session(response: Response, made: str) -> Response:
    """Give the browser its sign-in cookie, and drop every form token of before."""
    session.clear()
    response.set_cookie(
        cookie_name(),
        made,
        max_age=int(sessions.ABSOLUTE.total_seconds()),
        httponly=True,
        secure=runtime().settings.is_https,
        samesite="Lax",
        path="/",
    )
    return response


def end_session(response: Response) -> Response:
    """Take the sign-in cookie away, and every form token with it."""
    session.clear()
    response.delete_cookie(
        cookie_name(),
        path="/",
        secure=runtime().settings.is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


def local_path(target: str | None, fallback: str) -> str:
    """Return `target` if it is a path of this site and nothing else, or `fallback` (CS4)."""
    return target if target and LOCAL.fullmatch(target) else fallback


def came_from(fallback: str) -> str:
    """Return the page of ours that this request was sent from, for the way back to it."""
    try:
        sent = urlsplit(request.referrer or "")
    except ValueError:
        return fallback
    if sent.netloc != request.host:
        return fallback
    return local_path(f"{sent.path}?{sent.query}" if sent.query else sent.path, fallback)


def network() -> str:
    """Return where a request came from, as limits count it: an IPv6 host has its whole /64."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(int(address) >> 64)
    return str(address)


def slow_down(*tries: tuple[Limit, str]) -> None:
    """Count a try against every limit; raise TooMany when one of them is passed.

    The counts stand whatever becomes of the request, and are shared by every host (AU1, AU2).
    """
    with apart() as counting:
        waits = [throttle.count(counting, limit, subject, at=at()) for limit, subject in tries]
    if not any(waits):
        return
    minutes = max(1, round(max(waits) / 60))
    raise TooMany(
        f"Too many tries. Wait {minutes} minute{'' if minutes == 1 else 's'}, then try again.",
        retry_after=max(waits),
    )


def check_permission(app: Flask) -> None:
    """Refuse a visitor who may not do what the view is tagged with."""
    if request.endpoint is None or request.endpoint == "static":
        return
    view = app.view_functions[request.endpoint]
    reason = objection(visitor(), getattr(view, PERMISSION))
    if reason is None:
        return
    raise Refused(reason) if visitor().is_signed_in else SignInNeeded(reason)
