"""The whole line in a browser, by people with real files: from sign-up to a checked badge."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from app.seed import content, samples
from app.seed.people import HYBRID
from credentials.catalog.models import BadgeEdition
from portfolio.submission.models import Submission
from tests.factories import PASSWORD, Factory
from tests.journeys import acts
from tests.journeys.acts import Scores
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site

pytestmark = pytest.mark.browser

LENA = "lena@example.org"
SPONSOR = "client@example.org"
REVIEWERS = ("Ravi Menon", "Ingrid Solberg")
FILES = {
    "Run-of-show as used": ("run of show.xlsx", samples.run_of_show),
    "Access and engagement plan": ("Access plan.docx", lambda who: plan(who)),
    "The session itself": ("extract.mp4", lambda _who: samples.recording()),
    "What participants did and said": ("answers.pdf", lambda who: samples.paper(who, ANSWERS)),
}
ANSWERS = {"Both audiences": ["In the room 79 % took part, online 81 %.", "Wish: longer pairs."]}
CLAIMS = {"run of show": ("C3", "C2"), "Access plan": ("C1",), "answers": ("C4",)}
JSON_KINDS = ("application/vc", "application/vc+ld+json", "application/ld+json")


def plan(who: str) -> bytes:
    """Return a plan as a word-processor document."""
    return samples.plan_document(who, content.PLAN, content.NEEDS)


def scores(levels: dict[str, int]) -> Scores:
    """Return each criterion's level with the words for it."""
    return {
        key: (level, content.rationale(HYBRID, key, level, voice=0)[0])
        for key, level in levels.items()
    }


@pytest.fixture
def reviewers(make: Factory, hybrid: BadgeEdition) -> list[Person]:
    return [
        make.reviewer(
            hybrid, name, address=f"{name.split()[0].lower()}@example.org", password=PASSWORD
        )
        for name in REVIEWERS
    ]


def test_a_work_sample_becomes_a_badge_that_a_stranger_checks(
    open_page: OpenPage, site: Site, make: Factory, reviewers: list[Person], tmp_path: Path
) -> None:
    lena, sponsor, stranger = open_page(), open_page(), open_page()

    acts.sign_up(lena, site, "Lena Fischer", LENA)
    start_from_the_catalogue(lena)
    upload_everything(lena, tmp_path)
    say_what_each_piece_shows(lena)
    describe_the_work(lena)
    reflect(lena)
    disclose_and_agree(lena)
    ask_the_client(lena)
    answer_as_the_client(sponsor, site)
    lena.reload()
    expect(lena.get_by_text("Confirmed").first).to_be_visible()
    expect(lena.locator("#coverage .meter-count")).to_have_text("19 of 19")
    acts.hand_in(lena)
    assert digest_on(lena) == [one.digest for one in make.rows(Submission)]

    site.drain()
    lena.reload()
    expect(lena.locator(".next-step").first).to_contain_text("being asked to review it")
    for person, levels in zip(
        reviewers,
        ({"C1": 4, "C2": 3, "C3": 3, "C4": 3}, {"C1": 4, "C2": 4, "C3": 3, "C4": 3}),
        strict=True,
    ):
        judge(open_page(), site, person, levels)
        site.drain()

    read_the_outcome(lena, site)
    take_the_badge(lena, site)
    address = share(lena)
    look_as_a_stranger(stranger, address)
    check_as_a_stranger(stranger, site, address)


def start_from_the_catalogue(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link", name="Badges", exact=True).first.click()
    acts.follow(page, "Hybrid Session Producer", exact=False)
    page.get_by_role("button", name="Start your portfolio").first.click()
    expect(page.get_by_role("heading", level=1, name="Hybrid Session Producer")).to_be_visible()


def upload_everything(page: Page, folder: Path) -> None:
    acts.follow(page, "Evidence")
    for title, (name, made) in FILES.items():
        file = folder / name
        file.write_bytes(made("spring meeting"))
        acts.upload(page, title, file)
    photo = folder / "room.png"
    photo.write_bytes(samples.photograph("Both sides in pairs"))
    acts.upload(page, "The session itself", photo)
    expect(page.locator(".evidence-item")).to_have_count(5)


def say_what_each_piece_shows(page: Page) -> None:
    for title, shown in CLAIMS.items():
        page.get_by_role("link", name=re.compile(f"which criteria it shows ?: {title}")).click()
        for key in shown:
            page.get_by_role("checkbox", name=re.compile(f"^{key} ")).check()
            page.get_by_label(f"Where in this piece it shows {key}").fill("page 1")
        acts.is_saved(page)
        acts.follow(page, "← Evidence")


def describe_the_work(page: Page) -> None:
    walk(page, "Context")
    page.get_by_label("Your role in this work").fill(content.ROLE[HYBRID])
    page.get_by_label("The sector you work in").fill("Associations")
    page.get_by_label("The setting").fill(content.SETTING[HYBRID])
    acts.is_saved(page)


def reflect(page: Page) -> None:
    walk(page, "Reflection")
    page.get_by_label("Your reflection").fill(content.reflection(HYBRID))
    acts.press(page, "Preview")
    expect(page.locator(".prose").first).to_be_visible()
    acts.is_saved(page)


def disclose_and_agree(page: Page) -> None:
    walk(page, "Disclosures")
    page.get_by_label("How AI tools were used").fill(content.AI_USE)
    page.get_by_label("Your own share").fill(content.TEAM)
    acts.is_saved(page)
    walk(page, "Statements")
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    acts.press(page, "Save")


def ask_the_client(page: Page) -> None:
    walk(page, "Attestation")
    page.get_by_label("Their name").fill("Dora Client")
    page.get_by_label("Their e-mail address").fill(SPONSOR)
    page.get_by_label("Who they are to this work").fill("Client")
    acts.press(page, "Send the request")
    expect(page.get_by_text("Waiting for the answer")).to_be_visible()


def answer_as_the_client(page: Page, site: Site) -> None:
    acts.open_mail(page, site, SPONSOR, "asks you to confirm some work")
    for box in page.get_by_role("checkbox").all():
        box.check()
    acts.press(page, "Confirm all three")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def judge(page: Page, site: Site, person: Person, levels: dict[str, int]) -> None:
    acts.sign_in(page, site, f"{person.name.split()[0].lower()}@example.org")
    acts.accept_invitation(page, site)
    assert acts.names_on(page, ["Lena", "Fischer", LENA]) == []
    acts.score_by_keys(page, scores(levels))
    acts.seal(page)


def read_the_outcome(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/home")
    acts.follow(page, "outcome", exact=False)
    expect(page.get_by_role("heading", level=1, name="Granted")).to_be_visible()
    assert page.get_by_text("Shown", exact=True).count() == 4
    expect(page.get_by_text(content.rationale(HYBRID, "C1", 4, voice=0)[0]).first).to_be_visible()
    assert acts.names_on(page, [*REVIEWERS, "Ravi", "Ingrid"]) == []


def take_the_badge(page: Page, site: Site) -> None:
    acts.follow(page, "Accept your badge")
    page.get_by_label("Public: anybody may find the page").check()
    page.get_by_label("Show my name").check()
    page.get_by_label("run of show").check()
    acts.press(page, "See what will be signed")
    expect(page.get_by_text("Lena Fischer, and a salted hash")).to_be_visible()
    page.get_by_label("I agree to this, word for word").check()
    acts.press(page, "Accept and have it signed")
    expect(page.get_by_text("Your badge is being signed.").first).to_be_visible()
    site.drain()
    acts.follow(page, "See whether it is done")


def share(page: Page) -> str:
    acts.follow(page, "Open its page")
    return page.get_by_label("Its address").input_value()


def look_as_a_stranger(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1, name="Hybrid Session Producer")).to_be_visible()
    expect(page.get_by_text("Lena Fischer").first).to_be_visible()
    expect(page.get_by_text("spreadsheet", exact=False).first).to_be_visible()
    assert acts.names_on(page, [*REVIEWERS, LENA, "application/vnd"]) == []
    as_program = [page.request.get(address, headers={"Accept": kind}) for kind in JSON_KINDS]
    as_program.append(page.request.get(f"{address}.json"))
    assert [one.headers["content-type"].split(";")[0] for one in as_program[:3]] == list(JSON_KINDS)
    assert {json.dumps(one.json(), sort_keys=True) for one in as_program} == {
        json.dumps(as_program[0].json(), sort_keys=True)
    }


def check_as_a_stranger(page: Page, site: Site, address: str) -> None:
    page.goto(f"{site.url}/verify")
    page.get_by_label("address", exact=False).first.fill(address)
    acts.press(page, "Check it")
    expect(page.get_by_role("heading", level=1, name="This badge is valid")).to_be_visible()


def walk(page: Page, section: str) -> None:
    page.get_by_role("complementary").get_by_role("link", name=section, exact=True).click()


def digest_on(page: Page) -> list[str]:
    receipt = page.locator(".receipt")
    return receipt.locator(".digest").first.all_inner_texts()
