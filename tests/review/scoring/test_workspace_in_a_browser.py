"""The workspace as a volunteer uses it: keys, autosave, the timer, without a mouse or a script."""

import pytest

from review.scoring.models import CriterionScore, Review

pytestmark = pytest.mark.browser


@pytest.fixture
def mine(stage):
    """The first reviewer's assignment of a submission under review."""
    return stage.under_review().working()[0]


@pytest.fixture
def bench(page, site, sign_in, mine):
    """A page with that reviewer's workspace open."""
    sign_in(page, mine.reviewer_id)
    page.goto(f"{site.url}/reviews/{mine.id}")
    return page


def levels(stage, mine):
    (review,) = stage.make.rows(Review, assignment_id=mine.id)
    rows = stage.make.rows(CriterionScore, review_id=review.id)
    return {row.criterion_key: row.level for row in rows}


def test_number_keys_score_the_criterion_one_is_at_and_it_saves_itself(bench, stage, mine):
    bench.keyboard.press("3")
    bench.keyboard.press("j")
    bench.keyboard.press("2")
    bench.locator("#progress", has_text="2 of 2").wait_for()
    bench.get_by_text("Saved ").first.wait_for()

    assert levels(stage, mine) == {"C1": 3, "C2": 2}


def test_keys_do_nothing_while_text_is_typed_and_can_be_switched_off(bench):
    bench.locator("#C1-rationale").press_sequentially("3 of 4, just so? j k")
    assert bench.locator("#C1-rationale").input_value() == "3 of 4, just so? j k"
    assert bench.locator("input[type=radio]:checked").count() == 0

    bench.locator("#C1-rationale").blur()
    bench.keyboard.press("?")
    bench.get_by_label("Use these keys on this device").uncheck()
    bench.get_by_role("button", name="Close").click()
    bench.keyboard.press("3")

    assert bench.locator("input[type=radio]:checked").count() == 0


def test_the_timer_stands_still_while_nobody_looks(bench):
    bench.wait_for_timeout(1500)
    assert int(bench.locator("[data-seconds]").input_value()) >= 1
    bench.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
    )
    before = bench.locator("[data-seconds]").input_value()
    bench.wait_for_timeout(2200)

    assert bench.locator("[data-seconds]").input_value() == before


def test_no_width_scrolls_sideways_and_the_bar_leads_from_criterion_to_evidence(bench):
    for width in (390, 1280):
        bench.set_viewport_size({"width": width, "height": 800})
        wide = bench.evaluate("document.documentElement.scrollWidth")
        assert wide <= width

    bench.locator("#criterion-C1 .criterion-claims a").first.click()

    assert bench.url.endswith("#evidence-1")


def test_a_review_is_written_and_sealed_without_any_script(open_page, site, sign_in, stage, mine):
    page = open_page(java_script_enabled=False)
    sign_in(page, mine.reviewer_id)
    page.goto(f"{site.url}/reviews/{mine.id}")
    for key in ("C1", "C2"):
        page.locator(f"#{key}-answer-2").check()
        page.locator(f"#{key}-rationale").fill("It is shown line by line.")
    page.get_by_role("button", name="Check and seal").click()
    page.get_by_role("button", name="Seal it for good").click()

    page.get_by_text("Sealed on").wait_for()
    assert levels(stage, mine) == {"C1": 3, "C2": 3}
