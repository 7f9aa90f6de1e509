"""What a person at the screen gets for bad input: a clear sentence, and every word still there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from app.seed import samples
from portfolio.composing.models import Portfolio, Reflection
from portfolio.evidence.models import EvidenceItem
from portfolio.submission.models import Submission
from tests.factories import PASSWORD, Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Clock, Site
from tests.review.stages import Stage

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, str], None]
LONG = "What I would change next time, in many words. " * 40
TONGUES = "عرض الجلسة \u202eabc\u202c 👩🏽\u200d🏫 naïve שלום 会議 ﷽"
ADDRESS = "ana@example.org"


@pytest.fixture
def ana(make: Factory) -> Person:
    return make.person("Ana Lopez", address=ADDRESS, password=PASSWORD)


@pytest.fixture
def portfolio(make: Factory, ana: Person) -> Portfolio:
    return make.portfolio(ana, make.edition())


@pytest.fixture
def opened(
    open_page: OpenPage, site: Site, sign_in: SignIn, ana: Person, portfolio: Portfolio
) -> Callable[..., Page]:
    """Return a function that opens a part of the portfolio as its learner."""

    def at(part: str, **options: Any) -> Page:
        page = open_page(**options)
        sign_in(page, ana.id)
        page.goto(f"{site.url}/portfolios/{portfolio.id}/{part}")
        return page

    return at


def stored(make: Factory, portfolio: Portfolio) -> str:
    """Return the reflection as it is kept."""
    (found,) = make.rows(Reflection, portfolio_id=portfolio.id)
    return str(found.text)


def sign_in_again(page: Page) -> None:
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Password").fill(PASSWORD)
    acts.press(page, "Sign in")


def test_a_text_outlives_the_sign_in_that_ended_while_it_was_written(
    opened: Callable[..., Page],
    clock: Clock,
    make: Factory,
    portfolio: Portfolio,
    complaints: list[str],
) -> None:
    page = opened("reflections/R1")
    clock.advance(hours=1)

    page.get_by_label("Your reflection").fill(LONG)
    expect(page.locator("form [data-autosave-status]")).to_contain_text("You are signed out.")
    page.reload()
    sign_in_again(page)
    with page.expect_response(lambda answer: answer.request.method == "POST") as saving:
        page.get_by_role("button", name="Put it back").click()
    assert saving.value.ok
    acts.is_saved(page)

    assert stored(make, portfolio).strip() == LONG.strip()
    complaints.clear()


def test_without_scripts_it_comes_back_to_be_copied(
    opened: Callable[..., Page], clock: Clock, complaints: list[str]
) -> None:
    page = opened("reflections/R1", java_script_enabled=False)
    clock.advance(hours=1)

    page.get_by_label("Your reflection").fill(LONG)
    acts.press(page, "Save")
    expect(page.locator("textarea[readonly]")).to_have_value(LONG)
    acts.follow(page, "Sign in and go back to the form")
    sign_in_again(page)

    expect(page).to_have_url(re.compile("/reflections/R1$"))
    complaints.clear()


def test_ten_megabytes_are_refused_in_words_and_stay_on_the_page(
    opened: Callable[..., Page], make: Factory, portfolio: Portfolio, complaints: list[str]
) -> None:
    page = opened("reflections/R1")
    before = stored(make, portfolio)

    page.get_by_label("Your reflection").evaluate(
        "field => { field.value = 'long '.repeat(2_000_000);"
        " field.dispatchEvent(new Event('input', { bubbles: true })); }"
    )

    said = page.locator("form [data-autosave-status]")
    expect(said).to_contain_text("all texts of a form 2 MB", timeout=15_000)
    length = page.get_by_label("Your reflection").evaluate("field => field.value.length")
    assert (length, stored(make, portfolio)) == (10_000_000, before)
    complaints.clear()


def test_every_script_and_direction_is_kept_letter_for_letter(
    opened: Callable[..., Page], make: Factory, portfolio: Portfolio
) -> None:
    page = opened("reflections/R1")

    page.get_by_label("Your reflection").fill(TONGUES)
    acts.press(page, "Save")
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d\.$"))).to_be_visible()
    page.reload()

    expect(page.get_by_label("Your reflection")).to_have_value(stored(make, portfolio))
    assert stored(make, portfolio) == TONGUES
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_two_presses_and_the_back_button_make_one_hand_in(
    opened: Callable[..., Page], make: Factory
) -> None:
    page = opened("hand-in")

    page.get_by_label("I have looked this through").check()
    page.get_by_role("button", name="Seal and hand in").dblclick()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    receipt = page.url
    page.go_back()
    if page.get_by_role("button", name="Seal and hand in").count():
        page.get_by_label("I have looked this through").check()
        acts.press(page, "Seal and hand in")
        expect(page).to_have_url(receipt)

    assert len(make.rows(Submission)) == 1


def test_of_two_tabs_that_hand_in_the_second_gets_the_receipt_of_the_first(
    opened: Callable[..., Page], make: Factory
) -> None:
    first, second = opened("hand-in"), opened("hand-in")

    for page in (first, second):
        page.get_by_label("I have looked this through").check()
        acts.press(page, "Seal and hand in")

    for page in (first, second):
        expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    assert first.url == second.url
    assert len(make.rows(Submission)) == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.pdf", b"PK\x03\x04 no pdf at all", "plan.pdf"),
        ("empty.pdf", b"", "empty"),
    ],
    ids=["other bytes", "no bytes"],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_at_its_field(
    opened: Callable[..., Page], make: Factory, name: str, content: bytes, said: str, scripts: bool
) -> None:
    page = opened("evidence", java_script_enabled=scripts)
    before = len(make.rows(EvidenceItem))

    page.get_by_label("Add files for").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    acts.press(page, "Upload")

    told = page.locator(".upload-line" if scripts else ".field-error")
    expect(told).to_contain_text(said)
    assert len(make.rows(EvidenceItem)) == before


def test_a_name_of_three_hundred_characters_is_taken_and_pushes_nothing_off_the_page(
    opened: Callable[..., Page], make: Factory
) -> None:
    page = opened("evidence", viewport={"width": 320, "height": 640})
    name = "..\\..\\" + "plan" * 74 + ".png"

    page.get_by_label("Add files for").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": samples.photograph("A room")}
    )
    acts.press(page, "Upload")
    expect(page.locator(".evidence-item")).to_have_count(2)

    kept = max((one.file_name for one in make.rows(EvidenceItem)), key=len)
    assert kept.endswith(".png")
    assert len(kept) <= 255
    assert not set(kept) & {"/", "\\"}
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_what_is_not_yours_is_answered_with_a_reason_and_a_way_on(
    open_page: OpenPage, site: Site, sign_in: SignIn, stage: Stage
) -> None:
    assignment = stage.under_review().working()[0]
    page = open_page()
    sign_in(page, stage.make.person("Nobody Special").id)
    places = {
        f"/reviews/{assignment.id}": 404,
        f"/submissions/{stage.submission.id}": 404,
        f"/portfolios/{stage.submission.portfolio_id}": 404,
        "/intake": 403,
        "/committee": 403,
        "/audit": 403,
    }

    found = {}
    for path in places:
        answer = page.goto(f"{site.url}{path}")
        found[path] = answer.status if answer else 0
        expect(page.get_by_role("link", name="Go to your home page")).to_be_visible()
        assert len(page.locator("main .lead").inner_text()) > 20
        assert acts.names_on(page, ["Traceback", stage.learner.name]) == []

    assert found == places


def test_no_script_runs_twice_on_a_page(opened: Callable[..., Page]) -> None:
    page = opened("reflections/R1")
    page.wait_for_load_state("networkidle")

    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map(one => new URL(one.name).pathname)"
        ".filter(path => path.endsWith('.js'))"
    )

    assert "/static/js/autosave.js" in loaded
    assert sorted(set(loaded)) == sorted(loaded)
