"""One's own account: every change asks for no more, and no less, than it must."""

import pytest

from accounts.models import EmailAddress, Employment, Notice, Person, SignInSession
from accounts.notices import notify
from core.models import Mail
from tests.factories import PASSWORD

PROFILE = {
    "name": "Robin  Reed",
    "time_zone": "Europe/Berlin",
    "sector": "Associations",
    "employers": "Northlight\n\n  Harbour   Events \nNorthlight\n",
}


@pytest.fixture
def robin(make):
    return make.person("Robin Reed", address="robin@example.org", password=PASSWORD)


@pytest.fixture
def account(robin, as_person):
    return as_person(robin.id)


def test_a_profile_is_saved_and_shown_again(account, robin, make):
    answer = account.post("/account", data=PROFILE)
    page = account.get("/account").text

    saved = make.reload(robin)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert (saved.name, saved.time_zone, saved.sector) == (
        "Robin Reed",
        "Europe/Berlin",
        "Associations",
    )
    assert sorted(row.organisation for row in make.rows(Employment)) == [
        "Harbour Events",
        "Northlight",
    ]
    assert "Harbour Events\nNorthlight</textarea>" in page
    assert "UTC+01:00" in page, "times are shown in the zone that was chosen"


def test_a_past_employer_stays_on_record_for_the_look_back(account, make):
    account.post("/account", data=PROFILE)
    account.post("/account", data={**PROFILE, "employers": "Harbour Events"})

    ended = {row.organisation: row.until_date is not None for row in make.rows(Employment)}

    assert ended == {"Northlight": True, "Harbour Events": False}
    assert "Northlight" not in account.get("/account").text.split("<textarea")[1].split("<")[0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "as it should stand on your badge"),
        ({"time_zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"employers": "x" * 4_001}, "Shorten this to 4,000 characters"),
    ],
)
def test_a_profile_that_cannot_be_taken_keeps_what_was_typed(changed, words, account, make, robin):
    answer = account.post("/account", data={**PROFILE, **changed})

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Associations"' in answer.text
    assert make.reload(robin).sector == ""


def test_az6_fields_that_are_not_in_the_form_change_nothing(account, make, robin):
    extra = {"id": "x", "person_id": "x", "disabled_at": "2026-01-01", "role": "issuer_admin"}

    account.post("/account", data={**PROFILE, **extra, "password_hash": "x"})

    (saved,) = make.rows(Person)
    assert (saved.id, saved.disabled_at, saved.password_hash) == (
        robin.id,
        None,
        robin.password_hash,
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("not the old one", "nine copper kettles", "This is not your present password."),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, "robin@example.org1", "Leave your name, your address"),
    ],
)
def test_a_password_is_changed_only_with_the_old_one_and_for_a_good_one(
    old, new, words, account, make, robin
):
    answer = account.post("/account/password", data={"old": old, "new": new})

    assert answer.status_code == 422
    assert words in answer.text
    assert new not in answer.text
    assert make.reload(robin).password_hash == robin.password_hash


def test_a_changed_password_is_told_by_mail(account, make):
    account.post("/account/password", data={"old": PASSWORD, "new": "nine copper kettles"})

    assert [(mail.to_address, mail.kind) for mail in make.rows(Mail)] == [
        ("robin@example.org", "password_changed")
    ]


def test_an_address_is_added_with_the_password_and_counts_once_confirmed(account, client, make):
    refused = account.post(
        "/account/addresses", data={"address": "reed@example.org", "password": "a guess at it"}
    )
    asked = account.post(
        "/account/addresses", data={"address": "reed@example.org", "password": PASSWORD}
    )
    (mail,) = make.rows(Mail)
    before = make.rows(EmailAddress, address="reed@example.org")[0].verified_at
    client.post(mail.path)
    again = client.post(mail.path)

    (after,) = make.rows(EmailAddress, address="reed@example.org")
    assert (refused.status_code, asked.status_code, again.status_code) == (422, 303, 403)
    assert (before, after.verified_at is not None, after.is_primary) == (None, True, False)


def test_the_address_of_somebody_else_is_answered_the_same_and_stays_theirs(account, make):
    make.person(address="noor@example.org")

    known = account.post(
        "/account/addresses", data={"address": "noor@example.org", "password": PASSWORD}
    )
    unknown = account.post(
        "/account/addresses", data={"address": "free@example.org", "password": PASSWORD}
    )

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert [mail.kind for mail in make.rows(Mail, to_address="noor@example.org")] == [
        "already_known"
    ]


def test_mail_goes_to_a_confirmed_address_alone(account, client, make, robin):
    account.post("/account/addresses", data={"address": "reed@example.org", "password": PASSWORD})
    (mail,) = make.rows(Mail)
    (added,) = make.rows(EmailAddress, address="reed@example.org")
    too_early = account.post(f"/account/addresses/{added.id}/main")
    client.post(mail.path)

    moved = account.post(f"/account/addresses/{added.id}/main")

    main = {row.address: row.is_primary for row in make.rows(EmailAddress)}
    assert (too_early.status_code, moved.status_code) == (409, 303)
    assert main == {"robin@example.org": False, "reed@example.org": True}


def test_only_an_address_that_was_never_confirmed_can_be_removed(account, make, robin):
    account.post("/account/addresses", data={"address": "reed@example.org", "password": PASSWORD})
    ids = {row.address: row.id for row in make.rows(EmailAddress)}

    main = account.post(f"/account/addresses/{ids['robin@example.org']}/remove")
    waiting = account.post(f"/account/addresses/{ids['reed@example.org']}/remove")

    assert (main.status_code, waiting.status_code) == (409, 303)
    assert [row.address for row in make.rows(EmailAddress)] == ["robin@example.org"]


@pytest.mark.parametrize("act", ["main", "remove"])
def test_az2_the_address_of_somebody_else_is_not_there(act, account, make):
    other = make.person("Noor Amin", address="noor@example.org")
    (row,) = make.rows(EmailAddress, person_id=other.id)

    theirs = account.post(f"/account/addresses/{row.id}/{act}")
    nobodys = account.post(f"/account/addresses/aaaaaaaaaaaaaaaaaaaaaaaaaa/{act}")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)


def test_the_other_sign_ins_end_and_this_one_stays(account, robin, as_person, make):
    elsewhere = as_person(robin.id)
    listed = account.get("/account").text

    account.post("/account/sign-ins/end")

    assert listed.count('<td data-label="Browser">') == 2
    assert "This one" in listed
    assert len(make.rows(SignInSession)) == 1
    assert elsewhere.get("/home").status_code == 303
    assert account.get("/home").status_code == 200


def test_notices_are_listed_and_marked_as_read(account, robin, make, database, clock):
    with database.transaction() as session:
        notify(
            session,
            robin.id,
            kind="outcome",
            title="An outcome is ready",
            body="Read it.",
            path="/submissions/abc/outcome",
            at=clock(),
        )
    unread = account.get("/notices").text
    answer = account.post("/notices/read")
    read = account.get("/notices").text

    assert 'aria-label="1 unread"' in unread
    assert '<a href="/submissions/abc/outcome">An outcome is ready</a>' in unread
    assert (answer.status_code, answer.location) == (303, "/notices")
    assert 'aria-label="1 unread"' not in read
    assert all(row.read_at for row in make.rows(Notice))


def test_a_visitor_keeps_the_look_on_the_device(client):
    answer = client.post("/theme", data={"theme": "dark", "next": "/sign-up"})

    page = client.get("/sign-up").text
    assert (answer.status_code, answer.location) == (303, "/sign-up")
    assert 'data-theme="dark"' in page


def test_a_person_keeps_the_look_with_the_account(account, robin, make, as_person):
    account.post("/theme", data={"theme": "light", "next": "//evil.example"})
    elsewhere = as_person(robin.id)

    assert make.reload(robin).theme == "light"
    assert 'data-theme="light"' in elsewhere.get("/home").text


def test_a_look_that_does_not_exist_is_the_device_s_own(client):
    client.post("/theme", data={"theme": "<script>"})

    assert 'data-theme="auto"' in client.get("/sign-up").text
