"""The page of a badge's panels: the same figures in picture, table and file, for who may read."""

import csv
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from accounts.models import Person
from accounts.states import Role
from app.seed import scale
from core.db import Database
from core.runtime import Runtime
from credentials.catalog import queries as catalog
from credentials.catalog.models import BadgeEdition
from review.panels import gallery
from review.panels.material import Facts
from review.panels.panel import LACKS
from review.panels.periods import Period
from review.panels.records import facts_of
from review.panels.sheet import BOM
from tests.factories import Factory, sample_definition

As = Callable[[str], FlaskClient]
PAGE = "/badges/careful-host/quality"
MANY = 160


class Tables(HTMLParser):
    """Collects the cells of a page's tables, one table after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.is_cell = self.is_body = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tbody":
            self.tables.append([])
            self.is_body = True
        elif tag == "thead":
            self.is_body = False
        elif tag == "tr" and self.is_body:
            self.tables[-1].append([])
        elif tag in ("th", "td") and self.is_body:
            self.tables[-1][-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.is_cell = self.is_cell and tag not in ("th", "td")

    def handle_data(self, data: str) -> None:
        if self.is_cell:
            self.tables[-1][-1][-1] += data


@pytest.fixture
def edition(edge: Runtime, make: Factory) -> BadgeEdition:
    """A badge with two years of reviews."""
    made = make.edition()
    make.submission(make.person("Kim Oyelaran", sector="Secret"), made)
    scale.add(edge, MANY)
    return made


@pytest.fixture
def manager(make: Factory) -> Person:
    """Who runs every badge."""
    return make.person("Max Manager", roles_held=(Role.PROGRAMME_MANAGER,))


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def known(edge: Runtime, edition: BadgeEdition) -> Facts:
    with edge.database.transaction(read_only=True) as session:
        definition = catalog.definition_of(edition)
        return facts_of(session, edition.badge_id, definition, at=edge.clock())


def test_picture_table_and_file_hold_the_figures_that_the_pure_functions_give(
    any_database: Database, edge: Runtime, edition: BadgeEdition, manager: Person, as_person: As
) -> None:
    client = as_person(manager.id)
    expected = gallery.panels(known(edge, edition), Period.ALL, at=edge.clock())

    page = client.get(f"{PAGE}?period=all")
    seen = Tables()
    seen.feed(page.text)

    assert page.status_code == 200
    assert sum(len(one.lines) for one in expected) > 40
    for panel, table in zip(expected, seen.tables, strict=True):
        shown = [tuple(cell or "–" for cell in row) for row in panel.rows]
        assert [tuple(row) for row in table] == (shown or [("Nothing to show yet.",)]), panel.key
        assert panel.drawing.rows == panel.rows
        file = client.get(f"{PAGE}/{panel.key}.csv?period=all")
        written = list(csv.reader(file.text.removeprefix(BOM).splitlines()))
        rows = written[written.index([]) + 2 :]
        assert [row[2:6] + row[7:8] for row in rows] == [
            [
                *(number(each) for each in (one.figure.value, one.figure.low, one.figure.high)),
                str(one.figure.count),
                LACKS[one.figure.lack] if one.figure.lack else "",
            ]
            for one in panel.lines
        ], panel.key


def test_a_period_leaves_out_what_lies_before_it(
    edge: Runtime, edition: BadgeEdition, manager: Person, as_person: As
) -> None:
    facts = known(edge, edition)
    all_, year = (
        gallery.panel("agreement", facts, period, at=edge.clock()).lines[0].figure.count
        for period in (Period.ALL, Period.YEAR)
    )

    page = as_person(manager.id).get(f"{PAGE}?period=nonsense")

    assert 0 < year < all_
    assert f'aria-current="page">{Period.YEAR.words}' in page.text


def test_nobody_is_named_anywhere_on_the_page_or_in_its_files(
    edge: Runtime, edition: BadgeEdition, manager: Person, as_person: As, make: Factory
) -> None:
    client = as_person(manager.id)
    people = [one for one in make.rows(Person) if one.id != manager.id]

    answers = [client.get(f"{PAGE}?period=all").text] + [
        client.get(f"{PAGE}/{key}.csv?period=all").text for key in gallery.BUILDERS
    ]

    assert len(people) > 400
    assert not [one for one in people for text in answers if one.name in text or one.id in text]


@pytest.mark.parametrize(
    ("role", "scope", "status"),
    [
        (Role.PROGRAMME_MANAGER, "careful-host", 200),
        (Role.AUDITOR, "", 200),
        (Role.PROGRAMME_MANAGER, "other-badge", 404),
        (Role.COMMITTEE, "careful-host", 403),
        (Role.MODERATOR, "", 403),
    ],
)
def test_only_who_runs_or_audits_the_badge_reads_its_panels(
    make: Factory, as_person: As, role: Role, scope: str, status: int
) -> None:
    make.edition()
    make.edition(sample_definition(slug="other-badge", title="Other"))
    client = as_person(make.person("Somebody", roles_held=(role,), badge=scope).id)

    found = {client.get(path).status_code for path in (PAGE, f"{PAGE}/agreement.csv")}

    assert found == {status}


def test_a_panel_that_there_is_not_is_not_found(
    make: Factory, manager: Person, as_person: As
) -> None:
    make.edition()

    assert as_person(manager.id).get(f"{PAGE}/ranking.csv").status_code == 404


def test_what_the_page_reads_does_not_grow_with_the_reviews(
    edge: Runtime, make: Factory, manager: Person, as_person: As
) -> None:
    made = make.edition()
    make.submission(make.person(), made)
    client, counts = as_person(manager.id), []

    for more in (0, 80):
        if more:
            scale.add(edge, more)
        read: list[str] = []

        def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
            read.append(statement)  # noqa: B023 - removed before the next turn

        event.listen(edge.database.engine, "before_cursor_execute", note)
        assert client.get(f"{PAGE}?period=all").status_code == 200
        event.remove(edge.database.engine, "before_cursor_execute", note)
        counts.append(len(read))

    assert counts[0] == counts[1]
