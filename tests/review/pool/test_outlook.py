"""A manager is warned, at home and on the flow page, before learners wait for reviewers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from accounts.states import Role
from accounts.visitor import Grant, Visitor
from core.db import Database
from core.runtime import Runtime
from credentials.catalog.models import BadgeEdition
from review.assignment.outlook import outlooks, waiting_for
from review.pool import services
from review.pool.models import Qualification
from review.pool.states import QualificationSource
from tests.factories import OPERATOR, Factory, sample_definition
from tests.plugins.worlds import Clock

As = Callable[[str], FlaskClient]
MANAGER = (Role.PROGRAMME_MANAGER,)
CHAIR = Visitor("chair", grants=(Grant(Role.PROGRAMME_MANAGER),))


@pytest.fixture
def edition(any_database: Database, make: Factory) -> BadgeEdition:
    """A badge whose only reviewer may review for nine more days, and wanted every week."""
    made = make.edition()
    person = make.person("Ash Quill")
    with make.edge.database.transaction() as session:
        services.qualify(
            session,
            person.id,
            made.badge_id,
            source=QualificationSource.GRANTED,
            reason="Has hosted many sessions.",
            valid_until=make.edge.clock() + timedelta(days=9),
            by=OPERATOR,
            at=make.edge.clock(),
        )
        services.set_limits(
            session,
            is_available=True,
            max_open=10,
            paused_until=None,
            languages=["en"],
            sectors=[],
            by=person.id,
            at=make.edge.clock(),
        )
    for _ in range(4):
        make.submission(edition=made)
    return made


def test_the_first_short_week_waits_for_the_manager_with_that_week_as_its_deadline(
    edge: Runtime, make: Factory, edition: BadgeEdition, as_person: As, clock: Clock
) -> None:
    with edge.database.transaction() as session:
        ((_, found),) = outlooks(session, [edition.badge_id], at=clock()).values()
        (entry,) = waiting_for(session, CHAIR, at=clock())
        others = waiting_for(session, Visitor("somebody"), at=clock())
        elsewhere = Visitor("chair", grants=(Grant(Role.PROGRAMME_MANAGER, "other-badge"),))
        none = waiting_for(session, elsewhere, at=clock())
    chair = as_person(make.person(roles_held=MANAGER).id)

    assert found.first_short is not None
    assert found.first_short.starts > clock().date()
    day = found.first_short.starts
    assert entry.by == datetime(day.year, day.month, day.day, tzinfo=UTC)
    assert (entry.path, entry.is_yours) == ("/pool/careful-host/outlook", True)
    assert (others, none) == ([], [])
    assert "Learners would wait for reviewers of Careful Host" in chair.get("/home").text
    assert "Learners would wait from the week of" in chair.get("/flow").text


def test_with_enough_reviewers_nobody_is_warned(
    edge: Runtime, make: Factory, edition: BadgeEdition, as_person: As, clock: Clock
) -> None:
    for _ in range(4):
        make.reviewer(edition)
    with edge.database.transaction() as session:
        found = waiting_for(session, CHAIR, at=clock())
    page = as_person(make.person(roles_held=MANAGER).id).get("/flow").text

    assert found == []
    assert "Learners would wait" not in page


def test_many_badges_are_read_in_as_many_queries_as_one(
    edge: Runtime, make: Factory, edition: BadgeEdition, clock: Clock
) -> None:
    few = queries_of(edge, clock)
    for number in range(8):
        made = make.edition(sample_definition(slug=f"host-{number}", title=f"Host {number}"))
        make.submission(edition=made)
        make.reviewer(made)

    assert len(make.rows(Qualification)) == 9
    assert queries_of(edge, clock) == few


def queries_of(edge: Runtime, clock: Clock) -> int:
    """Return how often the database is asked for what a manager is warned of."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(edge.database.engine, "before_cursor_execute", note)
    with edge.database.transaction() as session:
        assert waiting_for(session, CHAIR, at=clock())
    event.remove(edge.database.engine, "before_cursor_execute", note)
    return sum(one.startswith("SELECT") for one in seen)


def test_a_badge_that_nobody_could_review_is_told_of_before_anybody_hands_in(
    make: Factory, as_person: As
) -> None:
    make.edition()
    make.edition(sample_definition(slug="to-come", title="To Come"), is_published=False)
    chair = as_person(make.person(roles_held=MANAGER).id)

    home, outlook = chair.get("/home").text, chair.get("/pool/careful-host/outlook").text

    assert "Nobody could review Careful Host" in home
    assert "To Come" not in home
    assert "the first portfolio that is handed in would wait" in outlook
    assert "Nothing to draw yet" in outlook
    assert "nobody waits" not in outlook
