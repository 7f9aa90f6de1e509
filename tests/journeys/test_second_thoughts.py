"""What may come between: a no, a tie across the pass line, not yet, a new attempt, a second look."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from core.jobs import MemoryQueue
from core.runtime import Runtime
from review.assignment.models import Assignment
from review.assignment.states import AssignmentState
from review.decision.jobs import release_due
from tests.factories import Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site
from tests.review.stages import Stage

pytestmark = pytest.mark.browser

WHY = "The run sheet shows it line by line."
PASSES = {"C1": (3, WHY), "C2": (3, WHY)}
FALLS_SHORT = {"C1": (3, WHY), "C2": (2, WHY)}
ASKS = "Minute 4:10 of evidence 1 shows the plan that two reviewers say is not there."
REASONS = "The plan is on page one and nobody speaks of it, so new eyes should read the work."


class Bench:
    """The reviewers of a submission, each in a browser of their own."""

    def __init__(self, open_page: OpenPage, site: Site, give: Callable[[Page, str], None], make: Factory) -> None:
        self.open_page, self.site, self.give, self.make = open_page, site, give, make

    def asked(self) -> list[Assignment]:
        """Return the invitations that nobody has answered."""
        rows = self.make.rows(Assignment, state=AssignmentState.INVITED.value)
        return sorted(rows, key=lambda one: (one.invited_at, one.seat))

    def page_of(self, person_id: str) -> Page:
        """Return a page on which this person is signed in."""
        page = self.open_page()
        self.give(page, person_id)
        return page

    def decline(self, one: Assignment) -> None:
        """Say no to an invitation, for want of time."""
        page = self.page_of(one.reviewer_id)
        page.goto(f"{self.site.url}/reviews/{one.id}/invitation")
        page.get_by_role("group", name="Decline, because").get_by_role("button").first.click()
        self.site.drain()

    def judge(self, *reviews: acts.Scores) -> list[str]:
        """Have those who are asked judge, one for each of these reviews; return who they are."""
        asked = self.asked()
        for one, scores in zip(asked, reviews, strict=True):
            acts.review(self.page_of(one.reviewer_id), self.site, scores)
            self.site.drain()
        return [one.reviewer_id for one in asked]


@pytest.fixture
def bench(open_page: OpenPage, site: Site, sign_in: Callable[[Page, str], None], make: Factory) -> Bench:
    return Bench(open_page, site, sign_in, make)


def outcome(page: Page, site: Site, word: str) -> None:
    """Go from home to the outcome, and read this word there."""
    page.goto(f"{site.url}/home")
    acts.follow(page, "outcome", exact=False)
    expect(page.get_by_role("heading", level=1)).to_have_text(word)


def test_a_no_a_tie_and_not_yet_end_in_a_badge_on_the_second_attempt(
    bench: Bench, site: Site, make: Factory, stage: Stage
) -> None:
    stage.set(reviewers=7).asked()
    learner: Person = stage.learner
    first, second = bench.asked()

    bench.decline(first)
    replaced = {one.reviewer_id for one in bench.asked()}
    assert first.reviewer_id not in replaced
    assert second.reviewer_id in replaced
    early = bench.judge(PASSES, FALLS_SHORT)
    assert len(bench.asked()) == 1, "a third is asked, for the two straddle the pass line"
    early += bench.judge(FALLS_SHORT)

    page = bench.page_of(learner.id)
    outcome(page, site, "Not yet")
    expect(page.get_by_text("C2 is not shown yet")).to_be_visible()
    assert acts.names_on(page, ["Ashgrove"]) == []
    acts.follow(page, "Revise and hand in again")
    page.get_by_role("complementary").get_by_role("link", name="Context", exact=True).click()
    page.get_by_label("The setting").fill("A yearly meeting of forty people, half of them online.")
    acts.press(page, "Save")
    acts.hand_in(page, change_note="The plan is described now, and who holds it.")
    site.drain()
    stage.submission = max(make.rows(type(stage.submission)), key=lambda one: one.attempt)
    pass_intake(stage)
    late = bench.judge(PASSES, PASSES)
    outcome(page, site, "Granted")

    assert set(early) & set(late) == set(), "a new attempt is read by new reviewers"


def test_a_committee_member_without_part_orders_a_fresh_review_that_grants(
    bench: Bench, site: Site, edge: Runtime, stage: Stage
) -> None:
    stage.under_review(reviewers=6).decided([(3, 2), (4, 2)])
    member = stage.member()
    learner, committee = bench.page_of(stage.learner.id), bench.page_of(member.id)

    outcome(learner, site, "Not yet")
    acts.follow(learner, "Ask for reconsideration")
    learner.get_by_label("What", exact=False).fill(ASKS)
    acts.press(learner, "Send to the committee")
    expect(learner.get_by_text("Your request is with the committee")).to_be_visible()
    committee.goto(f"{site.url}/committee")
    acts.follow(committee, "Read", exact=False)
    assert acts.names_on(committee, [stage.learner.name, "Ashgrove"]) == []
    committee.get_by_label("fresh review", exact=False).check()
    committee.locator("textarea[name=reasons]").fill(REASONS)
    acts.press(committee, "Determine")
    site.drain()
    before = {one.reviewer_id for one in stage.in_state(AssignmentState.SEALED)}
    fresh = bench.judge(PASSES, PASSES)
    release_due(edge)
    site.drain()

    outcome(learner, site, "Granted")
    assert before & set(fresh) == set()
    assert isinstance(edge.jobs, MemoryQueue)


def pass_intake(stage: Stage) -> None:
    """Let a person of intake wave the hand-in through, since no preview can be made of it."""
    if stage.state() == "intake":
        stage.past_intake().asked()
