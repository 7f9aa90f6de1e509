"""The programme lets a right rest and gives it back; its holder alone cannot take it up."""

import pytest

from core.errors import Refused
from review.pool import services as pool
from review.pool.holding import give_back, hold
from review.pool.models import Qualification
from review.pool.states import QualificationSource, QualificationState
from tests.factories import OPERATOR


@pytest.fixture
def right(make):
    """Somebody's right to review a badge."""
    edition = make.edition()
    person = make.reviewer(edition)
    (found,) = make.rows(Qualification, person_id=person.id)
    return found


def do(edge, verb, right, **named):
    with edge.database.transaction() as session:
        return verb(session, right.person_id, right.badge_id, by=OPERATOR, at=edge.clock(), **named)


def now(make, right):
    found = make.reload(right)
    return found.state, found.is_held


def test_it_rests_until_it_is_given_back(edge, make, right):
    held = do(edge, hold, right, reason="Known work was read otherwise.")
    resting = now(make, right)
    again = do(edge, hold, right, reason="Twice.")
    given = do(edge, give_back, right, reason="It reads well again.")

    assert (held, again, given) == (True, False, True)
    assert resting == ("resting", True)
    assert now(make, right) == ("qualified", False)
    assert do(edge, give_back, right, reason="Twice.") is False


def test_who_is_held_does_not_take_it_up_alone_even_as_a_holder(edge, make, right):
    do(edge, hold, right, reason="Known work was read otherwise.")

    with edge.database.transaction() as session, pytest.raises(Refused, match="rest for now"):
        pool.volunteer(session, right.badge_id, by=right.person_id, at=edge.clock())

    assert now(make, right) == ("resting", True)


def test_it_is_given_back_to_rest_where_that_is_the_wish(edge, make, right):
    do(edge, hold, right, reason="Known work was read otherwise.")
    do(edge, give_back, right, goes_on=False, reason="They want a break.")

    assert now(make, right) == ("resting", False)


def test_what_rests_by_wish_is_not_held(edge, make, right):
    do(edge, pool.end_qualification, right, to=QualificationState.RESTING, reason="")

    assert do(edge, hold, right, reason="Known work was read otherwise.") is False
    assert now(make, right) == ("resting", False)


def test_a_manager_who_qualifies_again_ends_the_hold(edge, make, right):
    do(edge, hold, right, reason="Known work was read otherwise.")
    do(
        edge,
        pool.qualify,
        right,
        source=QualificationSource.GRANTED,
        reason="We talked.",
        valid_until=None,
    )

    assert now(make, right) == ("qualified", False)
