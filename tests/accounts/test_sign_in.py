"""Signing in: limits that every host shares, sessions that end at once, paths that stay here."""

from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import pytest

from accounts.models import RoleGrant, SignInSession, Throttle
from accounts.states import Role
from accounts.throttle import Limit
from accounts.web import local_path
from app.factory import create_app
from core.db import Database
from core.digest import sha256_hex
from tests.factories import PASSWORD
from tests.plugins.clients import TokenClient

ADDRESS = "robin@example.org"
WRONG = "not the right words"


@pytest.fixture
def robin(make):
    return make.person("Robin Reed", address=ADDRESS, password=PASSWORD)


@pytest.fixture
def second_host(edge):
    """Another web host over the same database."""
    database = Database(edge.database.url)
    yield create_app(runtime=replace(edge, database=database))
    database.close()


def attempt(client, password=WRONG, address=ADDRESS, **more):
    return client.post("/sign-in", data={"address": address, "password": password}, **more)


def secret_of(client):
    cookie = client.get_cookie("assay", domain="127.0.0.1")
    return cookie.value if cookie else None


def test_au1_the_eleventh_try_in_five_minutes_is_refused_even_with_the_right_words(
    client, robin, clock
):
    tries = [attempt(client).status_code for _ in range(10)]
    refused = attempt(client, PASSWORD)
    clock.advance(minutes=5)
    later = attempt(client, PASSWORD)

    assert tries == [422] * 10
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert PASSWORD not in refused.text
    assert later.status_code == 303


def test_wrong_words_are_answered_by_a_reason_on_the_page_and_the_address_stays(client, robin):
    page = attempt(client).text

    assert "Address and password do not match" in page
    assert "This was not done" in page
    assert f'value="{ADDRESS}"' in page


def test_au1_another_account_is_not_locked_by_it(client, robin, make):
    make.person(address="noor@example.org", password=PASSWORD)
    for _ in range(11):
        attempt(client)

    answer = attempt(client, PASSWORD, "noor@example.org")

    assert answer.status_code == 303


def test_au1_spelling_the_address_otherwise_buys_no_more_tries(client, robin):
    spellings = [
        "robin@example.org",
        "ROBIN@example.org",
        "robin+a@example.org",
        " robin@EXAMPLE.org",
    ]

    answers = [attempt(client, address=spellings[n % 4]).status_code for n in range(12)]

    assert answers == [422] * 10 + [429] * 2


def test_au2_one_password_over_many_accounts_from_one_place_is_refused(client, monkeypatch):
    monkeypatch.setattr("accounts.sign_in_views.SIGN_IN_ADDRESS", small_limit(6))

    answers = [
        attempt(client, address=f"person{number}@example.org").status_code for number in range(8)
    ]

    assert answers == [422] * 6 + [429] * 2


def test_au2_a_flood_from_everywhere_meets_the_limit_of_all(client, monkeypatch):
    monkeypatch.setattr("accounts.sign_in_views.SIGN_IN_ALL", small_limit(4))

    answers = [
        attempt(
            client,
            address=f"person{number}@example.org",
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        ).status_code
        for number in range(6)
    ]

    assert answers == [422] * 4 + [429] * 2


def small_limit(most):
    return Limit("small", most, 300)


def test_au2_two_hosts_count_together(client, second_host, robin):
    other = TokenClient.on(second_host)

    answers = [attempt((client, other)[n % 2]).status_code for n in range(12)]

    assert answers == [422] * 10 + [429] * 2


def test_refused_tries_count_on_so_that_waiting_is_the_only_way(client, robin, make):
    for _ in range(13):
        attempt(client)

    rows = make.rows(Throttle)

    assert sorted(row.attempts for row in rows) == [13, 13, 13]
    assert all(ADDRESS not in row.key for row in rows)


def test_an_ipv6_network_counts_as_one_place(client, monkeypatch):
    monkeypatch.setattr("accounts.sign_in_views.SIGN_IN_ADDRESS", small_limit(3))

    answers = [
        attempt(
            client,
            address=f"person{number}@example.org",
            environ_base={"REMOTE_ADDR": f"2001:db8::{number}"},
        ).status_code
        for number in range(5)
    ]

    assert answers == [422] * 3 + [429] * 2


def test_au10_a_forged_forwarded_address_buys_no_more_tries(client, monkeypatch):
    monkeypatch.setattr("accounts.sign_in_views.SIGN_IN_ADDRESS", small_limit(3))

    answers = [
        attempt(
            client,
            address=f"person{number}@example.org",
            headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"},
        ).status_code
        for number in range(5)
    ]

    assert answers == [422] * 3 + [429] * 2


def test_au4_a_session_set_before_signing_in_is_worth_nothing_after(client, robin, make):
    client.set_cookie("assay", "planted-by-somebody-else", domain="127.0.0.1")

    attempt(client, PASSWORD)

    assert secret_of(client) != "planted-by-somebody-else"
    (row,) = make.rows(SignInSession)
    assert row.id == sha256_hex(secret_of(client))


def test_au4_signing_in_again_ends_the_session_of_before(client, robin, make):
    attempt(client, PASSWORD)
    first = secret_of(client)
    attempt(client, PASSWORD)

    second = secret_of(client)

    assert first != second
    assert [row.id for row in make.rows(SignInSession)] == [sha256_hex(second)]


def test_au4_a_form_token_from_before_signing_in_is_worth_nothing_after(client, robin):
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    headers = {"X-CSRFToken": token}
    before = client.post("/theme", headers=headers).status_code
    attempt(client, PASSWORD, headers=headers)

    after = client.post("/notices/read", headers=headers)

    assert (before, after.status_code) == (303, 403)


def test_au5_a_cookie_kept_from_before_signing_out_is_dead_on_every_host(
    client, second_host, robin
):
    attempt(client, PASSWORD)
    stolen = TokenClient.on(second_host)
    stolen.set_cookie("assay", secret_of(client), domain="127.0.0.1")
    alive = stolen.get("/home").status_code
    out = client.post("/sign-out")

    answer = stolen.get("/home")

    assert alive == 200
    assert (out.status_code, out.location) == (303, "/")
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert secret_of(client) is None
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/sign-in")
    assert stolen.post("/notices/read").status_code == 401


def test_au5_changing_the_password_ends_the_others_and_keeps_this_one(client, robin, as_person):
    elsewhere = as_person(robin.id)
    attempt(client, PASSWORD)

    client.post("/account/password", data={"old": PASSWORD, "new": "nine copper kettles"})

    assert client.get("/home").status_code == 200
    assert elsewhere.get("/home").status_code == 303


def test_au5_a_disabled_person_is_out_at_once(robin, as_person, database, clock):
    signed_in = as_person(robin.id)
    with database.transaction() as session:
        session.get_one(type(robin), robin.id).disabled_at = clock()

    assert signed_in.get("/home").status_code == 303
    assert attempt(signed_in, PASSWORD).status_code == 422


def test_au6_half_an_hour_without_use_ends_a_sign_in(robin, as_person, clock):
    used, unused = as_person(robin.id), as_person(robin.id)
    clock.advance(minutes=20)
    used.get("/account")
    clock.advance(minutes=20)

    assert used.get("/home").status_code == 200
    assert unused.get("/home").status_code == 303


def test_au6_a_writing_request_counts_as_use(robin, as_person, clock):
    writing = as_person(robin.id)
    for _ in range(3):
        clock.advance(minutes=20)
        assert writing.post("/notices/read").status_code == 303

    assert writing.get("/home").status_code == 200


def test_au6_twelve_hours_end_a_sign_in_however_much_it_is_used(robin, as_person, clock):
    busy = as_person(robin.id)
    for _ in range(36):
        clock.advance(minutes=20)
        last = busy.get("/notices").status_code

    assert last == 303


def test_az5_a_role_that_is_ended_refuses_the_next_request(make, as_person):
    admin = make.person(roles_held=(Role.ISSUER_ADMIN,))
    manager = make.person("Mara Lund", roles_held=(Role.PROGRAMME_MANAGER,))
    at_work, ending = as_person(manager.id), as_person(admin.id)
    before = at_work.get("/flow").status_code
    (grant,) = make.rows(RoleGrant, person_id=manager.id)

    ended = ending.post(f"/roles/{grant.id}/end")

    assert (before, ended.status_code) == (200, 303)
    after = at_work.get("/flow")
    assert after.status_code == 403
    assert "Only a programme manager may" in after.text


def test_cs4_next_is_a_path_of_this_site_or_nothing(shared_data):
    targets = (shared_data / "badinput/redirect/open_redirect.txt").read_text().splitlines()

    taken = [local_path(target, "/home") for target in targets]
    left = [
        path
        for path in taken
        if urlsplit(urljoin("https://good.example", path.replace("\\", "/"))).netloc
        != "good.example"
    ]

    assert len(targets) >= 300
    assert left == []


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/portfolios/abc?tab=2#part", "/portfolios/abc?tab=2#part"),
        ("/", "/"),
        ("", "/home"),
        ("home", "/home"),
        ("/\t/evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("/a\\b", "/home"),
        ("//evil.example", "/home"),
        ("https://evil.example", "/home"),
    ],
)
def test_cs4_a_local_path_is_followed_and_nothing_else(target, goes, client, robin):
    answer = client.post(
        "/sign-in", data={"address": ADDRESS, "password": PASSWORD, "next": target}
    )

    assert (answer.status_code, answer.location) == (303, goes)


def test_a_page_that_needs_signing_in_is_where_one_comes_back_to(client, robin):
    asked = client.get("/account?from=mail")
    form = client.get(asked.location)
    target = form.text.split('name="next" value="')[1].split('"')[0]

    assert asked.status_code == 303
    assert target == "/account?from=mail"
