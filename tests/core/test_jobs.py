"""The port for jobs, on the queue that tests and the seed use."""

from contextlib import suppress
from typing import Any

import pytest

from core import jobs
from core.jobs import MemoryQueue
from core.queue import Job
from core.runtime import Runtime


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the handlers of this test were called with; none of them outlives it."""
    seen: list[str] = []
    monkeypatch.setattr(jobs, "_HANDLERS", {})
    monkeypatch.setattr(jobs, "_SWEEPS", {})

    @jobs.handler("first")
    def do_first(edge: Runtime, *, some_id: str) -> None:
        seen.append(f"first {some_id}")
        with edge.database.transaction() as session:
            jobs.enqueue(session, "second", some_id=some_id)

    @jobs.handler("second")
    def do_second(_edge: Runtime, *, some_id: str) -> None:
        seen.append(f"second {some_id}")

    @jobs.every(minutes=5, name="look")
    def look(_edge: Runtime) -> None:
        seen.append("looked")

    return seen


def queue_of(edge: Runtime) -> MemoryQueue:
    assert isinstance(edge.jobs, MemoryQueue)
    return edge.jobs


def test_draining_does_every_job_and_those_they_bring(edge: Runtime, seen: list[str]) -> None:
    with edge.database.transaction() as session:
        jobs.enqueue(session, "first", some_id="a")
        jobs.enqueue(session, "second", some_id="b")

    assert seen == []
    assert queue_of(edge).drain(edge) == 3
    assert seen == ["first a", "second b", "second a"]
    assert queue_of(edge).drain(edge) == 0


def test_a_job_waits_until_its_transaction_stands(edge: Runtime, seen: list[str]) -> None:
    with edge.database.transaction() as session:
        with session.begin_nested():
            jobs.enqueue(session, "second", some_id="kept")
        with suppress(ZeroDivisionError), session.begin_nested():
            jobs.enqueue(session, "second", some_id="undone")
            raise ZeroDivisionError

        assert list(queue_of(edge).waiting) == []
        assert queue_of(edge).added(session) == (Job("second", (("some_id", "kept"),)),)
    with suppress(ZeroDivisionError), edge.database.transaction() as session:
        jobs.enqueue(session, "second", some_id="rolled back")
        raise ZeroDivisionError

    queue_of(edge).drain(edge)

    assert seen == ["second kept"]


def test_a_job_that_nobody_registered_for_is_an_error(edge: Runtime, seen: list[str]) -> None:
    with edge.database.transaction() as session:
        jobs.enqueue(session, "unknown", some_id="a")

    with pytest.raises(LookupError, match="no handler is registered for unknown"):
        queue_of(edge).drain(edge)
    assert seen == []


@pytest.mark.parametrize("wrong", [None, 7, b"id", ["id"]])
def test_a_job_carries_ids_and_nothing_else(edge: Runtime, wrong: Any) -> None:
    with edge.database.transaction() as session, pytest.raises(TypeError, match="some_id"):
        jobs.enqueue(session, "second", some_id=wrong)


def test_a_name_has_one_handler_and_one_sweep(seen: list[str]) -> None:
    with pytest.raises(ValueError, match="two handlers"):
        jobs.handler("first")(lambda _edge, **_ids: None)
    with pytest.raises(ValueError, match="two sweeps"):
        jobs.every(minutes=5, name="look")(lambda _edge: None)


@pytest.mark.parametrize("minutes", [0, 7, 45, 90, 2000])
def test_a_sweep_falls_on_round_times_only(minutes: int) -> None:
    with pytest.raises(ValueError, match="divide"):
        jobs.every(minutes=minutes, name="odd")


def test_a_sweep_can_be_run_at_once(edge: Runtime, seen: list[str]) -> None:
    jobs.sweep(edge, "look")

    assert seen == ["looked"]
    assert [(sweep.name, sweep.minutes) for sweep in jobs.sweeps()] == [("look", 5)]
