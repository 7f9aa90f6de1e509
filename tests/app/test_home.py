"""The front page, what waits for whom, and the page between here and the rest of the world."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from accounts.states import Role
from accounts.visitor import Visitor
from app import home_views
from core.waiting import Waiting, soonest_first
from portfolio.submission.states import SubmissionState as S
from review.intake import services as intake
from review.intake.checks import Finding, Verdict
from tests.factories import sample_definition


def test_a_visitor_reads_what_assay_is_and_what_can_be_earned(make, client):
    make.edition()

    page = client.get("/")

    assert page.status_code == 200
    assert "Show it at work." in page.text.split("<h1>")[1].split("</h1>")[0]
    assert "Careful Host" in page.text
    assert 'href="/badges/careful-host"' in page.text
    assert 'href="/verify"' in page.text


def test_a_house_without_badges_still_says_what_it_is(client):
    page = client.get("/")

    assert page.status_code == 200
    assert "What can be earned here" not in page.text


def test_who_is_signed_in_goes_to_their_own_page(make, as_person):
    answer = as_person(make.person().id).get("/")

    assert (answer.status_code, answer.location) == (303, "/home")


def test_a_newcomer_is_told_what_to_do_first(make, as_person):
    page = as_person(make.person("Robin Reed").id).get("/home").text

    assert "Nothing waits for you" in page
    assert "Choose a badge" in page
    assert "Volunteer to review" in page


def test_who_holds_a_role_is_not_sent_to_start_a_portfolio_when_nothing_waits(make, as_person):
    auditor = make.person(roles_held=(Role.AUDITOR,))

    page = as_person(auditor.id).get("/home").text

    assert "Nothing waits for you" in page
    assert "Everything your role opens is in the menu above." in page
    assert "start a portfolio" not in page


def test_a_draft_waits_for_its_learner_and_a_hand_in_for_others(make, as_person):
    learner = make.person()
    edition = make.edition()
    portfolio = make.portfolio(learner, edition)
    draft = as_person(learner.id).get("/home").text
    make.submission(learner, portfolio=portfolio)
    handed_in = as_person(learner.id).get("/home").text

    assert "Your own work" in draft
    assert "On its way with others" not in draft
    assert "On its way with others" in handed_in
    assert "Your portfolio for" not in handed_in


def test_a_moderator_sees_what_waits_at_intake_and_others_do_not(make, as_person, database, clock):
    found = make.moved(make.submission(), S.INTAKE)
    with database.transaction() as session:
        intake.conclude(
            session,
            found.id,
            findings=[Finding("names", Verdict.LOOK, "E1", "Look at it.")],
            at=clock(),
        )
    moderator = make.person(roles_held=(Role.MODERATOR,))
    bystander = make.person(roles_held=(Role.AUDITOR,))

    pages = [as_person(one.id).get("/home").text for one in (moderator, bystander)]

    assert ["/intake/" in page for page in pages] == [True, False]


def test_inv_38_every_entry_has_one_next_actor_and_the_soonest_is_first(clock):
    late, soon, never = (
        Waiting(title, "", "/x", by=by)
        for title, by in (
            ("late", clock() + timedelta(days=9)),
            ("soon", clock() + timedelta(days=1)),
            ("never", None),
        )
    )

    assert soonest_first([never, late, soon]) == [soon, late, never]
    assert soon.is_yours
    assert not Waiting("", "", "", who="A reviewer").is_yours


def test_every_room_answers_for_everybody(make, database, clock):
    person = make.person(roles_held=tuple(Role))
    rooms = [source for _, sources in home_views.GROUPS for source in sources]

    with database.transaction(read_only=True) as session:
        found = [room(session, Visitor(id=person.id), at=clock()) for room in rooms]

    assert found == [[] for _ in rooms]


def test_the_home_page_costs_the_same_with_1_draft_and_with_8(make, as_person, database):
    learner = make.person()
    signed_in = as_person(learner.id)

    def cost():
        statements = []

        def note(_connection, _cursor, statement, *_):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        signed_in.get("/home")
        event.remove(database.engine, "before_cursor_execute", note)
        return len(statements)

    editions = [edition_of(make, number) for number in range(8)]
    make.portfolio(learner, editions[0])
    one = cost()
    for edition in editions[1:]:
        make.portfolio(learner, edition)

    assert cost() == one


def edition_of(make, number):
    return make.edition(sample_definition(slug=f"badge-{number}", title=f"Badge {number}"))


def test_reviews_are_in_the_navigation_of_those_who_volunteered(make, as_person):
    edition = make.edition()
    learner, reviewer = make.person(), make.reviewer(edition)

    pages = [as_person(one.id).get("/home").text for one in (learner, reviewer)]

    assert ['href="/reviews"' in page for page in pages] == [False, True]
    assert ["Volunteer to review" in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("role", "links"),
    [
        (None, set()),
        (Role.MODERATOR, {"/intake"}),
        (Role.COMMITTEE, {"/committee"}),
        (Role.PROGRAMME_MANAGER, {"/flow"}),
        (Role.ISSUER_ADMIN, {"/roles", "/audit"}),
        (Role.AUDITOR, {"/audit"}),
    ],
)
def test_the_navigation_leads_only_where_one_may_go(role, links, make, as_person):
    person = make.person(roles_held=(role,) if role else ())
    page = as_person(person.id).get("/account").text

    places = {"/intake", "/committee", "/flow", "/roles", "/audit"}
    assert {place for place in places if f'<a href="{place}"' in page} == links


def test_leaving_shows_the_whole_address_and_tells_the_other_site_nothing(client):
    target = "https://elsewhere.example/path?a=1&b=<2>"

    page = client.get("/leave", query_string={"to": target})

    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'href="https://elsewhere.example/path?a=1&amp;b=&lt;2&gt;"' in page.text
    assert 'rel="noopener noreferrer nofollow ugc" referrerpolicy="no-referrer"' in page.text
    assert "It leads to elsewhere.example" in page.text


@pytest.mark.parametrize(
    "target",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//elsewhere.example",
        "/home",
        "ftp://elsewhere.example",
        "https://",
        "https:///x",
        "https://good.example@elsewhere.example/",
        "https://good.example\\@elsewhere.example/",
        "https://localhost\n.example",
        "https://[broken",
        "https://elsewhere.example/" + "x" * 2_000,
    ],
)
def test_only_a_plain_web_address_can_be_left_for(target, client):
    answer = client.get("/leave", query_string={"to": target})

    assert answer.status_code == 404
    assert "Go there" not in answer.text
