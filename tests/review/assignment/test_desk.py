"""The desk and the invitation: what a reviewer reads, answers, and never learns."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from accounts.models import Person
from accounts.states import Role
from core.runtime import Runtime
from credentials.catalog.models import BadgeEdition
from portfolio.composing.models import Portfolio
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import desk
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, DeclineReason
from review.pool.models import ReviewerProfile
from tests.factories import Factory
from tests.plugins.worlds import Clock

As = Callable[[str], FlaskClient]
Drain = Callable[[], int]


@pytest.fixture
def edition(make: Factory) -> BadgeEdition:
    return make.edition()


@pytest.fixture
def ada(make: Factory, edition: BadgeEdition) -> Person:
    return make.reviewer(edition, "Ada Quill", sector="Associations")


@pytest.fixture
def made(make: Factory, edition: BadgeEdition, ada: Person, drain: Drain) -> Submission:
    """A submission of Xanthe Quorl, of Harbour Events, that Ada is invited to review."""
    learner = make.person(
        "Xanthe Quorl", address="xanthe@harbour.example", employer="Harbour Events"
    )
    sealed = make.submission(learner, edition)
    drain()
    return sealed


@pytest.fixture
def invitation(make: Factory, made: Submission, ada: Person) -> Assignment:
    (found,) = make.rows(Assignment, submission_id=made.id, reviewer_id=ada.id)
    return found


def test_an_invitation_says_how_much_by_when_and_why(
    ada: Person, invitation: Assignment, as_person: As
) -> None:
    page = as_person(ada.id).get(f"/reviews/{invitation.id}/invitation")

    assert page.status_code == 200
    for words in (
        "Careful Host",
        "about 45 minutes",
        "7 days after your yes",
        "9 words of reflection",
        "You know the sector this work comes from.",
        "Tue 3 March 2026, 09:30",
    ):
        assert words in page.text


def test_inv_12_nothing_a_reviewer_gets_before_the_yes_says_whose_work_it_is(
    ada: Person, made: Submission, invitation: Assignment, as_person: As
) -> None:
    client = as_person(ada.id)
    paths = ("/reviews", f"/reviews/{invitation.id}/invitation", "/home", "/notices", "/reviewing")

    pages = "".join(client.get(path).text for path in paths)

    assert made.pseudonym in pages
    for secret in ("Xanthe", "Quorl", "harbour", "Harbour", made.learner_id, made.portfolio_id):
        assert secret not in pages


@pytest.mark.parametrize(
    ("probes", "is_told"),
    [
        (["xanthe quorl", "quorl", "xanthe"], False),
        (["Harbour Events", "quorl"], False),
        (["forty people", "day"], True),
    ],
)
def test_inv_12_why_you_rests_on_no_word_that_says_whose_work_it_is(
    edge: Runtime,
    make: Factory,
    edition: BadgeEdition,
    ada: Person,
    drain: Drain,
    as_person: As,
    probes: list[str],
    is_told: bool,
) -> None:
    learner = make.person(
        "Xanthe Quorl", address="xanthe@harbour.example", employer="Harbour Events"
    )
    portfolio = make.portfolio(learner, edition)
    with edge.database.transaction() as session:
        written = session.get_one(Portfolio, portfolio.id)
        written.role, written.sector = "Host, as Xanthe Quorl", "Harbour Events"
        written.context = "Harbour Events met for a day with forty people."
        limits = session.get_one(ReviewerProfile, ada.id)
        limits.topics = limits.sectors = probes
    made = make.submission(portfolio=portfolio)
    drain()
    (found,) = make.rows(Assignment, submission_id=made.id, reviewer_id=ada.id)

    page = as_person(ada.id).get(f"/reviews/{found.id}/invitation").text

    assert ("It touches your topics" in page) is is_told
    assert "You know the sector" not in page


def test_a_yes_leads_to_the_work(
    make: Factory, ada: Person, invitation: Assignment, as_person: As
) -> None:
    client = as_person(ada.id)

    answer = client.post(f"/reviews/{invitation.id}/invitation/accept", data={"no_conflict": "y"})
    again = client.get(f"/reviews/{invitation.id}/invitation")

    assert (answer.status_code, answer.location) == (303, f"/reviews/{invitation.id}")
    assert make.reload(invitation).state == AssignmentState.ACCEPTED.value
    assert "You have said yes to this one." in again.text


def test_inv_06_a_yes_without_the_declaration_is_not_taken(
    make: Factory, ada: Person, invitation: Assignment, as_person: As
) -> None:
    answer = as_person(ada.id).post(f"/reviews/{invitation.id}/invitation/accept")

    assert answer.status_code == 422
    assert "Say that you know of no conflict" in answer.text
    assert make.reload(invitation).state == AssignmentState.INVITED.value


@pytest.mark.parametrize("reason", sorted(set(DeclineReason) - {DeclineReason.OTHER}))
def test_a_no_is_one_tap(
    make: Factory, ada: Person, invitation: Assignment, as_person: As, reason: DeclineReason
) -> None:
    client = as_person(ada.id)

    answer = client.post(
        f"/reviews/{invitation.id}/invitation/decline", data={"reason": reason.value}
    )
    after = client.get(f"/reviews/{invitation.id}/invitation")

    assert (answer.status_code, answer.location) == (303, "/reviews")
    found = make.reload(invitation)
    assert (found.state, found.decline_reason) == ("declined", reason.value)
    assert "You declined" in after.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": "other"}, "Say in a few words why."),
        ({"reason": "bored", "note": "Kept words."}, "Choose one of the reasons."),
        ({"note": "Kept words."}, "Choose one of the reasons."),
    ],
)
def test_a_no_that_says_too_little_is_asked_again_with_what_was_typed(
    make: Factory,
    ada: Person,
    invitation: Assignment,
    as_person: As,
    typed: dict[str, str],
    words: str,
) -> None:
    answer = as_person(ada.id).post(f"/reviews/{invitation.id}/invitation/decline", data=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert typed.get("note", "") in answer.text
    assert make.reload(invitation).state == AssignmentState.INVITED.value


def test_az2_somebody_elses_invitation_looks_as_if_it_did_not_exist(
    make: Factory, made: Submission, invitation: Assignment, as_person: As
) -> None:
    base = f"/reviews/{invitation.id}/invitation"
    for person_id in (made.learner_id, make.person(roles_held=tuple(Role)).id):
        client = as_person(person_id)

        answers = [
            client.get(base),
            client.post(f"{base}/accept", data={"no_conflict": "y"}),
            client.post(f"{base}/decline", data={"reason": "no_time"}),
        ]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert make.reload(invitation).state == AssignmentState.INVITED.value


def test_an_invitation_that_is_over_says_so_and_takes_no_answer(
    make: Factory, ada: Person, invitation: Assignment, as_person: As, clock: Clock
) -> None:
    clock.advance(days=3)
    client = as_person(ada.id)

    page = client.get(f"/reviews/{invitation.id}/invitation")
    answer = client.post(f"/reviews/{invitation.id}/invitation/accept", data={"no_conflict": "y"})

    assert "The time to answer is over" in page.text
    assert answer.status_code == 409
    assert make.reload(invitation).state == AssignmentState.INVITED.value


def test_an_invitation_of_a_matter_on_hold_is_closed_for_now(
    make: Factory, ada: Person, made: Submission, invitation: Assignment, as_person: As
) -> None:
    make.moved(made, SubmissionState.ON_HOLD)
    client = as_person(ada.id)

    answer = client.post(f"/reviews/{invitation.id}/invitation/accept", data={"no_conflict": "y"})

    assert "no longer open" in client.get(f"/reviews/{invitation.id}/invitation").text
    assert answer.status_code == 409


def test_an_empty_desk_says_what_to_do_next(make: Factory, as_person: As) -> None:
    page = as_person(make.person().id).get("/reviews").text

    assert "Nothing waits for you" in page
    assert 'href="/reviewing"' in page


def test_the_desk_takes_as_many_queries_for_three_lines_as_for_one(
    edge: Runtime, make: Factory, edition: BadgeEdition, ada: Person, drain: Drain
) -> None:
    counts = []
    for wanted in (1, 3):
        while len(make.rows(Assignment, reviewer_id=ada.id)) < wanted:
            with edge.database.transaction() as session:
                session.get_one(ReviewerProfile, ada.id).max_open = 9
            make.submission(edition=edition)
            drain()
        with edge.database.transaction(read_only=True) as session:
            statements: list[str] = []
            event.listen(
                session.connection(),
                "before_cursor_execute",
                lambda _c, _cursor, sql, *_rest, kept=statements: kept.append(sql),
            )
            found = desk.desk(session, ada.id, at=edge.clock())
        counts.append((len(found.invited), len(statements)))

    assert counts == [(1, 1), (3, 1)]


def test_inv_38_an_empty_seat_waits_for_the_manager_of_its_badge(
    make: Factory, edition: BadgeEdition, drain: Drain, as_person: As
) -> None:
    here = make.person(roles_held=(Role.PROGRAMME_MANAGER,), badge="careful-host")
    elsewhere = make.person(roles_held=(Role.PROGRAMME_MANAGER,), badge="another")
    learner = make.person(roles_held=(Role.PROGRAMME_MANAGER,))
    make.submission(learner, edition)
    drain()

    pages = [as_person(one.id).get("/home").text for one in (here, elsewhere, learner)]

    assert ["Find reviewers for Careful Host" in page for page in pages] == [True, False, False]
    pool = as_person(here.id).get("/pool/careful-host").text
    assert "Nobody reviews for this badge yet" in pool
    assert "The pool has room for 0 now, and 2 reviews wait." in pool


def test_an_empty_seat_leads_its_manager_to_where_they_can_do_something(
    make: Factory, edition: BadgeEdition, drain: Drain, as_person: As
) -> None:
    chair = as_person(make.person(roles_held=(Role.PROGRAMME_MANAGER,)).id)
    works = [make.submission(edition=edition) for _ in range(2)]
    drain()
    both = chair.get("/home").text

    with make.edge.database.transaction() as session:
        current = session.query(ReviewRound).filter_by(submission_id=works[1].id).one()
        current.held_until = make.edge.clock() + timedelta(hours=3)
    held = chair.get("/home").text

    assert "2 portfolios wait for reviewers, and nobody who may be asked is free." in both
    assert 'href="/pool/careful-host"' in both
    assert f'href="/flow/{works[1].id}"' in held
