"""A list of ids as one value: the same rows as by `in_`, and the same statement for any length."""

import pytest
from sqlalchemy import select

from accounts.models import Person
from core.among import among
from core.db import Database
from tests.factories import Factory


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_it_finds_what_in_finds(any_database: Database, make: Factory, count: int) -> None:
    people = [make.person(f"Somebody{number}").id for number in range(3)]
    wanted = [*people[:count], "nobody", "o'nobody\\", "{a,b}", 'say "x"', "[1]"]

    with any_database.transaction() as session:
        found = session.scalars(
            select(Person.id).where(among(Person.id, wanted), Person.disabled_at.is_(None))
        ).all()

    assert sorted(found) == sorted(people[:count])


def test_it_may_be_one_condition_of_two_and_more_ids_than_a_statement_binds(
    any_database: Database, make: Factory
) -> None:
    one, other = make.person("Ann"), make.person("Birk")
    many = [f"id{number}" for number in range(40_000)]

    with any_database.transaction() as session:
        found = session.scalars(
            select(Person.name).where(among(Person.id, [*many, one.id]) | (Person.id == other.id))
        ).all()

    assert sorted(found) == ["Ann", "Birk"]


def test_the_statement_is_the_same_for_any_length() -> None:
    few, more = (select(Person.id).where(among(Person.id, ids)) for ids in (["a"], ["b", "c"]))

    assert few._generate_cache_key() == more._generate_cache_key()
    assert str(few) == str(more)
