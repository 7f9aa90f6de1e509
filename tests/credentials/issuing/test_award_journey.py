"""A holder's way in a real browser: from the offer to a badge that a stranger checks."""

import pytest
from playwright.sync_api import expect

from tests.credentials.awards import offered

pytestmark = pytest.mark.browser


def test_a_holder_accepts_shares_and_a_stranger_checks(site, make, page, open_page, sign_in):
    rowan = make.person("Rowan Ash")
    award = offered(make, rowan)
    sign_in(page, rowan.id)

    page.goto(f"{site.url}/awards/{award.id}")
    page.get_by_label("Show my name").check()
    page.get_by_label("Run sheet").check()
    page.get_by_role("button", name="See what will be signed").click()
    page.get_by_label("I agree to this, word for word").check()
    page.get_by_role("button", name="Accept and have it signed").click()
    expect(page.get_by_text("Your badge is being signed.").first).to_be_visible()

    site.drain()
    page.get_by_role("link", name="See whether it is done").click()
    page.get_by_role("link", name="Open its page").click()
    expect(page.get_by_role("button", name="Copy the address")).to_be_visible()
    address = page.get_by_label("Its address").input_value()

    stranger = open_page(viewport={"width": 390, "height": 844})
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name="Careful Host")).to_be_visible()
    assert stranger.get_by_role("heading", name="Share it").count() == 0
    assert stranger.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    stranger.get_by_role("link", name="Check this badge now").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This badge is valid")


def test_everything_works_without_scripts(site, make, open_page, sign_in):
    rowan = make.person("Rowan Ash")
    award = offered(make, rowan)
    page = open_page(java_script_enabled=False)
    sign_in(page, rowan.id)

    page.goto(f"{site.url}/awards/{award.id}")
    page.get_by_role("button", name="See what will be signed").click()
    page.get_by_label("I agree to this, word for word").check()
    page.get_by_role("button", name="Accept and have it signed").click()
    expect(page.get_by_text("Your badge is being signed.").first).to_be_visible()
    site.drain()
    page.get_by_role("link", name="See whether it is done").click()

    expect(page.get_by_role("link", name="Open its page")).to_be_visible()
