"""The catalogue as visitors read it: all that is asked, before anybody starts."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from core.errors import NotFound
from credentials.catalog import queries
from credentials.issuing.states import Visibility
from tests.credentials.awards import offered, sign
from tests.factories import sample_definition

HOSTILE = "</title><script>alert(1)</script>"


def test_the_catalogue_lists_every_open_badge_and_no_draft(client, make):
    make.edition()
    make.edition(sample_definition(slug="quiet-host", title="Quiet Host"), is_published=False)

    page = client.get("/badges").text

    assert "Careful Host" in page
    assert "4 hours of work" in page
    assert "Quiet Host" not in page


def test_an_empty_catalogue_says_what_comes_next(client):
    assert "No badge is open yet" in client.get("/badges").text


def test_a_badge_page_holds_all_that_is_asked_before_anybody_starts(client, make):
    definition = sample_definition(
        ai_policy="Drafting only.",
        team_policy="State your share.",
        reviewer_rule="Has hosted three sessions.",
        validity_months=36,
        prerequisites=("The autumn lab",),
    )
    make.edition(definition)

    page = client.get("/badges/careful-host").text

    for words in (
        definition.claim,
        *(text for one in definition.criteria for text in one.descriptors.values()),
        "Run sheet",
        "PDF, text document or pictures",
        "about 4 hours",
        "within 15 business days",
        "Blind review by two qualified peers, and one more when they disagree about passing",
        "for three years",
        "Drafting only.",
        "State your share.",
        "Has hosted three sessions.",
        "The autumn lab",
        "This is my own work.",
        "nobody shows it publicly yet",
        'property="og:title" content="Careful Host, a badge of Northlight Guild"',
    ):
        assert words in page, words


def test_a_badge_page_tells_how_reviewers_are_chosen_and_what_counts(client, make):
    policy = sample_definition().review_policy
    weights = {**dict.fromkeys(policy.fit_weights, 0.0), "sector": 0.75, "room": 0.25}
    make.edition(sample_definition(review_policy=replace(policy, fit_weights=weights)))

    page = client.get("/badges/careful-host").text
    chosen = page.split("How reviewers are chosen")[1].split("</section>")[0]
    shares = re.findall(r'<th scope="row">([^<]+)</th>.*?</progress> (\d+) %', chosen, re.DOTALL)

    assert "never counts against a reviewer" in chosen
    assert [share for _, share in shares] == ["75", "25"]
    assert shares[0][0] == "Knows the sector the work comes from"


def test_only_those_who_show_it_publicly_are_counted(client, make, edge):
    sign(edge, offered(make, make.person()), visibility=Visibility.PUBLIC)
    sign(edge, offered(make, make.person()))

    assert "1 shows it publicly" in client.get("/badges/careful-host").text


def test_the_way_in_depends_on_who_looks(client, as_person, make):
    edition = make.edition()
    newcomer, starter = make.person(), make.person()
    portfolio = make.portfolio(starter, edition, is_complete=False)

    stranger = client.get("/badges/careful-host").text
    new = as_person(newcomer.id).get("/badges/careful-host").text
    started = as_person(starter.id).get("/badges/careful-host").text

    assert "Sign up to start" in stranger
    assert 'action="/badges/careful-host/start"' in new
    assert f"/portfolios/{portfolio.id}" in started


def test_an_earlier_edition_keeps_its_page_and_takes_no_portfolio(as_person, make):
    make.edition()
    make.edition(sample_definition(version="1.1.0", claim="Hosts even better."))

    page = as_person(make.person().id).get("/badges/careful-host/1.0.0").text

    assert "Hosts a session that everybody can follow." in page
    assert "This is an earlier edition" in page
    assert "/start" not in page


@pytest.mark.parametrize(
    "path", ["/badges/nothing", "/badges/careful-host/9.9", "/badges/x/badge.png"]
)
def test_what_does_not_exist_is_not_found(client, make, path):
    make.edition(is_published=False)

    assert client.get(path).status_code == 404


def test_a_draft_is_not_found_by_anybody(client, make):
    make.edition(is_published=False)

    assert client.get("/badges/careful-host").status_code == 404
    assert client.get("/badges/careful-host/1.0.0").status_code == 404
    with make._session() as session, pytest.raises(NotFound):
        queries.edition_by(session, "careful-host", "1.0.0")


def test_pages_are_kept_by_no_cache_and_pictures_by_all(client, make):
    make.edition()

    page = client.get("/badges/careful-host")
    png = client.get("/badges/careful-host/badge.png")
    svg = client.get("/badges/careful-host/badge.svg")

    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]
    assert Image.open(BytesIO(png.data)).size == (512, 512)
    assert png.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in png.headers
    assert svg.mimetype == "image/svg+xml"
    assert svg.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_words_of_a_badge_are_shown_and_never_run(client, make):
    make.edition(sample_definition(title=HOSTILE, claim=HOSTILE, summary=HOSTILE))

    page = client.get("/badges/careful-host").text
    svg = client.get("/badges/careful-host/badge.svg").text

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page + svg
