"""Two mailed links of one address, used at the same moment, make one account."""

from functools import partial

import pytest

from accounts import services
from accounts.models import EmailAddress, Person
from core.models import Mail
from tests.factories import PASSWORD
from tests.together import names, together

ROUNDS = 20


@pytest.mark.parametrize("links", [1, 2], ids=["one link pressed twice", "two links"])
def test_an_address_confirmed_twice_at_once_has_one_account(any_database, edge, make, links):
    for number in range(ROUNDS):
        address = f"ada{number}@example.org"
        together(*[partial(sign_up, edge, address)] * links)
        secrets = [mail.path.rsplit("/", 1)[1] for mail in make.rows(Mail, to_address=address)]

        results = together(*(partial(confirm, edge, secrets[at % links]) for at in range(2)))

        assert len(secrets) == links
        assert names(results) == (["joined"] * 2 if links == 1 else ["Refused", "joined"])
        assert len(make.rows(EmailAddress, address=address)) == 1
        assert len(make.rows(Person)) == number + 1


def sign_up(edge, address):
    with edge.database.transaction() as session:
        services.sign_up(
            session, name="Ada Fresh", address=address, password=PASSWORD, at=edge.clock()
        )


def confirm(edge, secret):
    with edge.database.transaction() as session:
        services.verify_email(session, secret, at=edge.clock())
    return "joined"
