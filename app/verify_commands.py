"""The command that checks a badge, from a file or from an address."""

from pathlib import Path

import click

from app.runtime import opened
from core.text import NOT_TEXT
from credentials.verification.baked import badge_in, is_png
from credentials.verification.checks import check
from credentials.verification.explained import verdict_on
from credentials.verification.fetching import fetch
from credentials.verification.findings import Overall
from credentials.verification.reading import LARGEST
from credentials.verification.sources import own_document, sources_for


@click.command()
@click.argument("source", metavar="FILE-or-ADDRESS")
@click.option("--recipient", help="An e-mail address or DID that the badge should be for.")
def verify(source: str, recipient: str | None) -> int:
    """Check the badge in a file (JSON, or a PNG that carries one) or at an address.

    Prints every step. Ends with 0 when the badge is valid, else with 1.
    """
    with opened() as edge, edge.database.transaction(read_only=True) as session:
        base_url = edge.settings.base_url
        own = own_document(session, base_url, source)
        handed = own if own is not None else _read(source)
        sources = sources_for(session, base_url, is_own=own is not None)
        report = check(handed, at=edge.clock(), sources=sources, recipient=recipient)
    for step in report.steps:
        # The words may quote the badge, and a terminal would act on a control character.
        click.echo(NOT_TEXT.sub("", f"{step.verdict.value:<8} {step.name}: {step.explanation}"))
    verdict = verdict_on(report)
    click.echo(f"{verdict.title}. {verdict.meaning}")
    return 0 if report.overall is Overall.VALID else 1


def _read(source: str) -> bytes:
    path = Path(source)
    if "://" in source and not path.exists():
        return fetch(source)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST * 2)
    except OSError as error:
        raise click.ClickException(f"{source} cannot be read: {error.strerror}.") from None
    return badge_in(content) if is_png(content) else content
