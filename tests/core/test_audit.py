"""The audit chain: complete, in order, and impossible to edit without being noticed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from core import audit
from core.audit import ChainReport, record, verify_chain
from core.db import Base, Database
from core.digest import digest_of
from core.models import AuditEvent, AuditHead
from tests.engines.postgres import PostgresServer

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
THREADS = 8
EVENTS_EACH = 10


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'audit.db'}")
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[Database]:
    database = Database(postgres_server.new_database())
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def note(session: Session, subject: str, **more: object) -> None:
    record(session, "moved", subject_kind="thing", subject_id=subject, by="p1", at=NOW, **more)  # type: ignore[arg-type]


def write(database: Database, count: int) -> None:
    for number in range(count):
        with database.transaction() as session:
            note(session, f"s{number}", detail={"number": number, "share": 1.50, "deep": [1e20]})


def report(database: Database) -> ChainReport:
    with database.transaction(read_only=True) as session:
        return verify_chain(session)


def subjects(database: Database) -> list[str]:
    with database.transaction(read_only=True) as session:
        return list(session.scalars(select(AuditEvent.subject_id).order_by(AuditEvent.seq)))


def reseal(session: Session, seq: int) -> None:
    """Give an edited row a hash that fits it, as a careful forger would."""
    row = session.execute(select(*audit.COLUMNS).where(AuditEvent.seq == seq)).one()
    seal = audit._seal(row._asdict())
    session.execute(update(AuditEvent).where(AuditEvent.seq == seq).values(hash=seal))


def test_inv_43_a_change_and_its_event_stand_together(database: Database) -> None:
    with database.transaction() as session:
        record(
            session,
            "released",
            subject_kind="decision",
            subject_id="d1",
            by="p1",
            at=NOW,
            reason="Both reviewers agree.",
            before={"state": "ratified"},
            after="a" * 64,
            detail={"round": 1},
        )

    with database.transaction(read_only=True) as session:
        (event,) = session.scalars(select(AuditEvent))
        assert (event.seq, event.at, event.actor_id, event.rule) == (1, NOW, "p1", None)
        assert (event.verb, event.subject_kind, event.subject_id) == ("released", "decision", "d1")
        assert event.before_digest == digest_of({"state": "ratified"})
        assert event.after_digest == "a" * 64
        assert (event.reason, event.detail) == ("Both reviewers agree.", {"round": 1})
        assert event.previous_hash == audit.GENESIS
        assert verify_chain(session) == ChainReport(1, last_hash=event.hash)


def test_an_automatic_act_names_its_rule_and_no_person(database: Database) -> None:
    with database.transaction() as session:
        for by, rule in (("system:lapse", None), (None, "lapse")):
            record(session, "lapsed", subject_kind="x", subject_id="1", by=by, at=NOW, rule=rule)

    with database.transaction(read_only=True) as session:
        actors = session.execute(select(AuditEvent.actor_id, AuditEvent.rule)).all()
        assert [tuple(row) for row in actors] == [(None, "lapse"), (None, "lapse")]


@pytest.mark.parametrize(("by", "rule"), [(None, None), ("p1", "lapse")])
def test_an_event_has_either_a_person_or_a_rule(
    database: Database, by: str | None, rule: str | None
) -> None:
    with database.transaction() as session, pytest.raises(ValueError, match="person or a rule"):
        record(session, "x", subject_kind="x", subject_id="1", by=by, at=NOW, rule=rule)


def test_a_naive_time_is_refused(database: Database) -> None:
    naive = NOW.replace(tzinfo=None)

    with database.transaction() as session, pytest.raises(ValueError, match="zone"):
        record(session, "x", subject_kind="x", subject_id="1", by="p1", at=naive)


def test_inv_43_what_is_rolled_back_leaves_no_event(database: Database) -> None:
    def fail(session: Session) -> None:
        note(session, "undone")
        raise LookupError

    with pytest.raises(LookupError), database.transaction() as session:
        fail(session)
    with database.transaction() as session:
        note(session, "kept")

    assert subjects(database) == ["kept"]


def test_a_savepoint_takes_its_own_events_along_and_no_others(database: Database) -> None:
    with database.transaction() as session:
        note(session, "before")
        undone = session.begin_nested()
        note(session, "undone")
        with session.begin_nested():
            note(session, "undone with its parent")
        undone.rollback()
        with session.begin_nested():
            note(session, "kept")
        note(session, "after")

    assert subjects(database) == ["before", "kept", "after"]


def test_a_session_closed_without_commit_forgets_what_was_queued(database: Database) -> None:
    session = database.session()
    note(session, "forgotten")
    session.close()
    note(session, "kept")
    session.commit()
    session.close()

    assert subjects(database) == ["kept"]


def test_inv_43_an_untouched_chain_verifies(database: Database) -> None:
    write(database, 30)

    with database.transaction(read_only=True) as session:
        last_hash = session.scalars(select(AuditHead.hash)).one()
    assert report(database) == ChainReport(30, last_hash=last_hash)


def test_an_empty_chain_verifies(database: Database) -> None:
    assert report(database) == ChainReport(0)


FORGERIES = {
    "id": "z" * 26,
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "actor_id": "someone-else",
    "verb": "changed",
    "subject_kind": "other",
    "subject_id": "other",
    "before_digest": "b" * 64,
    "after_digest": "b" * 64,
    "reason": "Another reason.",
    "detail": {"number": 1, "share": 1.51},
    "previous_hash": "c" * 64,
    "hash": "d" * 64,
}


@pytest.mark.parametrize("column", FORGERIES)
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_inv_43_editing_any_column_of_any_row_is_found(
    database: Database, column: str, seq: int
) -> None:
    write(database, 5)

    with database.transaction() as session:
        forged = {column: FORGERIES[column]}
        session.execute(update(AuditEvent).where(AuditEvent.seq == seq).values(forged))

    assert report(database).first_broken_seq == seq


def test_every_column_has_a_forgery_or_breaks_the_order() -> None:
    assert set(FORGERIES) | {"seq", "rule"} == {column.name for column in audit.COLUMNS}


def test_inv_43_passing_an_act_off_as_automatic_is_found(database: Database) -> None:
    write(database, 3)

    with database.transaction() as session:
        statement = update(AuditEvent).where(AuditEvent.seq == 2)
        session.execute(statement.values(actor_id=None, rule="lapse"))

    assert report(database).first_broken_seq == 2


@pytest.mark.parametrize(("seq", "found_at"), [(1, 2), (3, 4), (5, 5)])
def test_inv_43_an_edit_with_a_fitting_hash_breaks_the_next_link(
    database: Database, seq: int, found_at: int
) -> None:
    write(database, 5)

    with database.transaction() as session:
        session.execute(update(AuditEvent).where(AuditEvent.seq == seq).values(verb="forged"))
        reseal(session, seq)

    assert report(database).first_broken_seq == found_at


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
def test_inv_43_removing_any_row_is_found(database: Database, seq: int) -> None:
    write(database, 5)

    with database.transaction() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.seq == seq))

    assert report(database).first_broken_seq == seq
    assert report(database).reason == "An event is missing."


def test_inv_43_cutting_off_the_tail_is_found(database: Database) -> None:
    write(database, 5)

    with database.transaction() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.seq > 2))

    assert report(database).first_broken_seq == 3


def test_inv_43_a_head_that_was_turned_back_with_the_tail_left_is_found(
    database: Database,
) -> None:
    write(database, 5)

    with database.transaction() as session:
        third = session.scalars(select(AuditEvent.hash).where(AuditEvent.seq == 3)).one()
        session.execute(update(AuditHead).values(seq=3, hash=third))

    assert report(database).first_broken_seq == 4


def test_inv_43_a_removed_head_is_found(database: Database) -> None:
    write(database, 5)

    with database.transaction() as session:
        session.execute(delete(AuditHead))

    assert report(database).first_broken_seq == 1


def test_inv_43_an_event_slipped_in_at_the_end_is_found(database: Database) -> None:
    write(database, 2)

    with database.transaction() as session:
        last = session.execute(select(*audit.COLUMNS).where(AuditEvent.seq == 2)).one()
        forged = {**last._asdict(), "seq": 3, "id": "f" * 26, "previous_hash": last.hash}
        session.execute(insert(AuditEvent).values({**forged, "hash": audit._seal(forged)}))

    assert report(database).first_broken_seq == 3


def write_at_once(database: Database) -> None:
    """Let eight threads append at the same time, each event in a transaction of its own."""
    barrier = Barrier(THREADS)

    def append(name: int) -> None:
        barrier.wait()
        for number in range(EVENTS_EACH):
            with database.transaction() as session:
                note(session, f"{name}-{number}")

    threads = [Thread(target=append, args=(name,)) for name in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def assert_nothing_was_lost(database: Database) -> None:
    found = subjects(database)
    expected = {f"{name}-{number}" for name in range(THREADS) for number in range(EVENTS_EACH)}

    assert set(found) == expected
    assert len(found) == len(expected)
    for name in range(THREADS):
        own = [subject for subject in found if subject.startswith(f"{name}-")]
        assert own == [f"{name}-{number}" for number in range(EVENTS_EACH)]
    assert (report(database).count, report(database).reason) == (len(expected), None)


def test_inv_43_eight_threads_append_to_one_chain(database: Database) -> None:
    write_at_once(database)

    assert_nothing_was_lost(database)


def test_inv_43_eight_threads_append_to_one_chain_on_postgres(
    postgres_database: Database,
) -> None:
    write_at_once(postgres_database)

    assert_nothing_was_lost(postgres_database)


def test_numbers_keep_their_hash_on_postgres(postgres_database: Database) -> None:
    write(postgres_database, 3)

    assert (report(postgres_database).count, report(postgres_database).reason) == (3, None)


def test_the_walk_does_not_hold_the_chain_in_memory(database: Database) -> None:
    with database.transaction() as session:
        for number in range(2500):
            note(session, f"s{number}")

    with database.transaction(read_only=True) as session:
        assert verify_chain(session).count == 2500
        assert not session.identity_map
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 2500
