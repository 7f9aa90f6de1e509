"""The long forms by Tab alone: focus can be seen, follows the page, and is never held fast."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.factories import Factory
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site
from tests.review.stages import Stage

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, str], None]
STEPS = 150
# Where focus is: its place among all elements, its words, and whether anything shows it.
FOCUS = """async () => {
  await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)));
  const held = document.activeElement;
  if (!held || held === document.body) return null;
  const style = getComputedStyle(held);
  const box = held.getBoundingClientRect();
  const middle = document.elementFromPoint(
    Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 2),
    Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 2));
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  return {
    place: [...document.querySelectorAll('*')].indexOf(held),
    name: (held.innerText || held.getAttribute('aria-label') || held.name || '').trim(),
    isShown: outlined || style.boxShadow !== 'none',
    isInView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    isCovered: Boolean(middle) && !held.contains(middle) && !middle.contains(held)
      && !(held.labels && [...held.labels].some((one) => one.contains(middle))),
  };
}"""


def walk(page: Page) -> list[dict[str, object]]:
    """Press Tab until focus leaves the page, and return what was passed on the way."""
    passed: list[dict[str, object]] = []
    page.wait_for_load_state("load")
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found is None or (passed and found["place"] == passed[0]["place"]):
            return passed
        passed.append(found)
    pytest.fail(f"focus did not leave the page in {STEPS} steps: {passed[-5:]}")


def is_walkable(page: Page, *wanted: str) -> None:
    """Hold a walk against what everybody who uses a keyboard needs."""
    passed = walk(page)
    names = [str(one["name"]) for one in passed]
    places = [int(str(one["place"])) for one in passed]

    assert passed[0]["name"] == "Skip to the content"
    assert places == sorted(places), "focus follows the page"
    assert len(set(places)) == len(places), "no place holds it fast"
    assert [one["name"] for one in passed if not one["isShown"]] == []
    assert [one["name"] for one in passed if not one["isInView"]] == []
    assert [one["name"] for one in passed if one["isCovered"]] == []
    assert [name for name in wanted if name not in names] == []


def test_a_learner_walks_the_hand_in(
    page: Page, site: Site, sign_in: SignIn, make: Factory
) -> None:
    learner = make.person()
    portfolio = make.portfolio(learner, make.edition())
    sign_in(page, learner.id)

    page.goto(f"{site.url}/portfolios/{portfolio.id}/hand-in")

    is_walkable(page, "sure", "Seal and hand in", "Not yet")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_reviewer_walks_the_workspace(
    open_page: OpenPage, site: Site, sign_in: SignIn, stage: Stage, width: int
) -> None:
    mine = stage.under_review().working()[0]
    page = open_page(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    sign_in(page, mine.reviewer_id)

    page.goto(f"{site.url}/reviews/{mine.id}")

    is_walkable(page, "C1-rationale", "C2-rationale", "feedback", "Check and seal…", "Save")


def test_a_learner_and_the_committee_walk_a_dispute(
    open_page: OpenPage, site: Site, sign_in: SignIn, stage: Stage
) -> None:
    stage.under_review(reviewers=6).decided([(3, 2), (4, 2)])
    learner, member = open_page(), open_page()
    sign_in(learner, stage.learner.id)
    sign_in(member, stage.member().id)

    learner.goto(f"{site.url}/submissions/{stage.submission.id}/reconsideration")
    is_walkable(learner, "request", "Send to the committee")
    learner.locator("textarea").fill("Minute 4:10 of evidence 1 shows the plan that is missed.")
    learner.get_by_role("button", name="Send to the committee").click()
    learner.get_by_role("heading", name="Your request is with the committee").wait_for()
    member.goto(f"{site.url}/committee")
    member.get_by_role("main").get_by_role("link", name=re.compile("^Read ")).click()

    is_walkable(member, "outcome", "reasons", "Determine")
