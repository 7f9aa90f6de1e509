"""A moderator returns a review once, its writer mends it, it is passed, and the learner is told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.runtime import Runtime
from review.moderation.models import Moderation
from tests.engines.barriers import barriers
from tests.factories import Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site
from tests.review.moderation.scenes import Scene

pytestmark = pytest.mark.browser

NOTE = "Say what in the sheet shows it, so that the learner can follow you."


def test_a_review_comes_back_once_is_mended_and_counts(
    open_page: OpenPage,
    site: Site,
    sign_in: Callable[[Page, str], None],
    edge: Runtime,
    make: Factory,
) -> None:
    scene = Scene(edge, make)
    scene.pass_on(scene.seal(scene.second, (3, 4)))
    scene.seal(scene.first, (3, 2))

    mo = open_page()
    sign_in(mo, scene.person("Mo Reader").id)
    hand_back(mo, site)
    site.drain()

    writer = open_page()
    sign_in(writer, scene.first.reviewer_id)
    mend(writer, site)
    site.drain()

    mo.goto(f"{site.url}/moderation")
    acts.follow(mo, "Go on")
    expect(mo.get_by_role("main")).to_contain_text("It came back once already")
    expect(mo.get_by_role("button", name="Hand it back")).to_have_count(0)
    acts.press(mo, "Pass it")
    expect(mo.get_by_text("Passed. Thank you")).to_be_visible()
    site.drain()

    (decision,) = scene.stage.decisions()
    assert decision.outcome == "granted"
    assert scene.stage.state() == "released"
    returned = [one for one in make.rows(Moderation) if one.returned_at is not None]
    assert [one.returned_content["scores"]["C2"]["level"] for one in returned] == [2]


def hand_back(mo: Page, site: Site) -> None:
    """Read a review without a name in it, and hand it back; a note with a level is refused."""
    mo.goto(f"{site.url}/moderation")
    assert acts.names_on(mo, ["Oyelaran", "Ashgrove"]) == []
    acts.press(mo, "Read it")
    expect(mo.get_by_role("heading", name="What the reviewer wrote")).to_be_visible()
    assert acts.names_on(mo, ["Oyelaran", "Ashgrove"]) == []
    assert barriers(mo).found == []
    mo.get_by_label("A reason is missing").check()
    mo.get_by_label("C2 Plan").check()
    mo.get_by_label("What would help").fill("To me this is a level 3, so please say why.")
    acts.press(mo, "Hand it back")
    expect(mo.get_by_role("alert")).to_contain_text("reads like a level")
    mo.get_by_label("What would help").fill(NOTE)
    acts.press(mo, "Hand it back")
    expect(mo.get_by_text("It is back with its reviewer")).to_be_visible()


def mend(writer: Page, site: Site) -> None:
    """See the reasons above the form, change what one likes, levels too, and seal again."""
    writer.goto(f"{site.url}/notices")
    acts.follow(writer, "A review of yours came back", exact=False)
    expect(writer.get_by_role("heading", name="Your review came back")).to_be_visible()
    expect(writer.get_by_role("main")).to_contain_text(NOTE)
    assert barriers(writer).found == []
    writer.get_by_role("group", name="C2 Plan").get_by_label("3 · Proficient").press("Space")
    writer.get_by_label("Why C2 is at this level").fill("The sheet names a fallback for each cue.")
    acts.seal(writer)
