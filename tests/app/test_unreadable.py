"""Input that no library can read is the caller's fault, on either database: 400, never 500."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from accounts.permissions import Permission
from accounts.web import permits
from core.db import Database

DEEP = "[" * 100_000


@pytest.fixture
def reading(app: Flask, client: FlaskClient) -> FlaskClient:
    """A visitor of an application with one view that reads JSON."""

    @permits(Permission.READ_PUBLIC_PAGES)
    def read() -> dict[str, str]:
        request.get_json()
        return {}

    app.add_url_rule("/read", view_func=read, methods=["POST"])
    return client


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(DEEP.encode(), id="deep"),
        pytest.param(b'{"a": "\xff\xfe"}', id="no UTF-8"),
        pytest.param(b'{"a": ', id="cut"),
        pytest.param(b"1" * 10_000, id="a number of ten thousand digits"),
    ],
)
def test_json_that_cannot_be_read_is_a_400(reading: FlaskClient, body: bytes) -> None:
    answer = reading.post("/read", data=body, content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/badges/%00", "/badges/a%00b", "/badges/%FF", "/awards/%00"])
def test_a_broken_character_in_an_address_is_never_a_fault(
    any_database: Database, client: FlaskClient, path: str
) -> None:
    assert client.get(path).status_code in (303, 400, 404)
