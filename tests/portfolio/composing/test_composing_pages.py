"""The learner's pages: every form keeps what was typed, and nobody else's work exists."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts.models import Person
from portfolio.composing.models import Attestation, Claim, Portfolio, Reflection, Revision
from portfolio.composing.rules import base_of
from tests.factories import Factory, sample_definition

SignIn = Callable[[str], FlaskClient]
FETCH = {"X-Requested-With": "fetch", "Accept": "application/json"}
TRICKY = "Grüße 🎪 \u202eשלום\u202c <script>alert(1)</script> {{ 7*7 }}"


@pytest.fixture
def ana(make: Factory) -> Person:
    return make.person("Ana Lopez")


@pytest.fixture
def portfolio(make: Factory, ana: Person) -> Portfolio:
    return make.portfolio(ana, make.edition(), is_complete=False)


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def typed(page: str, name: str) -> str:
    """Return what a text area holds, as a browser reads it."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.S)
    assert found is not None
    return html.unescape(found[1])


def main(page: str) -> str:
    """Return the body of a page without its frame, whose form tokens differ each time."""
    return page.partition("<main")[2].partition("</main>")[0]


def test_a_badge_is_started_with_one_press_and_a_second_leads_to_the_same_portfolio(
    make: Factory, ana: Person, as_person: SignIn
) -> None:
    make.edition()
    client = as_person(ana.id)

    first = client.post("/badges/careful-host/start")
    second = client.post("/badges/careful-host/start")

    (made,) = make.rows(Portfolio, learner_id=ana.id)
    assert (first.status_code, first.location) == (303, f"/portfolios/{made.id}")
    assert second.location == first.location


def test_the_list_says_for_each_portfolio_how_far_it_is_and_what_comes_next(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    other = make.person("Bo Stranger")
    make.portfolio(other, make.edition(sample_definition(slug="secret", title="Secret Badge")))

    page = as_person(ana.id).get("/portfolios").text

    assert "Careful Host" in page
    assert "0 of 9" in page
    assert "Say which role you had" in page
    assert "Secret Badge" not in page


def test_every_missing_part_is_linked_to_its_place(
    ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    page = as_person(ana.id).get(f"/portfolios/{portfolio.id}").text

    here = f"/portfolios/{portfolio.id}"
    for place in (
        "/context#role",
        "/context#sector",
        "/context#context",
        "/evidence#E1",
        "/criteria#C1",
        "/criteria#C2",
        "/reflections/R1",
        "/disclosures#ai_use",
        "/statements#statements-0",
    ):
        assert f'href="{here}{place}"' in page


@pytest.mark.parametrize(
    ("section", "anchors"),
    [
        ("context", ["role", "sector", "context"]),
        ("evidence", ["E1"]),
        ("criteria", ["C1", "C2"]),
        ("disclosures", ["ai_use"]),
        ("statements", ["statements-0"]),
    ],
)
def test_the_place_a_missing_part_links_to_is_on_the_page(
    ana: Person, portfolio: Portfolio, as_person: SignIn, section: str, anchors: list[str]
) -> None:
    page = as_person(ana.id).get(f"/portfolios/{portfolio.id}/{section}").text

    assert [f'id="{anchor}"' in page for anchor in anchors] == [True] * len(anchors)


def test_a_text_is_saved_as_typed_and_shown_as_text(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/context"

    done = client.post(where, data={"role": "Host\x00\x07", "sector": "S", "context": TRICKY})

    page = client.get(where).text
    stored = make.reload(portfolio)
    assert (done.status_code, stored.role, stored.context) == (303, "Host", TRICKY)
    assert typed(page, "context") == TRICKY
    assert "<script>alert(1)" not in page


def test_an_autosave_answers_with_the_time_the_new_fingerprint_and_the_fresh_meter(
    ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/reflections/R1"
    base = hidden(client.get(where).text, "base")

    answer = client.post(
        where, data={"base": base, "words": "Five words are quite enough."}, headers=FETCH
    )

    body: dict[str, Any] = answer.get_json()
    assert (answer.status_code, body["saved"]) == (200, "Saved 09:30")
    assert body["fields"] == {"base": base_of("Five words are quite enough.")}
    assert "1 of 9" in body["html"]["#coverage"]
    assert "1 of 9" in body["html"]["#coverage-line"]


def test_two_tabs_get_both_versions_to_put_together_and_the_merged_one_is_saved(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/reflections/R1"
    base = hidden(client.get(where).text, "base")
    client.post(where, data={"base": base, "words": "What tab one says."})

    silent = client.post(where, data={"base": base, "words": "Tab two."}, headers=FETCH)
    answer = client.post(where, data={"base": base, "words": "Tab two."})

    (stored,) = make.rows(Reflection, portfolio_id=portfolio.id)
    assert (silent.status_code, answer.status_code) == (409, 409)
    assert "another tab" in silent.get_json()["message"]
    assert stored.text == "What tab one says."
    assert typed(answer.text, "words") == "Tab two."
    assert "What tab one says." in answer.text
    merged = client.post(where, data={"base": hidden(answer.text, "base"), "words": "Both."})
    assert merged.status_code == 303
    assert make.reload(stored).text == "Both."
    assert [one.text for one in make.rows(Revision)] == ["What tab one says."]


@pytest.mark.parametrize(
    ("section", "field", "limit"),
    [
        ("context", "context", 4_000),
        ("disclosures", "ai_use", 4_000),
        ("reflections/R1", "words", 20_000),
    ],
)
def test_a_text_past_the_limit_is_told_at_the_field_and_all_of_it_is_still_there(
    make: Factory,
    ana: Person,
    portfolio: Portfolio,
    as_person: SignIn,
    section: str,
    field: str,
    limit: int,
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/{section}"

    just = client.post(where, data={field: "a" * limit}, headers=FETCH)
    over = client.post(where, data={field: "b" * (limit + 1)})
    silent = client.post(where, data={field: "b" * (limit + 1)}, headers=FETCH)

    assert (just.status_code, over.status_code, silent.status_code) == (200, 422, 422)
    assert typed(over.text, field) == "b" * (limit + 1)
    assert f"Shorten this to {limit:,} characters at most." in over.text
    assert f"Shorten this to {limit:,} characters at most." in silent.get_json()["message"]


def test_ten_megabytes_of_text_are_refused_clearly(
    ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    answer = as_person(ana.id).post(
        f"/portfolios/{portfolio.id}/reflections/R1", data={"words": "a" * 10_000_000}
    )

    assert answer.status_code == 413
    assert "That is too large" in answer.text


def test_criteria_are_chosen_for_a_piece_with_a_place_for_each(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    item = make.item(portfolio)
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/claims/{item.id}"
    base = hidden(client.get(where).text, "base")

    done = client.post(
        where, data={"base": base, "shows_C1": "y", "where_C1": "4:10", "shows_C9": "y"}
    )
    wrong = client.post(where, data={"shows_C1": "y", "where_C1": "4:10", "where_C2": "page 3"})

    rows = [(one.criterion_key, one.locator) for one in make.rows(Claim, item_id=item.id)]
    assert (done.status_code, rows) == (303, [("C1", "4:10")])
    assert wrong.status_code == 422
    assert "Tick the criterion as well" in wrong.text
    assert 'value="page 3"' in wrong.text
    by_criterion = client.get(f"/portfolios/{portfolio.id}/criteria").text
    assert "Needs, step 3." in by_criterion
    assert "4:10" in by_criterion


def test_a_statement_that_the_edition_does_not_have_is_not_agreed_to(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/statements"

    wrong = client.post(where, data={"statements": ["own_work", "made_up"]})
    client.post(where, data={"statements": ["own_work"]})

    assert wrong.status_code == 422
    assert set(make.reload(portfolio).statements) == {"own_work"}


def test_an_empty_request_for_an_attestation_is_told_at_each_field_and_keeps_the_rest(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/attestations"

    empty = client.post(where, data={"name": "Kim", "address": "", "relation": ""})
    wrong = client.post(where, data={"name": "Kim", "address": "not one", "relation": "client"})

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "Write the address that the mail goes to." in empty.text
    assert 'value="Kim"' in empty.text
    assert "does not look like an e-mail address" in wrong.text
    assert make.rows(Attestation) == []


def test_a_newer_edition_is_offered_and_taken_only_when_asked_for(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    before = client.get(f"/portfolios/{portfolio.id}").text
    newer = make.edition(sample_definition(version="1.1.0"))

    offered = client.get(f"/portfolios/{portfolio.id}").text
    client.post(f"/portfolios/{portfolio.id}/edition")

    assert "There is a newer edition" not in before
    assert "edition 1.1.0 is out" in offered
    assert make.reload(portfolio).edition_id == newer.id


def test_a_preview_is_cleaned_and_saves_nothing(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    text = "# Title\n\n**bold** <img src=x onerror=alert(1)> [x](javascript:alert(1))"

    silent = client.post("/preview", data={"text": text}, headers=FETCH)
    page = client.post("/preview", data={"words": text})
    long = client.post("/preview", data={"text": "a" * 20_001}, headers=FETCH)

    made = silent.get_json()["html"]
    assert made == (
        "<h3>Title</h3>\n<p><strong>bold</strong> "
        ' <a rel="nofollow noopener noreferrer ugc">x</a></p>'
    )
    assert made in page.text
    assert long.status_code == 422
    assert make.rows(Reflection) == []


def test_earlier_texts_are_listed_to_read(
    make: Factory, ana: Person, portfolio: Portfolio, as_person: SignIn
) -> None:
    client = as_person(ana.id)
    where = f"/portfolios/{portfolio.id}/reflections/R1"
    client.post(where, data={"words": "The first thoughts."})
    client.post(where, data={"words": "Others."})

    page = client.get(f"/portfolios/{portfolio.id}/earlier").text

    assert "The first thoughts." in page
    assert "Looking back" in page


SECTIONS = (
    "", "/context", "/evidence", "/criteria", "/reflections/R1", "/disclosures", "/statements",
    "/attestations", "/earlier", "/hand-in",
)  # fmt: skip


def test_az_2_to_another_learner_none_of_it_exists_by_path_or_in_a_body(
    make: Factory, ana: Person, as_person: SignIn
) -> None:
    edition = make.edition()
    portfolio, bo = make.portfolio(ana, edition), make.person("Bo Stranger")
    other = make.portfolio(bo, edition)
    item = make.rows(Claim, portfolio_id=portfolio.id)[0].item_id
    stranger, here = as_person(bo.id), f"/portfolios/{portfolio.id}"

    reads = [stranger.get(here + section) for section in SECTIONS]
    reads += [
        stranger.get(f"{here}/claims/{item}"),
        stranger.get(f"/portfolios/{other.id}/claims/{item}"),
    ]
    writes = [
        stranger.post(here + path, data={"role": "x", "words": "x", "statements": [], "sure": "y"})
        for path in ("/context", "/reflections/R1", "/disclosures", "/statements", "/attestations",
                     "/hand-in", "/edition", f"/claims/{item}")
    ]  # fmt: skip
    unknown = stranger.get("/portfolios/aaaaaaaaaaaaaaaaaaaaaaaaaa")

    assert {one.status_code for one in [*reads, *writes, unknown]} == {404}
    assert {main(one.text) for one in reads} == {main(unknown.text)}
    after = make.reload(portfolio)
    assert (after.role, after.version) == ("Host", portfolio.version + 5)


def test_cs_1_looking_changes_nothing(make: Factory, ana: Person, as_person: SignIn) -> None:
    portfolio = make.portfolio(ana, make.edition())
    before = make.reload(portfolio).version
    client = as_person(ana.id)

    answers = [client.get(f"/portfolios/{portfolio.id}{section}") for section in SECTIONS]

    assert {one.status_code for one in answers} == {200}
    assert make.reload(portfolio).version == before
