"""Hostile input to what reviewers and managers type about routing breaks nobody's page."""

import pytest

from accounts.models import Person
from accounts.states import Role
from review.pool.models import DeclaredConflict, Holiday, Qualification, ReviewerProfile

FAR = ("0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31")
# Where the clocks are furthest apart.
ZONES = ("Pacific/Pago_Pago", "Pacific/Kiritimati")


@pytest.fixture
def edition(make):
    return make.edition()


@pytest.fixture
def manager(make, as_person):
    mara = make.person("Mara Lund", roles_held=(Role.PROGRAMME_MANAGER,))
    return as_person(mara.id)


@pytest.fixture
def work(make, edition, drain):
    found = make.submission(make.person("Lena Learner"), edition)
    drain()
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", FAR)
def test_a_day_out_of_reach_is_refused_wherever_it_is_typed(
    make, edition, manager, as_person, zone, day
):
    ash = make.reviewer(edition, "Ash Quill", address="ash@example.org")
    with make.edge.database.transaction() as session:
        session.get_one(Person, ash.id).time_zone = zone
    client = as_person(ash.id)
    limits = {"is_available": "y", "max_open": "2", "languages": "en", "paused_until": day}
    tie = {"kind": "other", "organisation": "Acme"}

    answers = [
        client.post("/reviewing/holidays", data={"from_date": day, "until_date": day}),
        client.post("/reviewing/limits", data=limits),
        client.post("/reviewing/ties", data={**tie, "begins": day}),
        client.post("/reviewing/ties", data={**tie, "until": day}),
        manager.post(
            "/pool/careful-host/qualify",
            data={"address": "ash@example.org", "reason": "Known.", "valid_until": day},
        ),
    ]

    assert [one.status_code for one in answers] == [422] * 5
    assert all("Choose a day between the years 1900 and 2200." in one.text for one in answers)
    assert make.rows(Holiday) == make.rows(DeclaredConflict) == []
    assert [one.paused_until for one in make.rows(ReviewerProfile)] == [None]
    assert [one.valid_until for one in make.rows(Qualification)] == [None]


def test_days_off_in_another_life_leave_the_pages_of_managers_whole(
    make, edition, manager, as_person, work
):
    ash = make.reviewer(edition, "Ash Quill")
    client = as_person(ash.id)
    for first, last in (("2026-03-01", "2026-03-09"), ("2200-12-30", "2200-12-31")):
        client.post("/reviewing/holidays", data={"from_date": first, "until_date": last})

    page = manager.get(f"/flow/{work.id}")

    assert page.status_code == 200
    assert "They are on holiday. That ends" in page.text
    assert "10 March 2026" in page.text
    assert len(make.rows(Holiday)) == 1
