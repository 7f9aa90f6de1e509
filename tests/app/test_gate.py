"""What every request passes first: its host, where it comes from, and the token of its form."""

import json
from dataclasses import replace

import pytest

from accounts.models import Person
from app.factory import create_app
from app.gate import is_our_host
from core.models import AuditEvent
from tests.factories import PASSWORD
from tests.plugins.clients import TokenClient

WRITES = ("/sign-in", "/sign-out", "/theme", "/account", "/notices/read", "/roles/grant")


@pytest.fixture
def secure(edge):
    """The application as it is reached over TLS at good.example."""
    settings = replace(edge.settings, base_url="https://good.example")
    return create_app(runtime=replace(edge, settings=settings))


@pytest.mark.parametrize("path", [*WRITES, "/nothing/here"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_cs1_a_write_from_another_site_is_refused(path, site, client):
    answer = client.post(path, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert "another site" in answer.text


@pytest.mark.parametrize("path", [*WRITES, "/nothing/here"])
@pytest.mark.parametrize("token", ["", "not-a-token"])
def test_cs1_a_write_without_a_good_token_is_refused_before_any_look_up(path, token, client):
    answer = client.post(path, headers={"X-CSRFToken": token})

    assert answer.status_code == 403
    assert "open for too long" in answer.text


def test_cs1_the_token_of_another_person_is_refused(client, app, make, as_person):
    mine, theirs = as_person(make.person().id), as_person(make.person("Noor Amin").id)
    with theirs.session_transaction(base_url=theirs.base_url) as kept:
        kept["csrf_token"] = "another" * 6
    page = theirs.get("/account").text
    token = page.split('name="csrf-token" content="')[1].split('"')[0]

    answer = mine.post("/account", data={"name": "Taken Over"}, headers={"X-CSRFToken": token})

    assert answer.status_code == 403
    assert "Taken Over" not in {person.name for person in make.rows(Person)}


def test_cs1_json_sent_as_plain_text_is_refused(client, make):
    answer = client.post(
        "/account",
        data=json.dumps({"name": "Taken Over", "csrf_token": "x"}),
        content_type="text/plain",
        headers={"X-CSRFToken": ""},
    )

    assert answer.status_code == 403


def test_cs1_looking_writes_nothing(make, as_person, edge):
    person = make.person()
    looking = as_person(person.id)
    events = len(make.rows(AuditEvent))
    paths = ("/home", "/account", "/notices", "/verify-email/abc", "/reset-password/abc", "/flow")

    for path in paths:
        looking.get(path)
        looking.head(path)

    assert len(make.rows(AuditEvent)) == events


def test_cs2_signing_in_and_out_from_another_site_are_refused(client, make, as_person):
    person = make.person(address="robin@example.org", password=PASSWORD)
    signed_in = as_person(person.id)

    came_in = client.post(
        "/sign-in",
        data={"address": "robin@example.org", "password": PASSWORD},
        headers={"X-CSRFToken": "planted"},
    )
    went_out = signed_in.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"})

    assert (came_in.status_code, went_out.status_code) == (403, 403)
    assert client.get_cookie("assay", domain="127.0.0.1") is None
    assert signed_in.get("/home").status_code == 200


def test_cs3_hosts_that_are_not_ours_are_refused(secure, shared_data):
    hosts = json.loads((shared_data / "badinput/generated/host_headers.json").read_text())
    client = TokenClient.on(secure)

    answers = {
        host: client.get("/sign-in", environ_overrides={"HTTP_HOST": host}).status_code
        for host in hosts
    }

    assert len(hosts) == 15
    assert answers == dict.fromkeys(hosts, 400)


@pytest.mark.parametrize(
    ("host", "base_url", "is_ours"),
    [
        ("good.example", "https://good.example", True),
        ("GOOD.example", "https://good.example", True),
        ("good.example:443", "https://good.example", True),
        ("good.example:80", "https://good.example", False),
        ("good.example:8443", "https://good.example:8443", True),
        ("good.example", "https://good.example:8443", False),
        ("localhost:9000", "http://127.0.0.1:8000", True),
        ("good.example.", "https://good.example", False),
    ],
)
def test_a_host_is_ours_with_its_port_or_not_at_all(host, base_url, is_ours):
    assert is_our_host(host, base_url) is is_ours


def test_au10_forwarded_headers_are_ignored_unless_a_proxy_is_configured(secure, edge):
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Prefix": "/evil",
    }
    plain = TokenClient.on(secure).get("/account", headers=forged)
    behind = create_app(
        runtime=replace(edge, settings=replace(secure.extensions["assay"].settings, proxies=1))
    )
    proxied = TokenClient.on(behind).get("/account", headers=forged)

    assert (plain.status_code, plain.location) == (303, "/sign-in?next=/account")
    assert proxied.status_code == 400, "a proxy that is trusted is believed"


def test_cookies_over_tls_are_bound_to_this_host(secure, make):
    make.person(address="robin@example.org", password=PASSWORD)
    client = TokenClient.on(secure)

    answer = client.post("/sign-in", data={"address": "robin@example.org", "password": PASSWORD})

    (cookie,) = [
        value for value in answer.headers.getlist("Set-Cookie") if value.startswith("__Host-assay=")
    ]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert not any(part.startswith("Domain") for part in parts)


def test_every_answer_carries_the_headers_that_keep_it_to_itself(secure):
    headers = TokenClient.on(secure).get("/sign-in").headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert {
        name: headers[name]
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
            "Strict-Transport-Security",
            "Cache-Control",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "Cache-Control": "no-store",
    }
    assert "Cookie" in headers["Vary"]


@pytest.mark.parametrize("referrer", ["http://[::1", "http://[", "https://127.0.0.1]b/"])
def test_a_referrer_that_is_no_address_is_no_fault_of_ours(referrer, client):
    answer = client.get("/nothing/here", headers={"Referer": referrer})

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_a_page_under_the_static_address_is_kept_by_no_cache(make, as_person):
    answer = as_person(make.person().id).get("/static/css/nothing.css")

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_a_module_is_kept_for_long_by_its_version_alone(client):
    where = "/static/js/token.js"

    plain = client.get(where, buffered=True)
    versioned = client.get(f"{where}?v=0123456789ab", buffered=True)

    assert plain.headers["Cache-Control"] == "no-cache"
    assert plain.headers["ETag"]
    assert versioned.cache_control.max_age == 31_536_000
