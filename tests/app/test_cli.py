"""The command line: help that reads well, and exit codes that scripts can trust."""

import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from sqlalchemy import text

from app import cli
from app.runtime import opened
from config import Settings, complete
from core import jobs

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `assay` with these words in a folder of its own: exit code, output, errors."""
    monkeypatch.setenv("ASSAY_VAR", str(tmp_path / "var"))

    def call(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["assay", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = cli.main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return complete(Settings(var=tmp_path / "var"))


def every_command() -> list[tuple[str, click.Command]]:
    context = click.Context(cli.cli)
    found: list[tuple[str, click.Command]] = []
    for name in cli.cli.list_commands(context):
        command = cli.cli.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", one) for sub, one in command.commands.items()]
    return found


def test_help_lists_every_command_with_what_it_does(run: Run) -> None:
    code, out, err = run("--help")

    assert (code, err) == (0, "")
    for name, _place, words in cli.COMMANDS:
        assert re.search(rf"^  {name} +{re.escape(words)}$", out, re.MULTILINE)


def test_every_command_and_option_says_what_it_is_for() -> None:
    silent = [
        name
        for name, command in every_command()
        if not command.help
        or any(isinstance(one, click.Option) and not one.help for one in command.params)
    ]

    assert silent == []


@pytest.mark.parametrize("words", [["nonsense"], ["serve", "--port", "0"], ["user", "create"]])
def test_a_wrong_call_ends_with_2_and_says_what_is_wrong(run: Run, words: list[str]) -> None:
    code, _out, err = run(*words)

    assert code == 2
    assert "Error:" in err


def test_a_database_that_is_not_made_is_a_plain_sentence(run: Run) -> None:
    code, out, err = run("jobs")

    assert (code, out) == (1, "")
    assert err == "The database is not at this version of Assay. Run: assay db upgrade\n"


def test_a_person_is_made_and_given_a_role(run: Run, settings: Settings) -> None:
    run("db", "upgrade")

    made = run(
        "user", "create", "ines@example.org", "--name", "Ines Ortiz", "--password-stdin",
        typed="a long sentence that nobody knows\n",
    )  # fmt: skip
    granted = run("user", "grant-role", "INES@example.org", "issuer_admin")
    unknown = run("user", "grant-role", "nobody@example.org", "issuer_admin")
    again = run("user", "create", "ines@example.org", "--name", "Other", "--password-stdin")

    assert made == (0, "Ines Ortiz can sign in as ines@example.org.\n", "")
    assert granted == (0, "Ines Ortiz is now issuer administrator for every badge.\n", "")
    assert unknown == (1, "", "Nobody has confirmed the address nobody@example.org.\n")
    assert again[0] == 1
    assert len(again[2].splitlines()) == 1


def test_the_audit_trail_holds_until_an_event_is_changed(run: Run, settings: Settings) -> None:
    run("db", "upgrade")
    run("user", "create", "a@example.org", "--name", "A B", "--password-stdin", typed="x" * 20)

    whole = run("audit", "verify")
    with opened(settings) as edge, edge.database.transaction() as session:
        session.execute(text("UPDATE core_audit_event SET verb = 'other' WHERE seq = 1"))
    broken = run("audit", "verify")

    assert whole[0] == 0
    assert whole[1].startswith("1 events, and the chain holds. Last hash: ")
    assert broken == (1, "", "The event was changed. The chain breaks at event 1.\n")


def test_no_failed_job_is_0_and_an_unknown_job_a_wrong_call(run: Run, settings: Settings) -> None:
    run("db", "upgrade")
    with opened(settings) as edge, edge.database.transaction() as session:
        jobs.enqueue(session, "mail_send", mail_id="a" * 26)

    assert run("jobs") == (0, "0 failed, 1 waiting.\n", "")
    assert run("jobs", "retry") == (0, "0 put back into the queue.\n", "")
    assert run("jobs", "retry", "unknown")[0] == 2
    assert run("jobs", "take-over", "worker-9") == (0, "0 put back into the queue.\n", "")
