"""A study of the standard: blind, apart from whoever had a part, and closed once."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Notice, Person
from accounts.roles import grant_role
from accounts.states import Role
from app.seed import scale
from core.db import Database
from core.errors import Conflict
from core.models import AuditEvent
from core.runtime import Runtime
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from portfolio.submission.models import Submission
from review.assignment.models import Assignment
from review.disputes.models import ReconsiderationRequest
from review.panels import services, studies
from review.panels.models import StandardRating, StandardStudy
from review.pool.parts import take_part
from review.pool.states import Part
from tests.factories import OPERATOR, Factory
from tests.together import together

As = Callable[[str], FlaskClient]
PAGE = "/badges/careful-host/standards"
COMMITTEE = (Role.COMMITTEE,)


class Setting:
    """A badge with works, a manager, and a committee of four."""

    def __init__(self, edge: Runtime, make: Factory, as_person: As) -> None:
        self.edge, self.make, self.as_person = edge, make, as_person
        self.edition: BadgeEdition = make.edition()
        make.submission(make.person("Kim Oyelaran"), self.edition)
        scale.add(edge, 40)
        self.manager = make.person("Max Manager", roles_held=(Role.PROGRAMME_MANAGER,))
        self.panel = [make.person(f"Cy {n}", roles_held=COMMITTEE) for n in range(4)]

    def open(self, count: int = 8) -> StandardStudy:
        answer = self.as_person(self.manager.id).post(PAGE, data={"count": str(count)})
        assert answer.status_code == 303, answer.text
        return self.study()

    def study(self) -> StandardStudy:
        return max(self.make.rows(StandardStudy), key=lambda one: one.number)

    def rate(self, person: Person, place: int, category: int) -> int:
        client = self.as_person(person.id)
        path = f"{PAGE}/{self.study().number}/rate/{place}"
        return client.post(path, data={"category": str(category)}).status_code

    def rate_all(self, *, people: int = 3) -> None:
        with self.edge.database.transaction(read_only=True) as session:
            definition = catalog.definition_of(self.edition)
            scores = studies.scores_of(
                session, self.edition.badge_id, definition, at=self.edge.clock()
            )
        heights = sorted(self.study().portfolios, key=lambda one: (scores[one], one))
        for person in self.panel[:people]:
            for place, one in enumerate(self.study().portfolios, start=1):
                assert self.rate(person, place, 1 + heights.index(one) * 3 // len(heights)) == 303

    def close(self) -> int:
        client = self.as_person(self.manager.id)
        return client.post(f"{PAGE}/{self.study().number}/close").status_code


@pytest.fixture
def setting(edge: Runtime, make: Factory, as_person: As) -> Setting:
    return Setting(edge, make, as_person)


def test_a_study_is_opened_rated_and_closed_and_changes_no_edition(
    any_database: Database, setting: Setting
) -> None:
    study = setting.open()
    before = setting.make.reload(setting.edition).definition
    setting.rate_all()

    assert setting.close() == 303

    closed = setting.study()
    assert (closed.state, closed.number, len(study.portfolios)) == ("closed", 1, 8)
    assert closed.result is not None
    assert len(closed.result["ratings"]) == 3
    assert setting.make.reload(setting.edition).definition == before
    page = setting.as_person(setting.manager.id).get(f"{PAGE}/1").text
    cut = closed.result["cuts"]["borderline"]["cut"]["value"]
    assert f"{cut:.2f}" in page
    assert "mean_needed" in page
    listed = setting.as_person(setting.manager.id).get(PAGE).text
    assert f"{cut:.2f}" in listed
    verbs = [one.verb for one in setting.make.rows(AuditEvent, subject_id=closed.id)]
    assert verbs == ["standard_study_opened", *["standard_rated"] * 24, "standard_study_closed"]


def test_the_file_holds_the_ratings_and_nobody_in_them(setting: Setting) -> None:
    setting.open()
    setting.rate_all()
    client = setting.as_person(setting.manager.id)
    assert client.get(f"{PAGE}/1.csv").status_code == 404
    setting.close()

    text = client.get(f"{PAGE}/1.csv").text

    everybody = setting.make.rows(Person)
    assert text.count("\r\n") == 9 + 2 + 8
    assert not [one for one in everybody if one.name in text or one.id in text]
    assert not [one for one in setting.make.rows(Submission) if one.pseudonym in text]


def test_a_rating_can_be_changed_until_the_study_closes_and_not_after(setting: Setting) -> None:
    setting.open()
    setting.rate_all()
    first, path = setting.panel[0], f"{PAGE}/1/rate/1"

    assert setting.rate(first, 1, 3) == 303
    again = setting.make.rows(StandardRating, panellist_id=first.id)
    assert len(again) == 8
    assert re.findall(r"<input checked[^>]*value=\"(\d)\"", _page(setting, first, path)) == ["3"]
    setting.close()
    assert setting.rate(first, 1, 1) == 404
    with setting.edge.database.transaction() as session, pytest.raises(Conflict):
        services.rate(
            session,
            setting.edition.badge_id,
            1,
            1,
            category=1,
            by=first.id,
            at=setting.edge.clock(),
        )


def _page(setting: Setting, person: Person, path: str) -> str:
    return setting.as_person(person.id).get(path).text


def test_a_panellist_reads_blind_and_sees_no_level(setting: Setting) -> None:
    study = setting.open()
    (work,) = setting.make.rows(Submission, id=study.portfolios[0])
    (learner,) = setting.make.rows(Person, id=work.learner_id)

    page = _page(setting, setting.panel[0], f"{PAGE}/1/rate/1")

    assert "evidence-1.pdf" in page
    assert learner.name not in page
    assert work.pseudonym not in page
    assert "run-sheet.pdf" not in page
    assert "It shows in the second sample" not in page
    seat = _page(setting, setting.panel[0], f"{PAGE}/1/rate")
    assert "Portfolio 8" in seat
    assert not re.search(r"\d\.\d\d", seat.split("<main")[1].split("</main")[0])


def test_who_had_a_part_in_a_work_neither_sees_nor_rates_it(setting: Setting) -> None:
    study = setting.open()
    reviewer = setting.make.rows(Assignment, submission_id=study.portfolios[2])[0].reviewer_id
    with setting.edge.database.transaction() as session:
        grant_role(session, reviewer, Role.COMMITTEE, by=OPERATOR, at=setting.edge.clock())
    client = setting.as_person(reviewer)

    assert client.get(f"{PAGE}/1/rate/3").status_code == 404
    assert client.post(f"{PAGE}/1/rate/3", data={"category": "3"}).status_code == 404
    seat = client.get(f"{PAGE}/1/rate").text
    assert "Portfolio 3<" not in seat
    assert "left to others" in seat


def test_a_rating_by_somebody_who_took_a_part_since_does_not_count(setting: Setting) -> None:
    study = setting.open()
    setting.rate_all(people=4)
    (work,) = setting.make.rows(Submission, id=study.portfolios[0])
    with setting.edge.database.transaction() as session:
        take_part(
            session, work.portfolio_id, setting.panel[3].id, Part.COMMITTEE, at=setting.edge.clock()
        )

    setting.close()

    result = setting.study().result
    assert result is not None
    column = [row[result["places"].index(1)] for row in result["ratings"]]
    assert sorted(one is None for one in column) == [False, False, False, True]


def test_who_runs_the_badge_is_not_on_the_panel_even_with_a_seat_in_the_committee(
    setting: Setting,
) -> None:
    setting.open()
    with setting.edge.database.transaction() as session:
        grant_role(
            session, setting.manager.id, Role.COMMITTEE, by=OPERATOR, at=setting.edge.clock()
        )

    answer = setting.as_person(setting.manager.id).get(f"{PAGE}/1/rate")

    assert answer.status_code == 403
    assert "You run this badge" in answer.text


def test_a_committee_of_another_badge_does_not_rate(setting: Setting) -> None:
    setting.open()
    other = setting.make.person("Far", roles_held=COMMITTEE, badge="other-badge")

    assert setting.as_person(other.id).get(f"{PAGE}/1/rate").status_code == 403
    assert setting.rate(other, 1, 1) == 403


def test_the_manager_sees_how_far_the_panel_is_and_not_what_it_says(setting: Setting) -> None:
    setting.open()
    setting.rate_all(people=2)

    page = _page(setting, setting.manager, f"{PAGE}/1")

    assert "8 of 8" in page
    assert "Clearly" not in page
    assert setting.close() == 422
    assert (
        "so far 2 of them did" in setting.as_person(setting.manager.id).post(f"{PAGE}/1/close").text
    )
    assert setting.study().state == "open"


def test_a_second_study_waits_for_the_first_and_has_the_next_number(setting: Setting) -> None:
    setting.open()
    client = setting.as_person(setting.manager.id)

    assert client.post(PAGE, data={"count": "8"}).status_code == 409
    assert client.post(f"{PAGE}/1/withdraw").status_code == 303
    assert setting.open().number == 2


def test_a_work_that_can_still_be_disputed_is_in_no_study(setting: Setting) -> None:
    study = setting.open(60)
    rows = setting.make.rows(Submission)
    recent = {
        one.id
        for one in rows
        if one.state != "released"
        or one.id in {each.submission_id for each in setting.make.rows(ReconsiderationRequest)}
    }

    assert 5 <= len(study.portfolios) <= 60
    assert recent.isdisjoint(study.portfolios)


def test_too_few_committee_members_hear_what_is_needed(
    edge: Runtime, make: Factory, as_person: As
) -> None:
    made = make.edition()
    make.submission(make.person("Kim"), made)
    scale.add(edge, 30)
    manager = make.person("Max Manager", roles_held=(Role.PROGRAMME_MANAGER,))
    make.person("Cy", roles_held=COMMITTEE)

    page = as_person(manager.id).get(PAGE).text
    answer = as_person(manager.id).post(PAGE, data={"count": "8"})

    assert "needs 3 committee members" in page
    assert answer.status_code == 422
    assert make.rows(StandardStudy) == []


def test_a_count_out_of_bounds_comes_back_with_what_was_typed(setting: Setting) -> None:
    answer = setting.as_person(setting.manager.id).post(PAGE, data={"count": "61"})

    assert answer.status_code == 422
    assert 'value="61"' in answer.text


def test_the_panel_is_told_and_finds_it_at_home(setting: Setting) -> None:
    setting.open()

    told = setting.make.rows(Notice, kind="standard_study_opened")
    home = setting.as_person(setting.panel[0].id).get("/home").text

    assert {one.person_id for one in told} == {one.id for one in setting.panel}
    assert f"{PAGE}/1/rate" in home
    assert f"{PAGE}/1/rate" not in setting.as_person(setting.manager.id).get("/home").text


def test_of_two_who_close_at_once_one_does(any_database: Database, setting: Setting) -> None:
    setting.open()
    setting.rate_all()

    def close() -> str:
        with setting.edge.database.transaction() as session:
            return services.close_study(
                session, setting.edition.badge_id, 1, by=setting.manager.id, at=setting.edge.clock()
            ).state

    outcomes = together(close, close)

    with setting.edge.database.transaction(read_only=True) as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.verb == "standard_study_closed")
        ).all()
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "str"]
    assert len(events) == 1
