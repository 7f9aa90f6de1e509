"""When the first answer is not the last: no, differ, not yet, again, and please look again."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from accounts.models import EmailAddress, Person
from accounts.states import Role
from credentials.catalog.models import BadgeEdition
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from tests.factories import PASSWORD, Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site

pytestmark = pytest.mark.browser

LEARNER = "kim@example.org"
CHAIR = "chair@example.org"
WORDS = "The sheet shows it, line by line and with times, for this level."


class Panel:
    """Reviewers of a badge who act on the pages, whoever of them the engine has asked."""

    def __init__(
        self, open_page: OpenPage, site: Site, make: Factory, people: list[Person]
    ) -> None:
        self.open_page, self.site, self.make = open_page, site, make
        self.people = {person.id: person for person in people}

    def invited(self, submission: Submission) -> list[Assignment]:
        """Return the open invitations of a submission."""
        found = self.make.rows(
            Assignment, submission_id=submission.id, state=AssignmentState.INVITED.value
        )
        return sorted(found, key=lambda one: one.seat)

    def page_of(self, assignment: Assignment) -> Page:
        """Return a signed-in page of the person who is asked."""
        (email,) = self.make.rows(EmailAddress, person_id=assignment.reviewer_id)
        page = self.open_page()
        acts.sign_in(page, self.site, email.address)
        return page

    def judge(self, submission: Submission, *levels: Mapping[str, int]) -> None:
        """Have everybody who is asked accept, score and seal, each with the next levels."""
        for assignment, given in zip(self.invited(submission), levels, strict=True):
            page = self.page_of(assignment)
            acts.review(page, self.site, {key: (level, WORDS) for key, level in given.items()})
            page.context.close()
            self.site.drain()


@pytest.fixture
def edition(make: Factory) -> BadgeEdition:
    return make.edition()


@pytest.fixture
def panel(open_page: OpenPage, site: Site, make: Factory, edition: BadgeEdition) -> Panel:
    people = [
        make.reviewer(
            edition,
            f"Reviewer Ashgrove{number}",
            address=f"r{number}@example.org",
            password=PASSWORD,
        )
        for number in range(7)
    ]
    return Panel(open_page, site, make, people)


@pytest.fixture
def learner(make: Factory, edition: BadgeEdition) -> Person:
    person = make.person("Kim Oyelaran", address=LEARNER, password=PASSWORD)
    make.portfolio(person, edition)
    return person


def hand_in(page: Page, site: Site, make: Factory, *, change_note: str = "") -> Submission:
    page.goto(f"{site.url}/portfolios")
    acts.follow(page, "Careful Host", exact=False)
    acts.hand_in(page, change_note=change_note)
    site.drain()
    return max(make.rows(Submission), key=lambda one: one.attempt)


def outcome(page: Page, site: Site, submission: Submission) -> None:
    page.goto(f"{site.url}/submissions/{submission.id}/outcome")


def test_a_no_a_difference_and_a_not_yet_lead_to_a_badge_in_the_end(
    open_page: OpenPage, site: Site, make: Factory, panel: Panel, learner: Person
) -> None:
    kim = open_page()
    acts.sign_in(kim, site, LEARNER)
    first = hand_in(kim, site, make)

    decline(panel, first)
    panel.judge(first, {"C1": 3, "C2": 3}, {"C1": 3, "C2": 2})
    outcome(kim, site, first)
    expect(kim.get_by_role("heading", level=1)).not_to_have_text("Granted")
    kim.goto(f"{site.url}/submissions/{first.id}")
    expect(kim.get_by_role("main")).to_contain_text("One more reviewer")
    panel.judge(first, {"C1": 3, "C2": 2})

    outcome(kim, site, first)
    expect(kim.get_by_role("heading", level=1, name="Not yet")).to_be_visible()
    expect(kim.get_by_role("main")).to_contain_text("C2 is not shown yet")
    assert acts.names_on(kim, ["Ashgrove"]) == []

    revise(kim, site)
    second = hand_in(kim, site, make, change_note="The plan now says who does what, and when.")
    closed = make.rows(Assignment, submission_id=first.id, state=AssignmentState.CLOSED.value)
    judged_before = {one.reviewer_id for one in closed}
    asked_now = {one.reviewer_id for one in panel.invited(second)}
    panel.judge(second, {"C1": 3, "C2": 3}, {"C1": 3, "C2": 4})

    assert (second.attempt, len(judged_before)) == (2, 3)
    assert judged_before & asked_now == set()
    outcome(kim, site, second)
    expect(kim.get_by_role("heading", level=1, name="Granted")).to_be_visible()
    acts.follow(kim, "Accept your badge")
    expect(kim.get_by_role("heading", level=1)).to_contain_text("Careful Host")


def decline(panel: Panel, submission: Submission) -> None:
    before = panel.invited(submission)
    page = panel.page_of(before[0])
    page.goto(f"{panel.site.url}/reviews")
    acts.follow(page, "Answer")
    acts.press(page, "No time just now")
    expect(page.get_by_text("Thank you for answering.")).to_be_visible()
    panel.site.drain()

    after = panel.invited(submission)
    assert len(after) == len(before) == 2
    assert before[0].reviewer_id not in {one.reviewer_id for one in after}


def revise(page: Page, site: Site) -> None:
    acts.follow(page, "Revise", exact=False)
    page.get_by_role("complementary").get_by_role("link", name="Reflection", exact=True).click()
    page.get_by_label("Your reflection").fill("Next time everybody gets the plan a week before.")
    acts.is_saved(page)


def test_a_learner_is_heard_by_somebody_who_had_no_part_in_the_review(
    open_page: OpenPage, site: Site, make: Factory, panel: Panel, learner: Person
) -> None:
    make.person("Chioma Eze", address=CHAIR, password=PASSWORD, roles_held=(Role.COMMITTEE,))
    kim, chair = open_page(), open_page()
    acts.sign_in(kim, site, LEARNER)
    submission = hand_in(kim, site, make)
    panel.judge(submission, {"C1": 3, "C2": 2}, {"C1": 3, "C2": 2})

    outcome(kim, site, submission)
    acts.follow(kim, "Ask for reconsideration")
    kim.get_by_label("What should be looked at again").fill("Please look again.")
    acts.press(kim, "Send to the committee")
    expect(kim.get_by_text("at least 40 characters", exact=False).first).to_be_visible()
    kim.get_by_label("What should be looked at again").fill(
        "The second page of evidence 1 says who does what. Nobody mentions that page."
    )
    acts.press(kim, "Send to the committee")
    expect(kim.get_by_role("heading", name="Your request is with the committee")).to_be_visible()

    site.drain()
    acts.sign_in(chair, site, CHAIR)
    acts.follow(chair, "Read the matter")
    assert acts.names_on(chair, ["Oyelaran", "Ashgrove", LEARNER]) == []
    chair.get_by_label("New reviewers look at the work afresh").check()
    chair.get_by_label("Your reasons, which the learner reads").fill(
        "The second page was not looked at. Two people who are new to the work read it."
    )
    acts.press(chair, "Determine")
    expect(chair.get_by_text("The learner reads your reasons")).to_be_visible()
    site.drain()

    panel.judge(submission, {"C1": 3, "C2": 3}, {"C1": 4, "C2": 3})
    outcome(kim, site, submission)
    expect(kim.get_by_role("heading", level=1, name="Granted")).to_be_visible()
    kim.goto(f"{site.url}/submissions/{submission.id}/reconsideration")
    expect(kim.get_by_role("main")).to_contain_text("The second page was not looked at.")
