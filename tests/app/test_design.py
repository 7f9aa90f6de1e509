"""The style page shows every component, and all of it can be read by everyone, in both themes."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect

from tests.engines.barriers import barriers
from tests.factories import Factory
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site

COMPONENTS = Path(__file__).resolve().parents[2] / "app" / "templates" / "components.html"
# Macros that only other macros call.
WITHIN = {
    *("attributes", "first_control", "first_message", "control", "described_by", "optional"),
    *("field_hint", "field_error", "tick", "choices", "field_group", "csrf"),
}


def test_every_component_is_shown_by_its_name(client: FlaskClient) -> None:
    macros = set(re.findall(r"^{% macro (\w+)\(", COMPONENTS.read_text(), re.MULTILINE))

    page = client.get("/design").text

    assert "page_header" in macros
    assert {name for name in macros - WITHIN if f"ui.{name}(" not in page} == set()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_style_page_has_no_barrier_that_a_machine_can_find(
    site: Site, open_page: OpenPage, theme: str, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    page.goto(f"{site.url}/design?theme={theme}")

    seen = barriers(page)

    assert seen.passed > 0, "axe looked at something"
    assert seen.found == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_nothing_makes_the_page_scroll_sideways(
    site: Site, open_page: OpenPage, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 800})

    page.goto(f"{site.url}/design")

    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_theme_follows_the_device_until_one_is_chosen(site: Site, open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")

    page.goto(f"{site.url}/design")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto(f"{site.url}/design?theme=light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert (dark, light) == ("rgb(22, 25, 28)", "rgb(246, 241, 230)")


def test_without_scripts_the_navigation_opens_on_a_phone(site: Site, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page.goto(f"{site.url}/design")
    link = page.locator(".nav-narrow").get_by_role("link", name="Check a badge")
    expect(link).to_be_hidden()

    page.locator(".nav-narrow > summary").click()

    expect(link).to_be_visible()


def test_the_first_key_press_offers_to_skip_to_the_content(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{site.url}/design")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_the_fonts_are_ours_and_load(site: Site, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{site.url}/design")

    page.evaluate("document.fonts.ready.then(() => true)")
    faces = page.evaluate(
        """[...document.fonts].filter((face) => face.status === "loaded")
            .map((face) => face.family.replaceAll('"', ""))"""
    )

    assert set(faces) == {"Baskervville Variable", "Source Sans 3 Variable"}


def test_every_press_has_room_for_a_finger(site: Site, open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 390, "height": 800})
    page.goto(f"{site.url}/design")

    small = page.evaluate(
        """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, summary")]
            .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.height < 24 || box.width < 24))
            .map(([html]) => html)"""
    )

    assert small == []


def test_the_mark_of_the_installation_carries_its_issuer(
    client: FlaskClient, make: Factory
) -> None:
    before = client.get("/design").text
    make.edition()

    after = client.get("/design").text

    assert before != after
