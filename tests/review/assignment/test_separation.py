"""Nobody is two things in one matter, and no tie is crossed: at invitation, answer and seal."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from accounts.models import EmailAddress, Person
from accounts.states import Role
from core.errors import Refused
from core.runtime import Runtime
from credentials.catalog.models import BadgeEdition
from portfolio.composing.models import Attestation, Portfolio
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import invitations, queries, rounds
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, DeclineReason, RoundKind
from review.intake import services as intake
from review.intake.models import IntakeCheck
from review.intake.states import IntakeOutcome
from review.pool import services as pool
from review.pool import ties
from review.pool.models import DeclaredConflict, MatterPart
from review.pool.parts import take_part
from review.pool.states import ConflictKind, Part, QualificationState
from tests.factories import Factory

Drain = Callable[[], int]


@pytest.fixture
def edition(make: Factory) -> BadgeEdition:
    return make.edition()


def asked(make: Factory, made: Submission) -> set[str]:
    """Return who was ever asked to review a submission."""
    return {row.reviewer_id for row in make.rows(Assignment, submission_id=made.id)}


def invitation_of(make: Factory, made: Submission, person: Person) -> Assignment:
    (found,) = make.rows(Assignment, submission_id=made.id, reviewer_id=person.id)
    return found


def add_attester(edge: Runtime, portfolio: Portfolio, address: str) -> None:
    with edge.database.transaction() as session:
        session.add(
            Attestation(
                portfolio_id=portfolio.id,
                name="Ann Attester",
                address=address,
                token_hash=address,
                requested_at=edge.clock(),
                expires_at=edge.clock() + timedelta(days=14),
            )
        )


def test_inv_05_a_reviewer_is_never_offered_their_own_work(
    make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    learner = make.reviewer(edition, "Lea Arner")
    other = make.reviewer(edition, "Ada Quill")

    made = make.submission(learner, edition)
    drain()

    assert asked(make, made) == {other.id}


def test_inv_05_who_checked_a_hand_in_is_not_asked_to_review_it(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    checker = make.reviewer(edition, "Mo Derator", roles_held=(Role.MODERATOR,))
    other = make.reviewer(edition, "Ada Quill")
    made = make.submission(edition=edition)
    edge.jobs.waiting.clear()  # type: ignore[attr-defined]
    make.moved(made, SubmissionState.INTAKE)

    with edge.database.transaction() as session:
        intake.pass_on(session, made.id, by=checker.id, at=edge.clock())
    drain()

    assert asked(make, made) == {other.id}


@pytest.mark.parametrize("spelling", ["ada@example.org", "Ada+work@Example.org"])
def test_inv_07_an_attester_is_never_the_reviewer_however_their_address_is_spelled(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain, spelling: str
) -> None:
    make.reviewer(edition, "Ada Quill", address="ada@example.org")
    other = make.reviewer(edition, "Bo Rivet")
    portfolio = make.portfolio(make.person("Lea Arner"), edition)
    add_attester(edge, portfolio, spelling)

    made = make.submission(portfolio=portfolio)
    drain()

    assert asked(make, made) == {other.id}


def test_inv_06_a_second_verified_address_is_checked_too(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    ada = make.reviewer(edition, "Ada Quill")
    other = make.reviewer(edition, "Bo Rivet")
    learner = make.person("Lea Arner")
    with edge.database.transaction() as session:
        session.add(
            EmailAddress(
                person_id=ada.id,
                address="ada@second.example",
                identity_key="ada@second.example",
                created_at=edge.clock(),
                verified_at=edge.clock(),
            )
        )
        ties.declare_conflict(
            session,
            learner.id,
            kind=ConflictKind.MENTOR,
            address="Ada+mentor@second.example",
            by=learner.id,
            at=edge.clock(),
        )

    made = make.submission(learner, edition)
    drain()

    assert asked(make, made) == {other.id}


def test_inv_06_nobody_from_the_same_organisation_is_asked(
    make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    make.reviewer(edition, "Ada Quill", employer="Harbour Events GmbH")
    other = make.reviewer(edition, "Bo Rivet", employer="Harbour Logistics")

    made = make.submission(make.person(employer="HARBOUR EVENTS"), edition)
    drain()

    assert asked(make, made) == {other.id}


def test_inv_06_a_tie_that_appears_after_the_invitation_ends_it_at_the_answer(
    edge: Runtime,
    make: Factory,
    edition: BadgeEdition,
    drain: Drain,
    as_person: Callable[[str], FlaskClient],
) -> None:
    ada = make.reviewer(edition, "Ada Quill")
    learner = make.person("Lea Arner")
    made = make.submission(learner, edition)
    drain()
    late = make.reviewer(edition, "Bo Rivet")
    with edge.database.transaction() as session:
        ties.declare_conflict(
            session,
            ada.id,
            kind=ConflictKind.FAMILY,
            other_person_id=learner.id,
            by=ada.id,
            at=edge.clock(),
        )
    invitation = invitation_of(make, made, ada)

    with (
        pytest.raises(Refused, match="A conflict of interest is on record"),
        edge.database.transaction() as session,
    ):
        invitations.accept(session, invitation.id, by=ada.id, at=edge.clock())
    answer = as_person(ada.id).post(
        f"/reviews/{invitation.id}/invitation/accept", data={"no_conflict": "y"}
    )
    drain()

    assert (answer.status_code, answer.location) == (303, "/reviews")
    assert make.reload(invitation).state == AssignmentState.WITHDRAWN.value
    assert asked(make, made) == {ada.id, late.id}


@pytest.mark.parametrize("change", ["tie", "employer", "suspension"])
def test_inv_06_and_25_what_changes_after_the_yes_is_seen_again_at_the_seal(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain, change: str
) -> None:
    ada = make.reviewer(edition, "Ada Quill")
    learner = make.person("Lea Arner", employer="Harbour Events")
    made = make.submission(learner, edition)
    drain()
    found = invitation_of(make, made, ada)
    with edge.database.transaction() as session:
        invitations.accept(session, found.id, by=ada.id, at=edge.clock())
        before = queries.objection_now(session, found, at=edge.clock())

    with edge.database.transaction() as session:
        where = {"by": ada.id, "at": edge.clock()}
        if change == "tie":
            ties.declare_conflict(
                session, ada.id, kind=ConflictKind.FAMILY, other_person_id=learner.id, **where
            )
        elif change == "employer":
            ties.declare_conflict(
                session, ada.id, kind=ConflictKind.EMPLOYER, organisation="Harbour Events", **where
            )
        else:
            pool.end_qualification(
                session,
                ada.id,
                edition.badge_id,
                to=QualificationState.SUSPENDED,
                reason="Under review.",
                **where,
            )
        session.flush()
        after = queries.objection_now(session, found, at=edge.clock())

    assert before is None
    assert after in (
        "A conflict of interest is on record, so somebody else is asked.",
        "Your right to review this badge does not stand today.",
    )


def gather(edge: Runtime, make: Factory, made: Submission, kind: RoundKind) -> set[str]:
    """Close whatever round is open, open one of this kind, and return who is invited to it."""
    with edge.database.transaction() as session:
        current = queries.open_round(session, made.id)
        if current is not None:
            current.closed_at = edge.clock()
        session.flush()
        opened = rounds.open_round(
            session, made.id, kind=kind, seats=3, by="system:test", at=edge.clock()
        )
    edge.jobs.drain(edge)  # type: ignore[attr-defined]
    return {row.reviewer_id for row in make.rows(Assignment, round_id=opened.id)}


@pytest.mark.parametrize("kind", [RoundKind.ADJUDICATION, RoundKind.FRESH])
def test_inv_09_and_10_a_later_round_is_given_to_people_new_to_the_work(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain, kind: RoundKind
) -> None:
    ada, bo = make.reviewer(edition, "Ada Quill"), make.reviewer(edition, "Bo Rivet")
    made = make.submission(edition=edition)
    drain()
    for person in (ada, bo):
        with edge.database.transaction() as session:
            found = invitation_of(make, made, person)
            invitations.accept(session, found.id, by=person.id, at=edge.clock())
    new = make.reviewer(edition, "Cy Stamp")

    assert gather(edge, make, made, kind) == {new.id}


def test_inv_10_who_read_an_earlier_attempt_is_not_asked_and_who_only_declined_is(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    ada, bo = make.reviewer(edition, "Ada Quill"), make.reviewer(edition, "Bo Rivet")
    portfolio = make.portfolio(make.person("Lea Arner"), edition)
    first = make.submission(portfolio=portfolio)
    drain()
    by_ada, by_bo = invitation_of(make, first, ada), invitation_of(make, first, bo)
    with edge.database.transaction() as session:
        found = session.get_one(Assignment, by_ada.id)
        invitations.accept(session, found.id, by=ada.id, at=edge.clock())
        found.opened_at = edge.clock()
        invitations.recuse(
            session, found.id, reason=DeclineReason.NO_TIME, by=ada.id, at=edge.clock()
        )
        invitations.decline(
            session,
            by_bo.id,
            reason=DeclineReason.OUTSIDE_EXPERTISE,
            by=bo.id,
            at=edge.clock(),
        )
    with edge.database.transaction() as session:
        session.get_one(Submission, first.id).state = SubmissionState.RELEASED.value
        session.query(ReviewRound).update({"closed_at": edge.clock()})
    edge.jobs.waiting.clear()  # type: ignore[attr-defined]

    second = make.submission(portfolio=portfolio)
    drain()

    assert asked(make, second) == {bo.id}


def test_inv_08_a_committee_member_of_a_matter_is_not_asked_to_review_it(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    member = make.reviewer(edition, "Co Mittee")
    other = make.reviewer(edition, "Ada Quill")
    portfolio = make.portfolio(make.person("Lea Arner"), edition)
    with edge.database.transaction() as session:
        take_part(session, portfolio.id, member.id, Part.COMMITTEE, at=edge.clock())

    made = make.submission(portfolio=portfolio)
    drain()

    assert asked(make, made) == {other.id}


def test_inv_05_the_database_holds_one_part_for_each_person_in_a_matter(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    ada = make.reviewer(edition, "Ada Quill")
    made = make.submission(edition=edition)
    drain()
    with edge.database.transaction() as session:
        invitations.accept(session, invitation_of(make, made, ada).id, by=ada.id, at=edge.clock())

    refusals = []
    for person_id, part in ((ada.id, Part.CHECKER), (made.learner_id, Part.REVIEWER)):
        with edge.database.transaction() as session:
            with pytest.raises(Refused) as caught:
                take_part(session, made.portfolio_id, person_id, part, at=edge.clock())
            refusals.append(caught.value.reason)

    assert refusals == [
        "You took part in reviewing this work, so somebody else takes this part.",
        "This is your own work.",
    ]
    rows = make.rows(MatterPart, portfolio_id=made.portfolio_id)
    assert {row.person_id: row.part for row in rows} == {
        ada.id: Part.REVIEWER.value,
        made.learner_id: Part.LEARNER.value,
    }


def test_inv_06_a_recognised_author_is_never_offered_to_that_reviewer_again(
    edge: Runtime, make: Factory, drain: Drain, as_person: Callable[[str], FlaskClient]
) -> None:
    edition = make.edition()
    ada = make.reviewer(edition, "Ada Quill")
    learner = make.person("Lea Recognisable")
    made = make.submission(learner, edition)
    drain()
    found = invitation_of(make, made, ada)

    as_person(ada.id).post(
        f"/reviews/{found.id}/invitation/decline",
        data={"reason": DeclineReason.RECOGNISED_AUTHOR.value},
    )
    with edge.database.transaction() as session:
        session.get_one(Submission, made.id).state = SubmissionState.RELEASED.value
        (portfolio,) = session.query(Portfolio).all()
    again = make.submission(portfolio=portfolio)
    drain()

    (tie,) = make.rows(DeclaredConflict)
    assert (tie.kind, tie.is_derived, tie.other_person_id) == ("recognised", True, learner.id)
    assert asked(make, again) == set()
    for person in (ada, learner):
        page = as_person(person.id).get("/reviewing").text
        assert "You have declared none." in page
        assert ("Lea Recognisable" in page) == (person is learner)


def test_an_automatic_pass_leaves_moderators_free_to_review(
    make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    moderator = make.reviewer(edition, "Mo Derator", roles_held=(Role.MODERATOR,))

    made = make.submission(edition=edition)
    drain()

    (check,) = make.rows(IntakeCheck, submission_id=made.id)
    assert check.outcome == IntakeOutcome.PASSED.value
    assert asked(make, made) == {moderator.id}


def test_accounts_that_are_disabled_are_not_asked(
    edge: Runtime, make: Factory, edition: BadgeEdition, drain: Drain
) -> None:
    gone = make.reviewer(edition, "Ada Quill")
    other = make.reviewer(edition, "Bo Rivet")
    with edge.database.transaction() as session:
        session.get_one(Person, gone.id).disabled_at = edge.clock()

    made = make.submission(edition=edition)
    drain()

    assert asked(make, made) == {other.id}
