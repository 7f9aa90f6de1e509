"""What people do on the pages, by the words and buttons they see; each act ends on a page."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.factories import PASSWORD
from tests.plugins.worlds import Site

SAVED = re.compile(r"^Saved \d\d:\d\d$")
Scores = Mapping[str, tuple[int, str]]


def press(page: Page, name: str, *, exact: bool = True) -> None:
    """Press the button of this name in the body of the page."""
    page.get_by_role("main").get_by_role("button", name=name, exact=exact).click()


def follow(page: Page, name: str, *, exact: bool = True) -> None:
    """Follow the first link of this name in the body of the page."""
    page.get_by_role("main").get_by_role("link", name=name, exact=exact).first.click()


def is_saved(page: Page) -> None:
    """Wait until the page says by itself at what time it saved."""
    expect(page.locator("form [data-autosave-status]")).to_have_text(SAVED)


def sign_up(page: Page, site: Site, name: str, address: str) -> None:
    """Join, confirm the address by the mailed link, and sign in."""
    page.goto(f"{site.url}/sign-up")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign up")
    open_mail(page, site, address, "Confirm your e-mail address")
    press(page, "Confirm this address")
    sign_in(page, site, address)


def sign_in(page: Page, site: Site, address: str) -> None:
    """Sign in by the form, and arrive at home."""
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    expect(page).to_have_url(f"{site.url}/home")


def open_mail(page: Page, site: Site, address: str, subject: str) -> None:
    """Read the newest mail of this subject to an address, and follow its link."""
    page.goto(f"{site.url}/demo/mail?to={address}")
    follow(page, subject, exact=False)
    page.locator(".card a").click()


def upload(page: Page, title: str, file: Path) -> None:
    """Upload a file for the requirement of this title, and see it arrive."""
    wanted = page.get_by_role("region", name=title)
    wanted.get_by_label("Add files for").set_input_files(file)
    wanted.get_by_role("button", name="Upload").click()
    expect(wanted.locator(".evidence-list")).to_contain_text(file.name)


def accept_invitation(page: Page, site: Site) -> None:
    """Say yes to the invitation that waits at home, and arrive in the workspace."""
    page.goto(f"{site.url}/reviews")
    follow(page, "Answer")
    page.get_by_label("I know of no conflict of interest").check()
    press(page, "Accept and see the work")


def score_by_keys(page: Page, scores: Scores) -> None:
    """Give each criterion its level, its reason and its place without touching the mouse."""
    expect(page.locator("#progress")).to_be_visible()
    page.wait_for_load_state("load")
    for level, why in scores.values():
        page.keyboard.press(str(level))
        page.keyboard.press("r")
        page.keyboard.insert_text(why)
        page.keyboard.press("Tab")
        page.keyboard.insert_text("E1, page 1")
        page.keyboard.press("Tab")
    expect(page.locator("#progress")).to_contain_text(f"{len(scores)} of {len(scores)}")


def seal(page: Page) -> None:
    """Look the review through, and seal it for good."""
    press(page, "Check and seal…")
    press(page, "Seal it for good")
    expect(page.get_by_text("Sealed on").first).to_be_visible()


def review(page: Page, site: Site, scores: Scores) -> None:
    """Accept the invitation that waits, score by keyboard and seal."""
    accept_invitation(page, site)
    score_by_keys(page, scores)
    seal(page)


def hand_in(page: Page, *, change_note: str = "") -> None:
    """Look the portfolio through from any of its pages, and hand it in."""
    page.get_by_role("complementary").get_by_role("link", name="Look it through").click()
    if change_note:
        page.get_by_label("What changed").fill(change_note)
    page.get_by_label("I have looked this through").check()
    press(page, "Seal and hand in")
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()


def names_on(page: Page, names: Sequence[str]) -> list[str]:
    """Return which of these names stand anywhere in the page as it was sent."""
    content = page.content()
    return [name for name in names if name in content]
