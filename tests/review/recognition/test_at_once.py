"""On both databases: what may happen at the same moment happens once, and every page reads."""

from functools import partial

import pytest

from accounts.models import Notice
from accounts.states import Role
from core import jobs
from review.recognition import ratings, services
from review.recognition.models import CreditEntry, Helpfulness, LadderStep
from tests.review.recognition.live import Record
from tests.together import together


@pytest.fixture
def record(any_database, edge, make):
    """A reviewer who slips, with work to be credited."""
    made = Record(edge, make)
    for _ in range(3):
        made.moderated(comes_back=True)
    return made


def test_two_workers_at_once_credit_each_thing_once(record):
    sweep = partial(jobs.sweep, record.edge, "credit_reviewing")

    assert together(sweep, sweep, sweep) == [None, None, None]

    kinds = sorted(one.kind for one in record.make.rows(CreditEntry))
    assert kinds == ["moderation"] * 3 + ["review"] * 3


def test_two_workers_at_night_take_one_step_and_tell_it_once(record):
    look = partial(jobs.sweep, record.edge, "look_at_ladders")

    assert together(look, look) == [None, None]

    assert [one.rung for one in record.make.rows(LadderStep)] == ["note"]
    assert len(record.make.rows(Notice, kind="ladder_note")) == 1


def test_two_tabs_that_rate_at_once_leave_one_answer(any_database, stage):
    stage.under_review().decided([(3, 3), (3, 3)])
    (decision,) = stage.decisions()
    with stage.edge.database.transaction() as session:
        name = ratings.spoken_in(session, decision)[0].name

    def rate(rating):
        with stage.edge.database.transaction() as session:
            return services.rate_reasons(
                session,
                stage.submission.id,
                said={name: rating},
                by=stage.learner.id,
                at=stage.edge.clock(),
            )

    assert together(partial(rate, 1), partial(rate, 3)) == [1, 1]
    assert [one.rating in (1, 3) for one in stage.make.rows(Helpfulness)] == [True]


def test_every_page_reads_on_both_databases(record, make, as_person):
    record.reading(2)
    record.fit(0.4)
    for name in ("credit_reviewing", "look_at_ladders"):
        jobs.sweep(record.edge, name)
    own = as_person(record.reviewer.id)
    manager = as_person(make.person(roles_held=(Role.PROGRAMME_MANAGER,)).id)
    made = own.post(
        "/reviewing/credit/certificates",
        data={"from_date": "2026-01-01", "until_date": "2026-03-02", "shows_marks": "y"},
    )

    paths = ("/reviewing", "/reviewing/quality", "/reviewing/credit", "/reviewing/credit.csv")
    read = [own.get(path).status_code for path in (*paths, made.location)]
    managed = [manager.get(path).status_code for path in ("/home", "/pool/careful-host/ladder")]

    assert (read, managed) == ([200] * 5, [200] * 2)
    assert "A private note" in own.get("/reviewing/quality").text
