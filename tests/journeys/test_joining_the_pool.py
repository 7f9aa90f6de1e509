"""Somebody in a browser asks to review, is qualified, is invited and says "not now"."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.states import Role
from credentials.catalog.models import BadgeEdition
from review.assignment.models import Assignment
from review.pool.models import Holiday, ReviewerProfile
from tests.factories import Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, str], None]
MANAGER = (Role.PROGRAMME_MANAGER,)
HOLDINGS = "I have hosted sessions for six years, hold a diploma, and sat on two juries."


@pytest.fixture
def edition(make: Factory) -> BadgeEdition:
    made = make.edition()
    make.reviewer(made, "Birk Rivet", sector="Ships")
    return made


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_joins_the_pool_declines_not_now_and_the_next_one_accepts(
    open_page: OpenPage,
    site: Site,
    sign_in: SignIn,
    make: Factory,
    edition: BadgeEdition,
    has_scripts: bool,
) -> None:
    ann, mara = make.person("Ann Asks"), make.person("Mara Lund", roles_held=MANAGER)
    page, chair = (open_page(java_script_enabled=has_scripts) for _ in range(2))
    sign_in(page, ann.id)
    sign_in(chair, mara.id)

    ask_to_review(page, site)
    qualify(chair, site)
    site.drain()
    set_limits(page, site, make)
    make.waiting_for_one(make.person("Lena Fischer"), edition)
    site.drain()
    assert asked(make) == [("Ann Asks", "invited")]

    decline_not_now(page, site)
    site.drain()
    assert asked(make) == [("Ann Asks", "declined"), ("Birk Rivet", "invited")]

    birk = open_page(java_script_enabled=has_scripts)
    sign_in(birk, next(one.id for one in make.rows(Person) if one.name == "Birk Rivet"))
    acts.accept_invitation(birk, site)
    assert asked(make) == [("Ann Asks", "declined"), ("Birk Rivet", "accepted")]


def ask_to_review(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/reviewing")
    acts.follow(page, "Ask to review for Careful Host", exact=False)
    page.get_by_label("What you hold or did").fill("Trust me.")
    acts.press(page, "Send")
    expect(page.get_by_label("What you hold or did")).to_have_value("Trust me.")
    page.get_by_label("What you hold or did").fill(HOLDINGS)
    acts.press(page, "Send")
    expect(page.get_by_text("Waits for an answer")).to_be_visible()


def qualify(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/home")
    acts.follow(page, "Read and answer", exact=False)
    expect(page).to_have_url(f"{site.url}/pool/careful-host")
    acts.follow(page, "Read and answer Ann Asks", exact=False)
    expect(page.get_by_text(HOLDINGS)).to_be_visible()
    page.get_by_label("Qualify them for this badge").check()
    page.get_by_label("In your words").fill("Six years of practice.")
    acts.press(page, "Send the answer")
    expect(page.get_by_text("Qualified; they know.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Ann Asks.*Open"))).to_be_visible()


def set_limits(page: Page, site: Site, make: Factory) -> None:
    first = make.edge.clock().date() + timedelta(days=40)
    last = first + timedelta(days=6)
    page.goto(f"{site.url}/reviewing")
    page.get_by_label("Reviews a year").fill("6")
    page.get_by_label("Sectors I know").fill("Associations")
    page.get_by_label("Topics you know well").fill("remote guests, yearly meetings")
    acts.press(page, "Save your limits")
    expect(page.get_by_text("Your limits hold from now on.")).to_be_visible()
    page.get_by_label("First day").fill(first.isoformat())
    page.get_by_label("Last day").fill(last.isoformat())
    acts.press(page, "Add days off")
    expect(page.get_by_text("Nobody asks you on these days.")).to_be_visible()
    (days,) = make.rows(Holiday)
    assert (days.from_date, days.until_date) == (first, last)
    (limits,) = make.rows(ReviewerProfile, person_id=days.person_id)
    assert (limits.per_year, limits.topics) == (6, ["remote guests", "yearly meetings"])


def decline_not_now(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/home")
    acts.follow(page, "Answer", exact=False)
    why = page.get_by_role("heading", name="Why you").locator("xpath=following-sibling::ul[1]")
    expect(why.get_by_role("listitem")).not_to_have_count(1)
    expect(why).to_contain_text("You know the sector this work comes from.")
    assert acts.names_on(page, ["Lena Fischer"]) == []
    acts.press(page, "No time just now")
    expect(page.get_by_text("Somebody else is asked; it counts against nobody.")).to_be_visible()


def asked(make: Factory) -> list[tuple[str, str]]:
    people = {one.id: one.name for one in make.rows(Person)}
    return sorted((people[one.reviewer_id], one.state) for one in make.rows(Assignment))
