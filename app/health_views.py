"""Whether this process is alive, and whether it can do its work; for those who watch over it."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from accounts.permissions import Permission
from accounts.web import permits
from app import schema
from core.errors import AssayError
from core.models import Worker
from core.runtime import Runtime
from core.web import runtime

blueprint = Blueprint("health", __name__)

HEARD_WITHIN = timedelta(minutes=1)
OK = "ok"


@blueprint.get("/healthz")
@permits(Permission.READ_PUBLIC_PAGES)
def alive() -> Response:
    """Say that the process answers; nothing else is looked at."""
    return jsonify(alive=True)


@blueprint.get("/readyz")
@permits(Permission.READ_PUBLIC_PAGES)
def ready() -> Response:
    """Say what of all that a request may need is there, 503 unless all of it is."""
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    is_ready = all(words == OK for words in checks.values())
    response = jsonify(ready=is_ready, checks=checks)
    response.status_code = 200 if is_ready else 503
    return response


def _outcome(check: Callable[[Runtime], str]) -> str:
    try:
        return check(runtime())
    except (AssayError, SQLAlchemyError, OSError) as error:
        return f"does not answer ({type(error).__name__})"


def _database(edge: Runtime) -> str:
    with edge.database.transaction(read_only=True) as session:
        session.execute(select(1))
    return OK


def _schema(edge: Runtime) -> str:
    return OK if schema.is_current(edge.database) else "not at this version; run assay db upgrade"


def _store(edge: Runtime) -> str:
    edge.storage.ping()
    return OK


def _worker(edge: Runtime) -> str:
    with edge.database.transaction(read_only=True) as session:
        seen_at = session.scalar(select(func.max(Worker.seen_at)))
    if seen_at is None or edge.clock() - seen_at > HEARD_WITHIN:
        return "not heard from in the last minute; start assay worker"
    return OK


CHECKS: dict[str, Callable[[Runtime], str]] = {
    "database": _database,
    "schema": _schema,
    "store": _store,
    "worker": _worker,
}
