"""The application factory: one Flask application out of every room's blueprints.

A view without a declared permission stops the start: nothing is reachable by oversight.
"""

from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts.web import PERMISSION, check_permission, load_visitor
from app import errors, gate, pages, tables
from app.blueprints import BLUEPRINTS
from app.runtime import open_runtime
from config import Settings, from_environment
from core.web import EXTENSION, OneTransactionFlask, Runtime, end_transaction

CSRF = CSRFProtect()
FORM_MEMORY = 2 * 1024 * 1024


def create_app(settings: Settings | None = None, *, runtime: Runtime | None = None) -> Flask:
    """Return the application; `runtime` lets several applications share one database."""
    runtime = runtime or open_runtime(settings or from_environment())
    settings = runtime.settings
    app = OneTransactionFlask("app")
    app.extensions[EXTENSION] = runtime
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-assay-form" if settings.is_https else "assay-form",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + FORM_MEMORY,
        MAX_FORM_MEMORY_SIZE=FORM_MEMORY,
        MAX_FORM_PARTS=1000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        # Browsers may keep the Referer to themselves; `gate` looks at Sec-Fetch-Site instead.
        WTF_CSRF_SSL_STRICT=False,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRF.init_app(app)
    gate.install(app, CSRF)
    app.before_request(load_visitor)
    app.before_request(lambda: check_permission(app))
    app.teardown_request(lambda _error: end_transaction(keep=False))
    errors.install(app)
    pages.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _refuse_untagged(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    return app


def _refuse_untagged(app: Flask) -> None:
    untagged = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not hasattr(view, PERMISSION)
    ]
    if untagged:
        raise RuntimeError(f"views without a permission: {', '.join(sorted(untagged))}")


__all__ = ["create_app", "tables"]
