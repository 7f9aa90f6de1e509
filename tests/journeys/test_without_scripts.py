"""The two long jobs with JavaScript off, and the reviewer's on a phone by touch."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.seed import samples
from portfolio.evidence.models import EvidenceItem
from portfolio.submission.models import Submission
from review.assignment.states import AssignmentState
from tests.factories import Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site
from tests.review.stages import Stage

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, str], None]
WHY = "It is shown line by line."
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def test_a_learner_uploads_writes_and_hands_in_without_any_script(
    open_page: OpenPage, site: Site, sign_in: SignIn, make: Factory
) -> None:
    ana = make.person("Ana Lopez")
    make.edition()
    page = open_page(java_script_enabled=False)
    sign_in(page, ana.id)

    page.goto(f"{site.url}/badges/careful-host")
    page.get_by_role("button", name="Start your portfolio").first.click()
    section(page, "Context")
    page.get_by_label("Your role in this work").fill("Host")
    page.get_by_label("The sector you work in").fill("Associations")
    page.get_by_label("The setting").fill("A yearly meeting of forty people.")
    acts.press(page, "Save")
    section(page, "Evidence")
    sheet = {"name": "run sheet.docx", "mimeType": "", "buffer": samples.plan_document("Plan", {})}
    page.get_by_label("Add files for").set_input_files(sheet)
    acts.press(page, "Upload")
    page.get_by_role("link", name=re.compile("Say which criteria it shows")).click()
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    acts.press(page, "Save")
    section(page, "Reflection")
    page.get_by_label("Your reflection").fill("Next time the remote guests speak first.")
    acts.press(page, "Preview")
    expect(page.locator(".prose")).to_contain_text("the remote guests speak first")
    page.go_back()
    expect(page.get_by_label("Your reflection")).to_have_value(re.compile("speak first"))
    acts.press(page, "Save")
    section(page, "Disclosures")
    page.get_by_label("How AI tools were used").fill("None.")
    acts.press(page, "Save")
    section(page, "Statements")
    page.get_by_label("This is my own work.").check()
    acts.press(page, "Save")
    acts.hand_in(page)

    assert [one.file_name for one in make.rows(EvidenceItem)] == ["run sheet.docx"]
    assert [one.learner_id for one in make.rows(Submission)] == [ana.id]


def test_a_reviewer_accepts_scores_and_seals_without_any_script(
    open_page: OpenPage, site: Site, sign_in: SignIn, stage: Stage
) -> None:
    (first, _second) = stage.set().asked().invited()
    page = open_page(java_script_enabled=False)
    sign_in(page, first.reviewer_id)

    acts.accept_invitation(page, site)
    acts.press(page, "Check and seal…")
    expect(page.get_by_role("heading", name="Before this can be sealed")).to_be_visible()
    for key in ("C1", "C2"):
        page.locator(f"#{key}-answer-2").check()
        page.locator(f"#{key}-rationale").fill(WHY)
    acts.press(page, "Save")
    expect(page.locator("#C1-rationale")).to_have_value(WHY)
    acts.seal(page)

    assert [one.id for one in stage.in_state(AssignmentState.SEALED)] == [first.id]


def test_a_reviewer_accepts_scores_and_seals_on_a_phone_by_touch(
    open_page: OpenPage, site: Site, sign_in: SignIn, stage: Stage
) -> None:
    (first, _second) = stage.set().asked().invited()
    page = open_page(**PHONE)
    sign_in(page, first.reviewer_id)

    page.goto(f"{site.url}/reviews")
    page.get_by_role("main").get_by_role("link", name="Answer", exact=True).tap()
    page.get_by_label("I know of no conflict of interest").tap()
    page.get_by_role("button", name="Accept and see the work").tap()
    for key in ("C1", "C2"):
        page.locator(f".jumps a[href='#criterion-{key}']").tap()
        page.locator(f"label[for={key}-answer-2]").tap()
        page.locator(f"#{key}-rationale").tap()
        page.keyboard.insert_text(WHY)
    acts.is_saved(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Check and seal…").tap()
    page.get_by_role("button", name="Seal it for good").tap()
    expect(page.get_by_text("Sealed on").first).to_be_visible()

    assert [one.id for one in stage.in_state(AssignmentState.SEALED)] == [first.id]


def section(page: Page, name: str) -> None:
    """Go to a section of the portfolio by the list beside it."""
    page.get_by_role("complementary").get_by_role("link", name=name, exact=True).click()
