"""An outside person confirms three facts by a link that works once, and nobody else can."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Notice
from core.errors import Conflict, Invalid, NotFound, TooMany
from core.models import Mail
from portfolio.composing import attestations, queries
from portfolio.composing.models import Attestation, Portfolio
from portfolio.composing.states import AttestationState
from tests.factories import Factory
from tests.plugins.worlds import Clock

FACTS = {"who", "when", "fair"}


def secret_in(session: Session, address: str) -> str:
    """Return the secret that was mailed last to an address."""
    path = session.scalars(
        select(Mail.path)
        .where(Mail.to_address == address, Mail.path != "")
        .order_by(Mail.created_at.desc())
    ).first()
    assert path is not None
    return path.removeprefix("/attest/")


@pytest.fixture
def portfolio(session: Session, make: Factory) -> Portfolio:
    ana = make.person("Ana Lopez", address="ana.lopez@example.org")
    return make.portfolio(ana, make.edition())


def ask(
    session: Session, portfolio: Portfolio, clock: Clock, address: str = "client@example.com"
) -> Attestation:
    return attestations.ask(
        session,
        portfolio.id,
        name="Kim Client",
        address=address,
        relation="client",
        by=portfolio.learner_id,
        at=clock(),
    )


def test_the_mail_goes_to_the_outside_person_and_the_secret_is_kept_hashed(
    session: Session, portfolio: Portfolio, clock: Clock
) -> None:
    asked = ask(session, portfolio, clock)

    secret = secret_in(session, "client@example.com")
    mails = session.scalars(select(Mail).where(Mail.to_address == "client@example.com")).all()
    assert [one.subject for one in mails] == ["Ana Lopez asks you to confirm some work"]
    assert queries.attestation_by(session, secret, at=clock()).id == asked.id
    assert secret not in (asked.token_hash, asked.id)


@pytest.mark.parametrize("own", ["ana.lopez@example.org", "Ana.Lopez+friend@Example.org"])
def test_nobody_attests_for_themselves_however_they_spell_their_address(
    session: Session, portfolio: Portfolio, clock: Clock, own: str
) -> None:
    with pytest.raises(Invalid, match="your own address") as refused:
        ask(session, portfolio, clock, own)

    assert refused.value.field == "address"
    assert session.scalars(select(Attestation)).all() == []


def test_the_same_person_is_asked_once_and_at_most_three_people_are(
    session: Session, portfolio: Portfolio, clock: Clock
) -> None:
    ask(session, portfolio, clock)

    with pytest.raises(Invalid, match="asked this person already"):
        ask(session, portfolio, clock, "CLIENT+again@example.com")
    ask(session, portfolio, clock, "two@example.com")
    ask(session, portfolio, clock, "three@example.com")
    with pytest.raises(Invalid, match="3 people already"):
        ask(session, portfolio, clock, "four@example.com")


def test_nobody_sends_mail_to_strangers_without_end(
    session: Session, portfolio: Portfolio, clock: Clock
) -> None:
    for number in range(10):
        made = ask(session, portfolio, clock, f"stranger{number}@example.com")
        attestations.withdraw(session, portfolio.id, made.id, by=portfolio.learner_id, at=clock())

    with pytest.raises(TooMany):
        ask(session, portfolio, clock, "stranger11@example.com")


def test_a_confirmation_is_kept_and_the_learner_is_told(
    session: Session, portfolio: Portfolio, clock: Clock
) -> None:
    asked = ask(session, portfolio, clock)
    secret = secret_in(session, "client@example.com")

    attestations.confirm(
        session, secret, facts=FACTS, remark="A fine evening.", at=clock.advance(days=2)
    )

    assert (asked.state, asked.confirmed, asked.remark, asked.answered_at) == (
        AttestationState.RECEIVED.value,
        {"who": True, "when": True, "fair": True},
        "A fine evening.",
        clock(),
    )
    notices = session.scalars(select(Notice).where(Notice.person_id == portfolio.learner_id))
    assert [one.title for one in notices] == ["Your work is confirmed"]


def test_two_of_three_facts_are_no_confirmation(
    session: Session, portfolio: Portfolio, clock: Clock
) -> None:
    asked = ask(session, portfolio, clock)
    secret = secret_in(session, "client@example.com")

    with pytest.raises(Invalid, match="all three"):
        attestations.confirm(session, secret, facts={"who", "when"}, remark="", at=clock())

    assert asked.state == AttestationState.REQUESTED.value


def test_an_answer_is_given_once(session: Session, portfolio: Portfolio, clock: Clock) -> None:
    asked = ask(session, portfolio, clock)
    secret = secret_in(session, "client@example.com")
    attestations.decline(session, secret, remark="I was not there.", at=clock())

    with pytest.raises(Conflict, match="answered already"):
        attestations.confirm(session, secret, facts=FACTS, remark="", at=clock())

    assert (asked.state, asked.remark) == (AttestationState.DECLINED.value, "I was not there.")


def test_a_withdrawn_a_late_and_a_made_up_link_open_the_same_nothing(
    session: Session, portfolio: Portfolio, clock: Clock
) -> None:
    asked = ask(session, portfolio, clock)
    withdrawn = secret_in(session, "client@example.com")
    attestations.withdraw(session, portfolio.id, asked.id, by=portfolio.learner_id, at=clock())
    clock.advance(minutes=1)
    ask(session, portfolio, clock, "late@example.com")
    late = secret_in(session, "late@example.com")
    clock.advance(days=30)

    reasons = set()
    for secret in (withdrawn, late, "a" * 52):
        with pytest.raises(NotFound) as nothing:
            queries.attestation_by(session, secret, at=clock())
        reasons.add(nothing.value.reason)

    assert len(reasons) == 1


def test_an_answer_that_is_there_cannot_be_withdrawn(
    session: Session, portfolio: Portfolio, clock: Clock
) -> None:
    asked = ask(session, portfolio, clock)
    secret = secret_in(session, "client@example.com")
    attestations.confirm(session, secret, facts=FACTS, remark="", at=clock())

    with pytest.raises(Conflict):
        attestations.withdraw(session, portfolio.id, asked.id, by=portfolio.learner_id, at=clock())

    assert asked.state == AttestationState.RECEIVED.value


def test_nobody_else_can_ask_or_withdraw_for_a_learner(
    session: Session, portfolio: Portfolio, make: Factory, clock: Clock
) -> None:
    bo = make.person()
    other = make.portfolio(bo, make.edition())
    asked = ask(session, portfolio, clock)

    with pytest.raises(NotFound):
        attestations.withdraw(session, portfolio.id, asked.id, by=bo.id, at=clock())
    with pytest.raises(NotFound):
        attestations.withdraw(session, other.id, asked.id, by=bo.id, at=clock())

    assert asked.state == AttestationState.REQUESTED.value


def test_the_outside_person_sees_what_is_asked_and_no_more_and_answers_without_an_account(
    make: Factory, client: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    ana = make.person("Ana Lopez", employer="Secret Employer Ltd")
    portfolio = make.portfolio(ana, make.edition())
    asking = as_person(ana.id)
    asking.post(
        f"/portfolios/{portfolio.id}/attestations",
        data={"name": "Kim Client", "address": "kim@example.com", "relation": "client"},
    )
    (mailed,) = make.rows(Mail, to_address="kim@example.com")

    page = client.get(mailed.path).text
    client.get(mailed.path)
    unticked = client.post(mailed.path, data={"answer": "confirm", "who": "y", "remark": "Hm."})
    before = make.rows(Attestation)[0].state
    done = client.post(
        mailed.path, data={"answer": "confirm", "who": "y", "when": "y", "fair": "y"}
    )

    for shown in ("Ana Lopez", "Host", "Careful Host", "Run sheet"):
        assert shown in page
    for hidden in ("Secret Employer Ltd", "A yearly meeting", "remote guests", "run-sheet.pdf"):
        assert hidden not in page
    assert (unticked.status_code, before, done.status_code) == (422, "requested", 303)
    assert "Tick all three" in unticked.text
    assert re.search(r"<textarea[^>]*>\s*Hm\.</textarea>", unticked.text)
    assert make.rows(Attestation)[0].state == "received"
    assert "Thank you" in client.get(mailed.path).text


def test_declining_asks_for_a_sentence_and_leaves_the_other_form_alone(
    make: Factory, client: FlaskClient, as_person: Callable[[str], FlaskClient]
) -> None:
    ana = make.person()
    portfolio = make.portfolio(ana, make.edition())
    as_person(ana.id).post(
        f"/portfolios/{portfolio.id}/attestations",
        data={"name": "Kim", "address": "kim@example.com", "relation": "client"},
    )
    (mailed,) = make.rows(Mail, to_address="kim@example.com")

    empty = client.post(mailed.path, data={"answer": "decline", "remark": ""})
    done = client.post(mailed.path, data={"answer": "decline", "remark": "I was abroad."})

    assert (empty.status_code, done.status_code) == (422, 303)
    assert "Say in a sentence" in empty.text
    assert [(one.state, one.remark) for one in make.rows(Attestation)] == [
        ("declined", "I was abroad.")
    ]
    shown = as_person(ana.id).get(f"/portfolios/{portfolio.id}/attestations").text
    assert "I was abroad." in shown
