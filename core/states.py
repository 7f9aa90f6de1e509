"""Moves are a table: one function that changes a state, and refuses what the table lacks."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import Protocol, TypeVar

from core.errors import Conflict

S = TypeVar("S", bound=StrEnum)


class Stateful(Protocol):
    """Anything that carries its state as text in `state`."""

    state: str


def move(thing: Stateful, to: S, moves: Mapping[S, Set[S]]) -> None:
    """Set `thing.state` to `to`, or raise Conflict when `moves` does not allow the step."""
    here = type(to)(thing.state)
    if to not in moves.get(here, frozenset()):
        raise Conflict(f"This is {here.value.replace('_', ' ')} and cannot become {to.value}.")
    thing.state = to.value
