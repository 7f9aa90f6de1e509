"""The HTTP edge that every room shares: one transaction per request, its time, its settings.

A GET or HEAD request gets a read-only session and can change nothing. Any other request
commits when its answer is a success or a redirect, and rolls back when it is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, url_for
from sqlalchemy.orm import Session

from core.digest import sha256_hex
from core.runtime import Runtime
from core.stored import Store

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
EXTENSION = "assay"

__all__ = [
    "EXTENSION",
    "OneTransactionFlask",
    "Runtime",
    "apart",
    "at",
    "db",
    "end_transaction",
    "runtime",
    "see_other",
    "static_url",
    "storage",
    "wants_json",
]


def runtime() -> Runtime:
    """Return what the running application works with."""
    return cast(Runtime, current_app.extensions[EXTENSION])


def db() -> Session:
    """Return this request's session, opened at first use."""
    if "session" not in g:
        g.session = runtime().database.session(read_only=request.method in SAFE_METHODS)
    return cast(Session, g.session)


def at() -> datetime:
    """Return the time of this request, the same wherever it is asked for."""
    if "at" not in g:
        g.at = runtime().clock()
    return cast(datetime, g.at)


def storage() -> Store:
    """Return the store of files."""
    return runtime().storage


@contextmanager
def apart() -> Iterator[Session]:
    """Yield a session whose changes stand even when the request itself is refused."""
    with runtime().database.transaction() as session:
        yield session


class OneTransactionFlask(Flask):
    """Flask, with the request's transaction ended inside error handling."""

    def dispatch_request(self) -> Any:
        """Run the view, then commit or roll back before the answer can be sent."""
        try:
            answer = self.make_response(super().dispatch_request())
        except BaseException:
            end_transaction(keep=False)
            raise
        end_transaction(keep=answer.status_code < 400)
        return answer


def end_transaction(*, keep: bool) -> None:
    """Commit or roll back this request's session, if one was opened."""
    session: Session | None = g.pop("session", None)
    if session is None:
        return
    try:
        if keep and request.method not in SAFE_METHODS:
            session.commit()
        else:
            session.rollback()
    finally:
        session.close()


def see_other(endpoint: str, **values: Any) -> Response:
    """Answer a successful POST: go and look at `endpoint`."""
    response = Response(status=303)
    response.headers["Location"] = url_for(endpoint, **values)
    return response


def wants_json() -> bool:
    """Whether the caller is our own script, or a program, rather than a page load."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" or request.headers.get("X-Requested-With") == "fetch"


def static_url(path: str) -> str:
    """Return the address of a static file, versioned by its content."""
    folder = Path(cast(str, current_app.static_folder))
    return url_for("static", filename=path, v=_file_version(folder / path))


@lru_cache(maxsize=512)
def _file_version(path: Path) -> str:
    return sha256_hex(path.read_bytes())[:12]
