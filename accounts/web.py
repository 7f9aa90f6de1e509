"""The visitor of this request, the cookie that names them, and the tag every view carries."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, g, request

from accounts import sessions
from accounts.permissions import Permission
from accounts.visitor import NOBODY, Visitor, objection
from core.errors import Refused
from core.web import apart, at, db, runtime

View = TypeVar("View", bound=Callable[..., Any])
PERMISSION = "assay_permission"


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


def load_visitor() -> None:
    """Find out who is asking, from the sign-in cookie; a dead one simply means nobody."""
    secret = request.cookies.get(cookie_name())
    if not secret:
        return
    found = sessions.find(db(), secret, at=at())
    if found is None:
        return
    g.visitor = found.visitor
    if found.is_stale:
        with apart() as session:
            sessions.touch(session, secret, at=at())


def start_session(response: Response, secret: str) -> Response:
    """Give the browser its sign-in cookie."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=int(sessions.ABSOLUTE.total_seconds()),
        httponly=True,
        secure=runtime().settings.is_https,
        samesite="Lax",
        path="/",
    )
    return response


def end_session(response: Response) -> Response:
    """Take the sign-in cookie away."""
    response.delete_cookie(
        cookie_name(),
        path="/",
        secure=runtime().settings.is_https,
        httponly=True,
        samesite="Lax",
    )
    return response


def check_permission(app: Flask) -> None:
    """Refuse a visitor who may not do what the view is tagged with."""
    if request.endpoint is None or request.endpoint == "static":
        return
    view = app.view_functions[request.endpoint]
    reason = objection(visitor(), getattr(view, PERMISSION))
    if reason is None:
        return
    raise Refused(reason) if visitor().is_signed_in else SignInNeeded(reason)
