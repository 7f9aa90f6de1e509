"""`assay badge` and `assay verify`, as somebody types them."""

from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result

from app.award_commands import award as award_command
from app.badge_commands import badge
from app.verify_commands import verify
from core import jobs_dbos
from core.errors import Refused
from credentials.catalog.badge_file import IssuerNamed, write
from credentials.catalog.models import BadgeEdition
from tests.credentials.awards import offered, sign
from tests.factories import sample_definition

ISSUER = IssuerNamed("northlight", "Northlight Guild")


@pytest.fixture
def run(edge, monkeypatch):
    """Run a command against the world of this test, as from its environment."""
    settings = edge.settings
    for name in ("base_url", "database_url", "store", "var", "keys", "secret_key"):
        monkeypatch.setenv(f"ASSAY_{name.upper()}", str(getattr(settings, name)))

    def invoke(command, *args: object) -> Result:
        with time_machine.travel(edge.clock(), tick=False):
            return CliRunner().invoke(
                command, [str(one) for one in args], standalone_mode=False, catch_exceptions=False
            )

    return invoke


@pytest.fixture
def with_jobs(database):
    """The tables in which jobs wait for a worker."""
    jobs_dbos.migrate(database)


@pytest.fixture
def badge_file(tmp_path: Path) -> Path:
    path = tmp_path / "careful-host.yaml"
    path.write_text(write(ISSUER, sample_definition()), "utf-8")
    return path


def test_a_badge_goes_in_and_comes_out_the_same(run, badge_file, make):
    came_in = run(badge, "import", badge_file, "--publish")

    went_out = run(badge, "export", "careful-host")

    assert came_in.output == "careful-host 1.0.0 is published.\n"
    assert went_out.output == badge_file.read_text("utf-8")


def test_a_draft_is_published_by_its_own_command(run, badge_file, make):
    run(badge, "import", badge_file)
    before = [one.state for one in make.rows(BadgeEdition)]

    said = run(badge, "publish", "careful-host", "1.0.0").output

    assert before == ["draft"]
    assert said == "careful-host 1.0.0 is published.\n"


def test_every_fault_is_listed_and_nothing_is_imported(run, badge_file, make):
    text = badge_file.read_text("utf-8").replace("workload_hours: 4", "workload_hours: many")
    badge_file.write_text(text + "colour: red\n", "utf-8")

    result = run(badge, "import", badge_file)

    assert result.return_value == 1
    lines = result.stderr.splitlines()
    assert lines[0].startswith("careful-host.yaml: line ")
    assert "workload_hours: This must be a whole number." in lines[0]
    assert "colour: There is no field colour here" in lines[1]
    assert lines[2] == "Nothing was imported: 2 faults."
    assert make.rows(BadgeEdition) == []


def test_a_file_can_be_checked(run, make, edge, tmp_path):
    credential = sign(edge, offered(make))
    path = tmp_path / "badge.json"
    path.write_text(credential.document, "utf-8")

    result = run(verify, path)

    assert result.return_value == 0
    assert len(result.output.splitlines()) == 12
    assert result.output.splitlines()[-1].startswith("This badge is valid.")


def test_a_changed_file_ends_with_one(run, make, edge, tmp_path):
    credential = sign(edge, offered(make))
    path = tmp_path / "badge.json"
    path.write_text(credential.document.replace("Careful", "Careless"), "utf-8")

    result = run(verify, path)

    assert result.return_value == 1
    assert "failed   Signature:" in result.output


def test_an_own_address_is_checked_without_the_network(run, make, edge):
    credential = sign(edge, offered(make))

    result = run(verify, f"{edge.settings.base_url}/credentials/{credential.id}")

    assert result.return_value == 0


def test_a_badge_is_suspended_and_stands_again_from_the_command_line(run, make, edge, with_jobs):
    award = offered(make)
    sign(edge, award)

    run(award_command, "suspend", award.id)
    suspended = make.reload(award).state
    run(award_command, "reinstate", award.id)

    assert (suspended, make.reload(award).state) == ("suspended", "issued")


def test_a_badge_is_revoked_from_the_command_line_only_after_time_to_answer(
    run, make, edge, clock, with_jobs
):
    award = offered(make)
    sign(edge, award)
    how = ("--determination", "matter 7", "--notified", f"{clock():%Y-%m-%d}")

    with pytest.raises(Refused):
        run(award_command, "revoke", award.id, *how)
    clock.advance(days=20)
    run(award_command, "revoke", award.id, *how)

    assert make.reload(award).state == "revoked"
