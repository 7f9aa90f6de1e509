"""When the outcome is in doubt: one more reviewer, up to five, then people; and never a name."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.states import Role
from portfolio.submission.models import Submission
from tests.factories import PASSWORD, Factory
from tests.journeys import acts
from tests.plugins.pages import OpenPage
from tests.plugins.worlds import Site
from tests.review.decision.known import knows
from tests.review.stages import Stage

pytestmark = pytest.mark.browser

LEARNER, THIRD = "kim@example.org", "third@example.org"
CHAIR = "chair@example.org"
WORDS = "The sheet shows it, line by line and with times, for this level."


def ready(stage: Stage, learner: Person, reviewers: list[Person]) -> Submission:
    """Have a learner's work under review, of a badge whose reviews the model has learned from."""
    stage.edition = stage.make.edition()
    stage.learner, stage.reviewers = learner, reviewers
    stage.submission = stage.make.submission(learner, stage.edition)
    knows(stage, reviewers={})
    stage.past_intake().asked().accept_all()
    return stage.submission


def words_of(page: Page, site: Site, path: str) -> str:
    """Return what the body of a page says, with plain apostrophes."""
    page.goto(f"{site.url}{path}")
    return page.get_by_role("main").inner_text()


def test_an_outcome_near_the_line_has_a_third_asked_who_settles_it(
    open_page: OpenPage, site: Site, make: Factory, stage: Stage
) -> None:
    edition = make.edition()
    people = [make.reviewer(edition, f"Reviewer Ashgrove{number}") for number in range(2)]
    learner = make.person("Kim Oyelaran", address=LEARNER, password=PASSWORD)
    submission = ready(stage, learner, people)
    third = make.reviewer(edition, "Reviewer Ashgrove9", address=THIRD, password=PASSWORD)
    stage.decided([(3, 3), (3, 3)])
    kim, reviewer = open_page(), open_page()
    acts.sign_in(kim, site, LEARNER)

    notices = words_of(kim, site, "/notices")
    tracker = words_of(kim, site, f"/submissions/{submission.id}")

    assert "too near the line between granted and not yet" in notices
    assert "Another peer reads the work before there is an answer" in tracker
    assert "differ" not in notices + tracker

    acts.sign_in(reviewer, site, THIRD)
    acts.review(reviewer, site, {"C1": (4, WORDS), "C2": (4, WORDS)})
    site.drain()

    outcome = words_of(kim, site, f"/submissions/{submission.id}/outcome")
    assert "Granted" in outcome
    assert "it was too near the line, or not sure enough, to be given at once" in outcome
    assert "a third reviewer was asked, without seeing the others' levels" in outcome
    assert outcome.count("All three reviewers agreed.") == 2
    assert WORDS in outcome
    assert third.name not in kim.content()
    assert acts.names_on(kim, ["Ashgrove", "severity", "0.9"]) == []


def test_a_clear_disagreement_goes_to_five_reviewers_and_then_to_people(
    open_page: OpenPage, site: Site, make: Factory, stage: Stage
) -> None:
    edition = make.edition()
    people = [make.reviewer(edition, f"Reviewer Ashgrove{number}") for number in range(5)]
    make.person("Chioma Eze", address=CHAIR, password=PASSWORD, roles_held=(Role.COMMITTEE,))
    learner = make.person("Kim Oyelaran", address=LEARNER, password=PASSWORD)
    submission = ready(stage, learner, people)
    kim, chair = open_page(), open_page()
    acts.sign_in(kim, site, LEARNER)

    stage.decided([(4, 4), (1, 1)])
    assert "saw part of your work differently" in words_of(kim, site, "/notices")
    stage.decided([(3, 3)], [(2, 2)], [(4, 4)])

    tracker = words_of(kim, site, f"/submissions/{submission.id}")
    assert stage.state() == "in_committee"
    assert "With the committee" in tracker
    assert "not sure enough to be given as it is" in words_of(kim, site, "/notices")
    kim.goto(f"{site.url}/submissions/{submission.id}/outcome")
    expect(kim.get_by_role("main")).to_contain_text("There is no outcome yet")

    acts.sign_in(chair, site, CHAIR)
    acts.follow(chair, "Read the matter")
    assert acts.names_on(chair, ["Oyelaran", "Ashgrove"]) == []
    for seat in "ABCDE":
        expect(chair.get_by_role("main")).to_contain_text(f"Reviewer {seat}")
