"""Joining in a real browser, by keyboard and buttons, and a form that outlives its sign-in."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from accounts.states import Role
from app.factory import create_app
from core.web import EXTENSION
from tests.engines.barriers import barriers
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def app(edge):
    """The application as a demo, whose mail can be read on a page."""
    made = create_app(runtime=replace(edge, settings=replace(edge.settings, demo=True)))
    assert made.extensions[EXTENSION].settings.demo
    return made


def test_a_newcomer_joins_signs_in_and_out(page, site):
    page.goto(f"{site.url}/")
    page.get_by_role("banner").get_by_role("link", name="Sign up").click()
    page.get_by_label("Name").fill("Ada Fresh")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up").click()
    page.get_by_role("link", name="read the mail here").click()
    page.get_by_role("link", name="Confirm your e-mail address").click()
    page.get_by_role("link", name="/verify-email/").click()
    page.get_by_role("button", name="Confirm this address").click()
    expect(page.get_by_text("Your address is confirmed.")).to_be_visible()
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.url}/home")
    page.get_by_text("Ada Fresh").first.click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert [cookie for cookie in page.context.cookies() if cookie["name"] == "assay"] == []


def test_what_was_typed_outlives_the_sign_in_and_leads_back_to_the_form(
    page, site, sign_in, make, clock, complaints
):
    robin = make.person("Robin Reed", address="robin@example.org", password=PASSWORD)
    sign_in(page, robin.id)
    page.goto(f"{site.url}/account")
    page.get_by_label("Sector").fill("Associations and their meetings")
    clock.advance(hours=1)

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Sector")).to_have_value("Associations and their meetings")
    page.get_by_role("link", name="Sign in and go back to the form").click()
    page.get_by_label("E-mail address").fill("robin@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    expect(page).to_have_url(f"{site.url}/account")
    complaints.clear()


def test_pages_of_somebody_with_every_role_and_no_work_put_up_no_barrier(page, site, make, sign_in):
    person = make.person("Mara Lund", password=PASSWORD, roles_held=tuple(Role))
    sign_in(page, person.id)
    found = {}

    for path in ("/home", "/account", "/notices", "/roles", "/flow", "/audit"):
        page.goto(f"{site.url}{path}")
        found[path] = barriers(page).found

    assert {path: each for path, each in found.items() if each} == {}
