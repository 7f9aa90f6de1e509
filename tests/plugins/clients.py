"""Test clients that behave as a browser on one of our own pages does."""

from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from accounts import sessions
from core.runtime import Runtime
from core.web import EXTENSION, SAFE_METHODS

RAW_TOKEN = "5f" * 20


class TokenClient(FlaskClient):
    """A client for the configured host, whose writes carry a valid form token by themselves.

    A test that wants a missing or wrong token sends its own `X-CSRFToken` header.
    """

    base_url: str

    @classmethod
    def on(cls, app: Flask, person_id: str | None = None) -> "TokenClient":
        """Return a client, signed in as `person_id` if it is given."""
        edge = cast(Runtime, app.extensions[EXTENSION])
        made = cls(app, app.response_class, use_cookies=True)
        made.base_url = edge.settings.base_url
        made.plant_token()
        if person_id is not None:
            made.set_cookie("assay", sign_in_secret(edge, person_id), domain="127.0.0.1")
        return made

    def plant_token(self) -> None:
        """Have the token that this client sends be the one its form cookie holds."""
        with self.session_transaction(base_url=self.base_url) as kept:
            kept["csrf_token"] = RAW_TOKEN

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request as Flask's client does, a write with its token."""
        kwargs.setdefault("base_url", self.base_url)
        headers = dict(kwargs.get("headers") or {})
        if kwargs.get("method", "GET") not in SAFE_METHODS and "X-CSRFToken" not in headers:
            # Signing in drops the tokens of before; a browser then has those of its next page.
            self.plant_token()
            key = self.application.config["SECRET_KEY"]
            token = URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(RAW_TOKEN)
            kwargs["headers"] = {**headers, "X-CSRFToken": token}
        return super().open(*args, **kwargs)


def sign_in_secret(edge: Runtime, person_id: str) -> str:
    """Open a sign-in session for a person and return the secret of its cookie."""
    with edge.database.transaction() as session:
        return sessions.start(session, person_id, user_agent="test", at=edge.clock())
