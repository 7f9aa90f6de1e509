"""The last look, the hand-in, the receipt and the way to the outcome, for their learner."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from accounts.models import Person
from core.digest import sha256_hex
from core.models import Mail
from portfolio.composing.models import Portfolio
from portfolio.submission import services
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from tests.factories import Factory
from tests.plugins.worlds import Clock

SignIn = Callable[[str], FlaskClient]
S = SubmissionState
TO_OUTCOME = (S.INTAKE, S.AWAITING_REVIEWERS, S.UNDER_REVIEW, S.DECIDED, S.RELEASED)


@pytest.fixture
def ana(make: Factory) -> Person:
    return make.person("Ana Lopez", employer="Secret Employer Ltd")


@pytest.fixture
def portfolio(make: Factory, ana: Person) -> Portfolio:
    return make.portfolio(ana, make.edition())


def seen_on(page: str) -> str:
    """Return the fingerprint of what a final check showed."""
    found = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_the_final_check_shows_all_that_is_sealed_who_sees_it_and_the_promised_date(
    ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    page = as_person(ana.id).get(f"/portfolios/{portfolio.id}/hand-in").text

    for shown in (
        "Host",
        "Associations",
        "A yearly meeting of forty people.",
        "Run sheet",
        "C1 (page 1), C2",
        "Next time the remote guests speak first, not last.",
        "None.",
        "This is my own work.",
        "Never your name or your employer's.",
        "Mon 23 March 2026",
        "“Run sheet” has no date of work.",
        "1 of 3",
    ):
        assert shown in page
    assert "Secret Employer Ltd" not in page


def test_handing_in_leads_to_a_receipt_whose_document_recomputes_to_its_digest(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    seen = seen_on(client.get(f"/portfolios/{portfolio.id}/hand-in").text)

    done = client.post(f"/portfolios/{portfolio.id}/hand-in", data={"seen": seen, "sure": "y"})

    (sealed,) = make.rows(Submission, portfolio_id=portfolio.id)
    receipt = client.get(done.location)
    document = client.get(f"/submissions/{sealed.id}/manifest.json")
    assert (done.status_code, done.location) == (303, f"/submissions/{sealed.id}")
    assert sealed.digest in receipt.text
    assert sealed.pseudonym not in receipt.text
    assert sha256_hex(document.data) == sealed.digest
    assert document.headers["Content-Disposition"].startswith("attachment;")
    assert [one.subject for one in make.rows(Mail, kind="submission_received")] == [
        "Your portfolio for Careful Host is handed in"
    ]


def test_a_second_press_of_the_button_gets_the_receipt_of_the_first(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/hand-in"
    act = {"seen": seen_on(client.get(where).text), "sure": "y"}

    first = client.post(where, data=act)
    second = client.post(where, data=act)
    third = client.post(where, data={**act, "change_note": "Pressed again."})

    (sealed,) = make.rows(Submission, portfolio_id=portfolio.id)
    assert {one.location for one in (first, second, third)} == {f"/submissions/{sealed.id}"}
    assert (second.status_code, third.status_code) == (303, 303)
    assert sealed.change_note == ""


def test_inv_34_without_the_tick_nothing_is_handed_in(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/hand-in"

    answer = client.post(where, data={"seen": seen_on(client.get(where).text)})

    assert answer.status_code == 422
    assert "Tick this to hand in" in answer.text
    assert make.rows(Submission) == []


def test_a_portfolio_that_changed_since_the_last_look_has_to_be_looked_at_again(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn, clock: Clock
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/hand-in"
    seen = seen_on(client.get(where).text)
    client.post(f"/portfolios/{portfolio.id}/context", data={"context": "Another setting."})

    answer = client.post(where, data={"seen": seen, "sure": "y"})

    assert answer.status_code == 409
    assert "Look it through once more" in answer.text
    assert "Another setting." in answer.text
    assert make.rows(Submission) == []
    again = client.post(where, data={"seen": seen_on(answer.text), "sure": "y"})
    assert again.status_code == 303


def test_what_is_missing_is_listed_with_links_and_there_is_no_button(
    make: Factory, ana: Person, as_person: SignIn
) -> None:
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)

    page = as_person(ana.id).get(f"/portfolios/{portfolio.id}/hand-in").text

    assert "9 parts are still missing." in page
    assert f'href="/portfolios/{portfolio.id}/criteria#C2"' in page
    assert "Seal and hand in" not in page


def test_a_later_attempt_asks_what_changed_and_links_the_earlier_outcome(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    first = make.submission(portfolio=portfolio)
    make.moved(first, *TO_OUTCOME)
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/hand-in"

    page = client.get(where).text
    empty = client.post(where, data={"seen": seen_on(page), "sure": "y", "change_note": ""})
    client.post(where, data={"seen": seen_on(page), "sure": "y", "change_note": "A fallback."})

    assert f'href="/submissions/{first.id}/outcome"' in page
    assert "2 of 3" in page
    assert empty.status_code == 422
    notes = {one.attempt: one.change_note for one in make.rows(Submission)}
    assert notes == {1: "", 2: "A fallback."}


def test_what_intake_sent_back_leads_to_its_reasons_and_costs_no_attempt(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    returned = make.submission(portfolio=portfolio)
    make.moved(returned, S.INTAKE, S.RETURNED_INCOMPLETE)
    client = as_person(ana.id)

    pages = [client.get(f"/submissions/{returned.id}").text]
    pages.append(client.get(f"/portfolios/{portfolio.id}").text)
    check = client.get(f"/portfolios/{portfolio.id}/hand-in").text

    assert [f'href="/submissions/{returned.id}/returned"' in page for page in pages] == [True] * 2
    assert "1 of 3" in check
    assert "Seal and hand in" in check


def test_taking_back_asks_first_and_then_ends_the_review(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    sealed = make.submission(portfolio=portfolio)
    client = as_person(ana.id)

    asked = client.get(f"/submissions/{sealed.id}/withdraw").text
    still = make.reload(sealed).state
    done = client.post(f"/submissions/{sealed.id}/withdraw")
    again = client.post(f"/submissions/{sealed.id}/withdraw")

    assert "It cannot be undone" in asked
    assert (still, done.status_code, again.status_code) == ("submitted", 303, 409)
    assert make.reload(sealed).state == "withdrawn"
    assert "Taken back" in client.get("/submissions").text


def test_az_2_to_another_learner_no_submission_exists(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    sealed = make.submission(portfolio=portfolio)
    stranger = as_person(make.person("Bo Stranger").id)
    here = f"/submissions/{sealed.id}"

    answers = [stranger.get(here + path) for path in ("", "/manifest.json", "/withdraw")]
    answers.append(stranger.post(f"{here}/withdraw"))

    assert {one.status_code for one in answers} == {404}
    assert make.reload(sealed).state == "submitted"
    assert "Careful Host" not in stranger.get("/submissions").text


def test_the_list_takes_as_many_queries_for_three_submissions_as_for_one(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn, clock: Clock
) -> None:
    client = as_person(ana.id)
    sealed = make.submission(portfolio=portfolio)
    one_line, for_one = counted(make, lambda: client.get("/submissions").text)
    for _attempt in range(2):
        with make.edge.database.transaction() as session:
            services.withdraw(session, sealed.id, by=ana.id, at=clock())
        sealed = make.submission(portfolio=portfolio)

    page, for_three = counted(make, lambda: client.get("/submissions").text)

    assert one_line.count("Careful Host, attempt") == 1
    assert page.count("Careful Host, attempt") == 3
    assert page.index("attempt 3") < page.index("attempt 1")
    assert for_three == for_one


def counted(make: Factory, act: Callable[[], str]) -> tuple[str, int]:
    """Return what an act answers, and how many statements it sent to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        return act(), len(sent)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
