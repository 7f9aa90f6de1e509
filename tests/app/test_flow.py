"""The flow board: ages, promises, who is asked; never a manager's own matter."""

import re

import pytest
from sqlalchemy import event, select

from accounts.states import Role
from portfolio.composing.models import Attestation
from portfolio.submission.states import SubmissionState as S
from review.pool import holidays
from review.pool import services as pool
from review.pool.models import DeclaredConflict, ReviewerProfile
from review.pool.states import QualificationSource
from tests.factories import sample_definition


@pytest.fixture
def edition(make):
    return make.edition()


@pytest.fixture
def mara(make):
    return make.person("Mara Lund", roles_held=(Role.PROGRAMME_MANAGER,))


@pytest.fixture
def board(mara, as_person):
    return lambda query="": as_person(mara.id).get(f"/flow{query}").text


def in_review(make, drain, edition, learner=None):
    """Hand in, pass intake and ask reviewers, as the jobs do it."""
    handed_in = make.submission(learner or make.person(), edition)
    drain()
    return make.reload(handed_in)


def test_the_promise_that_ends_first_is_on_top_and_says_that_it_is_at_risk(
    make, edition, board, clock
):
    first = make.submission(edition=edition)
    clock.advance(days=14)
    second = make.submission(edition=edition)
    clock.advance(days=4)

    page = board()

    assert page.index(first.pseudonym) < page.index(second.pseudonym)
    assert page.count("At risk") == 1
    clock.advance(days=10)
    assert "Promise missed" in board()


def test_reviewers_are_named_and_learners_are_not(make, edition, board, drain):
    reviewers = [make.reviewer(edition, f"Reviewer {name}") for name in ("Ash", "Birk")]
    learner = make.person("Lena Learner")

    found = in_review(make, drain, edition, learner)

    page = board()
    assert found.pseudonym in page
    assert all(person.name in page for person in reviewers)
    assert "Lena Learner" not in page


def test_inv_12_no_page_of_the_flow_tells_who_in_the_pool_made_or_attested_the_work(
    make, edition, mara, as_person, drain, database, clock
):
    learner = make.reviewer(edition, "Lena Learner", employer="Harbour Events")
    tied = make.reviewer(edition, "Tea Tied")
    make.reviewer(edition, "Ann Attester", address="ann@example.org")
    portfolio = make.portfolio(learner, edition)
    with database.transaction() as session:
        session.add(
            DeclaredConflict(
                person_id=tied.id, other_person_id=learner.id, kind="other", from_at=clock()
            )
        )
        session.add(
            Attestation(
                portfolio_id=portfolio.id,
                name="Ann Attester",
                address="ann@example.org",
                token_hash="ann",
                requested_at=clock(),
                expires_at=clock(),
            )
        )
    found = make.submission(portfolio=portfolio)
    drain()
    manager = as_person(mara.id)

    page = manager.get(f"/flow/{found.id}").text
    others = [manager.get(path).text for path in ("/flow", "/flow/badges/careful-host/run")]

    said = {
        name: re.search(rf"{name}</th>\s*<td[^>]*>([^<]*)", page)[1].strip()
        for name in ("Lena Learner", "Ann Attester", "Tea Tied")
    }
    assert set(said.values()) == {"A conflict of interest is on record."}
    assert not any("Lena" in text or "Ann" in text for text in others)


def test_a_free_seat_says_so_and_leads_to_the_reasons(make, edition, mara, as_person, drain):
    make.reviewer(edition, "Same House", employer="Harbour Events")
    make.reviewer(edition, "Fit Enough")
    learner = make.person("Lena Learner", employer="Harbour Events")
    found = in_review(make, drain, edition, learner)
    manager = as_person(mara.id)

    board = manager.get("/flow").text
    why = manager.get(f"/flow/{found.id}").text

    assert "1 reviewer wanted" in board
    assert re.search(r"Same House</th>\s*<td[^>]*>They work, or lately worked", why)
    assert "Lena Learner" not in why


def test_an_empty_pool_says_what_to_do(make, edition, mara, as_person, drain):
    found = in_review(make, drain, edition)

    page = as_person(mara.id).get(f"/flow/{found.id}").text

    assert "Nobody is qualified to review this badge yet." in page


def test_az4_a_manager_sees_and_counts_no_matter_of_their_own(
    make, edition, mara, as_person, board, drain, database, clock
):
    others = make.submission(make.person("Lena Learner"), edition)
    own = make.submission(mara, edition)
    before = board()
    with database.transaction() as session:
        pool.qualify(
            session,
            mara.id,
            edition.badge_id,
            source=QualificationSource.GRANTED,
            reason="Has hosted many sessions.",
            valid_until=None,
            by="system:operator",
            at=clock(),
        )
    drain()

    after = board()

    assert others.pseudonym in before
    assert own.pseudonym not in before
    assert others.pseudonym not in after, "Mara was asked to review it"
    assert own.pseudonym not in after
    assert 'class="count tabular">0<' in after
    for hidden in (others, own):
        assert as_person(mara.id).get(f"/flow/{hidden.id}").status_code == 404


def test_a_manager_of_one_badge_sees_that_badge_alone(make, edition, as_person):
    other = make.edition(sample_definition(slug="other-badge", title="Other Badge"))
    here, there = make.submission(edition=edition), make.submission(edition=other)
    manager = make.person(roles_held=(Role.PROGRAMME_MANAGER,), badge="careful-host")
    signed_in = as_person(manager.id)

    page = signed_in.get("/flow").text

    assert (here.pseudonym in page, there.pseudonym in page) == (True, False)
    assert "Other Badge" not in page
    assert signed_in.get(f"/flow/{there.id}").status_code == 404


def test_a_stage_can_be_looked_at_alone_and_each_is_counted(make, edition, board):
    waiting = make.submission(edition=edition)
    checked = make.moved(make.submission(edition=edition), S.INTAKE)

    page = board("?stage=intake")

    assert (checked.pseudonym in page, waiting.pseudonym in page) == (True, False)
    assert "Handed in <span" in page


def test_a_page_costs_the_same_at_1_row_and_at_30(make, edition, mara, as_person, database, drain):
    manager = as_person(mara.id)
    for name in ("Ash", "Birk", "Cedar"):
        make.reviewer(edition, name)

    def cost():
        statements = []

        def note(_connection, _cursor, statement, *_):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        answer = manager.get("/flow")
        event.remove(database.engine, "before_cursor_execute", note)
        assert answer.status_code == 200
        return len(statements)

    in_review(make, drain, edition)
    one = cost()
    for _ in range(29):
        make.submission(edition=edition)
    drain()

    assert cost() == one
    assert 'rel="next"' in manager.get("/flow").text


def test_others_may_not_look(make, as_person):
    person = make.person(roles_held=(Role.MODERATOR, Role.COMMITTEE, Role.AUDITOR))

    answer = as_person(person.id).get("/flow")

    assert answer.status_code == 403


def test_works_that_want_reviewers_can_be_looked_at_alone(make, edition, board, drain):
    make.reviewer(edition)
    make.reviewer(edition)
    asked = in_review(make, drain, edition)
    with make.edge.database.transaction() as session:
        for one in session.scalars(select(ReviewerProfile)):
            one.max_open = 1
    lacking = in_review(make, drain, edition)

    everything, wanting = board(), board("?stage=wanting")

    assert "Reviewers wanted" in everything
    assert (asked.pseudonym in everything, lacking.pseudonym in everything) == (True, True)
    assert (asked.pseudonym in wanting, lacking.pseudonym in wanting) == (False, True)
    assert "Nothing stands here now" in board("?stage=in_committee")


def test_what_a_badge_lacks_stands_on_top_and_days_off_are_no_room(
    make, edition, board, drain, database, clock
):
    person = make.reviewer(edition)
    calm = board()
    with database.transaction() as session:
        today = clock().date()
        holidays.add_holiday(session, from_date=today, until_date=today, by=person.id, at=clock())

    in_review(make, drain, edition)
    page = board()

    assert "needs your eye" not in calm
    assert "2 reviews find nobody yet, and there is room for 0 now." in page
