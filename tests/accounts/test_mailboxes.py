"""One mailbox is one identity, but mail goes only to how its owner wrote it."""

import pytest

from accounts.models import OneTimeToken
from core.models import Mail
from tests.factories import PASSWORD

# Each folds to known@example.org for us, and may be anybody's at a host that sees it otherwise.
LOOKALIKES = ["known+x@example.org", "KNOWN@example.org", "\uff4bnown@example.org"]


@pytest.fixture
def known(make):
    return make.person("Robin Reed", address="known@example.org", password=PASSWORD)


@pytest.mark.parametrize("typed", LOOKALIKES)
def test_a_reset_goes_to_the_address_on_record_however_it_was_typed(
    typed, known, client, make, drain
):
    client.post("/forgot-password", data={"address": typed})
    drain()

    assert {mail.to_address for mail in make.rows(Mail)} == {"known@example.org"}
    assert {link.person_id for link in make.rows(OneTimeToken)} == {known.id}


@pytest.mark.parametrize("typed", LOOKALIKES)
def test_only_the_owner_is_told_that_a_mailbox_has_an_account(typed, known, client, make):
    client.post("/sign-up", data={"name": "Eve", "address": typed, "password": PASSWORD})

    assert known.name == "Robin Reed"
    assert [(mail.kind, mail.to_address) for mail in make.rows(Mail)] == [
        ("already_known", "known@example.org")
    ]


def test_adding_a_lookalike_tells_only_the_owner(known, make, as_person):
    other = make.person(password=PASSWORD)

    as_person(other.id).post(
        "/account/addresses", data={"address": "known+x@example.org", "password": PASSWORD}
    )

    assert known.name == "Robin Reed"
    assert [mail.to_address for mail in make.rows(Mail)] == ["known@example.org"]


@pytest.mark.parametrize("path", ["/sign-up", "/forgot-password"])
def test_one_mailbox_gets_five_mails_a_day_in_whatever_spelling(path, client):
    answers = [
        client.post(
            path,
            data={"name": "Eve", "address": f"ada+{number}@example.org", "password": PASSWORD},
        ).status_code
        for number in range(7)
    ]

    assert answers == [303] * 5 + [429] * 2


def test_a_changed_password_makes_mailed_links_worth_nothing(known, client, as_person, make, drain):
    client.post("/forgot-password", data={"address": "known@example.org"})
    drain()
    (link,) = make.rows(Mail, kind="reset_password")
    as_person(known.id).post(
        "/account/password", data={"old": PASSWORD, "new": "nine copper kettles"}
    )

    answer = client.post(link.path, data={"password": "ten tin whistles"})

    assert answer.status_code == 403
