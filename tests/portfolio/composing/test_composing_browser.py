"""A learner in a real browser: text saves itself, two tabs are told, and no script is needed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from portfolio.composing.models import Portfolio, Reflection
from portfolio.submission.models import Submission
from tests.factories import Factory
from tests.plugins.worlds import Site

OpenPage = Callable[..., Page]
SignIn = Callable[[Page, str], None]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def ana(make: Factory) -> Person:
    return make.person("Ana Lopez")


def test_what_is_typed_saves_itself_counts_its_words_and_moves_the_meter(
    page: Page, site: Site, sign_in: SignIn, make: Factory, ana: Person
) -> None:
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)
    sign_in(page, ana.id)
    page.goto(f"{site.url}/portfolios/{portfolio.id}/reflections/R1")

    page.get_by_label("Your reflection").press_sequentially("Five words are quite enough.")
    expect(page.locator(".word-count")).to_contain_text("5 words, 5 to 200 wanted.")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"Saved \d\d:\d\d"))

    expect(page.locator("#coverage .meter-count")).to_have_text("1 of 9")
    (stored,) = make.rows(Reflection, portfolio_id=portfolio.id)
    assert stored.text == "Five words are quite enough."


def test_of_two_tabs_the_second_is_told_and_sees_both_versions(
    page: Page, site: Site, sign_in: SignIn, make: Factory, ana: Person
) -> None:
    portfolio = make.portfolio(ana, make.edition(), is_complete=False)
    sign_in(page, ana.id)
    where = f"{site.url}/portfolios/{portfolio.id}/reflections/R1"
    other = page.context.new_page()
    page.goto(where)
    other.goto(where)
    page.get_by_label("Your reflection").fill("What the first tab says.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d\.$"))).to_be_visible()

    other.get_by_label("Your reflection").fill("Second.")
    expect(other.locator("[data-autosave-status]")).to_contain_text("another tab")
    other.get_by_role("button", name="Save").click()

    expect(other.get_by_role("heading", name="Two versions, none lost")).to_be_visible()
    expect(other.get_by_role("region", name="Stored now: Reflection")).to_have_text(
        "What the first tab says."
    )
    expect(other.get_by_label("Your reflection")).to_have_value("Second.")


def test_without_script_a_learner_writes_looks_and_hands_in_on_a_phone(
    open_page: OpenPage, site: Site, sign_in: SignIn, make: Factory, ana: Person
) -> None:
    portfolio = make.portfolio(ana, make.edition())
    page = open_page(java_script_enabled=False, viewport=PHONE)
    sign_in(page, ana.id)

    page.goto(f"{site.url}/portfolios/{portfolio.id}/context")
    page.get_by_label("The setting").fill("A meeting of forty people, half of them online.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Look it through", exact=True).click()
    page.get_by_label("I have looked this through").check()
    page.get_by_role("button", name="Seal and hand in").click()

    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    (sealed,) = make.rows(Submission, portfolio_id=portfolio.id)
    assert "half of them online" in sealed.manifest
    assert make.rows(Portfolio)[0].id == portfolio.id
