"""What a page asks of the database does not grow with what it lists."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.app.access_routes import ACTORS, ask, methods_of, path_of, values_for
from tests.app.access_world import World
from tests.app.conftest import open_world

MORE = 49
LOOKERS = ("visitor", "owner", "reviewer", "moderator", "committee", "manager", "admin", "auditor")
# Pages that list something: the larger world makes each of them longer, for whom it is.
LISTS = {
    ("accounts.account", "owner"),
    ("accounts.notices", "owner"),
    ("accounts.roles", "admin"),
    ("assignment.desk", "reviewer"),
    ("auditing.queue", "committee"),
    ("catalog.badges", "visitor"),
    ("composing.attestations", "owner"),
    ("composing.criteria", "owner"),
    ("composing.evidence", "owner"),
    ("composing.portfolios", "owner"),
    ("composing.revisions", "owner"),
    ("disputes.determine", "committee"),
    ("disputes.queue", "committee"),
    ("flow.board", "manager"),
    ("flow.run_list", "manager"),
    ("flow.submission", "manager"),
    ("home.show", "owner"),
    ("home.show", "reviewer"),
    ("home.show", "moderator"),
    ("home.show", "committee"),
    ("intake.check", "moderator"),
    ("intake.queue", "moderator"),
    ("issuing.awards", "owner"),
    ("issuing.award", "owner"),
    ("moderation.queue", "moderator"),
    ("pool.pool", "manager"),
    ("pool.reviewing", "owner"),
    ("recognition.credit", "reviewer"),
    ("recognition.quality", "reviewer"),
    ("scoring.workspace", "reviewer"),
    ("submission.hand_in", "owner"),
    ("submission.submission", "owner"),
    ("submission.submissions", "owner"),
}


@pytest.fixture(scope="module")
def large_world(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The same world with many of everything."""
    yield from open_world(empty_sqlite, tmp_path_factory.mktemp("large"), more=MORE)


def costs(world: World, actor: str) -> dict[str, tuple[int, int, int]]:
    """Return by page its status, how often it reads, and how long it is."""
    client = world.client(ACTORS[actor][0])
    found = {}
    for rule in world.app.url_map.iter_rules():
        if "GET" not in methods_of(rule):
            continue
        read: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.lstrip().startswith("SELECT"):
                read.append(statement)  # noqa: B023 - removed before the next page

        path = path_of(world, rule, values_for(world, rule, actor))
        event.listen(world.edge.database.engine, "before_cursor_execute", note)
        answer = ask(world, client, "GET", path, rule.endpoint)
        event.remove(world.edge.database.engine, "before_cursor_execute", note)
        found[rule.endpoint] = (answer.status_code, len(read), len(answer.data))
    return found


@pytest.mark.parametrize("actor", LOOKERS)
def test_a_page_reads_as_often_for_many_rows_as_for_one(
    built_world: World, large_world: World, actor: str
) -> None:
    built_world.put_back()
    few, many = costs(built_world, actor), costs(large_world, actor)

    growing = {page: (few[page], many[page]) for page in few if few[page][:2] != many[page][:2]}
    listed = {page for page, who in LISTS if who == actor}
    short = {page for page in listed if many[page][2] <= few[page][2] + 200}

    assert growing == {}
    assert short == set(), "nothing more was listed"
