"""A reviewer in a browser calibrates: fails, sees where and why, and passes with a fresh item."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from review.assignment.models import Assignment
from tests.journeys import acts
from tests.plugins.worlds import Site
from tests.review.calibration.scenes import REASONS, Scene
from tests.review.stages import Stage

pytestmark = pytest.mark.browser

SignIn = Callable[[Page, str], None]
WHY = "The run sheet names both audiences and what each of them is given on the day."


def test_a_calibration_fails_and_passes_with_a_fresh_benchmark(
    page: Page, site: Site, sign_in: SignIn, stage: Stage
) -> None:
    scene = Scene(stage)
    scene.active()
    scene.active(scene.another_work())
    nora = scene.reader("Nora Quill")
    sign_in(page, nora.id)

    page.goto(f"{site.url}/home")
    expect(page.get_by_text("Calibrate for Careful Host")).to_be_visible()
    acts.follow(page, "Begin")
    read(page, {"C1": (3, WHY), "C2": (3, WHY)})

    expect(page.get_by_text("Not passed yet.")).to_be_visible()
    expect(page.get_by_text(REASONS["C2"])).to_be_visible()
    expect(page.get_by_text("Other side of the pass level").first).to_be_visible()
    assert acts.names_on(page, [scene.author.name, scene.member.name]) == []
    site.drain()

    acts.follow(page, "Try again")
    expect(page.get_by_text("Not passed", exact=True)).to_be_visible()
    read(page, {"C1": (3, WHY), "C2": (2, WHY)})

    expect(page.get_by_text("Passed. You are calibrated for this badge")).to_be_visible()
    site.drain()
    page.goto(f"{site.url}/reviewing")
    expect(page.get_by_text("Calibrated until")).to_be_visible()
    works = {one.submission_id for one in scene.make.rows(Assignment, reviewer_id=nora.id)}
    assert len(works) == 2


def read(page: Page, scores: acts.Scores) -> None:
    """Begin to read, score by keyboard, and seal."""
    acts.press(page, "Begin to read")
    acts.score_by_keys(page, scores)
    acts.press(page, "Check and seal…")
    expect(page.get_by_text("no learner is affected")).to_be_visible()
    acts.press(page, "Seal it for good")
    expect(page.get_by_role("heading", name="How your levels compare")).to_be_visible()
