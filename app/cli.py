"""The command line: `assay --help` lists what there is.

Commands end with 0 when all is well, 1 when they found or met a problem, 2 when they were asked
in the wrong way. A command's module is imported when the command is used, so that asking for
help is quick.
"""

import logging
import sys
from importlib import import_module

import click
from sqlalchemy.exc import SQLAlchemyError

from config import from_environment
from core.errors import AssayError

CHATTY = ("alembic", "botocore", "dbos", "waitress")

# Name, where it is, and what it does in one line.
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("serve", "app.run_commands:serve", "Serve the pages."),
    ("worker", "app.run_commands:worker", "Do the jobs: mail, previews, invitations, badges."),
    ("demo", "app.run_commands:demo", "Serve a seeded, living system on this machine."),
    ("db", "app.upkeep_commands:db", "Make the database, or bring it to this version."),
    ("store", "app.upkeep_commands:store", "Check the files against the database."),
    ("badge", "app.badge_commands:badge", "Bring a badge in from its file, or write the file."),
    ("award", "app.award_commands:award", "Suspend a badge, let it stand again, or revoke it."),
    ("verify", "app.verify_commands:verify", "Check a badge from a file or an address."),
    ("audit", "app.upkeep_commands:audit", "Check that no recorded event was changed."),
    ("decision", "app.decision_commands:decision", "Compute a decision again; learn from reviews."),
    ("jobs", "app.upkeep_commands:jobs", "List jobs that failed, and try them again."),
    ("seed", "app.seed_commands:build", "Build the demo's world in an empty database."),
    (
        "simulate",
        "app.simulate_commands:simulate",
        "Try limits and times before you promise a date.",
    ),
    ("user", "app.user_commands:user", "Create people and give them roles."),
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return [name for name, _place, _words in COMMANDS]

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command."""
        for name, place, _words in COMMANDS:
            if name == cmd_name:
                module, _, attribute = place.partition(":")
                found: click.Command = getattr(import_module(module), attribute)
                return found
        return None

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, _place, words in COMMANDS])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Settings come from the environment: ASSAY_VAR, ASSAY_DATABASE_URL, ASSAY_STORE,"
    " ASSAY_BASE_URL, ASSAY_SMTP_URL and others; see docs/operating.md.",
)
def cli() -> None:
    """Peer-review portfolio assessment: serve it, look after it, check it."""
    level = from_environment().log_level.upper()
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.captureWarnings(capture=True)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.root.level))


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        answer = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except AssayError as error:
        click.echo(error.reason, err=True)
        return 1
    except SQLAlchemyError as error:
        click.echo(f"The database refuses ({type(error).__name__}). {database_advice()}", err=True)
        return 1
    return answer if isinstance(answer, int) else 0


def database_advice() -> str:
    """Return what to look at when the database is the trouble."""
    return "Check ASSAY_DATABASE_URL, and that `assay db upgrade` has run."


if __name__ == "__main__":
    sys.exit(main())
