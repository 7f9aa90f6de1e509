"""The command line: `assay --help` lists what there is.

Commands end with 0 when all is well, 1 when they found or met a problem, 2 when they were asked
in the wrong way.
"""

import sys

import click

from core.errors import AssayError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Peer-review portfolio assessment: serve it, look after it, check it."""


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 1
    except AssayError as error:
        click.echo(error.reason, err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
