"""Uploading and looking at work samples in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import Person
from portfolio.composing.models import Portfolio
from portfolio.evidence.models import EvidenceItem
from tests.factories import Factory
from tests.plugins.worlds import Clock
from tests.portfolio.evidence import made_files as made

pytestmark = pytest.mark.browser

Give = Callable[[Page, str], None]


@pytest.fixture
def section(page: Page, site: Any, sign_in: Give, learner: Person, portfolio: Portfolio) -> Page:
    """The evidence section of the portfolio, open in the browser."""
    sign_in(page, learner.id)
    page.goto(f"{site.url}/portfolios/{portfolio.id}/evidence")
    return page


def files(folder: Path, **contents: bytes) -> list[str]:
    paths = []
    for name, content in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content)
        paths.append(str(path))
    return paths


def choose(page: Page, paths: list[str], title: str = "Run sheet") -> None:
    page.get_by_label(f"Add files for “{title}”").set_input_files(paths)
    page.locator("#upload-E1").get_by_role("button", name="Upload").click()


def test_files_are_uploaded_with_their_progress_and_appear_in_the_list(
    section: Page, tmp_path: Path, make: Factory
) -> None:
    choose(section, files(tmp_path, plan_pdf=made.pdf(), photo_png=made.picture()))

    expect(section.locator("#held-E1")).to_contain_text("plan.pdf")
    expect(section.locator("#held-E1")).to_contain_text("photo.png")
    expect(section.locator("#upload-E1-region")).to_contain_text("room for 1 more")
    expect(section.locator("#coverage")).to_contain_text("1 of")
    assert sorted(item.file_name for item in make.rows(EvidenceItem)) == ["photo.png", "plan.pdf"]


def test_what_is_too_large_empty_or_of_another_kind_is_never_sent(
    section: Page, tmp_path: Path, make: Factory
) -> None:
    section.evaluate("document.querySelector('#upload-E1').dataset.limitMb = '0.001'")
    posts: list[str] = []
    section.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)

    choose(section, files(tmp_path, a_gif=b"GIF89a", b_png=b"", c_pdf=made.pdf() * 3))

    lines = section.locator("#upload-E1 .upload-line")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text(
        "“a.gif” was not taken. PDF, DOCX, PNG or JPEG files are taken here."
    )
    expect(lines.nth(1)).to_contain_text("“b.png” was not taken. It is empty (0 bytes).")
    expect(lines.nth(2)).to_contain_text("“c.pdf” was not taken. It is larger than 100 MB.")
    assert (posts, make.rows(EvidenceItem)) == ([], [])


def test_a_lost_connection_keeps_the_file_and_sends_it_again(
    section: Page, tmp_path: Path, make: Factory, complaints: list[str]
) -> None:
    section.route("**/evidence", lambda route: route.abort("connectionreset"), times=1)

    choose(section, files(tmp_path, plan_pdf=made.pdf()))
    expect(section.locator(".upload-line")).to_contain_text("The connection was lost.")
    section.get_by_role("button", name="Upload plan.pdf again").click()

    expect(section.locator("#held-E1")).to_contain_text("plan.pdf")
    assert len(make.rows(EvidenceItem)) == 1
    complaints.clear()


def test_an_upload_can_be_cancelled_on_its_way(
    section: Page, tmp_path: Path, make: Factory, complaints: list[str]
) -> None:
    waiting: list[Route] = []
    section.route("**/evidence", lambda route: waiting.append(route), times=1)

    choose(section, files(tmp_path, plan_pdf=made.pdf()))
    expect(section.get_by_role("progressbar", name="Upload of plan.pdf")).to_be_visible()
    section.get_by_role("button", name="Cancel plan.pdf").click()

    expect(section.locator(".upload-line")).to_contain_text("cancelled")
    assert make.rows(EvidenceItem) == []
    complaints.clear()


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("plan.pdf", made.pdf(), "img[alt='Page 2 of 2']"),
        ("photo.png", made.picture(), "img[alt='The picture']"),
        ("plan.docx", made.docx(), ".viewer-text h3"),
    ],
)
def test_a_sample_is_shown_where_it_can_be_seen(
    section: Page,
    site: Any,
    clock: Clock,
    make: Factory,
    tmp_path: Path,
    name: str,
    content: bytes,
    shown: str,
) -> None:
    choose(section, files(tmp_path, **{name.replace(".", "_"): content}))
    expect(section.locator("#held-E1")).to_contain_text(name)
    site.drain()
    clock.advance(minutes=1)

    section.get_by_role("link", name=re.compile("^(plan|photo)$")).click()

    expect(section.locator(shown)).to_be_visible()
    if shown.startswith("img"):
        section.locator(shown).scroll_into_view_if_needed()
        section.wait_for_function(
            "path => document.querySelector(path).naturalWidth > 0", arg=shown
        )
