"""The audit trail as auditors see it."""

import pytest
from sqlalchemy import update

from accounts.states import Role
from core.models import AuditEvent
from review.assignment import invitations
from review.assignment.models import Assignment
from review.assignment.states import DeclineReason
from review.pool.models import DeclaredConflict
from review.pool.parts import take_part
from review.pool.states import Part


@pytest.fixture
def auditor(make, as_person):
    return as_person(make.person("Ana Auditor", roles_held=(Role.AUDITOR,)).id)


def test_events_are_shown_by_ids_without_names_or_words(make, auditor):
    learner = make.person("Lena Learner")
    found = make.submission(learner)

    page = auditor.get("/audit").text

    assert found.id in page
    assert "Lena Learner" not in page
    assert "remote guests speak first" not in page


def test_one_subject_can_be_followed(make, auditor):
    robin, noor = make.person("Robin Reed"), make.person("Noor Amin")

    page = auditor.get(f"/audit?subject={robin.id}").text

    assert robin.id in page
    assert noor.id not in page


def test_nobody_reads_the_trail_of_a_matter_they_have_a_part_in(make, as_person):
    edition = make.edition()
    both = make.reviewer(edition, "Ola Both", roles_held=(Role.AUDITOR,))
    own = make.submission(both, edition)
    others = make.submission(make.person(), edition)
    judged = make.submission(make.person(), edition)
    with make.edge.database.transaction() as session:
        take_part(session, judged.portfolio_id, both.id, Part.REVIEWER, at=make.edge.clock())

    page = as_person(both.id).get("/audit").text
    asked = as_person(both.id).get(f"/audit?subject={own.id}").text

    assert others.id in page
    assert own.id not in page
    assert own.portfolio_id not in page
    assert judged.id not in page
    assert "submission_sealed" not in asked


def test_nobody_reads_who_recognised_their_work_and_said_no(make, as_person, auditor, drain):
    edition = make.edition()
    ash = make.reviewer(edition, "Ash Quill")
    both = make.person("Ola Both", roles_held=(Role.AUDITOR,))
    make.submission(both, edition)
    drain()
    (asked,) = make.rows(Assignment, reviewer_id=ash.id)
    with make.edge.database.transaction() as session:
        invitations.decline(
            session,
            asked.id,
            reason=DeclineReason.RECOGNISED_AUTHOR,
            by=ash.id,
            at=make.edge.clock(),
        )
    (tie,) = make.rows(DeclaredConflict)

    assert tie.id in auditor.get("/audit").text
    assert tie.id not in as_person(both.id).get("/audit").text
    assert tie.id not in as_person(both.id).get(f"/audit?subject={ash.id}").text


def test_older_events_are_a_page_away(make, auditor):
    for _ in range(51):
        make.person()

    latest = auditor.get("/audit").text
    older = auditor.get(latest.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0])

    assert 'rel="next"' in latest
    assert older.status_code == 200
    assert "Latest</a>" in older.text


def test_the_chain_is_verified_on_demand(make, auditor):
    make.person()

    answer = auditor.post("/audit/verify")

    assert (answer.status_code, answer.location) == (303, "/audit")
    assert "The chain holds:" in auditor.get("/audit").text


def test_a_chain_that_was_tampered_with_is_said_to_break(make, auditor, database):
    make.person()
    with database.engine.begin() as connection:
        connection.execute(
            update(AuditEvent).where(AuditEvent.seq == 2).values(verb="never_happened")
        )

    auditor.post("/audit/verify")

    assert "The chain breaks at event 2. The event was changed." in auditor.get("/audit").text


@pytest.mark.parametrize("role", [Role.PROGRAMME_MANAGER, Role.COMMITTEE, Role.MODERATOR])
def test_others_may_not_look(role, make, as_person):
    person = as_person(make.person(roles_held=(role,)).id)

    assert person.get("/audit").status_code == 403
    assert person.post("/audit/verify").status_code == 403
