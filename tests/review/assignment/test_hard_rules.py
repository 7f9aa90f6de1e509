"""The SQL that looks for broken rules finds each of them, once it is broken on purpose."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from accounts.models import EmailAddress, Employment
from core.db import Base, Database
from core.runtime import Runtime
from portfolio.composing.models import Attestation
from review.assignment.models import Assignment, ReviewRound
from review.pool.models import DeclaredConflict, MatterPart, Qualification, ReviewerProfile
from tests.factories import Factory
from tests.review.assignment.hard_rules import RULES, broken

HELD_BY_A_KEY = {"a seat is held once", "nobody sits twice on one submission"}


@pytest.fixture
def world(session: Session, make: Factory, edge: Runtime) -> SimpleNamespace:
    """Two submissions, three reviewers, and the first reviewer on the first submission."""
    edition = make.edition()
    reviewers = [make.reviewer(edition, employer=f"House {number} Ltd") for number in range(3)]
    submissions = [
        make.submission(make.person(employer=f"Shop {number}"), edition) for number in range(2)
    ]
    rounds = []
    for one in submissions:
        made = ReviewRound(
            submission_id=one.id, number=1, kind="initial", seats=1, opened_at=edge.clock()
        )
        session.add(made)
        session.flush()
        rounds.append(made)
    found = SimpleNamespace(
        session=session,
        make=make,
        at=edge.clock(),
        edition=edition,
        reviewers=reviewers,
        submissions=submissions,
        rounds=rounds,
    )
    seat(found, 0, reviewers[0].id)
    return found


def seat(world: SimpleNamespace, submission: int, person_id: str, **values: object) -> Assignment:
    """Ask somebody, past every rule of the engine."""
    given = {"seat": 1, "invited_at": world.at, **values}
    made = Assignment(
        round_id=world.rounds[submission].id,
        submission_id=world.submissions[submission].id,
        reviewer_id=person_id,
        answer_by=world.at + timedelta(hours=24),
        **given,
    )
    add(world, made)
    return made


def add(world: SimpleNamespace, row: Base) -> None:
    """Write a row."""
    world.session.add(row)
    world.session.flush()


def work_at(world: SimpleNamespace, person_id: str, organisation: str) -> None:
    add(world, Employment(person_id=person_id, organisation=organisation))


def tie(world: SimpleNamespace, person_id: str, **other: str) -> None:
    add(
        world,
        DeclaredConflict(person_id=person_id, kind="other", note="", from_at=world.at, **other),
    )


def one_too_many(world: SimpleNamespace) -> None:
    world.rounds[0].seats = 1
    seat(world, 0, world.reviewers[1].id, seat=2)


def beyond_the_cap(world: SimpleNamespace) -> None:
    world.session.get_one(ReviewerProfile, world.reviewers[0].id).max_open = 1
    seat(world, 1, world.reviewers[0].id)


def own_work(world: SimpleNamespace) -> None:
    seat(world, 1, world.submissions[1].learner_id)


def colleagues(world: SimpleNamespace) -> None:
    work_at(world, world.reviewers[0].id, "SHOP 0 GmbH")


def tied_person(world: SimpleNamespace) -> None:
    tie(world, world.reviewers[0].id, other_person_id=world.submissions[0].learner_id)


def tied_address(world: SimpleNamespace) -> None:
    key = "somebody@example.org"
    tie(world, world.submissions[0].learner_id, other_key=key)
    make_address(world, world.reviewers[0].id, key)


def make_address(world: SimpleNamespace, person_id: str, key: str) -> None:
    add(
        world,
        EmailAddress(
            person_id=person_id,
            address=key,
            identity_key=key,
            created_at=world.at,
            verified_at=world.at,
        ),
    )


def tied_organisation(world: SimpleNamespace) -> None:
    tie(world, world.reviewers[0].id, organisation="Shop 0 Inc")


def attester(world: SimpleNamespace) -> None:
    make_address(world, world.reviewers[0].id, "boss@example.org")
    add(
        world,
        Attestation(
            portfolio_id=world.submissions[0].portfolio_id,
            name="Boss",
            address="boss@example.org",
            token_hash="0" * 64,
            requested_at=world.at,
            expires_at=world.at + timedelta(days=30),
        ),
    )


def unqualified(world: SimpleNamespace) -> None:
    found = world.session.query(Qualification).filter_by(person_id=world.reviewers[0].id).one()
    found.valid_until = world.at
    world.session.flush()


def two_parts(world: SimpleNamespace) -> None:
    add(
        world,
        MatterPart(
            portfolio_id=world.submissions[0].portfolio_id,
            person_id=world.reviewers[0].id,
            part="checker",
            since=world.at,
        ),
    )


def asked_after_never(world: SimpleNamespace) -> None:
    seat(
        world,
        0,
        world.reviewers[0].id,
        state="declined",
        decline_reason="conflict",
        ended_at=world.at,
        invited_at=world.at - timedelta(days=1),
    )


def reciprocal(world: SimpleNamespace) -> None:
    world.submissions[1].learner_id = world.reviewers[0].id
    seat(world, 1, world.submissions[0].learner_id)


def ring(world: SimpleNamespace) -> None:
    world.submissions[1].learner_id = world.reviewers[0].id
    seat(world, 1, world.reviewers[1].id)
    edition, at = world.edition, world.at
    third = world.make.submission(world.reviewers[1], edition)
    opened = ReviewRound(submission_id=third.id, number=1, kind="initial", seats=1, opened_at=at)
    add(world, opened)
    world.submissions.append(third)
    world.rounds.append(opened)
    seat(world, 2, world.submissions[0].learner_id)


def one_house(world: SimpleNamespace) -> None:
    world.rounds[0].seats = 2
    work_at(world, world.reviewers[1].id, "house 0")
    seat(world, 0, world.reviewers[1].id, seat=2)


BREAKS: dict[str, Callable[[SimpleNamespace], None]] = {
    "a round has no more seats than it wants": one_too_many,
    "nobody carries more than they wish (INV-41)": beyond_the_cap,
    "nobody reviews their own work (INV-05)": own_work,
    "nobody reviews a colleague (INV-06)": colleagues,
    "nobody reviews across a declared tie to a person (INV-06)": tied_person,
    "nobody reviews across a declared tie to an address (INV-06)": tied_address,
    "nobody reviews across a declared tie to an organisation (INV-06)": tied_organisation,
    "nobody reviews whom they attested for (INV-07)": attester,
    "everybody asked was qualified then": unqualified,
    "nobody has two parts in one matter (INV-09, INV-10)": two_parts,
    "who said never is not asked again": asked_after_never,
    "nobody reviews who lately reviewed them, or is asked to": reciprocal,
    "no three review round in a ring": ring,
    "two of one organisation do not share a submission": one_house,
}


def found_in(world: SimpleNamespace) -> dict[str, int]:
    after = world.at + timedelta(minutes=1)
    return broken(world.session, at=after, mix_holds=after)


def test_a_world_in_order_breaks_no_rule(world: SimpleNamespace, any_database: Database) -> None:
    assert found_in(world) == {}


def test_each_rule_is_broken_here_or_kept_by_a_key() -> None:
    assert set(BREAKS) | HELD_BY_A_KEY == set(RULES)


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_found(world: SimpleNamespace, any_database: Database, rule: str) -> None:
    BREAKS[rule](world)

    assert rule in found_in(world)
