"""A manager in a browser: sees a run first, wants somebody asked, makes the offers, undoes them."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.states import Role
from credentials.catalog.models import BadgeEdition
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from tests.factories import PASSWORD, Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site

pytestmark = pytest.mark.browser

MARA = "mara@example.org"
LEARNER = "Lena Fischer"


@pytest.fixture
def edition(make: Factory) -> BadgeEdition:
    made = make.edition()
    make.reviewer(made, "Ash Quill", sector="Associations")
    make.reviewer(made, "Birk Rivet", sector="Ships")
    make.person("Mara Lund", address=MARA, password=PASSWORD, roles_held=(Role.PROGRAMME_MANAGER,))
    return made


@pytest.fixture
def work(make: Factory, edition: BadgeEdition) -> Submission:
    """A work that wants one reviewer, with nobody asked yet."""
    found = make.waiting_for_one(make.person(LEARNER), edition)
    make.edge.jobs.waiting.clear()  # type: ignore[attr-defined]
    return found


def offered(make: Factory) -> list[tuple[str, str]]:
    people = {one.id: one.name for one in make.rows(Person)}
    return sorted((people[one.reviewer_id], one.state) for one in make.rows(Assignment))


def test_a_manager_sees_a_run_wants_it_otherwise_makes_it_and_undoes_it(
    open_page: OpenPage, site: Site, make: Factory, edition: BadgeEdition, work: Submission
) -> None:
    page = open_page()
    acts.sign_in(page, site, MARA)

    see_the_run(page, site, "Ash Quill")
    want_birk(page, work)
    see_the_run(page, site, "Birk Rivet")
    assert offered(make) == []
    acts.press(page, "Make these offers")
    expect(page.get_by_text("1 offer made. You can undo it here.")).to_be_visible()
    assert offered(make) == [("Birk Rivet", "invited")]

    acts.press(page, "Undo")
    page.get_by_role("dialog").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 taken back.")).to_be_visible()
    site.drain()
    assert offered(make) == [("Birk Rivet", "withdrawn")]

    page.goto(f"{site.url}/flow/{work.id}")
    expect(page.get_by_text("the router leaves it to you")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Ash Quill.*Free"))).to_be_visible()
    assert acts.names_on(page, [LEARNER, "Lena"]) == []
    acts.press(page, "End this wish")
    acts.press(page, "Let it go on now")
    expect(page.get_by_text("looks for reviewers of this work again")).to_be_visible()
    site.drain()
    assert offered(make) == [("Ash Quill", "invited"), ("Birk Rivet", "withdrawn")]


def see_the_run(page: Page, site: Site, name: str) -> None:
    page.goto(f"{site.url}/flow")
    acts.follow(page, "What a run would do", exact=False)
    offers = page.get_by_role("table", name="Offers that would be made")
    expect(offers.get_by_role("row", name=re.compile(name))).to_be_visible()


def want_birk(page: Page, work: Submission) -> None:
    acts.follow(page, work.pseudonym)
    expect(page.get_by_text(re.compile("1. Ash Quill: fit"))).to_be_visible()
    page.get_by_role("row", name=re.compile("Birk Rivet")).get_by_role("link", name="Ask").click()
    page.get_by_label("Why").fill("Knows this kind of event.")
    acts.press(page, "Save this wish")
    expect(page.get_by_text("Wishes that stand")).to_be_visible()
